/*
 * The `input` of a fault: what the client sent, shown back compactly, bounded, and without secrets.
 * A member whose name looks like that of a secret ("Password", "pasword", "old_password") is left
 * out, too, and one that looks like a password even where none is asked for: a client may think
 * that one is.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

/* Values looked at for one echo, shown or not. */
enum { ECHO_NODES_MAX = 1000 };

/* ---- names of secrets ---- */

static bool is_secret_name(const struct binder *b, const char *name)
{
	for (size_t i = 0; i < b->secret_count; i++)
		if (strcmp(b->secrets[i], name) == 0)
			return true;
	return false;
}

static void secret_name_add(struct binder *b, const char *name)
{
	size_t size = sizeof(*b->secrets);
	if (is_secret_name(b, name))
		return;
	b->secrets = arena_grow(b->c->arena, b->secrets, b->secret_count * size,
				(b->secret_count + 1) * size);
	b->secrets[b->secret_count++] = name;
}

static void secret_names_add(struct binder *b, struct schema_walk *walk,
			     const struct schema *schema)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (field->secret)
			secret_name_add(b, field->name);
		else if (field->object)
			schema_walk_add(walk, field->object);
	}
}

static void secret_names_collect(struct binder *b)
{
	struct schema_walk walk = { .arena = b->c->arena };
	schema_walk_add(&walk, b->schema);
	for (const struct schema *at; (at = schema_walk_next(&walk));)
		secret_names_add(b, &walk, at);
}

bool echo_has_secrets(struct binder *b)
{
	if (!b->secrets_known)
		secret_names_collect(b);
	b->secrets_known = true;
	return b->secret_count > 0;
}

static bool is_field_name(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (strcmp(schema->fields[i].name, name) == 0)
			return true;
	return false;
}

static const char *last_word(const char *name)
{
	const char *at = strrchr(name, '_');
	return at && at[1] ? at + 1 : name;
}

/* What others call current_password is old_password: the last word is what they have in common. */
static bool looks_like(const char *name, const char *secret)
{
	size_t len = strlen(name), secret_len = strlen(secret);
	if (strcasestr(name, last_word(secret)) || (len >= 4 && strcasestr(secret, name)))
		return true;
	return secret_len >= 5 && len + 2 >= secret_len && len <= secret_len + 2 &&
	       str_distance(name, secret) <= 2;
}

bool echo_hides(struct binder *b, const char *name)
{
	if (echo_has_secrets(b) && is_secret_name(b, name))
		return true;
	if (is_field_name(b->schema, name))
		return false;
	if (looks_like(name, "password"))
		return true;
	for (size_t i = 0; i < b->secret_count; i++)
		if (looks_like(name, b->secrets[i]))
			return true;
	return false;
}

/* ---- values ---- */

struct echo {
	struct binder *b;
	struct buf out;
	size_t nodes;
};

static bool is_over(const struct echo *e)
{
	return e->out.len > ECHO_MAX || e->nodes > ECHO_NODES_MAX;
}

/* At most ECHO_MAX bytes, cut between two code points. */
static void add_cut_text(struct buf *out, const char *text, size_t len)
{
	if (len <= ECHO_MAX) {
		json_add_text(out, text, len);
		return;
	}
	json_add_text(out, text, str_utf8_cut(text, len, ECHO_MAX - 3));
	out->len--;
	buf_add_lit(out, "…\"");
}

static void add_node(struct echo *e, struct json_node n);

static void add_members(struct echo *e, struct json_node object)
{
	bool any = false;
	buf_add_char(&e->out, '{');
	for (struct json_node n = json_node_first(object); n.item && !is_over(e);
	     n = json_node_next(n)) {
		const char *name = json_node_name(n);
		e->nodes++;
		if (echo_hides(e->b, name))
			continue;
		if (any)
			buf_add_char(&e->out, ',');
		any = true;
		add_cut_text(&e->out, name, strlen(name));
		buf_add_char(&e->out, ':');
		add_node(e, n);
	}
	buf_add_char(&e->out, '}');
}

static void add_items(struct echo *e, struct json_node list)
{
	bool any = false;
	buf_add_char(&e->out, '[');
	for (struct json_node n = json_node_first(list); n.item && !is_over(e);
	     n = json_node_next(n)) {
		if (any)
			buf_add_char(&e->out, ',');
		any = true;
		add_node(e, n);
	}
	buf_add_char(&e->out, ']');
}

/* Recursion is bounded by JSON_DEPTH_MAX: the gate has passed the text. */
static void add_node(struct echo *e, struct json_node n)
{
	e->nodes++;
	enum json_kind kind = json_node_kind(n);
	if (kind == JSON_OBJECT)
		add_members(e, n);
	else if (kind == JSON_ARRAY)
		add_items(e, n);
	else if (kind == JSON_TEXT)
		add_cut_text(&e->out, json_node_text(n), strlen(json_node_text(n)));
	else if (n.span->len <= ECHO_MAX)
		buf_add(&e->out, n.span->at, n.span->len);
	else
		buf_add_lit(&e->out, "null");
}

const char *echo_node(struct binder *b, struct json_node node)
{
	struct echo e = { .b = b };
	buf_init(&e.out, b->c->arena);
	add_node(&e, node);
	/*
	 * A text of its own is cut, and may have grown by escaping; a container is shown whole or
	 * not at all.
	 */
	return is_over(&e) && json_node_kind(node) != JSON_TEXT ? "null" : buf_text(&e.out);
}

const char *echo_text(struct binder *b, const char *text, size_t len)
{
	struct buf out;
	buf_init(&out, b->c->arena);
	add_cut_text(&out, text, len);
	return buf_text(&out);
}
