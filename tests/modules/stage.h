/*
 * A small installation for tests of modules: settings, a migrated database in a scratch folder, a
 * frozen clock and two accounts. Operations are called as one of them through op_run(); the answer
 * is one text to compare. JSON is written as testing/json.h says, both what is sent and what is
 * answered.
 */
#ifndef CROFT_TESTS_MODULES_STAGE_H
#define CROFT_TESTS_MODULES_STAGE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/config.h"
#include "core/db.h"
#include "core/db/store.h"
#include "core/http.h"
#include "core/migrate.h"
#include "core/model.h"
#include "core/op.h"
#include "core/security.h"
#include "modules/auth/internal.h"
#include "modules/users/internal.h"
#include "testing/json.h"
#include "testing/rows.h"
#include "testing/scene.h"

/*
 * The accounts of every stage: root is a superuser, ada is not. bob is there where a test makes
 * him. stage_actor() knows whether they are signed in.
 */
enum { ROOT_ID = 1, ADA_ID = 2, BOB_ID = 3 };
#define ROOT_PASSWORD "correct horse battery"
#define ADA_PASSWORD "staple of the engine"
#define STAGE_TIME "2026-01-02T03:04:05Z"

enum { AS_NOBODY, AS_ADA, AS_ROOT, AS_SYSTEM, AS_BOB, AS_GONE, AS_GONE_ROOT };
/* Of whom there is no row any more. */
enum { GONE_ID = 77 };

static const struct actor stage_actors[] = {
	[AS_NOBODY] = { .kind = ACTOR_ANONYMOUS },
	[AS_ADA] = { .kind = ACTOR_USER, .user_id = ADA_ID },
	[AS_ROOT] = { .kind = ACTOR_USER, .user_id = ROOT_ID, .is_superuser = true },
	[AS_SYSTEM] = { .kind = ACTOR_SYSTEM },
	[AS_BOB] = { .kind = ACTOR_USER, .user_id = BOB_ID },
	[AS_GONE] = { .kind = ACTOR_USER, .user_id = GONE_ID },
	[AS_GONE_ROOT] = { .kind = ACTOR_USER, .user_id = GONE_ID, .is_superuser = true },
};

struct stage_clock {
	struct clock clock;
	int64_t us;
};

struct stage {
	struct scene scene;
	struct app_options options;
	struct stage_clock clock;
	struct buf out;
};

/*
 * One call of an operation and its whole answer: JSON, the list of faults as JSON, or the failure's
 * text as it is.
 */
struct stage_case {
	int who;
	const struct operation *op;
	const char *json;
	enum app_err err;
	const char *answer;
};

static inline struct instant stage_now(const struct clock *clock)
{
	return (struct instant){ ((const struct stage_clock *)clock)->us };
}

static inline int64_t stage_monotonic(const struct clock *clock)
{
	return ((const struct stage_clock *)clock)->us;
}

static inline void stage_ok(struct stage *s, enum app_err err)
{
	const struct failure *failure = &s->scene.c.failure;
	if (err)
		fail_msg("%s: %s (%s)", app_err_slug(err), failure->text ? failure->text : "-",
			 failure->cause ? failure->cause : "-");
}

/* op_run() with JSON as tests write it; what it adds to `out` is as it is. */
static inline enum app_err stage_run(struct ctx *c, const struct operation *op, const char *json,
				     struct buf *out)
{
	const char *text = json_swapped(c->arena, json);
	return op_run(c, op, text, strlen(text), out);
}

/* The actor as he would be let in now; one whose row is gone had version 0. */
static inline struct actor stage_signed_in(struct ctx *c, struct actor actor)
{
	if (actor.kind == ACTOR_USER &&
	    model_int(c, "SELECT token_version FROM users WHERE id = $1", BIND(actor.user_id),
		      &actor.token_version))
		ctx_recover(c);
	return actor;
}

static inline struct actor stage_actor(struct ctx *c, int who)
{
	return stage_signed_in(c, stage_actors[who]);
}

/* Calls the operation; the answer is in the arena until the next scene_next(). */
static inline enum app_err stage_call(struct stage *s, int who, const struct operation *op,
				      const char *json, const char **ret_answer)
{
	struct ctx *c = &s->scene.c;
	ctx_recover(c);
	c->actor = stage_actor(c, who);
	buf_init(&s->out, c->arena);
	enum app_err err = stage_run(c, op, json, &s->out);
	if (c->failure.fields)
		schema_faults_render(c->failure.fields, &s->out);
	*ret_answer = err && !c->failure.fields ? ctx_failure_text(c, err)
						: json_swapped(c->arena, buf_text(&s->out));
	return err;
}

static inline void stage_expect(struct stage *s, const struct stage_case *want)
{
	const char *answer;
	enum app_err err = stage_call(s, want->who, want->op, want->json, &answer);
	assert_string_equal(answer, want->answer);
	assert_string_equal(app_err_slug(err), app_err_slug(want->err));
}

/* The same of what must be refused and leave everything as it was, by what `sum` makes of it. */
static inline void stage_refuses(struct stage *s, const struct stage_case *want,
				 int64_t (*sum)(struct stage *))
{
	int64_t before = sum(s);
	s->clock.us += SECONDS_US(7);
	stage_expect(s, want);
	assert_int_equal(sum(s), before);
}

static inline int64_t stage_int(struct stage *s, const char *sql)
{
	int64_t value = 0;
	stage_ok(s, model_int(&s->scene.c, sql, BIND(), &value));
	return value;
}

static inline enum app_err stage_exec_write(struct ctx *c, void *sql)
{
	return db_exec(c, sql, BIND(), NULL);
}

static inline void stage_exec(struct stage *s, const char *sql)
{
	stage_ok(s, db_write(&s->scene.c, stage_exec_write, (void *)(uintptr_t)sql));
}

struct stage_migrations {
	const struct migration *list;
	size_t count;
};

/* All that are embedded in this binary for the driver of the stage, as the server applies them. */
static inline struct stage_migrations stage_migrations(struct stage *s)
{
	struct ctx *c = &s->scene.c;
	struct stage_migrations all;
	migrate_embedded(c, db_driver(c->app->db), &all.list, &all.count);
	return all;
}

static inline void stage_migrate_up(struct stage *s)
{
	struct stage_migrations all = stage_migrations(s);
	int64_t done;
	stage_ok(s, migrate_up(&s->scene.c, all.list, all.count, &done));
}

/* Takes back all migrations after number `last`. */
static inline void stage_migrate_down(struct stage *s, int64_t last)
{
	struct stage_migrations all = stage_migrations(s);
	int64_t done;
	stage_ok(s,
		 migrate_down(&s->scene.c, all.list, all.count, (int64_t)all.count - last, &done));
}

static inline const char *stage_url(struct stage *s)
{
	char url[POSTGRES_URL_ROOM];
	if (!store_is_postgres)
		return arena_printf(s->scene.c.arena, "sqlite:%s",
				    scene_path(&s->scene, "test.db"));
	postgres_schema(url);
	return arena_strdup(s->scene.c.arena, url);
}

/*
 * Everything but the accounts. `sets` are settings "section.key=value", NULL-terminated, or NULL.
 */
static inline void stage_open_empty(struct stage *s, const char *const *sets)
{
	static const struct option_group *const groups[] = {
		&db_option_group,   &security_option_group,        &http_option_group,
		&auth_option_group, &first_superuser_option_group, NULL
	};
	memset(s, 0, sizeof(*s));
	scene_open(&s->scene);
	struct ctx *c = &s->scene.c;
	struct app *app = &s->scene.app;
	s->options = (struct app_options){ .name = "croft", .environment = ENV_LOCAL };
	app->options = &s->options;
	app->authenticator = &auth_authenticator;
	s->clock = (struct stage_clock){ { .now = stage_now, .monotonic_us = stage_monotonic }, 0 };
	c->clock = &s->clock.clock;
	struct instant now;
	assert_true(instant_parse(STAGE_TIME, &now, NULL));
	s->clock.us = now.us;

	/* a machine that is slow must not meet a limit on time unless `sets` say so */
	const char *all[24] = { "auth.secret=0123456789abcdef0123456789abcdef",
				"auth.hash_memory_kib=8192",
				"auth.hash_passes=1",
				"database.busy_ms=5m",
				"database.query_ms=5m",
				"database.write_ms=5m",
				"database.acquire_ms=5m",
				"database.lock_ms=5m",
				"database.connect_ms=5m",
				arena_printf(c->arena, "database.url=%s", stage_url(s)) };
	for (size_t i = 10; sets && *sets; i++)
		all[i] = *sets++;
	AUTO(buf) faults = { 0 };
	const struct config_sources sources = { .sets = all };
	enum app_err err = config_load(c, groups, &sources, &faults, &app->config);
	if (err)
		fail_msg("%s", buf_text(&faults));
	stage_ok(s, security_new(c, config_group(app->config, &security_option_group),
				 &app->security));
	stage_ok(s, db_open(c, config_group(app->config, &db_option_group), &app->db));
	stage_migrate_up(s);
}

static inline void stage_open(struct stage *s)
{
	stage_open_empty(s, NULL);
	const char *answer;
	stage_ok(s, stage_call(s, AS_SYSTEM, &users_create,
			       "{'username':'root','email':'root@example.com',"
			       "'password':'" ROOT_PASSWORD "','is_superuser':true}",
			       &answer));
	stage_ok(s, stage_call(s, AS_SYSTEM, &users_create,
			       "{'username':'Ada','email':'Ada@Example.com',"
			       "'full_name':'Ada King','password':'" ADA_PASSWORD "'}",
			       &answer));
	/* random otherwise; so that a row can name it */
	stage_exec(s, "UPDATE users SET token_version = 1");
}

/* With bob, whose rows are neither ada's nor a superuser's. */
static inline void stage_open_three(struct stage *s)
{
	const char *answer;
	stage_open(s);
	stage_ok(s, stage_call(s, AS_SYSTEM, &users_create,
			       "{'username':'bob','email':'bob@example.com'}", &answer));
}

static inline void stage_close(struct stage *s)
{
	db_close(s->scene.app.db);
	security_drop(s->scene.app.security);
	config_drop(s->scene.app.config);
	scene_close(&s->scene);
}

/* The row of a stage_case on a fresh stage. */
static inline void stage_answers(void **state)
{
	struct stage s;
	stage_open(&s);
	stage_expect(&s, *state);
	stage_close(&s);
}

/* SQL for a text of so many characters, on either. */
#define STAGE_LONG(count) \
	"(WITH RECURSIVE long (n, text) AS (SELECT 1, 'x' UNION ALL SELECT n + 1, text || 'x'" \
	" FROM long WHERE n < " count ") SELECT max(text) FROM long)"

#define CASE(sentence, who, op, json, err, answer) \
	ROW_OF(sentence, stage_answers, (&(struct stage_case){ who, op, json, err, answer }))

#define ROOT_JSON \
	"{'id':1,'username':'root','email':'root@example.com'," \
	"'full_name':null,'is_active':true,'is_superuser':true," \
	"'created_at':'" STAGE_TIME "','updated_at':'" STAGE_TIME "'}"
/* ada's account with the members that tests change */
#define USER_AT(id, username, email, full_name, is_active, is_superuser, updated_at) \
	"{'id':" id ",'username':'" username "','email':'" email "','full_name':" full_name \
	",'is_active':" is_active ",'is_superuser':" is_superuser ",'created_at':'" STAGE_TIME \
	"','updated_at':'" updated_at "'}"
#define USER_JSON(...) USER_AT(__VA_ARGS__, STAGE_TIME)
/* The same once it was changed: the clock stands still, updated_at does not. */
#define USER_CHANGED(...) USER_AT(__VA_ARGS__, "2026-01-02T03:04:05.000001Z")
#define ADA_JSON USER_JSON("2", "Ada", "Ada@Example.com", "'Ada King'", "true", "false")

#endif
