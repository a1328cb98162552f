/*
 * A password that was forgotten. Who asks for a letter is told the same, and at the same time,
 * whether or not there is such an account: that is only looked at when the letter is written. The
 * code in it is good for the account as it is then: once the password or the e-mail is another, it
 * is not.
 */
#include <string.h>

#include "core/log.h"
#include "internal.h"

#define PURPOSE "reset"

/* ---- accounts.restore_password ---- */

struct reset_code {
	int64_t user_id;
	struct user_credentials user;
	char code[ONE_TIME_ROOM];
	bool is_made;
};

static enum app_err make_code(struct ctx *c, void *arg)
{
	struct reset_code *reset = arg;
	enum app_err err = users_credentials(c, reset->user_id, &reset->user);
	if (err || !reset->user.is_active)
		return err;
	const struct account_options *options = account_options(c);
	const struct one_time what = {
		.purpose = PURPOSE,
		.subject = arena_printf(c->arena, "%lld", (long long)reset->user_id),
		.user_id = reset->user_id,
		.data = account_stamp(c, &reset->user),
	};
	return one_time_make(c, &what, options->reset_minutes * 60, options->letter_pause_seconds,
			     reset->code, &reset->is_made);
}

static enum app_err write_reset(struct ctx *c, const struct mail_errand *errand, struct letter *ret)
{
	struct reset_code reset = { 0 };
	enum app_err err = users_find(c, errand->to, &reset.user);
	reset.user_id = reset.user.id;
	if (!err)
		err = db_write(c, make_code, &reset);
	if (err && err != APP_NOT_FOUND)
		return err;
	ctx_recover(c);
	if (!reset.is_made) {
		log_info(c, "no letter: there is no such account, or it has just got one");
		return APP_OK;
	}
	account_letter_write(
		c, LETTER_RESET, reset.user.email,
		&(struct account_facts){ .username = reset.user.username,
					 .code = reset.code,
					 .minutes = account_options(c)->reset_minutes },
		ret);
	return APP_OK;
}

static enum app_err restore_password(struct ctx *c, const struct account_address *in,
				     struct account_notice *ret)
{
	ret->message = "If there is such an account, a letter is on its way";
	return mailer_post(c, &(struct mail_errand){ .write = write_reset, .to = in->email });
}

OPERATION_FN(restore_password, struct account_address, struct account_notice)

const struct operation accounts_restore_password = {
	.name = "accounts.restore_password",
	.summary = "Ask for a letter that sets a new password",
	.doc = "The answer is the same whether or not there is an account with the address. "
	       "Letters to one account have a pause between them.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &account_address_schema,
	.out = &account_notice_schema,
	RUN(restore_password),
};

/* ---- accounts.reset_password ---- */

static enum app_err check_account(struct ctx *c, const struct one_time *token,
				  struct user_credentials *ret)
{
	enum app_err err = users_credentials(c, token->user_id, ret);
	if (err == APP_NOT_FOUND || (!err && !account_is_same(c, ret, token->data)))
		return one_time_refuse(c);
	return err;
}

struct reset_look {
	const char *token;
	struct user_credentials user;
};

static enum app_err look(struct ctx *c, void *arg)
{
	struct reset_look *reset = arg;
	struct one_time token;
	enum app_err err = one_time_look(c, PURPOSE, reset->token, &token);
	return err ? err : check_account(c, &token, &reset->user);
}

/* No password is hashed for whoever has no code, nor very often for one who has. */
static enum app_err prepare_reset_password(struct ctx *c, struct account_reset *in,
					   struct nothing *ret)
{
	(void)ret;
	struct reset_look reset = { .token = in->token };
	enum app_err err = db_write(c, look, &reset);
	return err ? err
		   : user_password_hash(c,
					&(struct user_password){ .field = "new_password",
								 .text = in->new_password,
								 .username = reset.user.username,
								 .email = reset.user.email },
					&in->password_hash);
}

PREPARE_FN(prepare_reset_password, struct account_reset, struct nothing)

static enum app_err reset_password(struct ctx *c, const struct account_reset *in,
				   struct nothing *ret)
{
	(void)ret;
	struct one_time token;
	struct user_credentials user;
	enum app_err err = one_time_use(c, PURPOSE, in->token, &token);
	if (!err)
		err = check_account(c, &token, &user);
	if (!err)
		err = users_recover(c, user.id, in->new_password, in->password_hash);
	return err;
}

OPERATION_FN(reset_password, struct account_reset, struct nothing)

const struct operation accounts_reset_password = {
	.name = "accounts.reset_password",
	.summary = "Set a new password with the token of a letter",
	.doc = "Signs the account out everywhere. A token that is unknown, was used, is past its "
	       "time or was tried ten times is a 400; so is one from before the password or the "
	       "e-mail was changed, and all but the last.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &account_reset_schema,
	.fails_with = { APP_BAD_REQUEST },
	PREPARE(prepare_reset_password),
	.prepare_lane = POOL_HASH,
	RUN(reset_password),
};
