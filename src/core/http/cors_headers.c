/* The two lists, made once at the start. */
#include "cors_headers.h"

#include "base/str.h"
#include "core/module.h"
#include "parse/cors.h"

/* What browsers let no page send or read, wherever it is of (Fetch, forbidden header names). */
static bool is_for_no_page(const char *name)
{
	return str_eq_nocase(name, "cookie") || str_eq_nocase(name, "set-cookie");
}

static void add_names(struct buf *list, const struct module_header *headers)
{
	for (int i = 0; i < MODULE_HEADERS_MAX && headers[i].name; i++)
		if (!is_for_no_page(headers[i].name))
			buf_printf(list, ", %s", headers[i].name);
}

void cors_headers_make(struct cors_headers *ret, const struct module *const *modules)
{
	buf_init(&ret->allowed, NULL);
	buf_init(&ret->exposed, NULL);
	buf_add_lit(&ret->allowed, CORS_ALLOW_HEADERS);
	buf_add_lit(&ret->exposed, CORS_EXPOSE_HEADERS);
	for (; *modules; modules++) {
		const struct module_stage *stage = (*modules)->stages;
		for (; !module_stage_is_end(stage); stage++) {
			add_names(&ret->allowed, stage->takes);
			add_names(&ret->exposed, stage->sets);
		}
	}
	buf_text(&ret->allowed);
	buf_text(&ret->exposed);
}

void cors_headers_done(struct cors_headers *headers)
{
	buf_done(&headers->allowed);
	buf_done(&headers->exposed);
}
