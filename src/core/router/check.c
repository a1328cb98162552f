/*
 * Start-up checks of one route: its row, its operation, and that the operation takes what the
 * pattern has. A mistake ends the start with a sentence that says where it is, so that no request
 * ever meets it.
 */
#include "internal.h"

#include <string.h>

#include "core/model.h"
#include "core/op.h"
#include "core/schema.h"

/* ---- its input ---- */

static bool has_path_field(const struct schema *in, const struct router_part *part)
{
	for (size_t i = 0; in && i < in->count; i++) {
		const struct field *field = &in->fields[i];
		if (field->in == IN_PATH && strlen(field->name) == part->len &&
		    memcmp(field->name, part->text, part->len) == 0)
			return true;
	}
	return false;
}

/* Every parameter is taken. */
static enum app_err check_params(struct ctx *c, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;
	for (size_t i = 0; i < entry->part_count; i++) {
		const struct router_part *part = &entry->parts[i];
		if (part->is_param && !has_path_field(op->in, part))
			return router_fault(
				c, entry, "the input of %s has no field '%.*s' with .in = IN_PATH",
				op->name, (int)part->len, part->text);
	}
	return APP_OK;
}

static enum app_err check_field(struct ctx *c, const struct router_entry *entry,
				const struct field *field)
{
	const struct route *route = entry->route;
	if (field->in == IN_PATH && !router_has_param(entry, field->name, strlen(field->name)))
		return router_fault(c, entry,
				    "the input of %s takes '%s' from the path, but the path has no "
				    "{%s}",
				    route->op->name, field->name, field->name);
	if (route->method == GET && (field->in == IN_BODY || field->in == IN_FORM))
		return router_fault(c, entry,
				    "the input of %s takes '%s' from a body, but GET has none; say "
				    ".in = IN_QUERY",
				    route->op->name, field->name);
	return APP_OK;
}

/* What it takes is there. */
static enum app_err check_fields(struct ctx *c, const struct router_entry *entry)
{
	const struct schema *in = entry->route->op->in;
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && in && i < in->count; i++)
		err = check_field(c, entry, &in->fields[i]);
	return err;
}

/* ---- its tables ---- */

/* The rows that it lists, or NULL. */
static const struct schema *rows_of(const struct operation *op)
{
	for (size_t i = 0; op->in && i < op->in->count; i++)
		if (op->in->fields[i].type == FIELD_LIST_QUERY)
			return op->in->fields[i].object;
	return NULL;
}

/* Of what it takes and gives. */
static enum app_err check_schemas(struct ctx *c, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;
	const struct schema *rows = rows_of(op);
	const char *what = op->in ? schema_table_fault(c, op->in, true) : NULL;
	if (!what && op->out)
		what = schema_table_fault(c, op->out, false);
	if (!what && rows)
		what = schema_table_fault(c, rows, false);
	return what ? router_fault(c, entry, "%s", what) : APP_OK;
}

static const char *row_fault(struct ctx *c, const struct schema *row, const struct schema *in)
{
	const char *what = model_relation_fault(c, row);
	return what ? what : model_fold_fault(c, row, in);
}

/* Of the rows that it lists or gives. */
static enum app_err check_rows(struct ctx *c, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;
	const struct schema *rows = rows_of(op);
	const char *what = op->out ? row_fault(c, op->out, op->in) : NULL;
	if (!what && rows)
		what = row_fault(c, rows, NULL);
	return what ? router_fault(c, entry, "%s", what) : APP_OK;
}

/* ---- the whole ---- */

static enum app_err check_operation(struct ctx *c, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;
	if (!op->name)
		return router_fault(c, entry, "its operation has no name; set .name");
	if (op->access == ACCESS_DENY)
		return router_fault(c, entry,
				    "the operation %s does not say who may call it; set .access",
				    op->name);
	if (!op->run && !entry->route->handle)
		return router_fault(c, entry, "the operation %s has no function to run", op->name);
	enum app_err err = check_schemas(c, entry);
	if (!err)
		err = check_params(c, entry);
	if (!err)
		err = check_fields(c, entry);
	return err ? err : check_rows(c, entry);
}

static enum app_err check_route(struct ctx *c, const struct router_entry *entry)
{
	const struct route *route = entry->route;
	if (route->method < GET || route->method > OPTIONS)
		return router_fault(c, entry, "the method is missing");
	if (route->method == HEAD || route->method == OPTIONS)
		return router_fault(c, entry, "the server answers this method by itself");
	if (!route->path)
		return router_fault(c, entry, "the path is missing");
	if (!route->op && !route->handle)
		return router_fault(c, entry, "it has neither an operation nor a handler");
	if (!route->op && route->access == ACCESS_DENY)
		return router_fault(c, entry,
				    "its handler does not say who may call it; set .access");
	if (route->op && route->access != ACCESS_DENY)
		return router_fault(c, entry,
				    "its operation says who may call it; leave out .access");
	return APP_OK;
}

enum app_err router_read_route(struct ctx *c, struct arena *arena, const struct module *module,
			       const struct route *route, struct router_entry *ret)
{
	struct router_entry entry = { .module = module, .route = route };
	enum app_err err = check_route(c, &entry);
	if (!err)
		err = router_read_pattern(c, arena, &entry);
	if (!err && route->op)
		err = check_operation(c, &entry);
	if (!err)
		*ret = entry;
	return err;
}
