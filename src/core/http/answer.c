/*
 * Filling in the answer: results and errors. The one place that turns an error into what a
 * client sees; only public texts get here, but for what debug.c tells an author.
 */
#include "answer.h"

#include <stdio.h>
#include <string.h>

#include "answer_add.h"
#include "base/app_name.h"
#include "base/str.h"
#include "conditions.h"
#include "core/gzip.h"
#include "core/json.h"
#include "debug.h"
#include "error_json.h"
#include "exchange.h"
#include "parse/accept.h"
#include "parse/media.h"
#include "server.h"
#include "unsent.h"

#define JSON_TYPE "application/json"

/* NULL: none was added. */
static const char *etag_of(const struct answer *answer)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (str_eq_nocase(answer->headers[i].name, "ETag"))
			return answer->headers[i].value;
	return NULL;
}

/* What a raw handler gives by itself is asked for like all else; files are answer_file.c's. */
static enum app_err handled_check(struct http_exchange *x, int status, bool *ret_unchanged)
{
	*ret_unchanged = false;
	if (!x->route || !x->route->handle || status >= 300)
		return APP_OK;
	return conditions_check_read(x, etag_of(&x->answer), ret_unchanged);
}

enum app_err http_answer(struct http_exchange *x, int status, const char *type, const void *body,
			 size_t len)
{
	bool is_unchanged;
	enum app_err err = handled_check(x, status, &is_unchanged);
	if (err)
		return err;
	if (is_unchanged) {
		x->answer.status = 304;
		return APP_OK;
	}
	x->answer.status = status;
	x->answer.type = type;
	x->answer.body = body;
	x->answer.len = len;
	return APP_OK;
}

enum app_err http_answer_schema(struct http_exchange *x, int status, const struct schema *schema,
				const void *value)
{
	struct buf *out = unsent_buf(x);
	schema_render(schema, value, out);
	return http_answer(x, status, schema_media_type(schema), out->data, out->len);
}

/* ---- compressing it ---- */

bool answer_is_compressible(const struct http_exchange *x)
{
	const struct answer *answer = &x->answer;
	int64_t least = x->server->options.gzip_min;
	return least && !answer->is_coded && answer->body && (int64_t)answer->len >= least &&
	       media_is_compressible(answer->type);
}

void answer_compress(struct http_exchange *x)
{
	struct answer *answer = &x->answer;
	const struct buf *packed = answer->packed;
	if (!packed) {
		struct buf made;
		buf_init(&made, answer->own.arena);
		if (!gzip_pack(answer->body, answer->len, &made)) {
			buf_done(&made);
			return;
		}
		unsent_replace(x, &made);
		packed = &answer->own;
	}
	answer->body = packed->data;
	answer->len = packed->len;
	answer_add_header(x, "Content-Encoding", "gzip");
}

/* ---- errors ---- */

static void add_detail(struct http_exchange *x, enum app_err err, struct buf *out)
{
	const char *text = ctx_failure_text(&x->c, err);
	if (err == APP_INVALID && x->c.failure.fields)
		schema_faults_render(x->c.failure.fields, out);
	else
		json_add_text(out, text, strlen(text));
}

/*
 * Names of RFC 6749 §5.2 and RFC 7009 §2.2.1 for route.oauth_errors; our own slug where it is
 * already one of them.
 */
static const char *oauth_name(const struct ctx *c, enum app_err err)
{
	const char *code = ctx_failure_code(c, err);
	if (str_starts(code, "invalid_") || str_starts(code, "unsupported_grant") ||
	    str_eq(code, "unsupported_token_type") || str_eq(code, "mfa_required"))
		return code;
	return app_err_status(err) >= 500 ? "temporarily_unavailable" : "invalid_request";
}

static void fastapi_body(struct http_exchange *x, enum app_err err, struct buf *out)
{
	buf_add_lit(out, "{\"detail\":");
	add_detail(x, err, out);
	error_json_add_code(out, ctx_failure_code(&x->c, err), x->request_id);
	if (x->c.failure.mfa_token)
		error_json_add(out, "mfa_token", x->c.failure.mfa_token);
	if (x->route && x->route->oauth_errors) {
		error_json_add(out, "error", oauth_name(&x->c, err));
		error_json_add(out, "error_description", ctx_failure_text(&x->c, err));
	}
	if (debug_tells(x, err))
		debug_add_member(x, err, out);
	buf_add_char(out, '}');
}

/* RFC 9457 */
static void problem_body(struct http_exchange *x, enum app_err err, struct buf *out)
{
	buf_add_lit(out, "{\"type\":\"about:blank\",\"title\":");
	const char *title = app_err_text(err);
	json_add_text(out, title, strlen(title));
	buf_printf(out, ",\"status\":%d", app_err_status(err));
	error_json_add(out, "detail", ctx_failure_text(&x->c, err));
	error_json_add_code(out, ctx_failure_code(&x->c, err), x->request_id);
	if (x->c.failure.mfa_token)
		error_json_add(out, "mfa_token", x->c.failure.mfa_token);
	if (err == APP_INVALID && x->c.failure.fields) {
		buf_add_lit(out, ",\"errors\":");
		schema_faults_render(x->c.failure.fields, out);
	}
	if (debug_tells(x, err))
		debug_add_member(x, err, out);
	buf_add_char(out, '}');
}

/* RFC 6749 §5.2: a client that came so is told to come so. */
static bool is_client_by_basic(const struct http_exchange *x, enum app_err err)
{
	const char *shown = x->head.value[GUARD_AUTHORIZATION];
	return shown && str_starts_nocase(shown, "basic ") &&
	       str_eq(ctx_failure_code(&x->c, err), "invalid_client");
}

/* RFC 9110 §11.6.1; RFC 6750 §3.1; RFC 9470 §3 */
static const char *challenge_of(struct http_exchange *x, enum app_err err)
{
	if (x->challenge)
		return x->challenge;
	if (is_client_by_basic(x, err))
		return "Basic realm=\"" APP_NAME "\"";
	if (x->c.failure.max_age_s)
		return arena_printf(&x->arena,
				    "Bearer error=\"insufficient_user_authentication\", "
				    "error_description=\"More recent authentication is required\", "
				    "max_age=\"%lld\"",
				    (long long)x->c.failure.max_age_s);
	return str_eq(ctx_failure_code(&x->c, err), "invalid_token")
		       ? "Bearer error=\"invalid_token\""
		       : "Bearer";
}

static void add_error_headers(struct http_exchange *x, enum app_err err)
{
	int retry_after_s = x->c.failure.retry_after_s;
	/* with a key it may be asked for again, whatever came of it */
	if (retry_after_s == RETRY_NEVER && x->call.once)
		retry_after_s = 1;
	if (retry_after_s > 0)
		answer_add_header(x, "Retry-After", arena_printf(&x->arena, "%d", retry_after_s));
	else if (err == APP_UNAVAILABLE && retry_after_s != RETRY_NEVER)
		answer_add_header(x, "Retry-After", "1");
	if (err == APP_UNAUTHENTICATED)
		answer_add_header(x, "WWW-Authenticate", challenge_of(x, err));
}

enum answer_form answer_form(const struct http_exchange *x)
{
	static const char *const offers[] = { "application/json", "application/problem+json" };
	const char *accept = x->head.value[GUARD_ACCEPT];
	if (!accept || strcmp(accept, "*/*") == 0)
		return ANSWER_JSON;
	switch (accept_best(accept, offers, COUNT_OF(offers))) {
	case 0: return ANSWER_JSON;
	case 1: return ANSWER_PROBLEM;
	default: return ANSWER_UNACCEPTABLE;
	}
}

static void answer_error_json(struct http_exchange *x, enum app_err err, bool is_problem)
{
	struct buf *out = unsent_buf(x);
	if (is_problem)
		problem_body(x, err, out);
	else
		fastapi_body(x, err, out);
	x->answer.type = is_problem ? "application/problem+json" : JSON_TYPE;
	x->answer.body = out->data;
	x->answer.len = out->len;
}

/* Of a success that was begun and is not told: how it would be packed, kept and shown. */
static void success_drop(struct answer *answer)
{
	answer->packed = NULL;
	answer->cache_control = NULL;
	answer->csp = NULL;
}

void answer_error(struct http_exchange *x, enum app_err err)
{
	success_drop(&x->answer);
	add_error_headers(x, err);
	x->answer.status = app_err_status(err);
	bool is_problem = answer_form(x) == ANSWER_PROBLEM;
	if (debug_tells(x, err) && !is_problem && http_wants_html(x))
		debug_answer_page(x, err);
	else
		answer_error_json(x, err, is_problem);
}

/* ---- what raw handlers ask ---- */

enum http_method http_method(const struct http_exchange *x)
{
	return x->method;
}

const struct app *http_app(const struct http_exchange *x)
{
	return x->server->app;
}

bool http_wants_html(const struct http_exchange *x)
{
	static const char *const offers[] = { "application/json", "text/html" };
	const char *accept = x->head.value[GUARD_ACCEPT];
	return accept && accept_best(accept, offers, COUNT_OF(offers)) == 1;
}
