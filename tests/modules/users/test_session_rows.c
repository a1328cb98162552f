/* Sessions: whom a token stands for, how many there are at once, and what is kept of them. */
#include <string.h>

#include "fixture.h"
#include "modules/users/internal.h"
#include "testing/store.h"

/* ---- the actor behind a token ---- */

struct actor_case {
	const char *change;
	int64_t id, version;
	enum app_err err;
	bool is_superuser;
	/* with it */
	const char *session_change;
	/* the session is of this account; 0: of the one who is asked for */
	int64_t session_of;
};

static int64_t session_of(struct stage *s, int64_t user_id)
{
	const struct actor user = { .kind = ACTOR_USER, .user_id = user_id };
	return stage_signed_in(&s->scene.c, user).session_id;
}

static void makes_actor(void **state)
{
	const struct actor_case *want = *state;
	struct stage s;
	stage_open(&s);
	const struct user_claim claim = { want->id, want->version,
					  session_of(&s, want->session_of ? want->session_of
									  : want->id) };
	if (want->change)
		stage_exec(&s, want->change);
	if (want->session_change)
		stage_exec(&s, want->session_change);
	struct actor actor = { 0 };
	assert_int_equal(users_actor(&s.scene.c, claim, &actor), want->err);
	assert_int_equal(actor.kind, want->err ? ACTOR_ANONYMOUS : ACTOR_USER);
	if (!want->err) {
		assert_int_equal(actor.user_id, want->id);
		assert_int_equal(actor.session_id, claim.session_id);
		assert_int_equal(actor.is_superuser, want->is_superuser);
	}
	stage_close(&s);
}

/* ---- beginning ---- */

static const struct user_session_rules rules = { .idle_us = 7 * DAY_US,
						 .lifetime_us = 30 * DAY_US,
						 .most = 3 };

struct start {
	const struct user_session_rules *rules;
	int64_t version;
	struct user_session session;
};

static enum app_err start(struct ctx *c, void *arg)
{
	struct start *it = arg;
	return users_session_start(c, ADA_ID, it->version, it->rules, &it->session);
}

static struct user_session begin(struct stage *s)
{
	struct start it = { &rules, .version = 1 };
	stage_ok(s, db_write(&s->scene.c, start, &it));
	return it.session;
}

/* As of then, whatever comes after. */
static void says_when_it_was_proven(void **state)
{
	(void)state;
	struct stage s;
	struct actor actor = { 0 };
	stage_open(&s);
	int64_t then_us = s.clock.us;
	const struct user_claim claim = { ADA_ID, 1, begin(&s).id };
	s.clock.us += SECONDS_US(60);
	stage_ok(&s, users_actor(&s.scene.c, claim, &actor));
	assert_int_equal(actor.proven_us, then_us);
	stage_close(&s);
}

static void says_who_and_when(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	s.scene.c.client = &(struct client){ "192.0.2.7", 0, "a browser" };
	struct user_session session = begin(&s);
	assert_int_equal(session.user_id, ADA_ID);
	assert_int_equal(session.generation, 0);
	assert_int_equal(strlen(session.seed), 22);
	assert_string_equal(session.agent, "a browser");
	assert_string_equal(session.address, "192.0.2.7");
	assert_int_equal(session.created_at.us, s.clock.us);
	assert_int_equal(session.seen_at.us, s.clock.us);
	assert_int_equal(session.over_at.us, s.clock.us + 7 * DAY_US);
	assert_int_equal(session.expires_at.us, s.clock.us + 30 * DAY_US);
	assert_string_not_equal(begin(&s).seed, session.seed);
	stage_close(&s);
}

struct agent_case {
	const char *sent, *kept;
};

static void keeps_of_the_agent(void **state)
{
	const struct agent_case *want = *state;
	struct stage s;
	stage_open(&s);
	s.scene.c.client = &(struct client){ "", 0, want->sent };
	struct user_session session = begin(&s);
	if (want->kept)
		assert_string_equal(session.agent, want->kept);
	else
		assert_null(session.agent);
	assert_null(session.address);
	stage_close(&s);
}

static void idles_no_longer_than_it_lives(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	const struct user_session_rules odd = { 9 * DAY_US, 2 * DAY_US, 1 };
	struct start it = { &odd, .version = 1 };
	stage_ok(&s, db_write(&s.scene.c, start, &it));
	assert_int_equal(it.session.over_at.us, s.clock.us + 2 * DAY_US);
	stage_close(&s);
}

static void is_not_begun_for_another_version(void **state)
{
	struct stage s;
	stage_open(&s);
	stage_exec(&s, *state);
	struct start it = { &rules, .version = 1 };
	assert_int_equal(db_write(&s.scene.c, start, &it), APP_NOT_FOUND);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions"), 0);
	stage_close(&s);
}

/* Of another account none ends, and one that is over by itself takes no room. */
static void the_oldest_makes_room(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	int64_t other = session_of(&s, ROOT_ID);
	int64_t idle = begin(&s).id;
	s.clock.us += 7 * DAY_US;
	int64_t first = begin(&s).id;
	for (int i = 0; i < 3; i++)
		begin(&s);
	struct ctx *c = &s.scene.c;
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions WHERE ended_at IS NULL"
				       " AND user_id = 2 AND over_at > seen_at + 1000"),
			 4);
	const char *sql = "SELECT count(*) FROM sessions WHERE id = %lld AND ended_why = 'room'";
	assert_int_equal(stage_int(&s, arena_printf(c->arena, sql, (long long)first)), 1);
	assert_int_equal(stage_int(&s, arena_printf(c->arena, sql, (long long)other)), 0);
	assert_int_equal(stage_int(&s, arena_printf(c->arena, sql, (long long)idle)), 0);
	stage_close(&s);
}

static void what_is_long_over_goes(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	for (int i = 0; i < 30; i++)
		begin(&s);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions"), 30);
	s.clock.us += 14 * DAY_US;
	begin(&s);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions"), 11);
	begin(&s);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions"), 5);
	stage_close(&s);
}

/* Those that live stay, however old. */
static void not_many_are_kept(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	int64_t first = session_of(&s, ADA_ID);
	stage_exec(&s, "WITH RECURSIVE n (i) AS"
		       " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
		       " INSERT INTO sessions (user_id, token_version, user_version, seed,"
		       " proven_at, seen_at, expires_at, over_at, ended_at, created_at)"
		       " SELECT s.user_id, s.token_version, s.user_version, '', 0, 0, 0,"
		       " s.over_at, 1, 0 FROM sessions AS s CROSS JOIN n");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions"), 151);
	begin(&s);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions"), 101);
	assert_int_equal(stage_int(&s, "SELECT min(id) FROM sessions"), first);
	stage_close(&s);
}

static void goes_with_its_account(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	begin(&s);
	stage_exec(&s, "DELETE FROM users WHERE id = 2");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM sessions"), 0);
	stage_close(&s);
}

#define ACTOR(sql, who, its_version, error, super) \
	ACTOR_OF(0, .change = (sql), .id = (who), .version = (its_version), .err = (error), \
		 .is_superuser = (super))
#define ACTOR_OF(owner, ...) (&(struct actor_case){ .session_of = (owner), __VA_ARGS__ })
#define AGENT(sent, kept) (&(struct agent_case){ sent, kept })
#define TEN "abcdefghij"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("users_actor knows a user", makes_actor,
		       ACTOR(NULL, ADA_ID, 1, APP_OK, false)),
		ROW_OF("users_actor knows a superuser", makes_actor,
		       ACTOR(NULL, ROOT_ID, 1, APP_OK, true)),
		ROW_OF("users_actor refuses an older token version", makes_actor,
		       ACTOR("UPDATE users SET token_version = 2", ADA_ID, 1, APP_NOT_FOUND,
			     false)),
		ROW_OF("users_actor refuses a newer token version", makes_actor,
		       ACTOR(NULL, ADA_ID, 2, APP_NOT_FOUND, false)),
		ROW_OF("users_actor refuses an inactive account", makes_actor,
		       ACTOR("UPDATE users SET is_active = FALSE", ADA_ID, 1, APP_NOT_FOUND,
			     false)),
		ROW_OF("users_actor refuses a deleted account", makes_actor,
		       ACTOR("DELETE FROM users WHERE id = 2", ADA_ID, 1, APP_NOT_FOUND, false)),
		ROW_OF("users_actor sees a role that was taken away", makes_actor,
		       ACTOR("UPDATE users SET is_superuser = FALSE", ROOT_ID, 1, APP_OK, false)),
		ROW_OF("users_actor knows a session that lives on by another version", makes_actor,
		       ACTOR_OF(0, .change = "UPDATE users SET token_version = 2",
				.session_change = "UPDATE sessions SET user_version = 2",
				.id = ADA_ID, .version = 1)),
		ROW_OF("users_actor refuses a session that has ended", makes_actor,
		       ACTOR("UPDATE sessions SET ended_at = 1", ADA_ID, 1, APP_NOT_FOUND, false)),
		ROW_OF("users_actor refuses a session that is gone", makes_actor,
		       ACTOR("DELETE FROM sessions", ADA_ID, 1, APP_NOT_FOUND, false)),
		ROW_OF("users_actor refuses the session of another account", makes_actor,
		       ACTOR_OF(ROOT_ID, .id = ADA_ID, .version = 1, .err = APP_NOT_FOUND)),
		ROW("an actor says when he proved who he is", says_when_it_was_proven),
		ROW("a session says whose it is, from where, since when and how long",
		    says_who_and_when),
		ROW("a session idles no longer than it lives", idles_no_longer_than_it_lives),
		ROW_OF("a client need not say what it is", keeps_of_the_agent, AGENT(NULL, NULL)),
		ROW_OF("S40 control characters of a User-Agent are not kept", keeps_of_the_agent,
		       AGENT("a\tb\x1b[31m\xe2\x80\xa8 c\xc3\xa9\xff", "ab[31m c\xc3\xa9")),
		ROW_OF("a User-Agent of nothing else is none", keeps_of_the_agent,
		       AGENT("\x01\x02", NULL)),
		ROW_OF("a long User-Agent is cut at a letter", keeps_of_the_agent,
		       AGENT(HUNDRED HUNDRED "\xc3\xa9", HUNDRED HUNDRED)),
		ROW_OF("no session begins for an account that has changed",
		       is_not_begun_for_another_version, "UPDATE users SET token_version = 2"),
		ROW_OF("no session begins for an account that was deactivated",
		       is_not_begun_for_another_version, "UPDATE users SET is_active = FALSE"),
		ROW_OF("no session begins for an account that is gone",
		       is_not_begun_for_another_version, "DELETE FROM users WHERE id = 2"),
		ROW("of too many sessions the oldest that lives ends", the_oldest_makes_room),
		ROW("what was over a week ago goes, a few at each sign-in", what_is_long_over_goes),
		ROW("of those that ended a hundred of an account are kept", not_many_are_kept),
		ROW("sessions go with their account", goes_with_its_account),
	};
	return store_run("modules/users/session_rows", rows, COUNT_OF(rows), NULL, NULL);
}
