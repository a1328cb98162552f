/*
 * Invitations: a letter to an address that has no account, whose code makes one with the username
 * and the password that its reader chooses.
 */
#include "internal.h"
#include "modules/accounts.h"

#define PURPOSE "invite"

/* ---- accounts.invite ---- */

/* There is no pause: not everybody can invite. */
static enum app_err write_invitation(struct ctx *c, const struct mail_errand *errand,
				     struct letter *ret)
{
	struct account_code code = { .purpose = PURPOSE,
				     .subject = users_name_key(c, errand->to),
				     .data = errand->to,
				     .minutes = account_options(c)->invite_minutes };
	enum app_err err = account_code_make(c, &code);
	if (!err)
		account_letter_write(
			c, LETTER_INVITE, errand->to,
			&(struct account_facts){ .code = code.text, .minutes = code.minutes }, ret);
	return err;
}

static enum app_err invite(struct ctx *c, const struct account_address *in,
			   struct account_notice *ret)
{
	struct user_credentials user;
	bool is_there;
	enum app_err err = account_check_registration(c, REGISTRATION_INVITE);
	if (!err)
		err = account_find(c, in->email, &user, &is_there);
	if (err)
		return err;
	if (is_there)
		return ctx_fail(c, APP_CONFLICT, "email is already taken");
	ret->message = "An invitation is on its way";
	return mailer_post(c, &(struct mail_errand){ .write = write_invitation, .to = in->email });
}

OPERATION_FN(invite, struct account_address, struct account_notice)

const struct operation accounts_invite = {
	.name = "accounts.invite",
	.summary = "Invite somebody by letter",
	.doc = "The last invitation to an address is the one that is good. Where "
	       "`auth.registration` is closed, a 403.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&accounts_inviting),
	.in = &account_address_schema,
	.out = &account_notice_schema,
	.fails_with = { APP_CONFLICT },
	RUN(invite),
};

/* ---- accounts.accept ---- */

struct look {
	const char *token;
	struct one_time found;
};

static enum app_err look(struct ctx *c, void *arg)
{
	struct look *it = arg;
	return one_time_look(c, PURPOSE, it->token, &it->found);
}

/* No password is hashed for whoever has no code, nor very often for one who has. */
static enum app_err prepare_accept(struct ctx *c, struct account_accept *in,
				   struct account_verified *ret)
{
	(void)ret;
	struct look it = { .token = in->token };
	enum app_err err = account_check_registration(c, REGISTRATION_INVITE);
	if (!err)
		err = db_write(c, look, &it);
	if (err)
		return err;
	return user_password_hash(c,
				  &(struct user_password){ .field = "password",
							   .text = in->password,
							   .username = in->username,
							   .email = it.found.data },
				  &in->password_hash);
}

PREPARE_FN(prepare_accept, struct account_accept, struct account_verified)

static enum app_err accept_invitation(struct ctx *c, const struct account_accept *in,
				      struct account_verified *ret)
{
	struct one_time token;
	struct user user;
	enum app_err err = one_time_use(c, PURPOSE, in->token, &token);
	if (!err)
		err = users_register(c,
				     &(struct user_registration){ in->username, token.data,
								  in->full_name,
								  in->password_hash },
				     &user);
	if (err)
		return err;
	*ret = (struct account_verified){ user.username, user.email };
	return APP_OK;
}

OPERATION_FN(accept_invitation, struct account_accept, struct account_verified)

const struct operation accounts_accept = {
	.name = "accounts.accept",
	.summary = "Make an account with the token of an invitation",
	.doc = "With the address that the letter went to. A username that is taken is a 409 and "
	       "leaves the token, which may be tried ten times.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &account_accept_schema,
	.out = &account_verified_schema,
	.fails_with = { APP_BAD_REQUEST, APP_FORBIDDEN, APP_CONFLICT },
	PREPARE(prepare_accept),
	.prepare_lane = POOL_HASH,
	RUN(accept_invitation),
};
