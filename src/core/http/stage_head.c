/*
 * The stages that look at the head alone: the request's id, whether the head is in order, and which
 * pages may read the answer.
 */
#include <string.h>

#include "answer_add.h"
#include "answers.h"
#include "exchange.h"
#include "server.h"
#include "stage.h"

static bool request_id_is_fine(const char *text)
{
	size_t len = strspn(text,
			    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
	return len > 0 && len <= REQUEST_ID_MAX && !text[len];
}

enum stage_result stage_give_request_id(struct http_exchange *x)
{
	const char *given = x->head.value[GUARD_X_REQUEST_ID];
	if (given && request_id_is_fine(given))
		strcpy(x->request_id, given);
	else
		id_new(x->request_id);
	return STAGE_NEXT;
}

static struct cors_answer cors_add(struct http_exchange *x)
{
	struct cors_answer answer = cors_decide(x->server->cors, x->head.value[GUARD_ORIGIN]);
	if (answer.vary)
		answer_add_header(x, "Vary", "Origin");
	if (answer.allow_origin) {
		answer_add_header(x, "Access-Control-Allow-Origin", answer.allow_origin);
		answer_add_header(x, "Access-Control-Expose-Headers",
				  x->server->cors_headers.exposed.data);
		if (answer.credentials)
			answer_add_header(x, "Access-Control-Allow-Credentials", "true");
	}
	return answer;
}

/* What names a host that is none of ours, or NULL. A target that names one counts, too. */
static const char *names_another(const struct http_exchange *x)
{
	const struct hosts *hosts = x->server->hosts;
	if (!hosts)
		return NULL;
	if (!hosts_have(hosts, x->head.value[GUARD_HOST]))
		return "The Host header";
	return x->head.named && !hosts_have(hosts, x->head.named) ? "The request target" : NULL;
}

/* Pages may read why, as they may read any other refusal. */
enum stage_result stage_check_head(struct http_exchange *x)
{
	const char *other = x->head.err ? NULL : names_another(x);
	if (!x->head.err && !other)
		return STAGE_NEXT;
	(void)cors_add(x);
	if (other)
		return stage_fail(x, ctx_fail(&x->c, APP_BAD_REQUEST,
					      "%s names no host of this server", other));
	x->close = true;
	return stage_fail(x, ctx_fail(&x->c, x->head.err, "%s", x->head.why));
}

void answers_of_check_head(const struct router_entry *entry, struct answers *answers)
{
	(void)entry;
	answers->fails |= answers_bit(APP_BAD_REQUEST);
	answers->fails_early |= answers_bit(APP_BAD_REQUEST);
}

/* A cache must know even of those who ask without an origin that others get another answer. */
bool when_cors(const struct http_exchange *x)
{
	return x->head.value[GUARD_ORIGIN] || cors_varies(x->server->cors);
}

/* A preflight ends here. */
enum stage_result stage_apply_cors(struct http_exchange *x)
{
	const char *origin = x->head.value[GUARD_ORIGIN];
	struct cors_answer answer = cors_add(x);
	const char *wanted = x->head.value[GUARD_ACCESS_CONTROL_REQUEST_METHOD];
	if (x->method != OPTIONS || !cors_is_preflight(origin, wanted))
		return STAGE_NEXT;
	if (answer.allow_origin) {
		answer_add_header(x, "Access-Control-Allow-Methods", CORS_ALLOW_METHODS);
		answer_add_header(x, "Access-Control-Allow-Headers",
				  x->server->cors_headers.allowed.data);
		answer_add_header(x, "Access-Control-Max-Age", CORS_MAX_AGE);
	}
	x->answer.status = 204;
	return STAGE_ANSWERED;
}
