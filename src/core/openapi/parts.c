/* The pieces of JSON that the sections of the document are put together from. */
#include "internal.h"

#include <string.h>

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

void openapi_headers_close(struct buf *out)
{
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
