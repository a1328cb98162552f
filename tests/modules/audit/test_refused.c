/* What was refused, and therefore wrote nothing, has its row all the same, a moment later. */
/* threaded */
#include "testing/stage.h"

#include <string.h>

#include "core/audit.h"
#include "core/service.h"
#include "core/ticker.h"
#include "modules/auth/internal.h"
#include "testing/await.h"
#include "testing/store.h"

static struct stage stage;

static int open_stage(void **state)
{
	(void)state;
	stage_open(&stage);
	stage_exec(&stage, "DELETE FROM audit");
	stage.scene.app.ticker = ticker_new();
	assert_non_null(stage.scene.app.ticker);
	stage_start_services(&stage, NULL);
	return 0;
}

static void stop_services(void)
{
	services_stop(&stage.scene.c, stage.scene.app.services);
	ticker_drop(stage.scene.app.ticker);
	stage.scene.app.ticker = NULL;
}

static int close_stage(void **state)
{
	(void)state;
	if (stage.scene.app.ticker)
		stop_services();
	stage_close(&stage);
	return 0;
}

#define CASE_AT(sentence, fn) \
	{ \
		sentence, fn, open_stage, close_stage, NULL \
	}

#define ROWS "SELECT count(*) FROM audit"

static void sign_in_wrongly(const char *login)
{
	const char *answer;
	const char *json = arena_printf(stage.scene.c.arena,
					"{'login':'%s','password':'CANARY of a password'}", login);
	assert_int_equal(stage_call(&stage, AS_NOBODY, &auth_login, json, &answer),
			 APP_UNAUTHENTICATED);
}

static void a_wrong_password_has_its_row(void **state)
{
	(void)state;
	sign_in_wrongly("ada");
	AWAIT(stage_int(&stage, ROWS) == 1);
	assert_int_equal(stage_int(&stage, ROWS " WHERE operation = 'auth.login' AND outcome = "
						"'unauthenticated' AND actor = 'anonymous' AND "
						"subject = 'users' AND subject_id = 2 AND user_id "
						"IS NULL AND change IS NULL"),
			 1);
}

/* Of who is signed in: a token that was found may be who tries. */
static void a_wrong_current_password_has_its_row(void **state)
{
	const char *answer;
	(void)state;
	assert_int_equal(stage_call(&stage, AS_ADA, &auth_begin_factor,
				    "{'current_password':'CANARY of a password'}", &answer),
			 APP_INVALID);
	AWAIT(stage_int(&stage, ROWS) == 1);
	assert_int_equal(stage_int(&stage, ROWS " WHERE operation = 'auth.begin_factor' AND "
						"outcome = 'unauthenticated' AND actor = 'user' "
						"AND subject = 'users' AND subject_id = 2 AND "
						"user_id = 2 AND change IS NULL"),
			 1);
}

/* What was typed there may be a password. */
static void an_unknown_login_is_not_told(void **state)
{
	(void)state;
	sign_in_wrongly("CANARY");
	AWAIT(stage_int(&stage, ROWS) == 1);
	assert_int_equal(stage_int(&stage, ROWS " WHERE subject = 'users' AND subject_id IS NULL"),
			 1);
}

static void note_so_many(int count)
{
	struct ctx *c = &stage.scene.c;
	const struct client client = { .address = "192.0.2.7" };
	c->actor = stage_actors[AS_ADA];
	c->client = &client;
	c->request_id = "a request";
	for (int i = 0; i < count; i++)
		audit_note(c, "test.note", APP_FORBIDDEN, (struct touched){ "posts", i + 1 });
	c->client = NULL;
	c->request_id = NULL;
}

static void a_note_says_all(void **state)
{
	(void)state;
	note_so_many(1);
	AWAIT(stage_int(&stage, ROWS) == 1);
	assert_int_equal(stage_int(&stage, ROWS " WHERE operation = 'test.note' AND outcome = "
						"'forbidden' AND actor = 'user' AND user_id = 2 "
						"AND address = '192.0.2.7' AND request_id = "
						"'a request' AND subject = 'posts' AND subject_id "
						"= 1 AND at > 0"),
			 1);
}

static void many_are_written_in_order(void **state)
{
	(void)state;
	note_so_many(1000);
	AWAIT(stage_int(&stage, ROWS) == 1000);
	assert_int_equal(stage_int(&stage, ROWS " AS a WHERE subject_id <> (SELECT count(*) FROM "
						"audit AS b WHERE b.id <= a.id)"),
			 0);
}

static void a_stop_writes_the_last(void **state)
{
	(void)state;
	note_so_many(300);
	stop_services();
	assert_int_equal(stage_int(&stage, ROWS), 300);
	/* nobody keeps any now */
	note_so_many(1);
	assert_int_equal(stage_int(&stage, ROWS), 300);
}

/* A ring of our own, which nobody writes. */
static void too_many_are_counted(void **state)
{
	(void)state;
	struct audit_notes *before = stage.scene.app.audit_notes;
	struct audit_notes *notes = audit_notes_new();
	int64_t dropped;
	stage.scene.app.audit_notes = notes;
	note_so_many(AUDIT_NOTES_MAX + 5);
	assert_int_equal(audit_notes_count(notes, &dropped), AUDIT_NOTES_MAX);
	assert_int_equal(dropped, 5);
	audit_notes_forget(notes, 10);
	note_so_many(11);
	assert_int_equal(audit_notes_count(notes, &dropped), AUDIT_NOTES_MAX);
	assert_int_equal(dropped, 1);
	stage.scene.app.audit_notes = before;
	audit_notes_drop(notes);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE_AT("S66 a wrong password has its row", a_wrong_password_has_its_row),
		CASE_AT("S66 a wrong current password has its row",
			a_wrong_current_password_has_its_row),
		CASE_AT("S65 what was typed as a login is in none", an_unknown_login_is_not_told),
		CASE_AT("S66 what was denied says whom, what and from where", a_note_says_all),
		CASE_AT("many are written in order, some at a time", many_are_written_in_order),
		CASE_AT("what waits when the server stops is written", a_stop_writes_the_last),
		CASE_AT("more than there is room for are counted", too_many_are_counted),
	};
	return store_run("modules/audit/refused", rows, COUNT_OF(rows), NULL, NULL);
}
