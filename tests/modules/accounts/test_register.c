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
#define REGISTRATION(username, email) "{'username':'" username "','email':'" email "'}"
#define EVE REGISTRATION("eve", "eve@example.com")
#define EVE_MADE "{'username':'eve','email':'eve@example.com'}"
#define OTHER "tall green lantern"
/* A fault of the password. */
#define FAULT(text) \
	"[{'type':'value_error','loc':['body','password'],'msg':'Value error, " text \
	"','ctx':{'error':{}}}]"
#define COMMON \
	FAULT("the password is one of the 10,000 commonest: whoever guesses tries those first")
#define HAS_NAME \
	FAULT("the password must not contain the username, the e-mail address or the name of " \
	      "this service")
#define PASSWORD_WANTED \
	FAULT("this token makes an account: send the password that it is to have, too")
#define NO_PASSWORD_HERE FAULT("this token makes no account: leave the password out")
/* What is not asked for may be a password all the same, so it is not told again. */
#define NO_PASSWORD_YET \
	"[{'type':'extra_forbidden','loc':['body','password'],'msg':'Extra inputs are not " \
	"permitted'}]"
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

static const char *chosen_json(struct stage *s, const char *code, const char *password)
{
	return arena_printf(s->scene.c.arena, "{'token':'%s','password':'%s'}", code, password);
}

static void chooses(struct stage *s, const char *code, const char *password, enum app_err err,
		    const char *answer)
{
	stage_expect(s, &(struct stage_case){ AS_NOBODY, &accounts_verify,
					      chosen_json(s, code, password), err, answer });
}

/* The code of a registration. */
static void finishes(struct stage *s, const char *code, enum app_err err, const char *answer)
{
	chooses(s, code, PASSWORD, err, answer);
}

/* That of an account that is there. */
static void verifies(struct stage *s, const char *code, enum app_err err, const char *answer)
{
	const char *json = arena_printf(s->scene.c.arena, "{'token':'%s'}", code);
	stage_expect(s, &(struct stage_case){ AS_NOBODY, &accounts_verify, json, err, answer });
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
	asks(&s, "{'username':'Eve','email':'Eve@Example.com','full_name':'Eve O.'}");
	assert_int_equal(mailbox_count(&box), 1);
	assert_string_equal(mailbox_last(&box)->to, "Eve@Example.com");
	assert_string_equal(mailbox_last(&box)->subject, "Confirm your e-mail for croft");
	assert_non_null(strstr(mailbox_last(&box)->text, "the username Eve."));
	assert_non_null(strstr(mailbox_last(&box)->text, "for 1 day."));
	assert_non_null(strstr(mailbox_last(&box)->text,
			       "https://app.example.com/finish-registration#token="));
	/* until then there is none */
	assert_int_equal(users(&s), 2);
	assert_false(opens(&s, "eve", PASSWORD));
	const char *code = mailbox_code(&box, &s);
	finishes(&s, code, APP_OK, "{'username':'Eve','email':'Eve@Example.com'}");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE username = 'Eve' AND"
				       " full_name = 'Eve O.' AND is_active AND NOT is_superuser"
				       " AND verified_at IS NOT NULL AND role_bits = 4"),
			 1);
	assert_true(opens(&s, "eve", PASSWORD));
	finishes(&s, code, APP_BAD_REQUEST, NOT_GOOD);
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
	finishes(&s, code, APP_CONFLICT, "username is already taken");
	stage_exec(&s, "DELETE FROM users WHERE username = 'eve'");
	finishes(&s, code, APP_OK, EVE_MADE);
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
	finishes(&s, code, APP_BAD_REQUEST, NOT_GOOD);
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
	finishes(&s, first, APP_BAD_REQUEST, NOT_GOOD);
	finishes(&s, mailbox_code(&box, &s), APP_OK,
		 "{'username':'evelyn','email':'eve@example.com'}");
	mailbox_close(&box, &s);
}

/* ---- whose password it is ---- */

/* Who does not read the letter, and registered the address too, later or sooner. */
static void another_gives_it_no_password(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, EVE);
	assert_int_equal(mailbox_count(&box), 1);
	s.clock.us += SECONDS_US(60);
	stage_expect(&s,
		     &(struct stage_case){
			     AS_NOBODY, &accounts_register,
			     "{'username':'mallory','email':'eve@example.com','password':'" OTHER
			     "'}",
			     APP_INVALID, NO_PASSWORD_YET });
	asks(&s, REGISTRATION("mallory", "eve@example.com"));
	assert_int_equal(mailbox_count(&box), 2);
	/* she does not look at the name */
	finishes(&s, mailbox_code(&box, &s), APP_OK,
		 "{'username':'mallory','email':'eve@example.com'}");
	assert_true(opens(&s, "eve@example.com", PASSWORD));
	assert_false(opens(&s, "mallory", OTHER));
	mailbox_close(&box, &s);
}

static void nothing_of_a_password_waits(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, EVE);
	assert_int_equal(mailbox_count(&box), 1);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM one_time_tokens WHERE data LIKE "
				       "'%eve%'"),
			 1);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM one_time_tokens WHERE data LIKE "
				       "'%password%' OR data LIKE '%argon2%'"),
			 0);
	/* so there is nothing to hash, by which one could tell anything by time */
	assert_null(accounts_register.prepare);
	mailbox_close(&box, &s);
}

/* As it was kept when who registered chose the password: with its hash. */
static void one_with_a_hash_is_good_no_more(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, EVE);
	const char *code = mailbox_code(&box, &s);
	stage_exec(&s, "UPDATE one_time_tokens SET purpose = 'register'");
	finishes(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	verifies(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	resends(&s, "eve@example.com");
	assert_int_equal(mailbox_count(&box), 1);
	mailbox_close(&box, &s);
}

/* Nothing was hashed, so it is no try. */
static void without_one_there_is_no_account(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, EVE);
	const char *code = mailbox_code(&box, &s);
	for (int i = 0; i <= ONE_TIME_TRIES_MAX; i++)
		verifies(&s, code, APP_INVALID, PASSWORD_WANTED);
	assert_int_equal(users(&s), 2);
	finishes(&s, code, APP_OK, EVE_MADE);
	mailbox_close(&box, &s);
}

static void ten_passwords_may_be_tried(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, EVE);
	const char *code = mailbox_code(&box, &s);
	for (int i = 0; i < ONE_TIME_TRIES_MAX; i++)
		chooses(&s, code, i % 2 ? "password1" : "my name is eve", APP_INVALID,
			i % 2 ? COMMON : HAS_NAME);
	finishes(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	assert_int_equal(users(&s), 2);
	mailbox_close(&box, &s);
}

static void an_account_keeps_its_own(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	resends(&s, "ada@example.com");
	const char *code = mailbox_code(&box, &s);
	finishes(&s, code, APP_INVALID, NO_PASSWORD_HERE);
	assert_true(opens(&s, "ada", ADA_PASSWORD));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE verified_at IS NOT NULL"),
			 0);
	verifies(&s, code, APP_OK, "{'username':'Ada','email':'Ada@Example.com'}");
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
	finishes(&s, first, APP_BAD_REQUEST, NOT_GOOD);
	finishes(&s, mailbox_code(&box, &s), APP_OK, EVE_MADE);
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
	struct account_code code = { .purpose = PURPOSE_REGISTER,
				     .subject = "eve@example.com",
				     .data = "{'username':'eve'}",
				     .minutes = 1 };
	stage_ok(&s, account_code_make(&s.scene.c, &code));
	verifies(&s, code.text, APP_FORBIDDEN, INVITE_TEXT);
	finishes(&s, code.text, APP_FORBIDDEN, INVITE_TEXT);
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
	const char *json = chosen_json(&s, mailbox_code(&box, &s), PASSWORD);
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
		ROW("S28 a registration by another gives him no password",
		    another_gives_it_no_password),
		ROW("S65 nothing of a password waits with a registration",
		    nothing_of_a_password_waits),
		ROW("one that waited with the hash of a password is good no more",
		    one_with_a_hash_is_good_no_more),
		ROW("S28 without a password there is no account, and the code stays",
		    without_one_there_is_no_account),
		ROW("S26 a password that is guessed first is refused, and ten are looked at",
		    ten_passwords_may_be_tried),
		ROW("S28 the code that confirms an account sets it no password",
		    an_account_keeps_its_own),
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
