/*
 * How the failures of an operation are answered: in a form of its own, or in one of those that
 * operations share, which are the sections components/responses and components/headers.
 */
#include "internal.h"

#include "base/arena.h"

/* ---- forms ---- */

/* What comes before the route is known has not the members that the route's errors have. */
static void print_oauth_schema(struct buf *out, const char *component, bool may_be_early)
{
	buf_add_text(out, may_be_early ? "{\"anyOf\":[{\"allOf\":[" : "{\"allOf\":[");
	openapi_ref(out, component);
	buf_add_char(out, ',');
	openapi_ref(out, "OAuthError");
	buf_add_lit(out, "]}");
	if (!may_be_early)
		return;
	buf_add_char(out, ',');
	openapi_ref(out, component);
	buf_add_lit(out, "]}");
}

/* How one kind of failure is answered. */
struct failure_form {
	const char *description;
	const char *component;
	/* see print_oauth_schema() */
	bool oauth, early;
	/* a component that is answered with the same status; NULL: none */
	const char *or_else;
	/* its headers */
	bool retry, authenticate, limited;
	/* it also comes as application/problem+json */
	bool problem;
	/* a page for browsers, of a 500 */
	bool page;
	/* whose answers have headers of their own; NULL: they have none */
	const struct router_entry *entry;
};

static void print_json(const struct failure_form *form, struct buf *out)
{
	openapi_media_open(out, "application/json");
	if (form->or_else) {
		buf_add_lit(out, "{\"anyOf\":[");
		openapi_ref(out, form->or_else);
		buf_add_char(out, ',');
	}
	if (form->oauth)
		print_oauth_schema(out, form->component, form->early);
	else
		openapi_ref(out, form->component);
	buf_add_text(out, form->or_else ? "]}}" : "}");
}

static void print_form(const struct failure_form *form, struct buf *out)
{
	buf_add_char(out, '{');
	openapi_text(out, "description", form->description);
	openapi_headers_open(out);
	if (form->retry)
		openapi_header(out, "Retry-After");
	if (form->authenticate)
		openapi_header(out, "WWW-Authenticate");
	if (form->limited) {
		openapi_header(out, "RateLimit-Limit");
		openapi_header(out, "RateLimit-Remaining");
		openapi_header(out, "RateLimit-Reset");
	}
	openapi_headers_close(form->entry, true, out);
	openapi_key(out, "content");
	buf_add_char(out, '{');
	print_json(form, out);
	if (form->problem) {
		openapi_media_open(out, "application/problem+json");
		openapi_ref(out, "Problem");
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
		.limited = err == APP_TOO_MANY,
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

/* ---- of one operation ---- */

/* What is said of this one and of no other; NULL: nothing. */
static const char *own_text(const struct route *route, enum app_err err, struct arena *arena)
{
	const struct permission *permission = route_permission(route);
	return permission && err == APP_FORBIDDEN
		       ? arena_printf(arena, "%s, as without the permission %s", app_err_text(err),
				      permission->name)
		       : NULL;
}

/*
 * Most are the same wherever they come: one text in the components, by the slug that is also their
 * `code`.
 */
static void print_shared(struct components *all, enum app_err err, const char *text,
			 struct buf *out)
{
	all->failures |= answers_bit(err);
	buf_printf(out, "{\"$ref\":\"#/components/responses/%s\"", app_err_slug(err));
	if (text)
		openapi_text(out, "description", text);
	buf_add_char(out, '}');
}

/* With headers of its own, no form is one that others share; NULL: it has none. */
static const struct router_entry *setter_of(const struct router_entry *entry)
{
	bool sets = entry->stages && entry->stages->dresses_failures;
	return sets || entry->retirement ? entry : NULL;
}

void openapi_failure(const struct router_entry *entry, enum app_err err,
		     const struct answers *answers, struct components *all, struct buf *out)
{
	const struct route *route = entry->route;
	int status = app_err_status(err);
	const char *or_else = status == route->other_status ? components_use_result(all, route)
							    : NULL;
	const char *text = own_text(route, err, all->arena);
	struct failure_form form = form_of(err);
	form.entry = setter_of(entry);
	if (text)
		form.description = text;
	openapi_key(out, arena_printf(all->arena, "%d", status));
	if (!route->oauth_errors && !or_else && !form.entry) {
		print_shared(all, err, text, out);
		return;
	}
	form.oauth = route->oauth_errors;
	form.early = answers->fails_early & answers_bit(err);
	form.or_else = or_else;
	print_form(&form, out);
}

void openapi_other_failures(const struct router_entry *entry, struct buf *out)
{
	struct failure_form form = form_of_others();
	openapi_key(out, "default");
	form.oauth = entry->route->oauth_errors;
	form.entry = setter_of(entry);
	if (form.oauth || form.entry)
		print_form(&form, out);
	else
		buf_add_lit(out, "{\"$ref\":\"#/components/responses/error\"}");
}

/* ---- of all ---- */

static const char headers_text[] =
	"{\"Content-Range\":{\"description\":\"Which bytes of how many (RFC 9110 §14.4)\","
	"\"schema\":{\"type\":\"string\"}},"
	"\"Deprecation\":{\"description\":\"Since when it is (RFC 9745): @ and seconds\","
	"\"schema\":{\"type\":\"string\"}},"
	"\"ETag\":{\"description\":\"Of this state: for If-None-Match and If-Match\","
	"\"schema\":{\"type\":\"string\"}},"
	"\"Location\":{\"description\":\"The address of what was made\","
	"\"schema\":{\"type\":\"string\"}},"
	"\"RateLimit-Limit\":{\"description\":\"How many requests may come at once\","
	"\"schema\":{\"type\":\"integer\"}},"
	"\"RateLimit-Remaining\":{\"description\":\"How many of them are left now\","
	"\"schema\":{\"type\":\"integer\"}},"
	"\"RateLimit-Reset\":{\"description\":\"Seconds after which all of them are there again\","
	"\"schema\":{\"type\":\"integer\"}},"
	"\"Retry-After\":{\"description\":\"Seconds after which another try may help\","
	"\"schema\":{\"type\":\"integer\"}},"
	"\"Sunset\":{\"description\":\"When it goes, a date of HTTP (RFC 8594)\","
	"\"schema\":{\"type\":\"string\"}},"
	"\"WWW-Authenticate\":{\"description\":\"How to sign in, such as Bearer (RFC 6750)\","
	"\"schema\":{\"type\":\"string\"}},"
	"\"X-Request-ID\":{\"description\":\"Finds the request in the log\","
	"\"schema\":{\"type\":\"string\"}}}";

void openapi_shared_responses(const struct components *all, struct buf *out)
{
	struct failure_form others = form_of_others();
	openapi_key(out, "responses");
	buf_add_char(out, '{');
	for (enum app_err err = ERROR_FIRST; err <= ERROR_LAST; err++) {
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
