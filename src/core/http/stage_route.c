/*
 * The stage that finds what is asked for: a route of a module, a file of static/, or what is to be
 * said of a path that is neither.
 */
#include <string.h>

#include "answer.h"
#include "answer_add.h"
#include "answers.h"
#include "base/str.h"
#include "exchange.h"
#include "parse/accept.h"
#include "parse/media.h"
#include "server.h"
#include "stage.h"

static enum stage_result redirect_to(struct http_exchange *x, const char *path, size_t path_len,
				     const char *rest)
{
	answer_add_header(x, "Location",
			  arena_printf(&x->arena, "%s%.*s%s", x->server->options.root_path,
				       (int)path_len, path, rest));
	x->answer.status = 307;
	return STAGE_ANSWERED;
}

/* "/users/?page=2" → 307 to "/users?page=2", which is asked by the same method and body */
static enum stage_result redirect_slash(struct http_exchange *x)
{
	size_t path_len = strcspn(x->raw_target, "?");
	return redirect_to(x, x->raw_target, path_len - 1, x->raw_target + path_len);
}

static enum stage_result answer_allowed(struct http_exchange *x, const char *methods)
{
	answer_add_header(x, "Allow", methods);
	x->answer.status = 204;
	return STAGE_ANSWERED;
}

static enum stage_result fail_method(struct http_exchange *x, const char *allowed)
{
	answer_add_header(x, "Allow", allowed);
	return stage_fail(x, ctx_fail(&x->c, APP_METHOD_NOT_ALLOWED, "Method Not Allowed"));
}

/* Whether the client can read what the operation gives; errors come as JSON in any case. */
static bool is_acceptable(const struct http_exchange *x)
{
	const struct schema *out = x->op ? x->op->out : NULL;
	const char *accept = x->head.value[GUARD_ACCEPT];
	if (!out || out->shape != SHAPE_LINES)
		return answer_form(x) != ANSWER_UNACCEPTABLE;
	const char *const offers[] = { schema_media_type(out), "application/problem+json" };
	return accept_best(accept, offers, COUNT_OF(offers)) >= 0;
}

static const char *media_type(const struct http_exchange *x)
{
	return x->op && x->op->out ? schema_media_type(x->op->out) : "application/json";
}

static const struct operation *operation_of(const struct http_exchange *x)
{
	const struct route *route = x->route;
	const char *type = x->head.value[GUARD_CONTENT_TYPE];
	return route->form && media_kind(type) == MEDIA_FORM ? route->form : route->op;
}

/* Of every answer that it gives, errors too. */
static void add_retirement(struct http_exchange *x, const struct router_retirement *retirement)
{
	answer_add_header(x, "Deprecation", retirement->deprecation);
	if (retirement->sunset)
		answer_add_header(x, "Sunset", retirement->sunset);
}

static enum stage_result take_route(struct http_exchange *x, const struct router_match *match)
{
	x->entry = match->entry;
	x->route = match->entry->route;
	x->stages = match->entry->stages;
	x->path_pairs = match->params;
	x->op = operation_of(x);
	x->c.operation = x->op ? x->op->name : NULL;
	if (x->entry->retirement)
		add_retirement(x, x->entry->retirement);
	if (!x->route->handle && !is_acceptable(x))
		return stage_fail(x,
				  ctx_fail(&x->c, APP_NOT_ACCEPTABLE,
					   "This answer is only available as %s", media_type(x)));
	return STAGE_NEXT;
}

/* "/api/v2/…": what is not there is no file either. */
static bool is_of_version(const char *path)
{
	return str_starts(path, HTTP_VERSIONS_PREFIX) &&
	       str_is_digit(path[sizeof(HTTP_VERSIONS_PREFIX) - 1]);
}

/* The path below static/ is that of the target; false: there is no such file. */
static bool answers_file(struct http_exchange *x, enum stage_result *ret)
{
	if (x->method != GET || is_of_version(x->path.text))
		return false;
	enum app_err err = http_answer_static(x, x->path.text + 1);
	if (err == APP_NOT_FOUND) {
		ctx_recover(&x->c);
		return false;
	}
	*ret = err ? stage_fail(x, err) : STAGE_ANSWERED;
	return true;
}

/* False: nothing is there under x->raw_target. */
static bool answers_target(struct http_exchange *x, enum stage_result *ret)
{
	struct router_match match = { 0 };
	enum app_err err = router_path_split(&x->c, x->raw_target, &x->path);
	if (err) {
		*ret = stage_fail(x, err);
		return true;
	}
	switch (router_match(x->server->router, &x->arena, x->method, &x->path, &match)) {
	case ROUTER_NOT_FOUND: return answers_file(x, ret);
	case ROUTER_SLASH: *ret = redirect_slash(x); break;
	case ROUTER_METHOD_NOT_ALLOWED: *ret = fail_method(x, match.allow); break;
	case ROUTER_OPTIONS: *ret = answer_allowed(x, match.allow); break;
	case ROUTER_FOUND: *ret = take_route(x, &match); break;
	}
	return true;
}

/* What is left of the target below server.root_path; NULL: it is not below that. */
static const char *target_below_root(const struct http_exchange *x)
{
	const char *root = x->server->options.root_path;
	size_t len = strlen(root);
	bool is_below = len && str_starts(x->raw_target, root) && strchr("/?", x->raw_target[len]);
	return is_below ? x->raw_target + len : NULL;
}

/*
 * A proxy that does not take server.root_path off is put up with. Only once nothing is there under
 * the whole path: with the root /api that of /api/v1/posts is a part of it.
 */
static enum stage_result find_by_target(struct http_exchange *x)
{
	enum stage_result result;
	if (answers_target(x, &result))
		return result;
	const char *below = target_below_root(x);
	if (below && *below != '/') /* the front page's links want the "/" behind the root */
		return redirect_to(x, "/", 1, below);
	if (below) {
		x->raw_target = below;
		if (answers_target(x, &result))
			return result;
	}
	return stage_fail(x, ctx_fail(&x->c, APP_NOT_FOUND, "Not Found"));
}

enum stage_result stage_find_route(struct http_exchange *x)
{
	/* OPTIONS * (RFC 9110 §9.3.7): what the server can do at all */
	return x->head.for_server ? answer_allowed(x, CORS_ALLOW_METHODS) : find_by_target(x);
}

void answers_of_find_route(const struct router_entry *entry, struct answers *answers)
{
	if (!entry->route->handle)
		answers->fails |= answers_bit(APP_NOT_ACCEPTABLE);
}
