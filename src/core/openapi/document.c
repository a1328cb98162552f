/*
 * The OpenAPI document as a whole: paths, components, tags. What one operation is stands in
 * operation.c, what is said of the API in info.c.
 */
#include "internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

struct document {
	const struct openapi_source *source;
	struct arena *arena;
	const struct router_scope *scope;
	struct document_row *rows;
	size_t count;
	struct components components;
	struct buf *out;
};

static const char *const method_keys[] = {
	[GET] = "get",     [HEAD] = "head",     [POST] = "post",       [PUT] = "put",
	[PATCH] = "patch", [DELETE] = "delete", [OPTIONS] = "options",
};

/* ---- the rows ---- */

static bool id_is_taken(const struct document *document, const char *id)
{
	for (size_t i = 0; i < document->count; i++)
		if (str_eq(document->rows[i].id, id))
			return true;
	return false;
}

/* "posts.create" → "posts-create"; a raw GET /files/{name} → "get-files-name". */
static char *plain_id(struct arena *arena, const struct route *route)
{
	const char *from = route->op ? route->op->name
				     : arena_printf(arena, "%s%s", method_keys[route->method],
						    route->path);
	char *id = arena_strdup(arena, from);
	char *end = id;
	for (const char *at = from; *at; at++) {
		if (str_is_alpha(*at) || str_is_digit(*at) || *at == '_')
			*end++ = *at;
		else if (end > id && end[-1] != '-')
			*end++ = '-';
	}
	while (end > id && end[-1] == '-')
		end--;
	*end = '\0';
	return id;
}

/* An operation with two routes needs two ids: the second is "posts-update-2". */
static const char *unique_id(const struct document *document, const struct route *route)
{
	const char *plain = plain_id(document->arena, route);
	const char *id = plain;
	for (int n = 2; id_is_taken(document, id); n++)
		id = arena_printf(document->arena, "%s-%d", plain, n);
	return id;
}

static void document_add(struct document *document, const struct router_entry *entry)
{
	if (entry->route->hidden || !router_is_of(entry, document->scope))
		return;
	document->rows[document->count] = (struct document_row){
		.entry = entry,
		.id = unique_id(document, entry->route),
	};
	document->count++;
}

static void document_collect(struct document *document)
{
	size_t count;
	const struct router_entry *entries = router_entries(document->source->router, &count);
	document->rows = arena_zero(document->arena, (count + 1) * sizeof(*document->rows));
	for (size_t i = 0; i < count; i++)
		document_add(document, &entries[i]);
}

/* ---- the sections ---- */

/* As the document has it: that of what is mounted begins where that is. */
static const char *path_of(const struct document *document, size_t at)
{
	const char *mount = document->scope->mount, *path = document->rows[at].entry->path;
	if (!mount)
		return path;
	return path[strlen(mount)] ? path + strlen(mount) : "/";
}

static bool path_was_printed(const struct document *document, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (str_eq(path_of(document, i), path_of(document, at)))
			return true;
	return false;
}

static void print_row(struct document *document, const struct document_row *row)
{
	const struct route *route = row->entry->route;
	struct answers answers = { 0 };
	document->source->answers(row->entry, &answers);
	openapi_key(document->out, method_keys[route->method]);
	openapi_operation(row, &answers, &document->components, document->out);
}

/* All methods of the path of the row `first`, in the order of the tables. */
static void print_path(struct document *document, size_t first)
{
	openapi_key(document->out, path_of(document, first));
	buf_add_char(document->out, '{');
	for (size_t i = first; i < document->count; i++)
		if (str_eq(path_of(document, i), path_of(document, first)))
			print_row(document, &document->rows[i]);
	buf_add_char(document->out, '}');
}

static void print_paths(struct document *document)
{
	openapi_key(document->out, "paths");
	buf_add_char(document->out, '{');
	for (size_t i = 0; i < document->count; i++)
		if (!path_was_printed(document, i))
			print_path(document, i);
	buf_add_char(document->out, '}');
}

static bool has_protected(const struct document *document)
{
	for (size_t i = 0; i < document->count; i++)
		if (route_access(document->rows[i].entry->route) != ACCESS_PUBLIC)
			return true;
	return false;
}

/* What holds unless an operation says another: so one that is public says so. */
static void print_security(const struct document *document)
{
	if (!has_protected(document))
		return;
	openapi_key(document->out, "security");
	buf_add_lit(document->out, OPENAPI_SIGNED_IN);
}

/* Where passwords and keys are traded for tokens: in the same version, where it has that. */
static const char *token_path(const struct document *document)
{
	for (size_t i = 0; !document->scope->mount && i < document->count; i++)
		if (str_eq(document->rows[i].entry->route->path, "/auth/token"))
			return path_of(document, i);
	return HTTP_API_PREFIX "/auth/token";
}

static void print_scheme(const struct document *document)
{
	const char *root = document->source->root, *path = token_path(document);
	buf_printf(document->out,
		   ",\"securitySchemes\":{\"OAuth2PasswordBearer\":{\"type\":\"oauth2\","
		   "\"flows\":{\"password\":{\"scopes\":{},\"tokenUrl\":\"%s%s\"},"
		   "\"clientCredentials\":{\"scopes\":{},\"tokenUrl\":\"%s%s\"}}},"
		   "\"ApiKey\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-API-Key\"}}",
		   root, path, root, path);
}

static void print_components(struct document *document)
{
	components_add_errors(&document->components);
	openapi_key(document->out, "components");
	buf_add_lit(document->out, "{\"schemas\":");
	components_print(&document->components, document->out);
	openapi_shared_responses(&document->components, document->out);
	if (has_protected(document))
		print_scheme(document);
	buf_add_char(document->out, '}');
}

static void print_tag(const struct module *module, struct buf *out)
{
	openapi_item(out);
	buf_add_char(out, '{');
	openapi_text(out, "name", module->name);
	if (module->doc)
		openapi_text(out, "description", module->doc);
	buf_add_char(out, '}');
}

/* The modules that have a row; the rows of each stand together. */
static void print_tags(const struct document *document)
{
	const struct module *last = NULL;
	openapi_key(document->out, "tags");
	buf_add_char(document->out, '[');
	for (size_t i = 0; i < document->count; i++) {
		const struct module *module = document->rows[i].entry->module;
		if (module != last)
			print_tag(module, document->out);
		last = module;
	}
	buf_add_char(document->out, ']');
}

/* The origin that the document is from; of what is mounted, its path there. */
static void print_servers(const struct document *document)
{
	const char *mount = document->scope->mount;
	const char *url = arena_printf(document->arena, "%s%s", document->source->root,
				       mount ? mount : "");
	openapi_key(document->out, "servers");
	buf_add_lit(document->out, "[{");
	openapi_text(document->out, "url", *url ? url : "/");
	buf_add_lit(document->out, "}]");
}

void openapi_document(struct ctx *c, const struct openapi_source *source, struct buf *out)
{
	size_t count;
	const struct router_scope *first = router_scopes(source->router, &count);
	struct document document = { .source = source,
				     .arena = c->arena,
				     .scope = source->scope ? source->scope : first,
				     .out = out };
	components_init(&document.components, c->arena);
	document_collect(&document);

	buf_add_lit(out, "{\"openapi\":\"3.1.0\"");
	openapi_info(c, source->words, out);
	print_servers(&document);
	print_paths(&document);
	print_components(&document);
	print_security(&document);
	print_tags(&document);
	buf_add_char(out, '}');
}
