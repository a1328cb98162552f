/*
 * The texts of the letters that others ask for; what tells of things that were done is the users
 * module's. {{name}} is what core/mailer.h fills in, in one pass, so that nothing that a client
 * sent is read as text of ours; the form for browsers is made of the same text.
 */
#include <string.h>

#include "base/str.h"
#include "core/app.h"
#include "core/digest.h"
#include "core/log.h"
#include "internal.h"

struct letter_text {
	const char *subject;
	/* what there is to be done, before the code; with all of it when there is none */
	const char *begin;
	/* below app.base_url; NULL: there is no code */
	const char *page;
	const char *end;
};

static const struct letter_text texts[] = {
	[LETTER_RESET] = {
		.subject = "A new password for {{service}}",
		.begin = "Hello,\n\n"
			 "somebody, most likely you, wants a new password for the account "
			 "{{username}} of {{service}}.\n\n",
		.page = "/reset-password",
		.end = "If it was not you, do nothing: the password stays what it is.\n",
	},
	[LETTER_REGISTER] = {
		.subject = "Confirm your e-mail for {{service}}",
		.begin = "Hello,\n\n"
			 "somebody, most likely you, wants an account of {{service}} with this "
			 "address and the username {{username}}. It is made with the password "
			 "that you choose now.\n\n",
		.page = "/finish-registration",
		.end = "If you wanted another username, register again: somebody else gave your "
		       "address, too. If it was not you, do nothing: no account is made.\n",
	},
	[LETTER_KNOWN] = {
		.subject = "You have an account of {{service}}",
		.begin = "Hello,\n\n"
			 "somebody, most likely you, gave this address for an account of "
			 "{{service}}. There is one with it: {{username}}.\n\n",
		.end = "If you have forgotten its password, ask for a new one. If it was not you, "
		       "do nothing: all stays as it is.\n",
	},
	[LETTER_VERIFY] = {
		.subject = "Confirm your e-mail for {{service}}",
		.begin = "Hello,\n\n"
			 "the account {{username}} of {{service}} has this address, which nobody "
			 "has confirmed.\n\n",
		.page = "/verify-email",
		.end = "If the account is not yours, do nothing.\n",
	},
	[LETTER_INVITE] = {
		.subject = "An invitation to {{service}}",
		.begin = "Hello,\n\n"
			 "you are invited to have an account of {{service}}, with this "
			 "address.\n\n",
		.page = "/accept-invitation",
		.end = "If you do not want one, do nothing.\n",
	},
	[LETTER_MOVE] = {
		.subject = "Confirm your new e-mail for {{service}}",
		.begin = "Hello,\n\n"
			 "the account {{username}} of {{service}} is to have this address.\n\n",
		.page = "/verify-email",
		.end = "If the account is not yours, do nothing: it keeps the address that it "
		       "has.\n",
	},
};

#define WITH_LINK \
	"Open this page:\n\n{{link}}\n\n" \
	"Or give this code where you are asked for it:\n\n{{code}}\n\n"
#define WITH_CODE "Give this code where you are asked for it:\n\n{{code}}\n\n"
#define HOW_LONG "It is good once, and for {{time}}. Give it to nobody.\n\n"

static const char *time_of(struct ctx *c, int64_t minutes)
{
	static const struct {
		int64_t minutes;
		const char *name;
	} units[] = { { 24 * 60, "day" }, { 60, "hour" }, { 1, "minute" } };
	size_t unit = 0;
	while (minutes % units[unit].minutes)
		unit++;
	long long count = minutes / units[unit].minutes;
	return arena_printf(c->arena, "%lld %s%s", count, units[unit].name, count == 1 ? "" : "s");
}

/*
 * The code follows a #, which no browser sends on: it is in no log of a server and in no Referer.
 */
static const char *link_of(struct ctx *c, const struct letter_text *text, const char *code)
{
	const char *base = c->app->options->base_url;
	return *base ? arena_printf(c->arena, "%s%s#token=%s", base, text->page, code) : NULL;
}

void account_letter_write(struct ctx *c, enum account_letter kind, const char *to,
			  const struct account_facts *facts, struct letter *ret)
{
	const struct letter_text *text = &texts[kind];
	const char *code = facts->code, *link = code ? link_of(c, text, code) : NULL;
	const struct letter_value values[] = {
		{ "service", c->app->options->name },
		{ "username", facts->username },
		{ "code", code },
		{ "link", link },
		{ "time", time_of(c, facts->minutes) },
		{ 0 },
	};
	const char *body = arena_printf(c->arena, "%s%s%s%s", text->begin,
					link   ? WITH_LINK
					: code ? WITH_CODE
					       : "",
					code ? HOW_LONG : "", text->end);
	body = letter_fill(c->arena, body, values);
	*ret = (struct letter){ .to = to,
				.subject = letter_fill(c->arena, text->subject, values),
				.text = body,
				.html = letter_html(c->arena, body) };
}

const char *account_stamp(struct ctx *c, const struct user_credentials *user)
{
	char *text = arena_raw(c->arena, DIGEST_TEXT_ROOM);
	const char *whole = arena_printf(c->arena, "%s\n%s", user->email,
					 user->password_hash ? user->password_hash : "");
	digest_text(whole, strlen(whole), text);
	return text;
}

bool account_is_same(struct ctx *c, const struct user_credentials *user, const char *stamp)
{
	return user->is_active && str_eq(stamp, account_stamp(c, user));
}
