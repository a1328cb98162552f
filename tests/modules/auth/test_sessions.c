/* Sessions as people see them: where they are signed in, and signing out. */
#include <stdio.h>
#include <string.h>

#include "modules/auth/internal.h"
#include "modules/users.h"
#include "testing/stage.h"
#include "testing/store.h"

#define LOGIN "{'login':'ada','password':'" ADA_PASSWORD "'}"
#define GONE "Session not found"

/* The id of the newest. */
static int64_t sign_in(struct stage *s)
{
	stage_call_ok(s, AS_NOBODY, &auth_login, LOGIN);
	return stage_int(s, "SELECT max(id) FROM sessions");
}

/* As ada, of that session; of an account's newest it is stage_call_ok(). */
static struct actor ada_in(struct stage *s, int64_t session_id)
{
	struct actor actor = stage_actor(&s->scene.c, AS_ADA);
	actor.session_id = session_id;
	return actor;
}

static int64_t live(struct stage *s)
{
	return stage_int(s, "SELECT count(*) FROM sessions WHERE ended_at IS NULL");
}

static const char *of(struct stage *s, const char *name, int64_t id)
{
	return arena_printf(s->scene.c.arena, "{'%s':%lld}", name, (long long)id);
}

static void is_shown(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	sign_in(&s);
	s.clock.us += SECONDS_US(60);
	s.scene.c.client = &(struct client){ "192.0.2.7", 0, "a browser" };
	sign_in(&s);
	assert_string_equal(
		stage_call_ok(&s, AS_ADA, &auth_list_sessions, "{}"),
		"{'sessions':[{'id':2,'agent':'a browser','address':'192.0.2.7',"
		"'created_at':'2026-01-02T03:05:05Z','last_seen_at':'2026-01-02T03:05:05Z',"
		"'expires_at':'2026-01-09T03:05:05Z','is_current':true},"
		"{'id':1,'agent':null,'address':'','created_at':'2026-01-02T03:04:05Z',"
		"'last_seen_at':'2026-01-02T03:04:05Z','expires_at':'2026-01-09T03:04:05Z',"
		"'is_current':false}]}");
	stage_close(&s);
}

/* What has ended, is over, or lives by another version; and what is another's. */
static void shows_those_that_live(void **state)
{
	const char *change = *state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	sign_in(&s);
	stage_exec(&s, change);
	answer = stage_call_ok(&s, AS_ROOT, &auth_list_sessions_of, "{'user_id':2}");
	assert_string_equal(answer, "{'sessions':[]}");
	stage_close(&s);
}

static enum app_err run(struct ctx *c, const struct operation *op, void *in)
{
	struct nothing out;
	struct op_call call = { .c = c, .op = op, .in = in, .out = &out };
	return op_call_run(&call);
}

static void ends_the_other(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	int64_t there = sign_in(&s), here = sign_in(&s);
	struct ctx *c = &s.scene.c;
	c->actor = ada_in(&s, here);
	stage_ok(&s, run(c, &auth_end_session, &(struct auth_session_ref){ there }));
	assert_int_equal(live(&s), 1);
	/* which is over for good */
	assert_int_equal(run(c, &auth_end_session, &(struct auth_session_ref){ there }),
			 APP_NOT_FOUND);
	assert_string_equal(ctx_failure_text(c, APP_NOT_FOUND), GONE);
	ctx_recover(c);
	c->actor = ada_in(&s, there);
	assert_int_equal(run(c, &auth_end_session, &(struct auth_session_ref){ here }),
			 APP_UNAUTHENTICATED);
	ctx_recover(c);
	assert_int_equal(live(&s), 1);
	stage_close(&s);
}

static void ends_none_of_others(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	int64_t hers = sign_in(&s);
	assert_int_equal(
		stage_call(&s, AS_ROOT, &auth_end_session, of(&s, "session_id", hers), &answer),
		APP_NOT_FOUND);
	assert_string_equal(answer, GONE);
	ctx_recover(&s.scene.c);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions WHERE user_id = 2"
				       " AND ended_at IS NULL"),
			 1);
	stage_close(&s);
}

static void ends_all_of_ones_own(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	stage_actor(&s.scene.c, AS_ROOT);
	for (int i = 0; i < 3; i++)
		sign_in(&s);
	assert_int_equal(live(&s), 4);
	stage_call_ok(&s, AS_ADA, &auth_logout_all, "{}");
	assert_int_equal(live(&s), 1);
	assert_int_equal(stage_int(&s, "SELECT user_id FROM sessions WHERE ended_at IS NULL"), 1);
	stage_close(&s);
}

static void who_manages_ends_all_of_an_account(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	sign_in(&s);
	sign_in(&s);
	stage_call_ok(&s, AS_ROOT, &auth_end_sessions_of, "{'user_id':2}");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions WHERE user_id = 2"
				       " AND ended_why = 'manager'"),
			 2);
	assert_int_equal(live(&s), 1);
	stage_close(&s);
}

static void nobody_else_does(void **state)
{
	const struct operation *op = *state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	assert_int_equal(stage_call(&s, AS_ADA, op, "{'user_id':1}", &answer), APP_FORBIDDEN);
	ctx_recover(&s.scene.c);
	stage_close(&s);
}

#define NO_USER "User not found"
#define OF_77 "{'user_id':77}"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("sessions say what signed in, where from and when, newest first", is_shown),
		ROW_OF("one that has ended is not shown", shows_those_that_live,
		       "UPDATE sessions SET ended_at = 1"),
		ROW_OF("one that is over is not shown", shows_those_that_live,
		       "UPDATE sessions SET over_at = 1"),
		ROW_OF("one that another password has ended is not shown", shows_those_that_live,
		       "UPDATE users SET token_version = 9 WHERE id = 2"),
		ROW_OF("one of an account that is deactivated is not shown", shows_those_that_live,
		       "UPDATE users SET is_active = FALSE WHERE id = 2"),
		ROW_OF("one of another account is not shown", shows_those_that_live,
		       "UPDATE sessions SET user_id = 1"),
		ROW("S13 signing out elsewhere ends that session, at once", ends_the_other),
		ROW("S13 nobody ends the session of another account", ends_none_of_others),
		ROW("S13 signing out everywhere ends all of one's own", ends_all_of_ones_own),
		ROW("S13 who manages accounts ends all of one", who_manages_ends_all_of_an_account),
		ROW_OF("nobody else sees them", nobody_else_does, &auth_list_sessions_of),
		ROW_OF("nobody else ends them", nobody_else_does, &auth_end_sessions_of),
		CASE("there are none of no account", AS_ROOT, &auth_list_sessions_of, OF_77,
		     APP_NOT_FOUND, NO_USER),
		CASE("there are none to end, either", AS_ROOT, &auth_end_sessions_of, OF_77,
		     APP_NOT_FOUND, NO_USER),
	};
	return store_run("modules/auth/sessions", rows, COUNT_OF(rows), NULL, NULL);
}
