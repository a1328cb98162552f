/* Signing in by cookie: what the files of the auth module share of it. */
#ifndef CROFT_SRC_MODULES_AUTH_COOKIE_H
#define CROFT_SRC_MODULES_AUTH_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/left.h"
#include "core/authenticator.h"
#include "core/cookie.h"
#include "core/module_stage.h"
#include "modules/users.h"

struct auth_proof;

/* What a page is told of its session. */
struct auth_page {
	const char *csrf_token;
	/* seconds */
	int64_t expires_in;
};

extern const struct operation auth_login_by_cookie;
extern const struct operation auth_second_step_by_cookie;
extern const struct operation auth_get_page;
extern const struct operation auth_renew_page;
extern const struct schema auth_page_schema;

/* What an operation wants of the browser; auth_stages do it. */
struct auth_cookie {
	/* Of Set-Cookie; NULL: it is cleared, if it let in who asked. */
	const char *header;
	/* The same of the device; NULL: it stays as it is. */
	const char *device_header;
};
LEFT_DECLARE(auth_cookie);
extern const struct module_stage auth_stages[];

/* NULL: nobody signs in by cookie. */
const char *auth_cookie_name(const struct app *app);
/* It goes with the browser; when its session is over stands in the row. */
struct cookie auth_cookie_of(const struct ctx *c);
/* Whether it is one that we could have set; then what is to be looked up. */
bool auth_cookie_read(const struct credentials *shown, struct user_cookie *ret) MUST_USE;
/* As auth_sign_in(), with a cookie in place of tokens. */
enum app_err auth_sign_in_by_cookie(struct ctx *c, const struct auth_proof *proof,
				    struct auth_page *ret) MUST_USE;
/* The session of whoever asks has ended: the browser that has its cookie forgets it. */
void auth_cookie_end(struct ctx *c);

/* ---- the cookie of a device ---- */

/* What is in it; a stage leaves that which came. */
struct auth_device {
	/* Who has signed in from it, and at which password. */
	int64_t user_id, token_version;
	/* Random: wrong passwords from it are counted by that. */
	uint64_t number;
};
LEFT_DECLARE(auth_device);

/* Leaves what is in the header Cookie, if it is ours. */
void auth_device_read(struct ctx *c, const char *header);
/* Of Set-Cookie, for one from which somebody has signed in. */
enum app_err auth_device_mark(struct ctx *c, const struct auth_proof *proof,
			      const char **ret) MUST_USE;
/*
 * Whether the account of that login has signed in from the device that was left, with the password
 * that it has now. Whether there is such an account makes no difference.
 */
bool auth_device_is_known(struct ctx *c, const char *login, uint64_t *ret_number) MUST_USE;

#endif
