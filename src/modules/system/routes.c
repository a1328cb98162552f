/* The route table of the system module, and its one raw handler: the front page. */
#include "base/str.h"
#include "core/http.h"
#include "internal.h"

static enum app_err answer_front_page(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	http_add_header(x, "Vary", "Accept");
	if (http_wants_html(x))
		return http_answer_static(x, "index.html");
	struct system_info info;
	system_describe(http_app(x), &info);
	return http_answer_schema(x, 200, &system_info_schema, &info);
}

static int ready_status(const void *out)
{
	const struct system_ready *ready = out;
	return str_eq(ready->status, "ready") ? 200 : 503;
}

const struct route system_routes[] = ROUTES(
	{ GET, "/", &system_info, answer_front_page, .limit = LIMIT_NONE, .root = true,
	  .html = true },
	{ GET, "/version", &system_version, .limit = LIMIT_NONE, .root = true },
	{ GET, "/health", &system_health, .status_of = ready_status, .other_status = 503,
	  .limit = LIMIT_NONE, .root = true },
	{ GET, "/health/live", &system_live, .limit = LIMIT_NONE, .root = true },
	{ GET, "/health/ready", &system_ready, .status_of = ready_status, .other_status = 503,
	  .limit = LIMIT_NONE, .root = true });
