/*
 * The cookie of a sign-in, for pages of this server, which keep no token: "<session>.<secret>", of
 * which the row has the SHA-256. Such a session has no refresh token. What a change needs besides
 * is core/csrf.h's.
 */
#include "cookie.h"

#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/str.h"
#include "core/app.h"
#include "core/csrf.h"
#include "internal.h"

enum { SECRET_BYTES = 32, SECRET_ROOM = 44 };

/* ---- reading it ---- */

bool auth_cookie_read(const struct credentials *shown, struct user_cookie *ret)
{
	unsigned char secret[SECRET_BYTES];
	const char *text = shown->text, *dot = memchr(text, '.', shown->len);
	size_t id_len = dot ? (size_t)(dot - text) : 0, secret_len;
	if (!id_len || *text < '1' || *text > '9' ||
	    !str_span_to_int64(text, id_len, &ret->session_id) ||
	    !str_base64url_decode(dot + 1, shown->len - id_len - 1, secret, sizeof(secret),
				  &secret_len) ||
	    secret_len != sizeof(secret))
		return false;
	digest_bytes(secret, sizeof(secret), ret->hash);
	return true;
}

/* ---- what an operation leaves for auth_stages ---- */

LEFT(auth_cookie);

void auth_cookie_end(struct ctx *c)
{
	auth_cookie_leave(c)->header = NULL;
}

/* ---- what its pages are told ---- */

static enum app_err tell(struct ctx *c, const struct user_session *session, struct auth_page *ret)
{
	int64_t left_s = (session->over_at.us - ctx_now(c).us) / SECONDS_US(1);
	char *token = arena_raw(c->arena, CSRF_ROOM);
	csrf_token(c, session->id, token);
	*ret = (struct auth_page){ .csrf_token = token, .expires_in = left_s > 0 ? left_s : 1 };
	return APP_OK;
}

enum app_err auth_sign_in_by_cookie(struct ctx *c, const struct auth_proof *proof,
				    struct auth_page *ret)
{
	unsigned char secret[SECRET_BYTES], hash[DIGEST_BYTES];
	char text[SECRET_ROOM];
	struct user_session session;
	const struct cookie cookie = auth_cookie_of(c);
	struct auth_cookie *left = auth_cookie_leave(c);
	enum app_err err = auth_begin_session(c, proof, &session);
	if (err)
		return err;
	random_bytes(secret, sizeof(secret));
	digest_bytes(secret, sizeof(secret), hash);
	str_base64url(secret, sizeof(secret), text);
	err = users_session_set_cookie(c, session.id, hash);
	if (!err)
		err = cookie_set(c, &cookie,
				 arena_printf(c->arena, "%lld.%s", (long long)session.id, text),
				 &left->header);
	if (!err)
		err = auth_device_mark(c, proof, &left->device_header);
	return err ? err : tell(c, &session, ret);
}

/* ---- auth.get_page ---- */

static enum app_err refuse(struct ctx *c)
{
	ctx_recover(c);
	return ctx_fail_code(c, APP_BAD_REQUEST, "no_cookie",
			     "You are not signed in by cookie: see /auth/refresh-token");
}

static enum app_err get_page(struct ctx *c, const struct nothing *in, struct auth_page *ret)
{
	struct user_session session;
	(void)in;
	enum app_err err = users_session_find(c, c->actor.session_id, &session);
	if (err == APP_NOT_FOUND)
		return refuse(c);
	return err ? err : tell(c, &session, ret);
}

OPERATION_FN(get_page, struct nothing, struct auth_page)

const struct operation auth_get_page = {
	.name = "auth.get_page",
	.summary = "Tell what a page needs",
	.doc = "The word that changes bring as `X-CSRF-Token` when one is signed in by cookie, and "
	       "when the session is over unless it is renewed.",
	.kind = QUERY,
	.access = ACCESS_USER,
	.out = &auth_page_schema,
	.fails_with = { APP_BAD_REQUEST },
	RUN(get_page),
};

/* ---- auth.renew_page ---- */

static enum app_err renew_page(struct ctx *c, const struct nothing *in, struct auth_page *ret)
{
	struct user_session session;
	const struct user_session_rules rules = auth_session_rules(c);
	(void)in;
	enum app_err err = users_session_find(c, c->actor.session_id, &session);
	if (!err)
		err = users_session_stay(c, &session, &rules, &session);
	if (err == APP_NOT_FOUND)
		return refuse(c);
	return err ? err : tell(c, &session, ret);
}

OPERATION_FN(renew_page, struct nothing, struct auth_page)

const struct operation auth_renew_page = {
	.name = "auth.renew_page",
	.summary = "Stay signed in by cookie",
	.doc = "Puts off the end of idleness (`auth.session_idle_days`), as a refresh does for "
	       "tokens: a page asks it when it is opened. Nothing else does, since what reads "
	       "writes nothing. The longest life stays (`auth.session_days`).",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.out = &auth_page_schema,
	.fails_with = { APP_BAD_REQUEST },
	.gives_secret = true,
	RUN(renew_page),
};
