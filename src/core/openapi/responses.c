/*
 * The Responses Object of one operation, from what the server tells of its route. How a failure is
 * answered stands in failures.c.
 */
#include "internal.h"

#include <stdio.h>

/* ---- success ---- */

static void open_response(struct buf *out, int status, const char *description)
{
	char key[16];
	snprintf(key, sizeof(key), "%d", status);
	openapi_key(out, key);
	buf_add_char(out, '{');
	openapi_text(out, "description", description);
	openapi_headers_open(out);
}

static void print_success_content(const struct route *route, struct components *all,
				  struct buf *out)
{
	const char *component = components_use_result(all, route);
	if (!component)
		return;
	openapi_key(out, "content");
	buf_add_char(out, '{');
	openapi_media_open(out, schema_media_type(route->op->out));
	openapi_ref(out, component);
	buf_add_char(out, '}');
	if (route->html)
		buf_add_lit(out, ",\"text/html\":{\"schema\":{\"type\":\"string\"}}");
	buf_add_char(out, '}');
}

static void print_success(const struct router_entry *entry, int status,
			  const struct answers *answers, struct components *all, struct buf *out)
{
	open_response(out, status, "Successful Response");
	if (answers->etag)
		openapi_header(out, "ETag");
	if (answers->location && status == 201)
		openapi_header(out, "Location");
	openapi_headers_close(entry, false, out);
	print_success_content(entry->route, all, out);
	buf_add_char(out, '}');
}

static void print_part(const struct router_entry *entry, struct buf *out)
{
	open_response(out, 206, "Part of the page");
	openapi_header(out, "Content-Range");
	openapi_header(out, "ETag");
	openapi_headers_close(entry, false, out);
	buf_add_lit(out, ",\"content\":{\"text/html\":{\"schema\":{\"type\":\"string\"}}}}");
}

static void print_unchanged(const struct router_entry *entry, struct buf *out)
{
	open_response(out, 304, "Not Modified");
	openapi_header(out, "ETag");
	openapi_headers_close(entry, false, out);
	buf_add_char(out, '}');
}

static void print_no_part(const struct router_entry *entry, struct buf *out)
{
	open_response(out, 416, "Range Not Satisfiable");
	openapi_header(out, "Content-Range");
	openapi_header(out, "ETag");
	openapi_headers_close(entry, false, out);
	buf_add_char(out, '}');
}

/* ---- failures ---- */

/* Errors of one status (507) are told once. */
static bool is_told(const struct answers *answers, enum app_err err)
{
	bool is_same = err > APP_OK && app_err_status(err - 1) == app_err_status(err) &&
		       answers->fails & answers_bit(err - 1);
	return answers->fails & answers_bit(err) && !is_same;
}

/* In the order of the statuses. */
static void print_failures(const struct router_entry *entry, const struct answers *answers,
			   struct components *all, struct buf *out)
{
	for (enum app_err err = ERROR_FIRST; err <= ERROR_LAST; err++) {
		if (err == APP_RANGE_NOT_SATISFIABLE && answers->part)
			print_no_part(entry, out);
		else if (is_told(answers, err))
			openapi_failure(entry, err, answers, all, out);
	}
}

/* ---- the whole ---- */

void openapi_responses(const struct router_entry *entry, const struct answers *answers,
		       struct components *all, struct buf *out)
{
	const struct route *route = entry->route;
	openapi_key(out, "responses");
	buf_add_char(out, '{');
	print_success(entry, route_status(route), answers, all, out);
	if (route->other_status && route->other_status < 300)
		print_success(entry, route->other_status, answers, all, out);
	if (answers->part)
		print_part(entry, out);
	if (answers->unchanged)
		print_unchanged(entry, out);
	print_failures(entry, answers, all, out);
	openapi_other_failures(entry, out);
	buf_add_char(out, '}');
}
