/*
 * The Responses Object of one operation in the OpenAPI document, from what the server
 * tells (struct answers); and the sections components/responses and components/headers, which
 * these refer to.
 */
#include <stdio.h>

#include "base/arena.h"
#include "internal.h"

static const enum app_err first_error = APP_BAD_REQUEST, last_error = APP_IDS_EXHAUSTED;

/* ---- headers ---- */

static const char headers_text[] =
	"{\"Content-Range\":{\"description\":\"Which bytes of how many (RFC 9110 §14.4)\","
	"\"schema\":{\"type\":\"string\"}},"
	"\"ETag\":{\"description\":\"Of this state: for If-None-Match and If-Match\","
	"\"schema\":{\"type\":\"string\"}},"
	"\"Location\":{\"description\":\"The address of what was made\","
	"\"schema\":{\"type\":\"string\"}},"
	"\"Retry-After\":{\"description\":\"Seconds after which another try may help\","
	"\"schema\":{\"type\":\"integer\"}},"
	"\"WWW-Authenticate\":{\"description\":\"Bearer, as RFC 6750 has it\","
	"\"schema\":{\"type\":\"string\"}},"
	"\"X-Request-ID\":{\"description\":\"Finds the request in the log\","
	"\"schema\":{\"type\":\"string\"}}}";

static void print_header(struct buf *out, const char *name)
{
	openapi_key(out, name);
	buf_printf(out, "{\"$ref\":\"#/components/headers/%s\"}", name);
}

static void open_headers(struct buf *out)
{
	openapi_key(out, "headers");
	buf_add_char(out, '{');
}

static void close_headers(struct buf *out)
{
	print_header(out, "X-Request-ID");
	buf_add_char(out, '}');
}

/* ---- bodies ---- */

static void print_ref(struct buf *out, const char *component)
{
	buf_printf(out, "{\"$ref\":\"#/components/schemas/%s\"}", component);
}

static void open_media(struct buf *out, const char *type)
{
	openapi_key(out, type);
	buf_add_lit(out, "{\"schema\":");
}

/* What comes before the route is known has not the members that the route's errors have. */
static void print_oauth_schema(struct buf *out, const char *component, bool may_be_early)
{
	buf_add_text(out, may_be_early ? "{\"anyOf\":[{\"allOf\":[" : "{\"allOf\":[");
	print_ref(out, component);
	buf_add_char(out, ',');
	print_ref(out, "OAuthError");
	buf_add_lit(out, "]}");
	if (!may_be_early)
		return;
	buf_add_char(out, ',');
	print_ref(out, component);
	buf_add_lit(out, "]}");
}

/* How one kind of failure is answered. */
struct failure_form {
	const char *description;
	const char *component;
	bool oauth, early;   /* see print_oauth_schema() */
	const char *or_else; /* a component that is answered with the same status; NULL: none */
	bool retry, authenticate; /* its headers */
	bool problem;             /* it also comes as application/problem+json */
	bool page;                /* what debug.c shows browsers of a 500 */
};

static void print_json(const struct failure_form *form, struct buf *out)
{
	open_media(out, "application/json");
	if (form->or_else) {
		buf_add_lit(out, "{\"anyOf\":[");
		print_ref(out, form->or_else);
		buf_add_char(out, ',');
	}
	if (form->oauth)
		print_oauth_schema(out, form->component, form->early);
	else
		print_ref(out, form->component);
	buf_add_text(out, form->or_else ? "]}}" : "}");
}

static void print_form(const struct failure_form *form, struct buf *out)
{
	buf_add_char(out, '{');
	openapi_text(out, "description", form->description);
	open_headers(out);
	if (form->retry)
		print_header(out, "Retry-After");
	if (form->authenticate)
		print_header(out, "WWW-Authenticate");
	close_headers(out);
	openapi_key(out, "content");
	buf_add_char(out, '{');
	print_json(form, out);
	if (form->problem) {
		open_media(out, "application/problem+json");
		print_ref(out, "Problem");
		buf_add_char(out, '}');
	}
	if (form->page)
		buf_add_lit(out, ",\"text/html\":{\"schema\":{\"type\":\"string\"}}");
	buf_add_lit(out, "}}");
}

static struct failure_form form_of(enum app_err err)
{
	return (struct failure_form){
		.description = app_err_text(err),
		.component = err == APP_INVALID ? "HTTPValidationError" : "Error",
		.retry = err == APP_UNAVAILABLE || err == APP_TOO_MANY,
		.authenticate = err == APP_UNAUTHENTICATED,
		/* who takes that one is not refused for what it accepts */
		.problem = err != APP_NOT_ACCEPTABLE,
	};
}

static struct failure_form form_of_others(void)
{
	return (struct failure_form){
		.description = "Error; browsers get a page of a 500 where app.environment is local",
		.component = "Error",
		.early = true,
		.retry = true,
		.problem = true,
		.page = true,
	};
}

/* ---- success ---- */

static const struct schema *out_of(const struct route *route)
{
	return route->op && route->status != 204 ? route->op->out : NULL;
}

static void open_response(struct buf *out, int status, const char *description)
{
	char key[16];
	snprintf(key, sizeof(key), "%d", status);
	openapi_key(out, key);
	buf_add_char(out, '{');
	openapi_text(out, "description", description);
	open_headers(out);
}

static void print_success_content(const struct route *route, struct components *all,
				  struct buf *out)
{
	const struct schema *schema = out_of(route);
	if (!schema)
		return;
	openapi_key(out, "content");
	buf_add_char(out, '{');
	open_media(out, "application/json");
	print_ref(out, components_use(all, schema, FORM_ANSWER));
	buf_add_char(out, '}');
	if (route->html)
		buf_add_lit(out, ",\"text/html\":{\"schema\":{\"type\":\"string\"}}");
	buf_add_char(out, '}');
}

static void print_success(const struct route *route, int status, const struct answers *answers,
			  struct components *all, struct buf *out)
{
	open_response(out, status, "Successful Response");
	if (answers->etag)
		print_header(out, "ETag");
	if (answers->location)
		print_header(out, "Location");
	close_headers(out);
	print_success_content(route, all, out);
	buf_add_char(out, '}');
}

static void print_part(struct buf *out)
{
	open_response(out, 206, "Part of the page");
	print_header(out, "Content-Range");
	print_header(out, "ETag");
	close_headers(out);
	buf_add_lit(out, ",\"content\":{\"text/html\":{\"schema\":{\"type\":\"string\"}}}}");
}

static void print_unchanged(struct buf *out)
{
	open_response(out, 304, "Not Modified");
	print_header(out, "ETag");
	close_headers(out);
	buf_add_char(out, '}');
}

static void print_no_part(struct buf *out)
{
	open_response(out, 416, "Range Not Satisfiable");
	print_header(out, "Content-Range");
	print_header(out, "ETag");
	close_headers(out);
	buf_add_char(out, '}');
}

/* ---- failures ---- */

/*
 * Most are the same wherever they come: one text in the components, by the slug that is also their
 * `code`.
 */
static void print_shared(struct components *all, enum app_err err, struct buf *out)
{
	all->failures |= answers_bit(err);
	buf_printf(out, "{\"$ref\":\"#/components/responses/%s\"}", app_err_slug(err));
}

static void print_failure(const struct route *route, enum app_err err,
			  const struct answers *answers, struct components *all, struct buf *out)
{
	int status = app_err_status(err);
	bool is_shown = status == route->other_status && out_of(route);
	struct failure_form form = form_of(err);
	openapi_key(out, arena_printf(all->arena, "%d", status));
	if (!route->oauth_errors && !is_shown) {
		print_shared(all, err, out);
		return;
	}
	form.oauth = route->oauth_errors;
	form.early = answers->fails_early & answers_bit(err);
	if (is_shown)
		form.or_else = components_use(all, out_of(route), FORM_ANSWER);
	print_form(&form, out);
}

/* Errors of one status (507) are told once. */
static bool is_told(const struct answers *answers, enum app_err err)
{
	bool is_same = err > APP_OK && app_err_status(err - 1) == app_err_status(err) &&
		       answers->fails & answers_bit(err - 1);
	return answers->fails & answers_bit(err) && !is_same;
}

/* In the order of the statuses. */
static void print_failures(const struct route *route, const struct answers *answers,
			   struct components *all, struct buf *out)
{
	for (enum app_err err = first_error; err <= last_error; err++) {
		if (err == APP_RANGE_NOT_SATISFIABLE && answers->part)
			print_no_part(out);
		else if (is_told(answers, err))
			print_failure(route, err, answers, all, out);
	}
}

static void print_others(const struct route *route, struct buf *out)
{
	struct failure_form form = form_of_others();
	openapi_key(out, "default");
	form.oauth = route->oauth_errors;
	if (form.oauth)
		print_form(&form, out);
	else
		buf_add_lit(out, "{\"$ref\":\"#/components/responses/error\"}");
}

void openapi_responses(const struct route *route, const struct answers *answers,
		       struct components *all, struct buf *out)
{
	openapi_key(out, "responses");
	buf_add_char(out, '{');
	print_success(route, route->status ? route->status : 200, answers, all, out);
	if (answers->part)
		print_part(out);
	if (answers->unchanged)
		print_unchanged(out);
	print_failures(route, answers, all, out);
	print_others(route, out);
	buf_add_char(out, '}');
}

void openapi_shared_responses(const struct components *all, struct buf *out)
{
	struct failure_form others = form_of_others();
	openapi_key(out, "responses");
	buf_add_char(out, '{');
	for (enum app_err err = first_error; err <= last_error; err++) {
		if (!(all->failures & answers_bit(err)))
			continue;
		struct failure_form form = form_of(err);
		openapi_key(out, app_err_slug(err));
		print_form(&form, out);
	}
	openapi_key(out, "error");
	print_form(&others, out);
	buf_add_char(out, '}');
	openapi_key(out, "headers");
	buf_add_text(out, headers_text);
}
