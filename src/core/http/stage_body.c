/*
 * The stage that judges a body by what the head says of it, before any of it is read.
 */
#include "answers.h"
#include "base/str.h"
#include "exchange.h"
#include "parse/media.h"
#include "server.h"
#include "stage.h"

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

static enum app_err check_length(struct http_exchange *x)
{
	int64_t length = x->head.content_length;
	x->body_limit = body_limit(x);
	if (length <= x->body_limit)
		return APP_OK;
	return ctx_fail(&x->c, APP_TOO_LARGE, "The body has %lld bytes; at most %lld are accepted",
			(long long)length, (long long)x->body_limit);
}

static enum app_err check_media_type(struct http_exchange *x)
{
	const char *coding = x->head.value[GUARD_CONTENT_ENCODING];
	/* an empty list has none in it (RFC 9110 §8.4) */
	if (coding && *coding && !str_eq_nocase(coding, "identity"))
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
				"Send this body as Content-Type: application/json%s",
				x->route->form ? " or application/x-www-form-urlencoded" : "");
	return APP_OK;
}

enum stage_result stage_check_body(struct http_exchange *x)
{
	enum app_err err = check_length(x);
	if (!err)
		err = check_media_type(x);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/* A body is refused only where the document has one: nobody who reads it sends another. */
void answers_of_check_body(const struct router_entry *entry, struct answers *answers)
{
	const struct route *route = entry->route;
	const struct schema *in = route->op ? route->op->in : NULL;
	if (in && (schema_uses(in, IN_BODY) || schema_uses(in, IN_FORM)))
		answers->fails |= answers_bit(APP_TOO_LARGE) | answers_bit(APP_UNSUPPORTED_MEDIA);
}
