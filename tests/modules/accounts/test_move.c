/* The e-mail of one's own account: what it takes to change it, and who learns of it. */
#include "modules/accounts/internal.h"

#include <string.h>

#include "testing/mailbox.h"
#include "testing/store.h"

#define NOTICE "{'message':'A letter to the new address is on its way'}"
#define NOT_GOOD "This token is not good, or not any more: ask for a new letter"
#define MOVED "{'username':'Ada','email':'Countess@example.com'}"
#define WRONG_PASSWORD \
	"[{'type':'value_error','loc':['body','current_password'],'msg':'Value error, this is " \
	"not the current password','ctx':{'error':{}}}]"

static void open_stage(struct stage *s, struct mailbox *box)
{
	stage_open_three(s);
	mailbox_open(box, s);
}

static void asks(struct stage *s, const char *email)
{
	const char *json = arena_printf(
		s->scene.c.arena, "{'email':'%s','current_password':'" ADA_PASSWORD "'}", email);
	stage_expect(s, &(struct stage_case){ AS_ADA, &accounts_move, json, APP_OK, NOTICE });
}

static void verifies(struct stage *s, const char *code, enum app_err err, const char *answer)
{
	const char *json = arena_printf(s->scene.c.arena, "{'token':'%s'}", code);
	stage_expect(s, &(struct stage_case){ AS_NOBODY, &accounts_verify, json, err, answer });
}

static bool has_email(struct stage *s, const char *email)
{
	return stage_int(s, arena_printf(s->scene.c.arena,
					 "SELECT count(*) FROM users WHERE id = 2 AND email = '%s'",
					 email));
}

static void a_letter_moves_it(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, "Countess@example.com");
	assert_int_equal(mailbox_count(&box), 1);
	assert_string_equal(mailbox_last(&box)->to, "Countess@example.com");
	assert_string_equal(mailbox_last(&box)->subject, "Confirm your new e-mail for croft");
	const char *code = mailbox_code(&box, &s);
	assert_true(has_email(&s, "Ada@Example.com"));
	verifies(&s, code, APP_OK, MOVED);
	assert_true(has_email(&s, "Countess@example.com"));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users WHERE id = 2"
				       " AND verified_at IS NOT NULL AND token_version = 1"),
			 1);
	assert_int_equal(mailbox_count(&box), 2);
	assert_string_equal(mailbox_last(&box)->to, "Ada@Example.com");
	assert_string_equal(mailbox_last(&box)->subject,
			    "The e-mail of your account of croft was changed");
	assert_null(strstr(mailbox_last(&box)->text, "ountess"));
	verifies(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	mailbox_close(&box, &s);
}

static void the_code_sets_no_password(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, "Countess@example.com");
	const char *code = mailbox_code(&box, &s);
	stage_expect(&s,
		     &(struct stage_case){
			     AS_NOBODY, &accounts_verify,
			     arena_printf(s.scene.c.arena,
					  "{'token':'%s','password':'tall green lantern'}", code),
			     APP_INVALID,
			     "[{'type':'value_error','loc':['body','password'],'msg':'Value "
			     "error, this token makes no account: leave the password out',"
			     "'ctx':{'error':{}}}]" });
	assert_true(has_email(&s, "Ada@Example.com"));
	verifies(&s, code, APP_OK, MOVED);
	mailbox_close(&box, &s);
}

static void without_the_password_it_stays(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	stage_expect(&s, &(struct stage_case){ AS_ADA, &accounts_move,
					       "{'email':'countess@example.com',"
					       "'current_password':'guessed at last'}",
					       APP_INVALID, WRONG_PASSWORD });
	assert_int_equal(mailbox_count(&box), 0);
	mailbox_close(&box, &s);
}

static void the_owner_of_the_address_is_told(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, "BOB@example.com");
	assert_int_equal(mailbox_count(&box), 1);
	assert_string_equal(mailbox_last(&box)->to, "bob@example.com");
	assert_string_equal(mailbox_last(&box)->subject, "You have an account of croft");
	assert_null(strstr(mailbox_last(&box)->text, "token"));
	mailbox_close(&box, &s);
}

static void an_inactive_owner_is_not(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	stage_exec(&s, "UPDATE users SET is_active = FALSE WHERE username = 'bob'");
	asks(&s, "bob@example.com");
	assert_int_equal(mailbox_count(&box), 0);
	mailbox_close(&box, &s);
}

static void who_was_faster_has_it(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, "eve@example.com");
	const char *code = mailbox_code(&box, &s);
	stage_account(&s, "eve");
	verifies(&s, code, APP_CONFLICT, "email is already taken");
	assert_true(has_email(&s, "Ada@Example.com"));
	assert_int_equal(mailbox_count(&box), 1);
	mailbox_close(&box, &s);
}

static void the_last_address_counts(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, "countes@example.com");
	const char *first = mailbox_code(&box, &s);
	asks(&s, "Countess@example.com");
	assert_int_equal(mailbox_count(&box), 2);
	verifies(&s, first, APP_BAD_REQUEST, NOT_GOOD);
	verifies(&s, mailbox_code(&box, &s), APP_OK, MOVED);
	mailbox_close(&box, &s);
}

/* Whoever has an account fills no mailbox of others by it; a mistyped address may be put right. */
static void one_address_has_a_pause(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, "countess@example.com");
	for (int i = 0; i < 5; i++)
		asks(&s, i % 2 ? "countess@example.com" : "Countess@Example.com");
	assert_int_equal(mailbox_count(&box), 1);
	asks(&s, "other@example.com");
	assert_int_equal(mailbox_count(&box), 2);
	s.clock.us += SECONDS_US(60);
	asks(&s, "Countess@example.com");
	assert_int_equal(mailbox_count(&box), 3);
	verifies(&s, mailbox_code(&box, &s), APP_OK, MOVED);
	mailbox_close(&box, &s);
}

static void another_case_is_told_nobody(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, "ada@example.com");
	assert_string_equal(mailbox_last(&box)->to, "ada@example.com");
	verifies(&s, mailbox_code(&box, &s), APP_OK,
		 "{'username':'Ada','email':'ada@example.com'}");
	assert_int_equal(mailbox_count(&box), 1);
	mailbox_close(&box, &s);
}

static void a_change_ends_it(void **state)
{
	struct stage s;
	struct mailbox box;
	open_stage(&s, &box);
	asks(&s, "countess@example.com");
	const char *code = mailbox_code(&box, &s);
	stage_exec(&s, *state);
	verifies(&s, code, APP_BAD_REQUEST, NOT_GOOD);
	assert_int_equal(mailbox_count(&box), 1);
	mailbox_close(&box, &s);
}

/* What went to the old address opens nothing any more. */
static void it_ends_a_code_for_a_password(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	const char *answer;
	open_stage(&s, &box);
	stage_call_ok(&s, AS_NOBODY, &accounts_restore_password, "{'email':'ada@example.com'}");
	const char *old = mailbox_code(&box, &s);
	asks(&s, "Countess@example.com");
	verifies(&s, mailbox_code(&box, &s), APP_OK, MOVED);
	assert_int_equal(
		stage_call(&s, AS_NOBODY, &accounts_reset_password,
			   arena_printf(s.scene.c.arena,
					"{'token':'%s','new_password':'brass and steam'}", old),
			   &answer),
		APP_BAD_REQUEST);
	mailbox_close(&box, &s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a letter to the new address moves it, and the old one is told",
		    a_letter_moves_it),
		ROW("S28 its code sets no password, and is left", the_code_sets_no_password),
		ROW("S30 without the password it stays", without_the_password_it_stays),
		ROW("S24 whose address another account has is told the same, its owner by letter",
		    the_owner_of_the_address_is_told),
		ROW("S24 so is who asks for that of an inactive one", an_inactive_owner_is_not),
		ROW("an address that was taken meanwhile is told, and all stays",
		    who_was_faster_has_it),
		ROW("S28 of two letters the last counts", the_last_address_counts),
		ROW("S68 of letters to one address there is one within the pause",
		    one_address_has_a_pause),
		ROW("the same address in another case is told nobody", another_case_is_told_nobody),
		ROW_OF("S28 a password that was changed meanwhile ends the code", a_change_ends_it,
		       "UPDATE users SET password_hash = 'x' WHERE id = 2"),
		ROW_OF("so does another e-mail", a_change_ends_it,
		       "UPDATE users SET email = 'new@x.example', email_key = 'new@x.example'"
		       " WHERE id = 2"),
		ROW_OF("so does an account that is switched off", a_change_ends_it,
		       "UPDATE users SET is_active = FALSE WHERE id = 2"),
		ROW_OF("and one that is gone", a_change_ends_it, "DELETE FROM users WHERE id = 2"),
		ROW("S28 a code for a password that went to the old address ends",
		    it_ends_a_code_for_a_password),
		CASE("nobody has no e-mail to change", AS_NOBODY, &accounts_move, "{}",
		     APP_UNAUTHENTICATED, "Not authenticated"),
	};
	return store_run("modules/accounts/move", rows, COUNT_OF(rows), NULL, NULL);
}
