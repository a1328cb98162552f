/*
 * The code of a letter comes back and shows that somebody reads his mail: one operation for all
 * that then remains to be done, which for an account that is to be made is its password; and
 * another letter for who has lost his.
 */
#include "base/str.h"
#include "core/schema.h"
#include "internal.h"

/* ---- accounts.verify ---- */

enum app_err account_finish_verify(struct ctx *c, const struct one_time *token,
				   const char *password_hash, struct account_verified *ret)
{
	(void)password_hash;
	struct user_credentials before;
	struct user user;
	enum app_err err = users_credentials(c, token->user_id, &before);
	if (err == APP_NOT_FOUND)
		return one_time_refuse(c);
	if (err)
		return err;
	/* it may have another address since the letter */
	if (!before.is_active || !str_eq(before.email, token->data))
		return one_time_refuse(c);
	err = users_verify(c, token->user_id, &user);
	if (err)
		return err;
	*ret = (struct account_verified){ user.username, user.email };
	return APP_OK;
}

struct taking {
	/* one_time_look() or one_time_use() */
	enum app_err (*take)(struct ctx *c, const char *purpose, const char *text,
			     struct one_time *ret);
	const char *text;
	struct one_time found;
	account_finish *finish;
};

/* Of which purpose a code is, nobody but us knows. */
static enum app_err take(struct ctx *c, void *arg)
{
	static const struct {
		const char *purpose;
		account_finish *finish;
	} known[] = {
		{ PURPOSE_REGISTER, account_finish_register },
		{ PURPOSE_VERIFY, account_finish_verify },
		{ PURPOSE_MOVE, account_finish_move },
	};
	struct taking *it = arg;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		enum app_err err = it->take(c, known[i].purpose, it->text, &it->found);
		it->finish = known[i].finish;
		if (err != APP_BAD_REQUEST)
			return err;
		ctx_recover(c);
	}
	return one_time_refuse(c);
}

static bool verify_has_password(const void *in)
{
	return ((const struct account_verify *)in)->password != NULL;
}

/* No password is hashed for whoever has no code, nor very often for one who has. */
static enum app_err prepare_verify(struct ctx *c, struct account_verify *in,
				   struct account_verified *ret)
{
	(void)ret;
	struct taking it = { .take = one_time_look, .text = in->token };
	enum app_err err = db_write(c, take, &it);
	if (err)
		return err;
	if (it.finish != account_finish_register)
		return schema_fault(c, "body", "password",
				    "this token makes no account: leave the password out");
	return account_prepare_register(c, &it.found, in);
}

PREPARE_FN(prepare_verify, struct account_verify, struct account_verified)

static enum app_err verify(struct ctx *c, const struct account_verify *in,
			   struct account_verified *ret)
{
	struct taking it = { .take = one_time_use, .text = in->token };
	enum app_err err = take(c, &it);
	return err ? err : it.finish(c, &it.found, in->password_hash, ret);
}

OPERATION_FN(verify, struct account_verify, struct account_verified)

const struct operation accounts_verify = {
	.name = "accounts.verify",
	.summary = "Confirm an e-mail with the token of a letter",
	.doc = "Makes the account that was asked for, with the password that is sent with the "
	       "token, moves one to its new e-mail, or says that the owner of one reads its "
	       "e-mail. A 409: somebody else has the username or the e-mail by now. With a "
	       "password the token may be tried ten times.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &account_verify_schema,
	.out = &account_verified_schema,
	.fails_with = { APP_BAD_REQUEST, APP_FORBIDDEN, APP_CONFLICT },
	PREPARE(prepare_verify),
	.wants_prepare = verify_has_password,
	.prepare_lane = POOL_HASH,
	RUN(verify),
};

/* ---- accounts.resend ---- */

static enum app_err write_verify(struct ctx *c, const struct user_credentials *user,
				 struct letter *ret)
{
	const struct account_options *options = account_options(c);
	struct account_code code = { .purpose = PURPOSE_VERIFY,
				     .user_id = user->id,
				     .data = user->email,
				     .minutes = options->verify_minutes,
				     .pause_s = options->letter_pause_seconds };
	if (!user->is_active || user->verified_at.is == GIVEN)
		return APP_OK;
	enum app_err err = account_code_make(c, &code);
	if (!err && code.is_made)
		account_letter_write(c, LETTER_VERIFY, user->email,
				     &(struct account_facts){ .username = user->username,
							      .code = code.text,
							      .minutes = code.minutes },
				     ret);
	return err;
}

static enum app_err write_again(struct ctx *c, const struct mail_errand *errand, struct letter *ret)
{
	struct user_credentials user;
	struct one_time pending;
	bool is_there;
	enum app_err err = account_find(c, errand->to, &user, &is_there);
	if (err)
		return err;
	if (is_there)
		return write_verify(c, &user, ret);
	err = one_time_find(c, PURPOSE_REGISTER, users_name_key(c, errand->to), &pending,
			    &is_there);
	return err || !is_there ? err : account_write_pending(c, pending.data, ret);
}

static enum app_err resend(struct ctx *c, const struct account_address *in,
			   struct account_notice *ret)
{
	ret->message = "If there is something to confirm, a letter is on its way";
	return mailer_post(c, &(struct mail_errand){ .write = write_again, .to = in->email });
}

OPERATION_FN(resend, struct account_address, struct account_notice)

const struct operation accounts_resend = {
	.name = "accounts.resend",
	.summary = "Ask again for the letter that confirms an e-mail",
	.doc = "That of an account that is to be made, or of one whose e-mail nobody has "
	       "confirmed. The answer is the same for every address.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &account_address_schema,
	.out = &account_notice_schema,
	RUN(resend),
};
