/* Accounts that people make for themselves: what it takes, and who learns of what. */
/* threaded */
#include "modules/accounts/internal.h"

#include <string.h>

#include "app/modules.h"
#include "modules/accounts/race.h"
#include "testing/mailbox.h"
#include "testing/store.h"

#define NOTICE "{'message':'A letter is on its way'}"
#define RESENT "{'message':'If there is something to confirm, a letter is on its way'}"
#define NOT_GOOD "This token is not good, or not any more: ask for a new letter"
#define PASSWORD "looking glass no. 7"
#define REGISTRATION(username, email) \
	"{'username':'" username "','email':'" email "','password':'" PASSWORD "'}"
#define EVE REGISTRATION("eve", "eve@example.com")
#define EVE_MADE "{'username':'eve','email':'eve@example.com'}"
#define CLOSED_TEXT "Nobody makes an account here"
#define INVITE_TEXT "Accounts are by invitation only"

static void open_for(struct stage *s, struct mailbox *box, const char *registration)
{
	const char *const sets[] = { registration, NULL };
	stage_open_with(s, sets);
	mailbox_open(box, s);
}

static void open_stage(struct stage *s, struct mailbox *box)
{
	open_for(s, box, "auth.registration=open");
}

static void asks(struct stage *s, const char *json)
{
	stage_expect(s,
		     &(struct stage_case){ AS_NOBODY, &accounts_register, json, APP_OK, NOTICE });
}

static void resends(struct stage *s, const char *email)
{
	const char *json = arena_printf(s->scene.c.arena, "{'email':'%s'}", email);
	stage_expect(s, &(struct stage_case){ AS_NOBODY, &accounts_resend, json, APP_OK, RESENT });
}

static const char *token_json(struct stage *s, const char *code)
{
	return arena_printf(s->scene.c.arena, "{'token':'%s'}", code);
}

static void verifies(struct stage *s, const char *code, enum app_err err, const char *answer)
{
	stage_expect(s, &(struct stage_case){ AS_NOBODY, &accounts_verify, token_json(s, code), err,
					      answer });
}

static int64_t users(struct stage *s)
{
	return stage_int(s, "SELECT count(*) FROM users");
}

static bool opens(struct stage *s, const char *login, const char *password)
{
	const char *answer;
	const char *json = arena_printf(s->scene.c.arena, "{'login':'%s','password':'%s'}", login,
					password);
	const struct operation *op = module_find_operation(app_modules, "auth.login");
	return stage_call(s, AS_NOBODY, op, json, &answer) == APP_OK;
}

/* ---- the way of an account ---- */

static void a_letter_makes_an_account(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, "{'username':'Eve','email':'Eve@Example.com','full_name':'Eve O.',"
		 "'password':'" PASSWORD "'}");
	assert_int_equal(mailbox_count(&box), 1);
	assert_string_equal(mailbox_last(&box)->to, "Eve@Example.com");
	assert_string_equal(mailbox_last(&box)->subject, "Confirm your e-mail for croft");
	assert_non_null(strstr(mailbox_last(&box)->text, "the username Eve."));
	assert_non_null(strstr(mailbox_last(&box)->text, "for 1 day."));
	assert_non_null(
		strstr(mailbox_last(&box)->text, "https://app.example.com/verify-email#token="));
	/* until then there is none */
	assert_int_equal(users(&s), 2);
	assert_false(opens(&s, "eve", PASSWORD));
	const char *code = mailbox_code(&box, &s);
	verifies(&s, code, APP_OK, "{'username':'Eve','email':'Eve@Example.com'}");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE username = 'Eve' AND"
				       " full_name = 'Eve O.' AND is_active AND NOT is_superuser"
				       " AND verified_at IS NOT NULL AND role_bits = 4"),
			 1);
	assert_true(opens(&s, "eve", PASSWORD));
	verifies(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	assert_int_equal(users(&s), 3);
	mailbox_close(&box, &s);
}

static void a_name_that_is_taken_meanwhile_leaves_it(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, EVE);
	const char *code = mailbox_code(&box, &s);
	stage_account(&s, "eve");
	verifies(&s, code, APP_CONFLICT, "username is already taken");
	stage_exec(&s, "DELETE FROM users WHERE username = 'eve'");
	verifies(&s, code, APP_OK, EVE_MADE);
	mailbox_close(&box, &s);
}

static void a_day_ends_it(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, EVE);
	const char *code = mailbox_code(&box, &s);
	s.clock.us += DAY_US;
	verifies(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	mailbox_close(&box, &s);
}

static void of_two_letters_the_last_counts(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, EVE);
	const char *first = mailbox_code(&box, &s);
	/* who comes within the pause changes nothing of what is to be made */
	asks(&s, REGISTRATION("mallory", "EVE@example.com"));
	assert_int_equal(mailbox_count(&box), 1);
	s.clock.us += SECONDS_US(60);
	asks(&s, REGISTRATION("evelyn", "eve@example.com"));
	assert_int_equal(mailbox_count(&box), 2);
	verifies(&s, first, APP_BAD_REQUEST, NOT_GOOD);
	verifies(&s, mailbox_code(&box, &s), APP_OK,
		 "{'username':'evelyn','email':'eve@example.com'}");
	mailbox_close(&box, &s);
}

/* ---- who has an account already ---- */

static void the_owner_is_told(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, REGISTRATION("eve", "ADA@example.com"));
	assert_int_equal(mailbox_count(&box), 1);
	assert_string_equal(mailbox_last(&box)->to, "Ada@Example.com");
	assert_string_equal(mailbox_last(&box)->subject, "You have an account of croft");
	assert_null(strstr(mailbox_last(&box)->text, "token"));
	asks(&s, REGISTRATION("eve", "ada@example.com"));
	assert_int_equal(mailbox_count(&box), 1);
	/* others' letters do not end the pause */
	s.clock.us += SECONDS_US(59);
	asks(&s, EVE);
	asks(&s, REGISTRATION("eve", "ada@example.com"));
	assert_int_equal(mailbox_count(&box), 2);
	s.clock.us += SECONDS_US(1);
	asks(&s, REGISTRATION("eve", "ada@example.com"));
	assert_int_equal(mailbox_count(&box), 3);
	assert_int_equal(users(&s), 2);
	mailbox_close(&box, &s);
}

static void who_is_inactive_is_not(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	stage_exec(&s, "UPDATE users SET is_active = FALSE WHERE id = 2");
	asks(&s, REGISTRATION("eve", "ada@example.com"));
	resends(&s, "ada@example.com");
	assert_int_equal(mailbox_count(&box), 0);
	mailbox_close(&box, &s);
}

/* The name is looked up, the address not: it stands in a column that is not there for a moment. */
static void the_answer_looks_at_no_address(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	stage_exec(&s, "ALTER TABLE one_time_tokens RENAME TO away");
	asks(&s, EVE);
	asks(&s, REGISTRATION("eve", "ada@example.com"));
	resends(&s, "eve@example.com");
	resends(&s, "ada@example.com");
	assert_int_equal(mailbox_count(&box), 0);
	stage_exec(&s, "ALTER TABLE away RENAME TO one_time_tokens");
	mailbox_close(&box, &s);
}

/* ---- another letter ---- */

static void another_letter_has_another_code(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, EVE);
	const char *first = mailbox_code(&box, &s);
	resends(&s, "eve@example.com");
	assert_int_equal(mailbox_count(&box), 1);
	s.clock.us += SECONDS_US(60);
	resends(&s, "EVE@example.com");
	assert_int_equal(mailbox_count(&box), 2);
	assert_string_equal(mailbox_last(&box)->to, "eve@example.com");
	verifies(&s, first, APP_BAD_REQUEST, NOT_GOOD);
	verifies(&s, mailbox_code(&box, &s), APP_OK, EVE_MADE);
	s.clock.us += SECONDS_US(60);
	resends(&s, "eve@example.com");
	assert_int_equal(mailbox_count(&box), 2);
	mailbox_close(&box, &s);
}

static void an_account_that_is_there_is_confirmed(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_for(&s, &box, "auth.registration=closed");
	resends(&s, "eve@example.com");
	assert_int_equal(mailbox_count(&box), 0);
	resends(&s, "ada@example.com");
	assert_int_equal(mailbox_count(&box), 1);
	verifies(&s, mailbox_code(&box, &s), APP_OK,
		 "{'username':'Ada','email':'Ada@Example.com'}");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE id = 2"
				       " AND verified_at IS NOT NULL AND token_version = 1"),
			 1);
	s.clock.us += SECONDS_US(60);
	resends(&s, "ada@example.com");
	assert_int_equal(mailbox_count(&box), 1);
	mailbox_close(&box, &s);
}

static void a_change_ends_it(void **state)
{
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	resends(&s, "ada@example.com");
	const char *code = mailbox_code(&box, &s);
	stage_exec(&s, *state);
	verifies(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	mailbox_close(&box, &s);
}

/* ---- who may ---- */

struct refusal {
	const char *registration, *json;
	enum app_err err;
	const char *answer;
};

static void is_refused(void **state)
{
	const struct refusal *t = *state;
	struct stage s;
	struct mailbox box;
	open_for(&s, &box, t->registration);
	stage_expect(&s, &(struct stage_case){ AS_NOBODY, &accounts_register, t->json, t->err,
					       t->answer });
	assert_int_equal(mailbox_count(&box), 0);
	mailbox_close(&box, &s);
}

static void what_waits_is_refused_once_it_is_closed(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_for(&s, &box, "auth.registration=invite");
	struct account_verified made;
	const struct one_time token = { .data = "{}" };
	assert_int_equal(account_finish_register(&s.scene.c, &token, &made), APP_FORBIDDEN);
	assert_string_equal(ctx_failure_code(&s.scene.c, APP_FORBIDDEN), "registration_closed");
	mailbox_close(&box, &s);
}

/* ---- races ---- */

static void of_many_at_once_one_wins(void **state)
{
	struct stage s;
	struct mailbox box;
	(void)state;
	open_stage(&s, &box);
	asks(&s, EVE);
	const char *json = token_json(&s, mailbox_code(&box, &s));
	race_one_wins(&s, &accounts_verify, json);
	assert_int_equal(users(&s), 3);
	mailbox_close(&box, &s);
}

#define REFUSES(sentence, ...) ROW_OF(sentence, is_refused, (&(struct refusal){ __VA_ARGS__ }))
#define OPEN "auth.registration=open"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a letter makes an account, once", a_letter_makes_an_account),
		ROW("a name that is taken meanwhile is told, and leaves the code",
		    a_name_that_is_taken_meanwhile_leaves_it),
		ROW("S28 a day ends the code", a_day_ends_it),
		ROW("S28 of two letters to one address the last counts, with what it was for",
		    of_two_letters_the_last_counts),
		ROW("S24 who registers an address that has an account is told the same, its owner "
		    "by letter",
		    the_owner_is_told),
		ROW("S24 so is who registers that of an inactive one", who_is_inactive_is_not),
		ROW("S24 nothing of an address is looked at before the answer",
		    the_answer_looks_at_no_address),
		ROW("another letter has another code, after a pause",
		    another_letter_has_another_code),
		ROW("an account that is there is confirmed, whoever registers",
		    an_account_that_is_there_is_confirmed),
		ROW_OF("S28 an e-mail that was changed meanwhile ends the code", a_change_ends_it,
		       "UPDATE users SET email = 'new@x.example', email_key = 'new@x.example'"
		       " WHERE id = 2"),
		ROW_OF("so does an account that is switched off", a_change_ends_it,
		       "UPDATE users SET is_active = FALSE WHERE id = 2"),
		ROW_OF("and one that is gone", a_change_ends_it, "DELETE FROM users WHERE id = 2"),
		REFUSES("a username that is taken is told", OPEN,
			REGISTRATION("ADA", "eve@example.com"), APP_CONFLICT,
			"username is already taken"),
		REFUSES("a password that is guessed first is refused", OPEN,
			"{'username':'eve','email':'eve@example.com','password':'password1'}",
			APP_INVALID,
			"[{'type':'value_error','loc':['body','password'],'msg':'Value error, the "
			"password is one of the 10,000 commonest: whoever guesses tries those "
			"first','ctx':{'error':{}}}]"),
		REFUSES("S39 a username of two lines is refused", OPEN,
			REGISTRATION("eve\\r\\nBcc: x@y.z", "eve@example.com"), APP_INVALID,
			"[{'type':'string_pattern_mismatch','loc':['body','username'],'msg':"
			"'String should match pattern \"^[A-Za-z0-9][A-Za-z0-9_.-]*$\"','input':"
			"'eve\\r\\nBcc: x@y.z','ctx':{'pattern':'^[A-Za-z0-9][A-Za-z0-9_.-]*$'}}]"),
		REFUSES("nobody registers where it is by invitation", "auth.registration=invite",
			EVE, APP_FORBIDDEN, INVITE_TEXT),
		REFUSES("nor where it is closed", "auth.registration=closed", EVE, APP_FORBIDDEN,
			CLOSED_TEXT),
		ROW("what waits is refused once it is closed",
		    what_waits_is_refused_once_it_is_closed),
		ROW("S28 of many at once one wins", of_many_at_once_one_wins),
	};
	return store_run("modules/accounts/register", rows, COUNT_OF(rows), NULL, NULL);
}
