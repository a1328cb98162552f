/*
 * Letters that tell the owner of an account what was done with it, whoever did it: what he did not
 * do himself he learns from them. They hold no code. Whoever changes something has the words.
 */
#include <string.h>

#include "base/str.h"
#include "core/app.h"
#include "core/log.h"
#include "core/mailer.h"
#include "internal.h"

const struct user_notice user_notice_password = {
	.subject = "Your password for {{service}} was changed",
	.text = "Hello,\n\n"
		"the account {{username}} of {{service}} has a new password.\n\n"
		"If it was neither you nor those who run {{service}}, somebody else has got in: "
		"ask for a new password at once.\n",
};

const struct user_notice user_notice_recovered = {
	.subject = "Your password for {{service}} was changed",
	.text = "Hello,\n\n"
		"the account {{username}} of {{service}} has a new password, which was set with a "
		"letter to this address, and is signed out everywhere.\n\n"
		"If it was not you, somebody else reads your mail: change the password of your "
		"mailbox, and then this one.\n",
};

static const struct user_notice moved = {
	.subject = "The e-mail of your account of {{service}} was changed",
	.text = "Hello,\n\n"
		"the account {{username}} of {{service}} has another address now, and no letter "
		"about it will come to this one.\n\n"
		"If it was not you, somebody else has got in: tell those who run {{service}}.\n",
};

/* The subject is the first line of what it is about. */
static enum app_err write_notice(struct ctx *c, const struct mail_errand *errand,
				 struct letter *ret)
{
	size_t len = strcspn(errand->about, "\n");
	const char *text = errand->about + len + 1;
	*ret = (struct letter){ .to = errand->to,
				.subject = arena_strndup(c->arena, errand->about, len),
				.text = text,
				.html = letter_html(c->arena, text) };
	return APP_OK;
}

static const char *filled(struct ctx *c, const struct user_credentials *owner,
			  const struct user_notice *notice)
{
	const struct letter_value values[] = {
		{ "service", c->app->options->name },
		{ "username", owner->username },
		{ 0 },
	};
	return arena_printf(c->arena, "%s\n%s", letter_fill(c->arena, notice->subject, values),
			    letter_fill(c->arena, notice->text, values));
}

void user_notice_send(struct ctx *c, const struct user_credentials *owner,
		      const struct user_notice *notice)
{
	enum app_err err = mailer_post(c,
				       &(struct mail_errand){ .write = write_notice,
							      .user_id = owner->id,
							      .to = owner->email,
							      .about = filled(c, owner, notice) });
	if (!err)
		return;
	/* where no mail is sent at all, nobody waits for this one */
	if (!str_eq(ctx_failure_code(c, err), "no_mail"))
		log_failure(c, LOG_LEVEL_WARN, "a letter was not sent", err);
	ctx_recover(c);
}

void user_tell(struct ctx *c, const struct user *owner, const struct user_notice *notice)
{
	user_notice_send(c,
			 &(struct user_credentials){ .id = owner->id,
						     .username = owner->username,
						     .email = owner->email },
			 notice);
}

bool user_tell_moved(struct ctx *c, const struct user_credentials *before, const char *email)
{
	if (str_eq(users_name_key(c, email), users_name_key(c, before->email)))
		return false;
	user_notice_send(c, before, &moved);
	return true;
}
