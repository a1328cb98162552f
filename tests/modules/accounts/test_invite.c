/* Invitations: who sends them, and what their codes are good for. */
#include "modules/accounts.h"
#include "modules/accounts/internal.h"

#include <string.h>

#include "app/modules.h"
#include "testing/mailbox.h"
#include "testing/store.h"

#define NOTICE "{'message':'An invitation is on its way'}"
#define NOT_GOOD "This token is not good, or not any more: ask for a new letter"
#define PASSWORD "looking glass no. 7"

static void open_stage(struct stage *s, struct mailbox *box)
{
	stage_open(s);
	mailbox_open(box, s);
}

static const char *invited(struct stage *s, struct mailbox *box, const char *email)
{
	int before = mailbox_count(box);
	const char *json = arena_printf(s->scene.c.arena, "{'email':'%s'}", email);
	stage_expect(s, &(struct stage_case){ AS_ROOT, &accounts_invite, json, APP_OK, NOTICE });
	assert_int_equal(mailbox_count(box), before + 1);
	assert_string_equal(mailbox_last(box)->to, email);
	return mailbox_code(box, s);
}

static void accepts(struct stage *s, const char *code, const char *username, enum app_err err,
		    const char *answer)
{
	const char *json = arena_printf(s->scene.c.arena,
					"{'token':'%s','username':'%s','full_name':'Eve {{code}}',"
					"'password':'" PASSWORD "'}",
					code, username);
	stage_expect(s, &(struct stage_case){ AS_NOBODY, &accounts_accept, json, err, answer });
}

static void an_invitation_makes_an_account(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	const char *answer;
	open_stage(&s, &box);
	const char *code = invited(&s, &box, "Eve@example.com");
	assert_string_equal(mailbox_last(&box)->subject, "An invitation to croft");
	assert_non_null(strstr(mailbox_last(&box)->text,
			       "https://app.example.com/accept-invitation#token="));
	assert_non_null(strstr(mailbox_last(&box)->text, "for 7 days."));
	accepts(&s, code, "Eve", APP_OK, "{'username':'Eve','email':'Eve@example.com'}");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE username = 'Eve' AND"
				       " full_name = 'Eve {{code}}' AND is_active"
				       " AND NOT is_superuser AND verified_at IS NOT NULL"),
			 1);
	stage_ok(&s, stage_call(&s, AS_NOBODY, module_find_operation(app_modules, "auth.login"),
				"{'login':'eve','password':'" PASSWORD "'}", &answer));
	accepts(&s, code, "eve2", APP_BAD_REQUEST, NOT_GOOD);
	mailbox_close(&box, &s);
}

static void a_name_that_is_taken_leaves_it(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	const char *code = invited(&s, &box, "eve@example.com");
	accepts(&s, code, "ADA", APP_CONFLICT, "username is already taken");
	accepts(&s, code, "eve", APP_OK, "{'username':'eve','email':'eve@example.com'}");
	mailbox_close(&box, &s);
}

static void the_last_one_counts(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	const char *first = invited(&s, &box, "eve@example.com");
	const char *second = invited(&s, &box, "EVE@example.com");
	accepts(&s, first, "eve", APP_BAD_REQUEST, NOT_GOOD);
	accepts(&s, second, "eve", APP_OK, "{'username':'eve','email':'EVE@example.com'}");
	mailbox_close(&box, &s);
}

static void a_week_ends_it(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	const char *code = invited(&s, &box, "eve@example.com");
	s.clock.us += 7 * DAY_US;
	accepts(&s, code, "eve", APP_BAD_REQUEST, NOT_GOOD);
	mailbox_close(&box, &s);
}

/* Whose address got an account in another way meanwhile. */
static void an_account_ends_it(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	const char *code = invited(&s, &box, "bob@example.com");
	stage_account(&s, "bob");
	accepts(&s, code, "bobby", APP_CONFLICT, "email is already taken");
	mailbox_close(&box, &s);
}

static void is_no_other_code(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	const char *code = invited(&s, &box, "eve@example.com");
	stage_expect(&s,
		     &(struct stage_case){ AS_NOBODY, &accounts_verify,
					   arena_printf(s.scene.c.arena, "{'token':'%s'}", code),
					   APP_BAD_REQUEST, NOT_GOOD });
	mailbox_close(&box, &s);
}

static void closed_is_closed(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	const char *const sets[] = { "auth.registration=closed", NULL };
	stage_open_with(&s, sets);
	mailbox_open(&box, &s);
	stage_expect(&s,
		     &(struct stage_case){ AS_ROOT, &accounts_invite, "{'email':'eve@example.com'}",
					   APP_FORBIDDEN, "Nobody makes an account here" });
	accepts(&s, "AAAA", "eve", APP_FORBIDDEN, "Nobody makes an account here");
	assert_int_equal(mailbox_count(&box), 0);
	mailbox_close(&box, &s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("S41 an invitation makes an account, once, with the name that was chosen",
		    an_invitation_makes_an_account),
		ROW("a username that is taken leaves the code", a_name_that_is_taken_leaves_it),
		ROW("S28 of two invitations to one address the last counts", the_last_one_counts),
		ROW("S28 a week ends it", a_week_ends_it),
		ROW("an account with the address ends it", an_account_ends_it),
		ROW("S28 an invitation confirms no account that is there", is_no_other_code),
		ROW("nobody is invited where registration is closed", closed_is_closed),
		CASE("who has an account is not invited", AS_ROOT, &accounts_invite,
		     "{'email':'ADA@example.com'}", APP_CONFLICT, "email is already taken"),
		CASE("users do not invite", AS_ADA, &accounts_invite, "{'email':'eve@example.com'}",
		     APP_FORBIDDEN, "You lack the permission users.invite"),
		CASE("nor does who is nobody", AS_NOBODY, &accounts_invite,
		     "{'email':'eve@example.com'}", APP_UNAUTHENTICATED, "Not authenticated"),
		CASE("S39 an address of two lines is refused", AS_ROOT, &accounts_invite,
		     "{'email':'eve@example.com\\r\\nBcc: x@y.z'}", APP_INVALID,
		     "[{'type':'value_error','loc':['body','email'],'msg':'value is not a valid "
		     "email address: The email address is not valid. It must have exactly one "
		     "@-sign.','input':'eve@example.com\\r\\nBcc: x@y.z','ctx':{'reason':'The "
		     "email address is not valid. It must have exactly one @-sign.'}}]"),
	};
	return store_run("modules/accounts/invite", rows, COUNT_OF(rows), NULL, NULL);
}
