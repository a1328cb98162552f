/* Tells the browser what to keep: over answers of operations that begin or end sessions. */
#include "cookie.h"
#include "core/http.h"
#include "internal.h"

enum { SET_COOKIE };

static void set_cookie(struct ctx *c, struct http_exchange *x)
{
	const struct auth_cookie *left = auth_cookie_left(c);
	const struct cookie cookie = auth_cookie_of(c);
	if (!left || !cookie.name || http_status(x) >= 400)
		return;
	const char *header = left->header;
	if (!header && http_is_by_cookie(x) && cookie_clear(c, &cookie, &header))
		ctx_recover(c);
	http_stage_set(x, SET_COOKIE, header);
}

static const struct operation *const operations[] = OPERATIONS(
	&auth_login_by_cookie, &auth_second_step_by_cookie, &auth_logout, &auth_logout_all,
	&auth_end_session);

const struct module_stage auth_stages[] = STAGES({
	.name = "sign-in cookie",
	.place = OVER_ANSWER,
	.operations = operations,
	.light = true,
	.finish = set_cookie,
	.sets = { [SET_COOKIE] = { .name = "Set-Cookie",
				   .doc = "Of a sign-in by cookie",
				   .of_success = true } },
});
