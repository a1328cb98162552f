/*
 * Start-up checks of one route: its pattern, its operation, and that the two agree. A mistake ends
 * the start with a sentence that says where it is, so that no request ever meets it.
 */
#include "internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/model.h"
#include "core/module.h"
#include "core/op.h"
#include "core/router.h"
#include "core/schema.h"

static const char word_chars[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
static const char param_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

/* "Module posts, route GET /posts/{id}: " and the fault. */
static enum app_err fault(struct ctx *c, const struct router_entry *entry, const char *format,
			  ...) MUST_USE PRINTF_LIKE(3, 4);

static enum app_err fault(struct ctx *c, const struct router_entry *entry, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *what = arena_vprintf(c->arena, format, args);
	va_end(args);
	return ctx_fail(c, APP_INVALID, "Module %s, route %s %s: %s", entry->module->name,
			route_method_name(entry->route->method), entry->route->path, what);
}

/* ---- the pattern ---- */

static bool has_param(const struct router_entry *entry, const char *name, size_t len)
{
	for (size_t i = 0; i < entry->part_count; i++) {
		const struct router_part *part = &entry->parts[i];
		if (part->is_param && part->len == len && memcmp(part->text, name, len) == 0)
			return true;
	}
	return false;
}

static enum app_err read_param(struct ctx *c, struct router_entry *entry, struct router_part *part)
{
	if (part->len < 3 || part->text[part->len - 1] != '}')
		return fault(c, entry,
			     "a path parameter is written {name} and fills its whole segment");
	part->text++;
	part->len -= 2;
	part->is_param = true;
	if (strspn(part->text, param_chars) != part->len)
		return fault(c, entry,
			     "the name '%.*s' of a path parameter may hold a-z, 0-9 and _ only",
			     (int)part->len, part->text);
	if (has_param(entry, part->text, part->len))
		return fault(c, entry, "the path parameter '%.*s' is there twice", (int)part->len,
			     part->text);
	entry->param_count++;
	return APP_OK;
}

static enum app_err read_part(struct ctx *c, struct router_entry *entry, struct router_part *part)
{
	if (part->len == 0)
		return fault(c, entry, "the path has an empty segment or ends in a slash");
	if (part->text[0] == '{')
		return read_param(c, entry, part);
	if (strspn(part->text, word_chars) < part->len)
		return fault(c, entry,
			     "the segment '%.*s' holds a character that is not allowed in a path",
			     (int)part->len, part->text);
	if (part->text[0] == '.' && (part->len == 1 || (part->len == 2 && part->text[1] == '.')))
		return fault(c, entry, "the path has a dot segment");
	return APP_OK;
}

static enum app_err read_pattern(struct ctx *c, struct arena *arena, struct router_entry *entry)
{
	struct router_part *parts = arena_zero(arena, ROUTER_SEGMENTS_MAX * sizeof(*parts));

	entry->path = route_path(entry->route, arena);
	entry->parts = parts;
	if (entry->route->path[0] != '/')
		return fault(c, entry, "the path must begin with a slash");
	if (!entry->route->root && str_starts(entry->route->path, "/api/"))
		return fault(c, entry,
			     "the path would be %s: " HTTP_API_PREFIX
			     " is put in front of it, so leave that out, or set .root",
			     entry->path);
	if (str_eq(entry->path, "/"))
		return APP_OK;
	for (const char *at = entry->path; *at;) {
		if (entry->part_count == ROUTER_SEGMENTS_MAX)
			return fault(c, entry, "the path has more than %d segments",
				     ROUTER_SEGMENTS_MAX);
		struct router_part *part = &parts[entry->part_count];
		part->text = at + 1;
		part->len = strcspn(part->text, "/");
		at = part->text + part->len;
		enum app_err err = read_part(c, entry, part);
		if (err)
			return err;
		entry->part_count++;
	}
	return APP_OK;
}

/* ---- the operation ---- */

static const struct field *find_path_field(const struct schema *in, const char *name, size_t len)
{
	for (size_t i = 0; in && i < in->count; i++) {
		const struct field *field = &in->fields[i];
		if (field->in == IN_PATH && strlen(field->name) == len &&
		    memcmp(field->name, name, len) == 0)
			return field;
	}
	return NULL;
}

static enum app_err check_params(struct ctx *c, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;

	for (size_t i = 0; i < entry->part_count; i++) {
		const struct router_part *part = &entry->parts[i];
		if (part->is_param && !find_path_field(op->in, part->text, part->len))
			return fault(c, entry,
				     "the input of %s has no field '%.*s' with .in = IN_PATH",
				     op->name, (int)part->len, part->text);
	}
	return APP_OK;
}

static enum app_err check_field(struct ctx *c, const struct router_entry *entry,
				const struct field *field)
{
	const struct operation *op = entry->route->op;

	if (field->in == IN_PATH && !has_param(entry, field->name, strlen(field->name)))
		return fault(c, entry,
			     "the input of %s takes '%s' from the path, but the path has no {%s}",
			     op->name, field->name, field->name);
	if (entry->route->method == GET && (field->in == IN_BODY || field->in == IN_FORM))
		return fault(c, entry,
			     "the input of %s takes '%s' from a body, but GET has none; say .in = "
			     "IN_QUERY",
			     op->name, field->name);
	return APP_OK;
}

/* Of what it takes and gives. */
static enum app_err check_tables(struct ctx *c, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;
	const char *what = op->in ? schema_table_fault(c, op->in, true) : NULL;

	if (!what && op->out)
		what = schema_table_fault(c, op->out, false);
	for (size_t i = 0; !what && op->in && i < op->in->count; i++) {
		if (op->in->fields[i].type == FIELD_LIST_QUERY)
			what = schema_table_fault(c, op->in->fields[i].object, false);
	}
	return what ? fault(c, entry, "%s", what) : APP_OK;
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
	const char *what = op->out ? row_fault(c, op->out, op->in) : NULL;

	for (size_t i = 0; !what && op->in && i < op->in->count; i++) {
		if (op->in->fields[i].type == FIELD_LIST_QUERY)
			what = row_fault(c, op->in->fields[i].object, NULL);
	}
	return what ? fault(c, entry, "%s", what) : APP_OK;
}

static enum app_err check_operation(struct ctx *c, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;
	enum app_err err;

	if (!op->name)
		return fault(c, entry, "its operation has no name; set .name");
	if (op->access == ACCESS_DENY)
		return fault(c, entry, "the operation %s does not say who may call it; set .access",
			     op->name);
	if (!op->run && !entry->route->handle)
		return fault(c, entry, "the operation %s has no function to run", op->name);
	err = check_tables(c, entry);
	if (!err)
		err = check_params(c, entry);
	for (size_t i = 0; !err && op->in && i < op->in->count; i++)
		err = check_field(c, entry, &op->in->fields[i]);
	return err ? err : check_rows(c, entry);
}

enum app_err route_check(struct ctx *c, struct arena *arena, const struct module *module,
			 const struct route *route, struct router_entry *ret)
{
	struct router_entry entry = { .module = module, .route = route };

	if (route->method < GET || route->method > OPTIONS)
		return fault(c, &entry, "the method is missing");
	if (route->method == HEAD || route->method == OPTIONS)
		return fault(c, &entry, "the server answers this method by itself");
	if (!route->op && !route->handle)
		return fault(c, &entry, "it has neither an operation nor a handler");
	if (!route->op && route->access == ACCESS_DENY)
		return fault(c, &entry, "its handler does not say who may call it; set .access");
	if (route->op && route->access != ACCESS_DENY)
		return fault(c, &entry, "its operation says who may call it; leave out .access");
	enum app_err err = read_pattern(c, arena, &entry);
	if (!err && route->op)
		err = check_operation(c, &entry);
	if (!err)
		*ret = entry;
	return err;
}
