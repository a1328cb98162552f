/*
 * Takes from the browser what it has kept of its device, where somebody signs in, and tells it what
 * to keep: over answers of operations that begin or end sessions.
 */
#include "cookie.h"
#include "core/http.h"
#include "internal.h"

enum { COOKIE };

static enum app_err read_device(struct ctx *c, struct http_exchange *x)
{
	auth_device_read(c, http_stage_header(x, COOKIE));
	return APP_OK;
}

enum { SET_COOKIE, SET_DEVICE };

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
	http_stage_set(x, SET_DEVICE, left->device_header);
}

static const struct operation *const sign_ins[] = OPERATIONS(&auth_login_by_cookie);
static const struct operation *const operations[] = OPERATIONS(
	&auth_login_by_cookie, &auth_second_step_by_cookie, &auth_logout, &auth_logout_all,
	&auth_end_session);

const struct module_stage auth_stages[] = STAGES(
	{
		.name = "device cookie",
		.place = BEFORE_OPERATION,
		.operations = sign_ins,
		.light = true,
		.run = read_device,
		.takes = { [COOKIE] = { .name = "Cookie",
					.doc = "Of a device from which one has signed in" } },
	},
	{
		.name = "sign-in cookie",
		.place = OVER_ANSWER,
		.operations = operations,
		.light = true,
		.finish = set_cookie,
		.sets = { [SET_COOKIE] = { .name = "Set-Cookie",
					   .doc = "Of a sign-in by cookie",
					   .of_success = true },
			  [SET_DEVICE] = { .name = "Set-Cookie", .of_success = true } },
	});
