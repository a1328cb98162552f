/*
 * The stage that keeps pages of elsewhere from acting for who is signed in here by cookie: his
 * browser sends that with each request, whichever page wants it. Credentials in a header no page
 * can send without our leave, so those are not asked.
 */
#include "core/csrf.h"
#include "core/http.h"
#include "exchange.h"
#include "parse/page.h"
#include "stage.h"

bool when_by_cookie(const struct http_exchange *x)
{
	return http_is_by_cookie(x);
}

static bool is_safe(enum http_method method)
{
	return method == GET || method == OPTIONS;
}

/* What is wrong with it, or NULL. A script of another page that only reads says its Origin. */
static const char *fault_of(const struct http_exchange *x)
{
	const char *const *head = x->head.value;
	bool changes = !is_safe(x->method);
	if ((changes || head[GUARD_ORIGIN]) &&
	    !page_is_ours(head[GUARD_SEC_FETCH_SITE], head[GUARD_ORIGIN], head[GUARD_HOST]))
		return "Signed in by cookie, only pages of this server may ask: another page, or "
		       "an unknown one, did";
	if (changes && !csrf_is_right(&x->c, x->c.actor.session_id, head[GUARD_X_CSRF_TOKEN]))
		return "Signed in by cookie, a change needs the header X-CSRF-Token of this "
		       "session";
	return NULL;
}

enum stage_result stage_check_csrf(struct http_exchange *x)
{
	const char *fault = fault_of(x);
	if (!fault)
		return STAGE_NEXT;
	return stage_fail(x, ctx_fail_code(&x->c, APP_FORBIDDEN, "foreign_page", "%s", fault));
}
