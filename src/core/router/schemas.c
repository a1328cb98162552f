/*
 * Start-up check of all routes together: a schema that one of them reaches has names of its own in
 * the document.
 */
#include "internal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/module.h"
#include "core/op.h"
#include "core/schema.h"

struct name {
	const char *text;
	const struct schema *schema;
	/* that reached it first */
	const struct router_entry *entry;
};

/* So far. */
struct names {
	struct ctx *c;
	struct schema_walk walk;
	struct name *list;
	size_t count, room;
};

static const struct name *name_find(const struct names *all, const char *text)
{
	for (size_t i = 0; i < all->count; i++)
		if (str_eq(all->list[i].text, text))
			return &all->list[i];
	return NULL;
}

static void name_add(struct names *all, struct name name)
{
	if (all->count == all->room) {
		size_t room = all->room ? 2 * all->room : 16;
		all->list = arena_grow(all->c->arena, all->list, all->room * sizeof(*all->list),
				       room * sizeof(*all->list));
		all->room = room;
	}
	all->list[all->count++] = name;
}

static enum app_err take_name(struct names *all, const struct router_entry *entry,
			      const struct schema *schema, enum schema_form form)
{
	struct buf text;
	buf_init(&text, all->c->arena);
	schema_form_name(schema, form, &text);
	const struct name *other = name_find(all, buf_text(&text));
	if (!other) {
		name_add(all, (struct name){ buf_text(&text), schema, entry });
		return APP_OK;
	}
	if (other->schema == schema)
		return APP_OK;
	const struct router_entry *at = other->entry;
	return router_fault(all->c, entry,
			    "the schema '%s' is %s in the document, and so is '%s' of module %s, "
			    "route %s %s: name one of them otherwise",
			    schema->name, other->text, other->schema->name, at->module->name,
			    route_method_name(at->route->method), at->route->path);
}

/* Those of a schema, and of what it holds: there it may be named for the form that it has. */
static enum app_err take_names(struct names *all, const struct router_entry *entry,
			       const struct schema *schema)
{
	enum app_err err = take_name(all, entry, schema, FORM_ANSWER);
	for (size_t i = 0; !err && i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!field->object)
			continue;
		schema_walk_add(&all->walk, field->object);
		if (field->type != FIELD_LIST_QUERY && schema_form_has(field, FORM_ANSWER))
			err = take_name(all, entry, field->object,
					schema_form_within(field, FORM_ANSWER));
	}
	return err;
}

static enum app_err check_entry(struct names *all, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;
	enum app_err err = APP_OK;
	if (op && op->in)
		schema_walk_add(&all->walk, op->in);
	if (op && op->out)
		schema_walk_add(&all->walk, op->out);
	for (const struct schema *at; !err && (at = schema_walk_next(&all->walk));)
		err = take_names(all, entry, at);
	return err;
}

enum app_err router_check_schemas(struct ctx *c, const struct router_entry *entries, size_t count,
				  const struct router_scope *scope)
{
	struct names all = { .c = c, .walk = { .arena = c->arena } };
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < count; i++)
		if (router_is_of(&entries[i], scope))
			err = check_entry(&all, &entries[i]);
	return err;
}
