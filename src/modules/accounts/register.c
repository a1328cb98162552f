/*
 * An account that somebody makes for himself. It is made when the code of a letter comes back, and
 * not before: until then no name is taken, so that nobody learns by one whether the address has an
 * account. Who asks is told the same, and at the same time, for every address; an owner is told by
 * letter that he has one. The password comes with the code: whoever registers the address of
 * somebody else, before or after him, has no part in it.
 */
#include <string.h>

#include "core/schema.h"
#include "internal.h"

/* Of owners who were told that they have an account: only the pause counts. */
#define PURPOSE_KNOWN "known"

/* ---- the letter ---- */

static enum app_err read_pending(struct ctx *c, const char *data, struct account_register *ret)
{
	return schema_bind_flat(c, &account_pending_schema, data, strlen(data), ret);
}

enum app_err account_write_pending(struct ctx *c, const char *data, struct letter *ret)
{
	struct account_register pending;
	const struct account_options *options = account_options(c);
	enum app_err err = read_pending(c, data, &pending);
	if (err)
		return err;
	struct account_code code = { .purpose = PURPOSE_REGISTER,
				     .subject = users_name_key(c, pending.email),
				     .data = data,
				     .minutes = options->verify_minutes,
				     .pause_s = options->letter_pause_seconds };
	err = account_code_make(c, &code);
	if (!err && code.is_made)
		account_letter_write(c, LETTER_REGISTER, pending.email,
				     &(struct account_facts){ .username = pending.username,
							      .code = code.text,
							      .minutes = code.minutes },
				     ret);
	return err;
}

enum app_err account_write_known(struct ctx *c, const struct user_credentials *owner,
				 struct letter *ret)
{
	const int64_t pause_s = account_options(c)->letter_pause_seconds;
	struct account_code code = { .purpose = PURPOSE_KNOWN,
				     .user_id = owner->id,
				     .minutes = pause_s / 60 + 1,
				     .pause_s = pause_s };
	if (!owner->is_active)
		return APP_OK;
	enum app_err err = account_code_make(c, &code);
	if (!err && code.is_made)
		account_letter_write(c, LETTER_KNOWN, owner->email,
				     &(struct account_facts){ .username = owner->username }, ret);
	return err;
}

static enum app_err write_register(struct ctx *c, const struct mail_errand *errand,
				   struct letter *ret)
{
	struct user_credentials owner;
	bool is_there;
	enum app_err err = account_find(c, errand->to, &owner, &is_there);
	if (err)
		return err;
	return is_there ? account_write_known(c, &owner, ret)
			: account_write_pending(c, errand->about, ret);
}

/* ---- accounts.register ---- */

/* Usernames are no secret. */
static enum app_err check_name(struct ctx *c, const char *username)
{
	struct user_credentials user;
	bool is_there;
	enum app_err err = account_find(c, username, &user, &is_there);
	return !err && is_there ? ctx_fail(c, APP_CONFLICT, "username is already taken") : err;
}

static enum app_err register_account(struct ctx *c, const struct account_register *in,
				     struct account_notice *ret)
{
	struct buf json;
	enum app_err err = account_check_registration(c, REGISTRATION_OPEN);
	if (!err)
		err = check_name(c, in->username);
	if (err)
		return err;
	buf_init(&json, c->arena);
	schema_render(&account_pending_schema, in, &json);
	ret->message = "A letter is on its way";
	return mailer_post(c, &(struct mail_errand){ .write = write_register,
						     .to = in->email,
						     .about = buf_text(&json) });
}

OPERATION_FN(register_account, struct account_register, struct account_notice)

const struct operation accounts_register = {
	.name = "accounts.register",
	.summary = "Make an account of your own",
	.doc = "It is made once the token of the letter comes back, with the password that its "
	       "reader chooses. The answer is the same whether or not there is an account with "
	       "the address, whose owner is told so by letter. Where `auth.registration` is not "
	       "open, a 403.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &account_register_schema,
	.out = &account_notice_schema,
	.fails_with = { APP_FORBIDDEN, APP_CONFLICT },
	RUN(register_account),
};

/* ---- the code comes back ---- */

enum app_err account_prepare_register(struct ctx *c, const struct one_time *token,
				      struct account_verify *in)
{
	struct account_register pending;
	enum app_err err = account_check_registration(c, REGISTRATION_OPEN);
	if (!err)
		err = read_pending(c, token->data, &pending);
	if (err)
		return err;
	return user_password_hash(c,
				  &(struct user_password){ .field = "password",
							   .text = in->password,
							   .username = pending.username,
							   .email = pending.email },
				  &in->password_hash);
}

enum app_err account_finish_register(struct ctx *c, const struct one_time *token,
				     const char *password_hash, struct account_verified *ret)
{
	struct account_register pending;
	struct user user;
	enum app_err err = account_check_registration(c, REGISTRATION_OPEN);
	if (!err && !password_hash)
		err = schema_fault(c, "body", "password",
				   "this token makes an account: send the password that it is to "
				   "have, too");
	if (!err)
		err = read_pending(c, token->data, &pending);
	if (!err)
		err = users_register(c,
				     &(struct user_registration){ pending.username, pending.email,
								  pending.full_name,
								  password_hash },
				     &user);
	if (err)
		return err;
	*ret = (struct account_verified){ user.username, user.email };
	return APP_OK;
}
