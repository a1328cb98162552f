/*
 * The second factor of one's own account: looked at, begun, turned on and off. Whoever begins or
 * ends it proves who he is, since a token alone may be somebody else's by now.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/app.h"
#include "core/log.h"
#include "core/qr.h"
#include "core/security.h"
#include "factor.h"
#include "modules/users.h"

/* Bytes of the service's name in a QR code: each may take three, twice. */
enum { NAME_SHOWN = 60 };

/* ---- auth.get_factor ---- */

static enum app_err get_factor(struct ctx *c, const struct nothing *in, struct auth_factor *ret)
{
	(void)in;
	return factor_look(c, c->actor.user_id, ret);
}

OPERATION_FN(get_factor, struct nothing, struct auth_factor)

const struct operation auth_get_factor = {
	.name = "auth.get_factor",
	.summary = "Show whether you have a second factor",
	.kind = QUERY,
	.access = ACCESS_USER,
	.out = &auth_factor_schema,
	RUN(get_factor),
};

/* ---- auth.begin_factor ---- */

static enum app_err prepare_begin_factor(struct ctx *c, struct auth_factor_begin *in,
					 struct auth_factor_secret *ret)
{
	(void)ret;
	struct user_credentials user;
	return user_check_current(c, in->current_password, &user);
}

PREPARE_FN(prepare_begin_factor, struct auth_factor_begin, struct auth_factor_secret)

static enum app_err show_secret(struct ctx *c, const struct totp_secret *secret,
				const char *username, struct auth_factor_secret *ret)
{
	char *text = arena_raw(c->arena, TOTP_SECRET_ROOM), *svg;
	const char *name = c->app->options->name;
	size_t len = str_utf8_cut(name, strlen(name), NAME_SHOWN);
	totp_text(secret, text);
	ret->secret = text;
	ret->uri = totp_uri(c->arena, arena_strndup(c->arena, name, len), username, secret);
	enum app_err err = qr_svg(c, ret->uri, &svg);
	if (!err)
		ret->qr_svg = svg;
	return err;
}

static enum app_err begin_factor(struct ctx *c, const struct auth_factor_begin *in,
				 struct auth_factor_secret *ret)
{
	(void)in;
	struct totp_secret secret;
	struct user_credentials user;
	enum app_err err = users_credentials(c, c->actor.user_id, &user);
	totp_draw(&secret);
	if (!err)
		err = factor_begin(c, user.id, &secret);
	if (!err)
		err = show_secret(c, &secret, user.username, ret);
	explicit_bzero(&secret, sizeof(secret));
	return err;
}

OPERATION_FN(begin_factor, struct auth_factor_begin, struct auth_factor_secret)

const struct operation auth_begin_factor = {
	.name = "auth.begin_factor",
	.summary = "Begin a second factor",
	.doc = "Draws a secret for a device, which is shown this once. Nothing is asked for at "
	       "sign-ins before the device's first code has confirmed it; until then it can be "
	       "begun anew.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &auth_factor_begin_schema,
	.out = &auth_factor_secret_schema,
	.fails_with = { APP_CONFLICT },
	PREPARE(prepare_begin_factor),
	.prepare_lane = POOL_HASH,
	.gives_secret = true,
	RUN(begin_factor),
};

/* ---- auth.confirm_factor ---- */

static enum app_err prepare_confirm_factor(struct ctx *c, struct auth_factor_code *in,
					   struct auth_recovery_codes *ret)
{
	(void)in;
	(void)ret;
	return factor_attempt(c, c->actor.user_id);
}

PREPARE_FN(prepare_confirm_factor, struct auth_factor_code, struct auth_recovery_codes)

static enum app_err confirm_factor(struct ctx *c, const struct auth_factor_code *in,
				   struct auth_recovery_codes *ret)
{
	int64_t user_id = c->actor.user_id;
	enum app_err err = factor_confirm(c, user_id, in->code);
	if (!err)
		err = factor_print(c, user_id, ret);
	if (!err)
		err = factor_tell(c, user_id, FACTOR_TURNED_ON);
	if (err)
		return err;
	factor_attempt_forgive(c, user_id);
	log_info(c, "second factor turned on", LOG_INT("user_id", user_id));
	return APP_OK;
}

OPERATION_FN(confirm_factor, struct auth_factor_code, struct auth_recovery_codes)

const struct operation auth_confirm_factor = {
	.name = "auth.confirm_factor",
	.summary = "Turn your second factor on",
	.doc = "With the first code of the device. The answer holds recovery codes for when it is "
	       "lost, which are shown this once.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &auth_factor_code_schema,
	.out = &auth_recovery_codes_schema,
	.fails_with = { APP_FORBIDDEN },
	PREPARE(prepare_confirm_factor),
	.gives_secret = true,
	RUN(confirm_factor),
};

/* ---- with password and code ---- */

static enum app_err prepare_proof(struct ctx *c, const struct auth_factor_proof *in)
{
	struct user_credentials user;
	enum app_err err = user_check_current(c, in->current_password, &user);
	return err ? err : factor_attempt(c, c->actor.user_id);
}

enum app_err factor_prove(struct ctx *c, const char *code)
{
	enum app_err err = factor_take(c, c->actor.user_id, code);
	if (!err) {
		factor_attempt_forgive(c, c->actor.user_id);
		return APP_OK;
	}
	if (err != APP_UNAUTHENTICATED)
		return err;
	/* who is signed in stays so */
	ctx_recover(c);
	return ctx_fail_code(c, APP_FORBIDDEN, FACTOR_WRONG_SLUG, FACTOR_WRONG_CODE);
}

/* ---- auth.end_factor ---- */

static enum app_err prepare_end_factor(struct ctx *c, struct auth_factor_proof *in,
				       struct nothing *ret)
{
	(void)ret;
	return prepare_proof(c, in);
}

PREPARE_FN(prepare_end_factor, struct auth_factor_proof, struct nothing)

enum app_err factor_turn_off(struct ctx *c, int64_t user_id)
{
	bool was_on;
	enum app_err err = factor_end(c, user_id, &was_on);
	if (err)
		return err;
	if (!was_on)
		return ctx_fail(c, APP_NOT_FOUND, "There is no second factor");
	log_info(c, "second factor turned off", LOG_INT("user_id", user_id),
		 LOG_INT("by", c->actor.user_id));
	return factor_tell(c, user_id, FACTOR_TURNED_OFF);
}

static enum app_err end_factor(struct ctx *c, const struct auth_factor_proof *in,
			       struct nothing *ret)
{
	(void)ret;
	enum app_err err = factor_prove(c, in->code);
	return err ? err : factor_turn_off(c, c->actor.user_id);
}

OPERATION_FN(end_factor, struct auth_factor_proof, struct nothing)

const struct operation auth_end_factor = {
	.name = "auth.end_factor",
	.summary = "Turn your second factor off",
	.doc = "With the password and a code; its recovery codes are gone, too.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &auth_factor_proof_schema,
	.fails_with = { APP_FORBIDDEN },
	PREPARE(prepare_end_factor),
	.prepare_lane = POOL_HASH,
	/* the password and the code */
	.no_dry_run = true,
	RUN(end_factor),
};

/* ---- auth.print_recovery_codes ---- */

static enum app_err prepare_print(struct ctx *c, struct auth_factor_proof *in,
				  struct auth_recovery_codes *ret)
{
	(void)ret;
	return prepare_proof(c, in);
}

PREPARE_FN(prepare_print, struct auth_factor_proof, struct auth_recovery_codes)

static enum app_err print_codes(struct ctx *c, const struct auth_factor_proof *in,
				struct auth_recovery_codes *ret)
{
	enum app_err err = factor_prove(c, in->code);
	if (!err)
		err = factor_print(c, c->actor.user_id, ret);
	if (!err)
		err = factor_tell(c, c->actor.user_id, FACTOR_PAPER_DRAWN);
	if (err)
		return err;
	ctx_touch(c, "second_factors", c->actor.user_id);
	return APP_OK;
}

OPERATION_FN(print_codes, struct auth_factor_proof, struct auth_recovery_codes)

const struct operation auth_print_recovery_codes = {
	.name = "auth.print_recovery_codes",
	.summary = "Draw new recovery codes",
	.doc = "With the password and a code. Those from before are good no more.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &auth_factor_proof_schema,
	.out = &auth_recovery_codes_schema,
	.fails_with = { APP_FORBIDDEN },
	PREPARE(prepare_print),
	.prepare_lane = POOL_HASH,
	.gives_secret = true,
	RUN(print_codes),
};
