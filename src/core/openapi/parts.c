/* The pieces of JSON that the sections of the document are put together from. */
#include "internal.h"

#include <string.h>

#include "base/str.h"
#include "core/json.h"

void openapi_key(struct buf *out, const char *name)
{
	if (out->data[out->len - 1] != '{')
		buf_add_char(out, ',');
	json_add_text(out, name, strlen(name));
	buf_add_char(out, ':');
}

void openapi_text(struct buf *out, const char *name, const char *value)
{
	openapi_key(out, name);
	json_add_text(out, value, strlen(value));
}

void openapi_item(struct buf *out)
{
	if (out->data[out->len - 1] != '[')
		buf_add_char(out, ',');
}

void openapi_header(struct buf *out, const char *name)
{
	openapi_key(out, name);
	buf_printf(out, "{\"$ref\":\"#/components/headers/%s\"}", name);
}

void openapi_headers_open(struct buf *out)
{
	openapi_key(out, "headers");
	buf_add_char(out, '{');
}

/* What the stage of a module sets. */
static void print_set(const struct module_header *header, struct buf *out)
{
	openapi_key(out, header->name);
	buf_add_char(out, '{');
	if (header->doc)
		openapi_text(out, "description", header->doc);
	openapi_key(out, "schema");
	buf_add_lit(out, "{\"type\":\"string\"}}");
}

/* Those that are told so far: Set-Cookie may be set by several, and the first tells of it. */
struct told {
	const struct module_header *headers[ROUTER_SETS_MAX];
	size_t count;
};

static bool is_told(const struct told *told, const char *name)
{
	for (size_t i = 0; i < told->count; i++)
		if (str_eq_nocase(told->headers[i]->name, name))
			return true;
	return false;
}

static void print_sets(const struct module_stage *stage, bool failed, struct told *told,
		       struct buf *out)
{
	const struct module_header *sets = stage->sets;
	for (int i = 0; i < MODULE_HEADERS_MAX && sets[i].name; i++) {
		if ((failed && sets[i].of_success) || is_told(told, sets[i].name))
			continue;
		told->headers[told->count++] = &sets[i];
		print_set(&sets[i], out);
	}
}

static void print_all_set(const struct router_stages *stages, bool failed, struct buf *out)
{
	struct told told = { .count = 0 };
	for (enum module_place place = NOWHERE; stages && place < MODULE_PLACES; place++) {
		const struct router_stage *at = stages->at[place];
		for (; at && at->stage; at++)
			print_sets(at->stage, failed, &told, out);
	}
}

void openapi_headers_close(const struct router_entry *entry, bool failed, struct buf *out)
{
	if (entry)
		print_all_set(entry->stages, failed, out);
	if (entry && entry->retirement)
		openapi_header(out, "Deprecation");
	if (entry && entry->retirement && entry->retirement->sunset)
		openapi_header(out, "Sunset");
	openapi_header(out, "X-Request-ID");
	buf_add_char(out, '}');
}

void openapi_ref(struct buf *out, const char *component)
{
	buf_printf(out, "{\"$ref\":\"#/components/schemas/%s\"}", component);
}

void openapi_media_open(struct buf *out, const char *type)
{
	openapi_key(out, type);
	buf_add_lit(out, "{\"schema\":");
}
