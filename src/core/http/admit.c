/*
 * The stages that are settled before the body is read: who is asking for what, and may they. A
 * request refused here costs no more than its headers.
 */
#include "exchange.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "core/module.h"
#include "parse/accept.h"
#include "parse/media.h"
#include "peers.h"
#include "server.h"

static bool request_id_is_fine(const char *text)
{
	size_t len = strspn(text,
			    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
	return len > 0 && len <= REQUEST_ID_MAX && !text[len];
}

enum stage_result stage_request_id(struct http_exchange *x)
{
	const char *given = x->head.value[GUARD_X_REQUEST_ID];
	if (given && request_id_is_fine(given))
		strcpy(x->request_id, given);
	else
		id_new(x->request_id);
	return STAGE_NEXT;
}

/* On refusals, too: a page shall be able to read why. */
static struct cors_answer add_cors(struct http_exchange *x)
{
	struct cors_answer answer = cors_decide(x->server->cors, x->head.value[GUARD_ORIGIN]);
	if (answer.vary)
		http_add_header(x, "Vary", "Origin");
	if (answer.allow_origin) {
		http_add_header(x, "Access-Control-Allow-Origin", answer.allow_origin);
		http_add_header(x, "Access-Control-Expose-Headers", CORS_EXPOSE_HEADERS);
		if (answer.credentials)
			http_add_header(x, "Access-Control-Allow-Credentials", "true");
	}
	return answer;
}

/* Which form an error takes, and whether the client can read any answer of ours. */
static bool accepts_json(struct http_exchange *x)
{
	static const char *const offers[] = { "application/json", "application/problem+json" };
	const char *accept = x->head.value[GUARD_ACCEPT];
	if (!accept || strcmp(accept, "*/*") == 0)
		return true;
	int best = accept_best(accept, offers, COUNT_OF(offers));
	x->problem_json = best == 1;
	return best >= 0;
}

enum stage_result stage_guard(struct http_exchange *x)
{
	enum app_err err = guard_finish(&x->head, x->method_text, x->version_text);
	if (err) {
		x->close = true;
		(void)add_cors(x);
		(void)accepts_json(x);
		return stage_fail(x, ctx_fail(&x->c, err, "%s", x->head.why));
	}
	x->is_head = x->head.method == HEAD;
	x->method = x->is_head ? GET : x->head.method;
	return STAGE_NEXT;
}

void answers_of_guard(const struct route *route, struct answers *answers)
{
	(void)route;
	answers->fails |= answers_bit(APP_BAD_REQUEST);
	answers->fails_early |= answers_bit(APP_BAD_REQUEST);
}

enum stage_result stage_cors(struct http_exchange *x)
{
	const char *origin = x->head.value[GUARD_ORIGIN];
	struct cors_answer answer = add_cors(x);
	const char *wanted = x->head.value[GUARD_ACCESS_CONTROL_REQUEST_METHOD];
	if (x->method != OPTIONS || !cors_is_preflight(origin, wanted))
		return STAGE_NEXT;
	if (answer.allow_origin) {
		http_add_header(x, "Access-Control-Allow-Methods", CORS_ALLOW_METHODS);
		http_add_header(x, "Access-Control-Allow-Headers", CORS_ALLOW_HEADERS);
		http_add_header(x, "Access-Control-Max-Age", CORS_MAX_AGE);
	}
	x->answer.status = 204;
	return STAGE_ANSWERED;
}

static enum stage_result redirect(struct http_exchange *x, const char *path, size_t path_len,
				  const char *rest)
{
	http_add_header(x, "Location",
			arena_printf(&x->arena, "%s%.*s%s", x->server->options.root_path,
				     (int)path_len, path, rest));
	x->answer.status = 307;
	return STAGE_ANSWERED;
}

/* "/users/?page=2" → 307 to "/users?page=2" */
static enum stage_result redirect_slash(struct http_exchange *x)
{
	size_t path_len = strcspn(x->raw_target, "?");
	return redirect(x, x->raw_target, path_len - 1, x->raw_target + path_len);
}

static enum stage_result route_find(struct http_exchange *x);

/*
 * A proxy that does not take server.root_path off is put up with. Only once nothing is there under
 * the whole path: with the root /api that of /api/v1/posts is a part of it.
 */
static bool is_beneath(const struct http_exchange *x)
{
	const char *root = x->server->options.root_path;
	size_t len = strlen(root);
	return len && !x->beneath && str_starts(x->raw_target, root) &&
	       strchr("/?", x->raw_target[len]);
}

/* The front page's links want the "/" behind the root. */
static enum stage_result route_beneath(struct http_exchange *x)
{
	const char *rest = x->raw_target + strlen(x->server->options.root_path);
	if (*rest != '/')
		return redirect(x, "/", 1, rest);
	x->beneath = true;
	x->raw_target = rest;
	return route_find(x);
}

static enum stage_result answer_unrouted(struct http_exchange *x)
{
	if (x->method == GET && !str_starts(x->path.text, HTTP_API_PREFIX "/")) {
		enum app_err err = http_answer_static(x, x->path.text + 1);
		if (!err)
			return STAGE_ANSWERED;
		if (err != APP_NOT_FOUND)
			return stage_fail(x, err);
		ctx_recover(&x->c);
	}
	if (is_beneath(x))
		return route_beneath(x);
	return stage_fail(x, ctx_fail(&x->c, APP_NOT_FOUND, "Not Found"));
}

/* OPTIONS * (RFC 9110 §9.3.7): what the server can do at all. */
static enum stage_result answer_for_server(struct http_exchange *x)
{
	http_add_header(x, "Allow", CORS_ALLOW_METHODS);
	x->answer.status = 204;
	return STAGE_ANSWERED;
}

static enum stage_result route_find(struct http_exchange *x)
{
	enum app_err err = router_path_split(&x->c, x->raw_target, &x->path);
	if (err)
		return stage_fail(x, err);
	struct router_match match = { 0 };
	switch (router_match(x->server->router, &x->arena, x->method, &x->path, &match)) {
	case ROUTER_NOT_FOUND: return answer_unrouted(x);
	case ROUTER_SLASH: return x->method == GET ? redirect_slash(x) : answer_unrouted(x);
	case ROUTER_METHOD_NOT_ALLOWED:
		http_add_header(x, "Allow", match.allow);
		return stage_fail(x, ctx_fail(&x->c, APP_METHOD_NOT_ALLOWED, "Method Not Allowed"));
	case ROUTER_OPTIONS:
		http_add_header(x, "Allow", match.allow);
		x->answer.status = 204;
		return STAGE_ANSWERED;
	case ROUTER_FOUND: break;
	}
	x->route = match.entry->route;
	x->path_pairs = match.params;
	x->op = x->route->op;
	x->c.operation = x->op ? x->op->name : NULL;
	return STAGE_NEXT;
}

enum stage_result stage_route(struct http_exchange *x)
{
	if (x->head.for_server)
		return answer_for_server(x);
	bool json_is_fine = accepts_json(x);
	enum stage_result result = route_find(x);
	if (result == STAGE_NEXT && !json_is_fine && !x->route->handle)
		return stage_fail(x, ctx_fail(&x->c, APP_NOT_ACCEPTABLE,
					      "This answer is only available as application/json"));
	return result;
}

void answers_of_route(const struct route *route, struct answers *answers)
{
	if (!route->handle)
		answers->fails |= answers_bit(APP_NOT_ACCEPTABLE);
}

static enum app_err check_media(struct http_exchange *x)
{
	const char *coding = x->head.value[GUARD_CONTENT_ENCODING];
	if (coding && !str_eq_nocase(coding, "identity"))
		return ctx_fail(
			&x->c, APP_UNSUPPORTED_MEDIA,
			"Compressed request bodies are not accepted: leave out Content-Encoding");
	if (!x->op || !x->op->in)
		return APP_OK;
	enum media_kind kind = media_kind(x->head.value[GUARD_CONTENT_TYPE]);
	if (schema_uses(x->op->in, IN_FORM) && kind != MEDIA_FORM)
		return ctx_fail(
			&x->c, APP_UNSUPPORTED_MEDIA,
			"Send this body as Content-Type: application/x-www-form-urlencoded");
	if (schema_uses(x->op->in, IN_BODY) && kind != MEDIA_JSON)
		return ctx_fail(&x->c, APP_UNSUPPORTED_MEDIA,
				"Send this body as Content-Type: application/json");
	return APP_OK;
}

/* There is never room for more than server.body_memory. */
static int64_t body_limit(const struct http_exchange *x)
{
	const struct http_options *options = &x->server->options;
	bool is_public = !x->op || x->op->access == ACCESS_PUBLIC;
	if (x->route->max_body)
		return x->route->max_body < options->body_memory ? x->route->max_body
								 : options->body_memory;
	return is_public && options->max_body_public < options->max_body ? options->max_body_public
									 : options->max_body;
}

enum stage_result stage_size_limit(struct http_exchange *x)
{
	int64_t length = x->head.content_length;
	x->body_limit = body_limit(x);
	if (length > x->body_limit)
		return stage_fail(x, ctx_fail(&x->c, APP_TOO_LARGE,
					      "The body has %lld bytes; at most %lld are accepted",
					      (long long)length, (long long)x->body_limit));
	enum app_err busy = load_admits(x);
	if (busy)
		return stage_fail(x, busy);
	if (!exchange_has_body(x))
		return STAGE_NEXT;
	/* only now: the length is the client's word until it is held against the limit */
	peer_enter(x->peer, PEER_BODY, x->head.chunked ? x->body_limit : length);
	enum app_err err = check_media(x);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/* A body is refused only where the document has one: nobody who reads it sends another. */
void answers_of_size_limit(const struct route *route, struct answers *answers)
{
	const struct schema *in = route->op ? route->op->in : NULL;
	answers->fails |= answers_bit(APP_UNAVAILABLE);
	/* as one connection too many is */
	answers->fails_early |= answers_bit(APP_UNAVAILABLE);
	if (in && (schema_uses(in, IN_BODY) || schema_uses(in, IN_FORM)))
		answers->fails |= answers_bit(APP_TOO_LARGE) | answers_bit(APP_UNSUPPORTED_MEDIA);
}

/* RFC 6750 §2.1: the credentials behind "Bearer ", or NULL. */
static const char *bearer_token(const char *authorization)
{
	if (!authorization || !str_starts_nocase(authorization, "bearer "))
		return NULL;
	const char *token = authorization + strlen("bearer ");
	return token + strspn(token, " ");
}

/* NULL: none can authenticate. */
static const struct module *token_module(const struct http_exchange *x)
{
	const struct module *const *module = x->server->app->modules;
	while (*module && !(*module)->authenticate)
		module++;
	return *module;
}

static enum app_err authenticate(struct http_exchange *x, const char *token)
{
	const struct module *module = token_module(x);
	if (!module)
		return ctx_fail_cause(&x->c, APP_UNAUTHENTICATED, "no module can authenticate");
	return module->authenticate(&x->c, token, strlen(token), &x->c.actor);
}

/* The token alone, for a body that shall come only if it may be good. */
static enum app_err check_token(struct http_exchange *x, const char *token)
{
	const struct module *module = token_module(x);
	if (!module || !module->check_token)
		return APP_OK;
	return module->check_token(&x->c, token, strlen(token));
}

static enum stage_result admit(struct http_exchange *x, const char *token)
{
	x->c.reads_primary = true;
	enum app_err err = token ? authenticate(x, token) : APP_OK;
	x->c.reads_primary = false;
	if (!err)
		err = op_authorize(&x->c, route_access(x->route));
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/*
 * Whose body is not wanted is told before it comes. A token is looked at later when there is no
 * body, together with what the request reads, and when the database may block: then what it says by
 * itself is looked at now.
 */
enum stage_result stage_authenticate(struct http_exchange *x)
{
	if (route_access(x->route) == ACCESS_PUBLIC)
		return STAGE_NEXT;
	const char *token = bearer_token(x->head.value[GUARD_AUTHORIZATION]);
	x->admit_late = token && (x->server->db_blocks || !exchange_has_body(x));
	if (!x->admit_late)
		return admit(x, token);
	enum app_err err = x->server->db_blocks ? check_token(x, token) : APP_OK;
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

void answers_of_authenticate(const struct route *route, struct answers *answers)
{
	enum op_access access = route_access(route);
	if (access == ACCESS_USER || access == ACCESS_SUPERUSER)
		answers->fails |= answers_bit(APP_UNAUTHENTICATED);
	if (access == ACCESS_SUPERUSER || access == ACCESS_DENY)
		answers->fails |= answers_bit(APP_FORBIDDEN);
}

enum stage_result stage_authenticate_late(struct http_exchange *x)
{
	if (!x->admit_late)
		return STAGE_NEXT;
	return admit(x, bearer_token(x->head.value[GUARD_AUTHORIZATION]));
}
