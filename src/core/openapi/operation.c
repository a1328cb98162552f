/*
 * One Operation Object of the OpenAPI document: summary and security of a route, read off its
 * operation. Its parameters stand in parameters.c, its body in body.c, what it answers in
 * responses.c. Key order and wording are FastAPI's.
 */
#include "internal.h"

#include <string.h>

#include "base/arena.h"
#include "core/json.h"
#include "core/list.h"

/* Sentences, with a blank between; `text` may be NULL. */
static const char *say_more(struct arena *arena, const char *text, const char *more)
{
	return text ? arena_printf(arena, "%s %s", text, more) : more;
}

/* With what no schema of a parameter says. */
static void print_description(const struct operation *op, struct arena *arena, struct buf *out)
{
	const char *text = op->doc;
	if (op->permission)
		text = say_more(
			arena, text,
			arena_printf(arena, "Takes the permission %s.", op->permission->name));
	if (schema_list_field(op->in))
		text = say_more(arena, text,
				arena_printf(arena,
					     "At most %d filters. Other names are taken, too: %s.",
					     LIST_FILTERS_MAX, list_query_aliases(op->in, arena)));
	if (op->proven_s)
		text = say_more(arena, text,
				arena_printf(arena,
					     "You must have proven who you are in the last %lld "
					     "seconds; if not, it is a 401 with the code "
					     "`insufficient_user_authentication` (RFC 9470).",
					     (long long)op->proven_s));
	if (text)
		openapi_text(out, "description", text);
}

/* The scopes of a token are another thing, and ours have none. */
static void print_permission(const struct permission *permission, struct buf *out)
{
	if (!permission)
		return;
	openapi_key(out, "x-required-permissions");
	buf_add_char(out, '[');
	json_add_text(out, permission->name, strlen(permission->name));
	buf_add_char(out, ']');
}

/* Keys are of no superuser, see core/op.h for what else is for people only. */
static const char *security_of(const struct route *route)
{
	if (route_access(route) == ACCESS_PUBLIC)
		return "[]";
	if (route_access(route) == ACCESS_SUPERUSER || (route->op && route->op->people_only))
		return OPENAPI_PERSON;
	return OPENAPI_SIGNED_IN;
}

static void print_summary(const struct document_row *row, struct arena *arena, struct buf *out)
{
	const struct router_entry *entry = row->entry;
	const struct operation *op = entry->route->op;
	openapi_text(out, "summary", op && op->summary ? op->summary : entry->path);
	if (op)
		print_description(op, arena, out);
	openapi_text(out, "operationId", row->id);
	if (entry->retirement) {
		openapi_key(out, "deprecated");
		buf_add_lit(out, "true");
	}
	openapi_key(out, "security");
	buf_add_text(out, security_of(entry->route));
	print_permission(route_permission(entry->route), out);
}

void openapi_operation(const struct document_row *row, const struct answers *answers,
		       struct components *all, struct buf *out)
{
	buf_add_char(out, '{');
	openapi_key(out, "tags");
	buf_add_char(out, '[');
	json_add_text(out, row->entry->module->name, strlen(row->entry->module->name));
	buf_add_char(out, ']');
	print_summary(row, all->arena, out);
	openapi_parameters(row, answers, all->arena, out);
	openapi_body(row, all, out);
	openapi_responses(row->entry, answers, all, out);
	buf_add_char(out, '}');
}
