/* One input made of two: what a test says, and the rest from the factory. */
#include "testing/factory.h"

#include <string.h>

#include "base/arena.h"
#include "core/json.h"
#include "testing/json.h"

/* The text with its quotes swapped and each # replaced. */
static const char *numbered(struct arena *arena, const char *json, int number)
{
	struct buf out;
	buf_init(&out, arena);
	for (const char *at = json_swapped(arena, json); *at; at++)
		if (*at == '#')
			buf_printf(&out, "%d", number);
		else
			buf_add_char(&out, *at);
	return buf_text(&out);
}

static void object_read(struct json_tree *tree, struct arena *arena, const char *text)
{
	if (!json_tree_read(tree, arena, text, strlen(text)))
		fail_msg("%s: %s", text, tree->why);
	if (json_node_kind(json_tree_top(tree)) != JSON_OBJECT)
		fail_msg("%s: no object", text);
}

/* .item is NULL when the object has none of that name. */
static struct json_node member_of(const struct json_tree *tree, const char *name)
{
	struct json_node at = json_node_first(json_tree_top(tree));
	while (at.item && strcmp(json_node_name(at), name) != 0)
		at = json_node_next(at);
	return at;
}

/* Adds the members of `from` that `besides` has not. */
static void members_add(struct buf *out, const struct json_tree *from,
			const struct json_tree *besides)
{
	struct json_node at = json_node_first(json_tree_top(from));
	for (; at.item; at = json_node_next(at)) {
		if (besides && member_of(besides, json_node_name(at)).item)
			continue;
		json_add_key(out, json_node_name(at));
		buf_add(out, at.span->at, at.span->len);
	}
}

static const char *merged(struct stage *s, const struct factory *factory, const char *with)
{
	struct arena *arena = s->scene.c.arena;
	AUTO(json_tree) own = { 0 }, said = { 0 };
	struct buf out;
	object_read(&own, arena, numbered(arena, factory->json, ++s->made));
	object_read(&said, arena, with ? json_swapped(arena, with) : "{}");
	buf_init(&out, arena);
	buf_add_char(&out, '{');
	members_add(&out, &said, NULL);
	members_add(&out, &own, &said);
	buf_add_char(&out, '}');
	return json_swapped(arena, buf_text(&out));
}

int64_t factory_make(struct stage *s, int who, const struct factory *factory, const char *with)
{
	const char *answer = stage_call_ok(s, who, factory->create, merged(s, factory, with));
	AUTO(json_tree) tree = { 0 };
	object_read(&tree, s->scene.c.arena, buf_text(&s->out));
	struct json_node member = member_of(&tree, "id");
	int64_t id = 0;
	if (!member.item || json_node_kind(member) != JSON_NUMBER || json_node_int(member, &id))
		fail_msg("%s answers without an id: %s", factory->create->name, answer);
	return id;
}

void factory_make_many(struct stage *s, int who, const struct factory *factory, int count)
{
	for (int i = 0; i < count; i++)
		factory_make(s, who, factory, NULL);
}
