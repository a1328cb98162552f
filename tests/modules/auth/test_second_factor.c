/*
 * The second factor from its first code to its end: which codes are taken when, how often wrong
 * ones are looked at, and what a sign-in asks for.
 */
/* threaded */
#include "modules/auth/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "core/app.h"
#include "core/audit.h"
#include "core/security.h"
#include "core/totp.h"
#include "modules/auth/factor.h"
#include "modules/auth/step_up.h"
#include "modules/users.h"
#include "testing/mailbox.h"
#include "testing/store.h"

#define PASSWORD "'current_password':'" ADA_PASSWORD "'"
#define LOGIN "{'login':'ada','password':'" ADA_PASSWORD "'}"
#define NOT_RIGHT "This code is not right, or was used"
#define OVER "This sign-in is over: begin again with the password"
#define FAULT(field, text) \
	"[{'type':'value_error','loc':['body','" field "'],'msg':'Value error, " text \
	"','ctx':{'error':{}}}]"

struct factored {
	struct stage s;
	struct mailbox box;
	struct totp_secret secret;
	/* that the device shows: arguments are made in any order, and some forget the arena */
	char code[TOTP_CODE_ROOM];
	/* of the answer that turned it on */
	char paper[FACTOR_PAPERS][TOTP_PAPER_ROOM];
};

static const char *code_at(struct factored *f, int64_t steps)
{
	totp_code(&f->secret, f->s.clock.us / SECONDS_US(TOTP_STEP_S) + steps, f->code);
	return f->code;
}

/* The next code of the device: one that was not used. */
static const char *next_code(struct factored *f)
{
	f->s.clock.us += SECONDS_US(TOTP_STEP_S);
	return code_at(f, 0);
}

static const char *with_code(struct factored *f, const char *before, const char *code)
{
	return arena_printf(f->s.scene.c.arena, "{%s'code':'%s'}", before, code);
}

/* What the device has after it has read the secret. */
static void read_secret(struct factored *f)
{
	char sealed[TOTP_SEALED_ROOM];
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	stage_ok(&f->s, db_query_first(&f->s.scene.c, "SELECT secret FROM second_factors", BIND(),
				       &rows, &has_row));
	assert_true(has_row);
	snprintf(sealed, sizeof(sealed), "%s", db_column_text(&rows, 0, NULL));
	assert_true(totp_open(f->s.scene.app.security, ADA_ID, sealed, &f->secret));
}

static void begin(struct factored *f)
{
	char text[TOTP_SECRET_ROOM];
	const char *answer = stage_call_ok(&f->s, AS_ADA, &auth_begin_factor, "{" PASSWORD "}");
	read_secret(f);
	totp_text(&f->secret, text);
	assert_non_null(strstr(answer, arena_printf(f->s.scene.c.arena, "{'secret':'%s',", text)));
}

static void keep_paper(struct factored *f, const char *answer)
{
	assert_int_equal(strncmp(answer, "{'recovery_codes':['", 20), 0);
	answer += 20;
	for (int i = 0; i < FACTOR_PAPERS; i++, answer += TOTP_PAPER_ROOM - 1 + 3)
		snprintf(f->paper[i], TOTP_PAPER_ROOM, "%s", answer);
	assert_string_equal(answer - 3, "']}");
}

static void open_factored(struct factored *f)
{
	stage_open_empty(&f->s,
			 (const char *const[]){ "auth.hash_memory_kib=1024", "auth.hash_passes=1",
						"limits.apply=on", NULL });
	stage_call_ok(&f->s, AS_SYSTEM, &users_create,
		      "{'username':'root','email':'root@example.com','is_superuser':true,"
		      "'password':'" ROOT_PASSWORD "'}");
	stage_call_ok(&f->s, AS_SYSTEM, &users_create,
		      "{'username':'ada','email':'ada@example.com',"
		      "'password':'" ADA_PASSWORD "'}");
	mailbox_open(&f->box, &f->s);
}

static void turn_on(struct factored *f)
{
	begin(f);
	keep_paper(f, stage_call_ok(&f->s, AS_ADA, &auth_confirm_factor,
				    with_code(f, "", code_at(f, 0))));
}

static void open_on(struct factored *f)
{
	open_factored(f);
	turn_on(f);
}

/* The mfa_token of a sign-in whose password was right. */
static const char *first_step(struct factored *f)
{
	const char *answer;
	scene_next(&f->s.scene);
	assert_int_equal(stage_call(&f->s, AS_NOBODY, &auth_login, LOGIN, &answer),
			 APP_UNAUTHENTICATED);
	assert_string_equal(ctx_failure_code(&f->s.scene.c, APP_UNAUTHENTICATED), "mfa_required");
	assert_non_null(f->s.scene.c.failure.mfa_token);
	return arena_printf(f->s.scene.c.arena, "'mfa_token':'%s',",
			    f->s.scene.c.failure.mfa_token);
}

static void second_is(struct factored *f, const char *token, const char *code, enum app_err want,
		      const char *text)
{
	const char *answer;
	enum app_err err = stage_call(&f->s, AS_NOBODY, &auth_second_step,
				      with_code(f, token, code), &answer);
	assert_string_equal(app_err_slug(err), app_err_slug(want));
	if (err)
		assert_string_equal(answer, text);
	else
		assert_int_equal(strncmp(answer, "{'access_token':'", 17), 0);
}

static void is_let_in(struct factored *f, const char *token, const char *code)
{
	second_is(f, token, code, APP_OK, NULL);
}

static void is_refused(struct factored *f, const char *token, const char *code)
{
	second_is(f, token, code, APP_UNAUTHENTICATED, NOT_RIGHT);
}

static void is_over(struct factored *f, const char *token, const char *code)
{
	second_is(f, token, code, APP_UNAUTHENTICATED, OVER);
}

/* ---- turning it on ---- */

static void a_password_begins_it(void **state)
{
	(void)state;
	struct factored f;
	open_factored(&f);
	stage_expect(&f.s, &(struct stage_case){
				   AS_ADA, &auth_begin_factor, "{'current_password':'another one'}",
				   APP_INVALID,
				   FAULT("current_password", "this is not the current password") });
	assert_int_equal(stage_int(&f.s, "SELECT count(*) FROM second_factors"), 0);
	begin(&f);
	mailbox_close(&f.box, &f.s);
}

static void nothing_is_asked_before_a_code(void **state)
{
	(void)state;
	struct factored f;
	open_factored(&f);
	begin(&f);
	stage_expect(&f.s, &(struct stage_case){ AS_ADA, &auth_get_factor, "{}", APP_OK,
						 "{'is_on':false,'confirmed_at':null,"
						 "'recovery_codes_left':0}" });
	stage_expect(&f.s, &(struct stage_case){ AS_ADA, &auth_confirm_factor,
						 "{'code':'ABCDEFGH2345ZZZZ'}", APP_FORBIDDEN,
						 NOT_RIGHT });
	stage_call_ok(&f.s, AS_NOBODY, &auth_login, LOGIN);
	/* one that was begun anew is another */
	struct totp_secret before = f.secret;
	begin(&f);
	assert_memory_not_equal(&before, &f.secret, sizeof(before));
	mailbox_close(&f.box, &f.s);
}

static void a_code_turns_it_on(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	stage_expect(&f.s, &(struct stage_case){ AS_ADA, &auth_get_factor, "{}", APP_OK,
						 "{'is_on':true,"
						 "'confirmed_at':'2026-01-02T03:04:05Z',"
						 "'recovery_codes_left':10}" });
	stage_expect(&f.s, &(struct stage_case){
				   AS_ADA, &auth_begin_factor, "{" PASSWORD "}", APP_CONFLICT,
				   "A second factor is on already: turn it off first" });
	mailbox_close(&f.box, &f.s);
}

static void nothing_is_kept_as_it_is(void **state)
{
	(void)state;
	struct factored f;
	char text[TOTP_SECRET_ROOM];
	open_on(&f);
	totp_text(&f.secret, text);
	assert_int_equal(stage_int(&f.s, "SELECT count(*) FROM recovery_codes"), FACTOR_PAPERS);
	assert_int_equal(stage_int(&f.s, arena_printf(f.s.scene.c.arena,
						      "SELECT count(*) FROM audit WHERE change LIKE"
						      " '%%%s%%' OR change LIKE '%%%s%%'",
						      code_at(&f, 0), text)),
			 0);
	mailbox_close(&f.box, &f.s);
}

/* ---- signing in ---- */

static void a_code_signs_in(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	const char *token = first_step(&f);
	is_let_in(&f, token, next_code(&f));
	mailbox_close(&f.box, &f.s);
}

static void the_grant_asks_too(void **state)
{
	(void)state;
	struct factored f;
	const char *answer;
	open_on(&f);
	enum app_err err = stage_call(&f.s, AS_NOBODY, &auth_token,
				      "{'username':'ada','password':'" ADA_PASSWORD "'}", &answer);
	assert_int_equal(err, APP_BAD_REQUEST);
	assert_string_equal(ctx_failure_code(&f.s.scene.c, err), "mfa_required");
	assert_non_null(f.s.scene.c.failure.mfa_token);
	err = stage_call(&f.s, AS_NOBODY, &auth_login_form,
			 "{'username':'ada','password':'" ADA_PASSWORD "'}", &answer);
	assert_int_equal(err, APP_UNAUTHENTICATED);
	assert_string_equal(ctx_failure_code(&f.s.scene.c, err), "mfa_required");
	mailbox_close(&f.box, &f.s);
}

static void a_wrong_password_is_told_as_ever(void **state)
{
	(void)state;
	struct factored f;
	const char *answer;
	open_on(&f);
	assert_int_equal(stage_call(&f.s, AS_NOBODY, &auth_login,
				    "{'login':'ada','password':'a wrong password'}", &answer),
			 APP_UNAUTHENTICATED);
	assert_string_equal(answer, "Incorrect username or password");
	assert_null(f.s.scene.c.failure.mfa_token);
	assert_int_equal(stage_int(&f.s, "SELECT count(*) FROM one_time_tokens"), 0);
	mailbox_close(&f.box, &f.s);
}

static void a_code_is_good_once(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	/* the one that turned it on, too */
	is_refused(&f, first_step(&f), code_at(&f, 0));
	is_let_in(&f, first_step(&f), next_code(&f));
	is_refused(&f, first_step(&f), code_at(&f, 0));
	is_refused(&f, first_step(&f), code_at(&f, -1));
	is_let_in(&f, first_step(&f), code_at(&f, 1));
	mailbox_close(&f.box, &f.s);
}

/* In a ring of our own, which nobody writes. */
static void a_wrong_code_is_noted(void **state)
{
	(void)state;
	struct factored f;
	int64_t dropped;
	open_on(&f);
	struct audit_notes *notes = f.s.scene.app.audit_notes = audit_notes_new();
	const char *token = first_step(&f);
	assert_int_equal(audit_notes_count(notes, &dropped), 0);
	is_refused(&f, token, code_at(&f, 0));
	assert_int_equal(audit_notes_count(notes, &dropped), 1);
	is_let_in(&f, token, next_code(&f));
	assert_int_equal(audit_notes_count(notes, &dropped), 1);
	f.s.scene.app.audit_notes = NULL;
	audit_notes_drop(notes);
	mailbox_close(&f.box, &f.s);
}

static void a_recovery_code_is_good_once(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	is_let_in(&f, first_step(&f), f.paper[3]);
	is_refused(&f, first_step(&f), f.paper[3]);
	is_let_in(&f, first_step(&f), f.paper[4]);
	assert_int_equal(stage_int(&f.s, "SELECT count(*) FROM recovery_codes"
					 " WHERE used_at IS NULL"),
			 8);
	mailbox_close(&f.box, &f.s);
}

static void a_sign_in_is_good_once(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	const char *token = first_step(&f);
	is_let_in(&f, token, next_code(&f));
	is_over(&f, token, next_code(&f));
	is_over(&f, "'mfa_token':'abc',", next_code(&f));
	mailbox_close(&f.box, &f.s);
}

static void a_sign_in_ends_by_itself(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	const char *token = first_step(&f);
	f.s.clock.us += SECONDS_US(5 * 60);
	is_over(&f, token, code_at(&f, 0));
	mailbox_close(&f.box, &f.s);
}

static void a_change_of_the_account_ends_it(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	const char *token = first_step(&f);
	stage_exec(&f.s, "UPDATE users SET token_version = token_version + 1 WHERE id = 2");
	is_over(&f, token, next_code(&f));
	token = first_step(&f);
	stage_exec(&f.s, "UPDATE users SET is_active = false WHERE id = 2");
	is_over(&f, token, next_code(&f));
	mailbox_close(&f.box, &f.s);
}

static void ten_wrong_codes_are_looked_at(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	const char *token = first_step(&f);
	for (int i = 0; i < 10; i++)
		is_refused(&f, token, "ABCDEFGH2345ZZZZ");
	is_over(&f, token, next_code(&f));
	second_is(&f, first_step(&f), next_code(&f), APP_TOO_MANY,
		  "Too many wrong codes; try again in 300 seconds");
	f.s.clock.us += SECONDS_US(300);
	is_let_in(&f, first_step(&f), code_at(&f, 0));
	/* a right one has the others forgotten */
	for (int i = 0; i < 10; i++)
		is_refused(&f, first_step(&f), "000000");
	mailbox_close(&f.box, &f.s);
}

static void another_secret_leaves_the_paper(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	stage_exec(&f.s, "UPDATE second_factors SET secret = 'AAAA'");
	is_refused(&f, first_step(&f), next_code(&f));
	is_let_in(&f, first_step(&f), f.paper[0]);
	mailbox_close(&f.box, &f.s);
}

/* ---- turning it off ---- */

static const char *proof(struct factored *f, const char *code)
{
	return with_code(f, PASSWORD ",", code);
}

static void it_ends_with_a_code(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	stage_expect(&f.s, &(struct stage_case){ AS_ADA, &auth_end_factor, proof(&f, "000000"),
						 APP_FORBIDDEN, NOT_RIGHT });
	stage_call_ok(&f.s, AS_ADA, &auth_end_factor, proof(&f, next_code(&f)));
	stage_call_ok(&f.s, AS_NOBODY, &auth_login, LOGIN);
	assert_int_equal(stage_int(&f.s, "SELECT count(*) FROM recovery_codes"), 0);
	/* and may begin again */
	turn_on(&f);
	mailbox_close(&f.box, &f.s);
}

static void new_paper_ends_the_old(void **state)
{
	(void)state;
	struct factored f;
	char old[TOTP_PAPER_ROOM];
	open_on(&f);
	memcpy(old, f.paper[0], sizeof(old));
	keep_paper(&f,
		   stage_call_ok(&f.s, AS_ADA, &auth_print_recovery_codes, proof(&f, f.paper[1])));
	is_refused(&f, first_step(&f), old);
	is_let_in(&f, first_step(&f), f.paper[0]);
	mailbox_close(&f.box, &f.s);
}

/* With all that a sign-in asks for. */
static void a_proof_takes_a_code(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	stage_expect(&f.s,
		     &(struct stage_case){
			     AS_ADA, &auth_prove_again, "{" PASSWORD "}", APP_INVALID,
			     FAULT("code", "this account has a second factor: send a code, too") });
	assert_string_equal(ctx_failure_code(&f.s.scene.c, APP_INVALID), "mfa_required");
	stage_expect(&f.s, &(struct stage_case){ AS_ADA, &auth_prove_again, proof(&f, "000000"),
						 APP_FORBIDDEN, NOT_RIGHT });
	f.s.clock.us += SECONDS_US(3600);
	const char *code = proof(&f, next_code(&f));
	stage_expect(&f.s, &(struct stage_case){
				   AS_ADA, &auth_prove_again,
				   with_code(&f, "'current_password':'another one',", f.code),
				   APP_INVALID,
				   FAULT("current_password", "this is not the current password") });
	assert_true(stage_actor(&f.s.scene.c, AS_ADA).proven_us < f.s.clock.us);
	stage_call_ok(&f.s, AS_ADA, &auth_prove_again, code);
	assert_int_equal(stage_actor(&f.s.scene.c, AS_ADA).proven_us, f.s.clock.us);
	/* once */
	stage_expect(&f.s, &(struct stage_case){ AS_ADA, &auth_prove_again, proof(&f, f.code),
						 APP_FORBIDDEN, NOT_RIGHT });
	mailbox_close(&f.box, &f.s);
}

static void it_can_be_ended_for_others(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	stage_expect(&f.s, &(struct stage_case){ AS_ADA, &auth_end_factor_of, "{'login':'ada'}",
						 APP_FORBIDDEN, "Only a superuser may do this" });
	stage_call_ok(&f.s, AS_ROOT, &auth_end_factor_of, "{'login':'ADA@example.com'}");
	stage_call_ok(&f.s, AS_NOBODY, &auth_login, LOGIN);
	stage_expect(&f.s, &(struct stage_case){ AS_ROOT, &auth_end_factor_of, "{'login':'ada'}",
						 APP_NOT_FOUND, "There is no second factor" });
	mailbox_close(&f.box, &f.s);
}

static void it_can_be_ended_by_id(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	stage_expect(&f.s, &(struct stage_case){
				   AS_ROOT, &auth_reset_factor, "{'user_id':1}", APP_CONFLICT,
				   "You turn off your own with your password and a code" });
	stage_expect(&f.s, &(struct stage_case){ AS_ROOT, &auth_reset_factor, "{'user_id':99}",
						 APP_NOT_FOUND, "User not found" });
	stage_call_ok(&f.s, AS_ROOT, &auth_reset_factor, "{'user_id':2}");
	stage_call_ok(&f.s, AS_NOBODY, &auth_login, LOGIN);
	stage_expect(&f.s, &(struct stage_case){ AS_ROOT, &auth_reset_factor, "{'user_id':2}",
						 APP_NOT_FOUND, "There is no second factor" });
	mailbox_close(&f.box, &f.s);
}

static void a_set_password_leaves_it_on(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	stage_call_ok(&f.s, AS_SYSTEM, &users_set_password,
		      "{'login':'ada','password':'" ADA_PASSWORD "'}");
	is_let_in(&f, first_step(&f), next_code(&f));
	mailbox_close(&f.box, &f.s);
}

static void it_goes_with_its_account(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	stage_exec(&f.s, "DELETE FROM users WHERE id = 2");
	assert_int_equal(stage_int(&f.s, "SELECT (SELECT count(*) FROM second_factors)"
					 " + (SELECT count(*) FROM recovery_codes)"),
			 0);
	mailbox_close(&f.box, &f.s);
}

/* ---- the owner is told by letter ---- */

/* So many have come since the last time; the last of them says that. */
static void is_told(struct factored *f, int count, const char *subject)
{
	assert_int_equal(mailbox_count(&f->box), count);
	const struct letter *letter = mailbox_last(&f->box);
	assert_string_equal(letter->to, "ada@example.com");
	assert_string_equal(letter->subject, subject);
	assert_non_null(strstr(letter->text, "the account ada of croft"));
}

#define TURNED_ON "Signing in to croft takes a code now"
#define TURNED_OFF "Signing in to croft takes no code any more"
#define PAPER_USED "A recovery code for croft was used"
#define PAPER_DRAWN "There are new recovery codes for croft"

static void is_told_of_its_life(void **state)
{
	(void)state;
	struct factored f;
	open_factored(&f);
	begin(&f);
	stage_expect(&f.s, &(struct stage_case){ AS_ADA, &auth_confirm_factor, "{'code':'none'}",
						 APP_FORBIDDEN, NOT_RIGHT });
	assert_int_equal(mailbox_count(&f.box), 0);
	turn_on(&f);
	is_told(&f, 1, TURNED_ON);
	stage_call_ok(&f.s, AS_ADA, &auth_print_recovery_codes, proof(&f, next_code(&f)));
	is_told(&f, 2, PAPER_DRAWN);
	stage_expect(&f.s, &(struct stage_case){ AS_ADA, &auth_end_factor, proof(&f, "000000"),
						 APP_FORBIDDEN, NOT_RIGHT });
	assert_int_equal(mailbox_count(&f.box), 2);
	stage_call_ok(&f.s, AS_ADA, &auth_end_factor, proof(&f, next_code(&f)));
	is_told(&f, 3, TURNED_OFF);
	mailbox_close(&f.box, &f.s);
}

static void is_told_of_paper(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	is_let_in(&f, first_step(&f), next_code(&f));
	is_refused(&f, first_step(&f), "ABCDEFGH2345ZZZZ");
	is_told(&f, 1, TURNED_ON);
	is_let_in(&f, first_step(&f), f.paper[2]);
	is_told(&f, 2, PAPER_USED);
	is_refused(&f, first_step(&f), f.paper[2]);
	assert_int_equal(mailbox_count(&f.box), 2);
	mailbox_close(&f.box, &f.s);
}

static void is_told_when_others_end_it(void **state)
{
	(void)state;
	struct factored f;
	open_on(&f);
	stage_call_ok(&f.s, AS_SYSTEM, &auth_end_factor_of, "{'login':'ada'}");
	is_told(&f, 2, TURNED_OFF);
	turn_on(&f);
	stage_call_ok(&f.s, AS_ROOT, &auth_reset_factor, "{'user_id':2}");
	is_told(&f, 4, TURNED_OFF);
	mailbox_close(&f.box, &f.s);
}

static void goes_on_without_mail(void **state)
{
	(void)state;
	struct factored f;
	open_factored(&f);
	f.box.mailer.send = NULL;
	turn_on(&f);
	is_let_in(&f, first_step(&f), f.paper[0]);
	stage_call_ok(&f.s, AS_SYSTEM, &auth_end_factor_of, "{'login':'ada'}");
	mailbox_close(&f.box, &f.s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("S30 a password begins a second factor", a_password_begins_it),
		ROW("a sign-in asks for nothing before the first code",
		    nothing_is_asked_before_a_code),
		ROW("the first code turns it on", a_code_turns_it_on),
		ROW("S65 neither codes nor secret are in the audit", nothing_is_kept_as_it_is),
		ROW("a code signs in", a_code_signs_in),
		ROW("the password grant and forms ask for it too", the_grant_asks_too),
		ROW("a wrong password is told as ever", a_wrong_password_is_told_as_ever),
		ROW("S30 a code is taken once, and none from before it", a_code_is_good_once),
		ROW("S66 a wrong code is noted for the audit", a_wrong_code_is_noted),
		ROW("S30 a recovery code is taken once", a_recovery_code_is_good_once),
		ROW("S30 a sign-in is finished once", a_sign_in_is_good_once),
		ROW("S30 a sign-in is over after five minutes", a_sign_in_ends_by_itself),
		ROW("S30 a sign-in is over when the account has changed",
		    a_change_of_the_account_ends_it),
		ROW("S30 ten wrong codes are looked at, and then none",
		    ten_wrong_codes_are_looked_at),
		ROW("recovery codes are good without the device's secret",
		    another_secret_leaves_the_paper),
		ROW("S30 it is turned off with password and code", it_ends_with_a_code),
		ROW("S30 a proof of who one is takes password and code", a_proof_takes_a_code),
		ROW("new recovery codes end those from before", new_paper_ends_the_old),
		ROW("superusers end it for others", it_can_be_ended_for_others),
		ROW("S30 who manages accounts ends it for others, and never his own that way",
		    it_can_be_ended_by_id),
		ROW("S30 another password does not turn it off", a_set_password_leaves_it_on),
		ROW("it goes with its account", it_goes_with_its_account),
		ROW("S30 its owner is told when it is turned on and off, and of new recovery codes",
		    is_told_of_its_life),
		ROW("S30 its owner is told when a recovery code is used", is_told_of_paper),
		ROW("S30 its owner is told when others end it", is_told_when_others_end_it),
		ROW("where no mail is sent it is turned on and off all the same",
		    goes_on_without_mail),
	};
	return store_run("modules/auth/second_factor", rows, COUNT_OF(rows), NULL, NULL);
}
