/* A password that was forgotten: the letter, what its code is good for, and who learns of what. */
/* threaded */
#include "modules/accounts/internal.h"

#include <string.h>

#include "app/modules.h"
#include "modules/accounts/race.h"
#include "testing/mailbox.h"
#include "testing/store.h"

#define NOTICE "{'message':'If there is such an account, a letter is on its way'}"
#define NOT_GOOD "This token is not good, or not any more: ask for a new letter"
#define NEW_PASSWORD "quite another engine"

static void ask(struct stage *s, const char *email)
{
	const char *json = arena_printf(s->scene.c.arena, "{'email':'%s'}", email);
	stage_expect(s, &(struct stage_case){ AS_NOBODY, &accounts_restore_password, json, APP_OK,
					      NOTICE });
}

static const char *reset_json(struct stage *s, const char *code, const char *password)
{
	return arena_printf(s->scene.c.arena, "{'token':'%s','new_password':'%s'}", code, password);
}

static void reset(struct stage *s, const char *code, enum app_err err, const char *answer)
{
	stage_expect(s, &(struct stage_case){ AS_NOBODY, &accounts_reset_password,
					      reset_json(s, code, NEW_PASSWORD), err, answer });
}

static bool opens(struct stage *s, const char *password)
{
	const char *answer;
	const char *json = arena_printf(s->scene.c.arena, "{'login':'ada','password':'%s'}",
					password);
	const struct operation *login = module_find_operation(app_modules, "auth.login");
	return stage_call(s, AS_NOBODY, login, json, &answer) == APP_OK;
}

static void a_letter_sets_a_password(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	stage_open(&s);
	mailbox_open(&box, &s);
	/* in whatever case; it goes to the address that is stored */
	ask(&s, "ADA@example.com");
	assert_int_equal(mailbox_count(&box), 1);
	const struct letter *letter = mailbox_last(&box);
	assert_string_equal(letter->to, "Ada@Example.com");
	assert_string_equal(letter->subject, "A new password for croft");
	assert_non_null(strstr(letter->text, "https://app.example.com/reset-password#token="));
	assert_non_null(strstr(letter->html, "\">https://app.example.com/reset-password#token="));
	const char *code = mailbox_code(&box, &s);
	reset(&s, code, APP_OK, "");
	assert_int_equal(mailbox_count(&box), 2);
	assert_string_equal(mailbox_last(&box)->subject, "Your password for croft was changed");
	/* signed out everywhere */
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE id = 2"
				       " AND token_version = 1"),
			 0);
	assert_int_equal(stage_int(&s, "SELECT verified_at IS NOT NULL FROM users WHERE id = 2"),
			 1);
	assert_true(opens(&s, NEW_PASSWORD));
	assert_false(opens(&s, ADA_PASSWORD));
	reset(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	mailbox_close(&box, &s);
}

/* ---- who gets none, and is told the same ---- */

struct silent_case {
	const char *before, *email;
};

static void is_told_the_same(void **state)
{
	const struct silent_case *t = *state;
	struct stage s;
	struct mailbox box;
	stage_open(&s);
	mailbox_open(&box, &s);
	if (t->before)
		stage_exec(&s, t->before);
	ask(&s, t->email);
	assert_int_equal(mailbox_count(&box), 0);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM one_time_tokens"), 0);
	mailbox_close(&box, &s);
}

/* The table is not there for the one who answers; whoever writes the letter stumbles over that. */
static void the_answer_looks_at_nothing(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	stage_open(&s);
	mailbox_open(&box, &s);
	stage_exec(&s, "ALTER TABLE users RENAME TO users_away");
	ask(&s, "ada@example.com");
	assert_int_equal(mailbox_count(&box), 0);
	stage_exec(&s, "ALTER TABLE users_away RENAME TO users");
	mailbox_close(&box, &s);
}

static void there_is_a_pause(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	stage_open(&s);
	mailbox_open(&box, &s);
	ask(&s, "ada@example.com");
	assert_int_equal(mailbox_count(&box), 1);
	const char *first = mailbox_code(&box, &s);
	s.clock.us += SECONDS_US(59);
	ask(&s, "ada@example.com");
	assert_int_equal(mailbox_count(&box), 1);
	s.clock.us += SECONDS_US(1);
	ask(&s, "ada@example.com");
	assert_int_equal(mailbox_count(&box), 2);
	reset(&s, first, APP_BAD_REQUEST, NOT_GOOD);
	reset(&s, mailbox_code(&box, &s), APP_OK, "");
	mailbox_close(&box, &s);
}

/* ---- what ends a code ---- */

static void a_change_ends_it(void **state)
{
	struct stage s;
	struct mailbox box;
	stage_open(&s);
	mailbox_open(&box, &s);
	ask(&s, "ada@example.com");
	const char *code = mailbox_code(&box, &s);
	stage_exec(&s, *state);
	reset(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	assert_int_equal(mailbox_count(&box), 1);
	mailbox_close(&box, &s);
}

static void its_hour_ends_it(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	stage_open(&s);
	mailbox_open(&box, &s);
	ask(&s, "ada@example.com");
	const char *code = mailbox_code(&box, &s);
	s.clock.us += SECONDS_US(3600);
	reset(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	mailbox_close(&box, &s);
}

static void a_bad_password_leaves_it(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	const char *answer;
	stage_open(&s);
	mailbox_open(&box, &s);
	ask(&s, "ada@example.com");
	const char *code = mailbox_code(&box, &s);
	for (int i = 1; i < ONE_TIME_TRIES_MAX; i++)
		assert_int_equal(stage_call(&s, AS_NOBODY, &accounts_reset_password,
					    reset_json(&s, code, "ada lovelace"), &answer),
				 APP_INVALID);
	assert_non_null(strstr(answer, "'loc':['body','new_password']"));
	reset(&s, code, APP_OK, "");
	mailbox_close(&box, &s);
}

/* ---- races ---- */

static void of_two_at_once_one_wins(void **state)
{
	struct stage s;
	struct mailbox box;
	(void)state;
	stage_open(&s);
	mailbox_open(&box, &s);
	ask(&s, "ada@example.com");
	const char *code = mailbox_code(&box, &s);
	race_one_wins(&s, &accounts_reset_password, reset_json(&s, code, NEW_PASSWORD));
	assert_int_equal(mailbox_count(&box), 2);
	mailbox_close(&box, &s);
}

#define SAME(sentence, ...) \
	ROW_OF("S24 " sentence, is_told_the_same, (&(struct silent_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a letter sets a new password, once", a_letter_sets_a_password),
		SAME("who is unknown gets no letter and the same answer", NULL, "eve@example.com"),
		SAME("so does who is inactive", "UPDATE users SET is_active = FALSE WHERE id = 2",
		     "ada@example.com"),
		ROW("S24 nothing of an account is looked at before the answer",
		    the_answer_looks_at_nothing),
		ROW("S28 a newer letter kills the older, and there is a pause between them",
		    there_is_a_pause),
		ROW_OF("S28 a password that was changed meanwhile ends the code", a_change_ends_it,
		       "UPDATE users SET password_hash = 'x' WHERE id = 2"),
		ROW_OF("so does an e-mail that was changed", a_change_ends_it,
		       "UPDATE users SET email = 'new@x.example', email_key = 'new@x.example'"
		       " WHERE id = 2"),
		ROW_OF("so does an account that is switched off", a_change_ends_it,
		       "UPDATE users SET is_active = FALSE WHERE id = 2"),
		ROW_OF("and one that is gone", a_change_ends_it, "DELETE FROM users WHERE id = 2"),
		ROW("S28 its hour ends it", its_hour_ends_it),
		ROW("a password that is refused leaves it", a_bad_password_leaves_it),
		ROW("S28 of two at once one wins", of_two_at_once_one_wins),
	};
	return store_run("modules/accounts/restore", rows, COUNT_OF(rows), NULL, NULL);
}
