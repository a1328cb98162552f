/*
 * The e-mail of an account moves to another address: whoever wants that knows the password, and
 * shows to read the new one; the old one is told. That the address is somebody else's is for its
 * owner alone to know.
 */
#include <string.h>

#include "base/str.h"
#include "internal.h"

/* ---- accounts.move ---- */

static enum app_err prepare_move(struct ctx *c, struct account_move *in, struct account_notice *ret)
{
	(void)ret;
	return user_check_current(c, in->current_password, &in->user);
}

PREPARE_FN(prepare_move, struct account_move, struct account_notice)

/* Of letters that an account has had written to an address: only the pause counts. */
#define PURPOSE_PAUSE "move pause"

struct moving {
	int64_t user_id;
	const char *email, *stamp;
	char code[ONE_TIME_ROOM];
	bool is_made;
};

/* By the address, so that who mistyped one may try again at once. */
static enum app_err make_pause(struct ctx *c, struct moving *moving)
{
	const int64_t pause_s = account_options(c)->letter_pause_seconds;
	const struct one_time pause = {
		.purpose = PURPOSE_PAUSE,
		.subject = arena_printf(c->arena, "%lld %s", (long long)moving->user_id,
					users_name_key(c, moving->email)),
		.user_id = moving->user_id,
	};
	return one_time_make(c, &pause, pause_s + 1, pause_s, moving->code, &moving->is_made);
}

static enum app_err make_code(struct ctx *c, void *arg)
{
	struct moving *moving = arg;
	const struct one_time what = {
		.purpose = PURPOSE_MOVE,
		.subject = arena_printf(c->arena, "%lld", (long long)moving->user_id),
		.user_id = moving->user_id,
		.data = arena_printf(c->arena, "%s\n%s", moving->stamp, moving->email),
	};
	enum app_err err = make_pause(c, moving);
	if (err || !moving->is_made)
		return err;
	return one_time_make(c, &what, account_options(c)->verify_minutes * 60, 0, moving->code,
			     &moving->is_made);
}

static enum app_err write_to_new(struct ctx *c, const struct user_credentials *user,
				 const char *email, const char *stamp, struct letter *ret)
{
	struct moving moving = { .user_id = user->id, .email = email, .stamp = stamp };
	enum app_err err = db_write(c, make_code, &moving);
	if (!err && moving.is_made)
		account_letter_write(
			c, LETTER_MOVE, email,
			&(struct account_facts){ .username = user->username,
						 .code = moving.code,
						 .minutes = account_options(c)->verify_minutes },
			ret);
	return err;
}

static enum app_err write_move(struct ctx *c, const struct mail_errand *errand, struct letter *ret)
{
	struct user_credentials user, owner;
	bool is_there;
	enum app_err err = account_find(c, errand->to, &owner, &is_there);
	if (err)
		return err;
	if (is_there && owner.id != errand->user_id)
		return account_write_known(c, &owner, ret);
	err = users_credentials(c, errand->user_id, &user);
	if (err == APP_NOT_FOUND)
		ctx_recover(c);
	if (err || !account_is_same(c, &user, errand->about))
		return err == APP_NOT_FOUND ? APP_OK : err;
	return write_to_new(c, &user, errand->to, errand->about, ret);
}

static enum app_err move(struct ctx *c, const struct account_move *in, struct account_notice *ret)
{
	enum app_err err = user_check_unchanged(c, in->user.token_version);
	if (err)
		return err;
	ret->message = "A letter to the new address is on its way";
	return mailer_post(c, &(struct mail_errand){ .write = write_move,
						     .user_id = in->user.id,
						     .to = in->email,
						     .about = account_stamp(c, &in->user) });
}

OPERATION_FN(move, struct account_move, struct account_notice)

const struct operation accounts_move = {
	.name = "accounts.move",
	.summary = "Change the e-mail of your own account",
	.doc = "It is changed once the token of the letter to the new address comes back, and the "
	       "old address is told. The answer is the same when another account has the address, "
	       "whose owner is told so by letter.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &account_move_schema,
	.out = &account_notice_schema,
	PREPARE(prepare_move),
	.prepare_lane = POOL_HASH,
	/* the current password */
	.no_dry_run = true,
	RUN(move),
};

/* ---- the code comes back ---- */

enum app_err account_finish_move(struct ctx *c, const struct one_time *token,
				 const char *password_hash, struct account_verified *ret)
{
	(void)password_hash;
	struct user_credentials before;
	struct user user;
	const size_t stamp_len = strcspn(token->data, "\n");
	const char *stamp = arena_strndup(c->arena, token->data, stamp_len);
	const char *email = token->data + stamp_len + 1;
	enum app_err err = users_credentials(c, token->user_id, &before);
	if (err == APP_NOT_FOUND || (!err && !account_is_same(c, &before, stamp)))
		return one_time_refuse(c);
	if (!err)
		err = users_move(c, &before, email, &user);
	if (err)
		return err;
	*ret = (struct account_verified){ user.username, user.email };
	return APP_OK;
}
