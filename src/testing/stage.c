/* Calling operations on a stage, and its database by hand. stage_open.c makes it. */
#include "testing/stage.h"

#include <string.h>

#include "core/db.h"
#include "core/model.h"
#include "core/schema.h"
#include "modules/users.h"
#include "stage_ask.h"
#include "testing/json.h"

const struct actor stage_actors[STAGE_ACTORS] = {
	[AS_NOBODY] = { .kind = ACTOR_ANONYMOUS },
	[AS_ADA] = { .kind = ACTOR_USER, .user_id = ADA_ID },
	[AS_ROOT] = { .kind = ACTOR_USER, .user_id = ROOT_ID, .is_superuser = true },
	[AS_SYSTEM] = { .kind = ACTOR_SYSTEM },
	[AS_BOB] = { .kind = ACTOR_USER, .user_id = BOB_ID },
	[AS_GONE] = { .kind = ACTOR_USER, .user_id = GONE_ID },
	[AS_GONE_ROOT] = { .kind = ACTOR_USER, .user_id = GONE_ID, .is_superuser = true },
};

void stage_ok(struct stage *s, enum app_err err)
{
	const struct failure *failure = &s->scene.c.failure;
	if (err)
		fail_msg("%s: %s (%s)", app_err_slug(err), failure->text ? failure->text : "-",
			 failure->cause ? failure->cause : "-");
}

/* ---- calling operations ---- */

enum app_err stage_run(struct ctx *c, const struct operation *op, const char *json, struct buf *out)
{
	const char *text = json_swapped(c->arena, json);
	return op_run(c, op, text, strlen(text), out);
}

/* Of accounts that are there, and that have none: they have just proven who they are. */
static const char SQL_SIGN_IN[] =
	"INSERT INTO sessions (user_id, token_version, user_version, seed, proven_at, seen_at,"
	" expires_at, over_at, created_at)"
	" SELECT id, token_version, token_version, 'seed', $3, 0, $2, $2, 0 FROM users"
	" WHERE id = $1";

static enum app_err begin_session(struct ctx *c, void *user_id)
{
	const int64_t never = INT64_MAX;
	return db_exec(c, SQL_SIGN_IN, BIND(*(const int64_t *)user_id, never, ctx_now(c)), NULL);
}

static const char SQL_SIGNED_IN[] =
	"SELECT max(id) FROM sessions WHERE user_id = $1 AND ended_at IS NULL"
	" AND token_version = $2 AND user_version = $2";

/* What the account may, and when it proved who it is, if it is there. */
static void read_account(struct ctx *c, struct actor *actor)
{
	struct actor now = { 0 };
	const struct user_claim claim = { .user_id = actor->user_id,
					  .session_id = actor->session_id,
					  .token_version = actor->token_version };
	if (users_actor(c, claim, &now)) {
		ctx_recover(c);
		return;
	}
	actor->may = now.may;
	actor->proven_us = now.proven_us;
}

struct actor stage_signed_in(struct ctx *c, struct actor actor)
{
	int64_t id = actor.user_id;
	if (actor.kind != ACTOR_USER)
		return actor;
	actor.proven_us = ctx_now(c).us;
	if (model_int(c, "SELECT token_version FROM users WHERE id = $1", BIND(id),
		      &actor.token_version)) {
		ctx_recover(c);
		return actor;
	}
	if (model_int(c, SQL_SIGNED_IN, BIND(id, actor.token_version), &actor.session_id))
		ctx_recover(c);
	if (!actor.session_id && !db_write(c, begin_session, &id) &&
	    model_int(c, SQL_SIGNED_IN, BIND(id, actor.token_version), &actor.session_id))
		ctx_recover(c);
	read_account(c, &actor);
	return actor;
}

struct actor stage_actor(struct ctx *c, int who)
{
	if (who < STAGE_ACTORS)
		return stage_signed_in(c, stage_actors[who]);
	return stage_signed_in(c,
			       (struct actor){ .kind = ACTOR_USER, .user_id = who - STAGE_ACTORS });
}

void stage_sign_in(struct stage *s, int who)
{
	struct ctx *c = &s->scene.c;
	ctx_recover(c);
	c->actor = stage_actor(c, who);
}

static enum app_err stage_ask(struct stage *s, const struct operation *op, const char *json,
			      const char **ret_answer)
{
	struct ctx *c = &s->scene.c;
	buf_init(&s->out, c->arena);
	enum app_err err = stage_run(c, op, json, &s->out);
	if (c->failure.fields)
		schema_faults_render(c->failure.fields, &s->out);
	*ret_answer = err && !c->failure.fields ? ctx_failure_text(c, err)
						: json_swapped(c->arena, buf_text(&s->out));
	return err;
}

enum app_err stage_call(struct stage *s, int who, const struct operation *op, const char *json,
			const char **ret_answer)
{
	stage_sign_in(s, who);
	return stage_ask(s, op, json, ret_answer);
}

const char *stage_ask_ok(struct stage *s, const struct operation *op, const char *json)
{
	const char *answer;
	enum app_err err = stage_ask(s, op, json, &answer);
	if (err)
		fail_msg("%s %s: %s, %s", op->name, json, app_err_slug(err), answer);
	return answer;
}

const char *stage_call_ok(struct stage *s, int who, const struct operation *op, const char *json)
{
	stage_sign_in(s, who);
	return stage_ask_ok(s, op, json);
}

void stage_expect(struct stage *s, const struct stage_case *want)
{
	const char *answer;
	enum app_err err = stage_call(s, want->who, want->op, want->json, &answer);
	assert_string_equal(answer, want->answer);
	assert_string_equal(app_err_slug(err), app_err_slug(want->err));
}

void stage_refuses(struct stage *s, const struct stage_case *want, int64_t (*sum)(struct stage *))
{
	int64_t before = sum(s);
	s->clock.us += SECONDS_US(7);
	stage_expect(s, want);
	assert_int_equal(sum(s), before);
}

/* ---- the database by hand ---- */

int64_t stage_int(struct stage *s, const char *sql)
{
	int64_t value = 0;
	stage_ok(s, model_int(&s->scene.c, sql, BIND(), &value));
	return value;
}

enum app_err stage_exec_write(struct ctx *c, void *sql)
{
	return db_exec(c, sql, BIND(), NULL);
}

void stage_exec(struct stage *s, const char *sql)
{
	stage_ok(s, db_write(&s->scene.c, stage_exec_write, (void *)(uintptr_t)sql));
}

struct stage_migrations stage_migrations(struct stage *s)
{
	struct ctx *c = &s->scene.c;
	struct stage_migrations all;
	migrate_embedded(c, db_driver(c->app->db), &all.list, &all.count);
	return all;
}

void stage_migrate_up(struct stage *s)
{
	struct stage_migrations all = stage_migrations(s);
	int64_t done;
	stage_ok(s, migrate_up(&s->scene.c, all.list, all.count, &done));
}

void stage_migrate_down(struct stage *s, int64_t last)
{
	struct stage_migrations all = stage_migrations(s);
	int64_t done;
	stage_ok(s,
		 migrate_down(&s->scene.c, all.list, all.count, (int64_t)all.count - last, &done));
}
