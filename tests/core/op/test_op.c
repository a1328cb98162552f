/*
 * Running operations: who may, in which order the steps come, and that nothing runs after a
 * refusal. The operation under test counts its calls; no database is needed, because it is a QUERY.
 */
#include "testing/json.h"
#include "testing/rows.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/model.h"
#include "core/op.h"
#include "testing/frozen_clock.h"
#include "testing/scene.h"

struct echo {
	const char *text;

	int64_t prepared;
};

struct echo_out {
	const char *text;
	int64_t prepared;
};

SCHEMA(echo, FIELD(struct echo, text, .required = true, .max_len = 5));
SCHEMA(echo_out,
	FIELD(struct echo_out, text),
	FIELD(struct echo_out, prepared));

static int runs, prepares;

static enum app_err echo(struct ctx *c, const struct echo *in, struct echo_out *ret)
{
	runs++;
	if (strcmp(in->text, "fail") == 0)
		return ctx_fail(c, APP_CONFLICT, "told to fail");
	*ret = (struct echo_out){ in->text, in->prepared };
	return APP_OK;
}

OPERATION_FN(echo, struct echo, struct echo_out)

static enum app_err prepare_echo(struct ctx *c, struct echo *in, struct echo_out *ret)
{
	(void)ret;
	prepares++;
	in->prepared = 7;
	return strcmp(in->text, "early") == 0 ? ctx_fail(c, APP_FORBIDDEN, "refused early")
					      : APP_OK;
}

PREPARE_FN(prepare_echo, struct echo, struct echo_out)

static bool is_not_plain(const void *in)
{
	return strcmp(((const struct echo *)in)->text, "plain") != 0;
}

PERMISSION(echo_loudly, "echo.loudly", "Echo");
PERMISSION(echo_late, "echo.late", "Echo what nobody declares");

static struct operation operation_of(enum op_access access)
{
	return (struct operation){ .name = "test.echo",
				   .kind = QUERY,
				   .access = access,
				   .in = &echo_schema,
				   .out = &echo_out_schema,
				   PREPARE(prepare_echo),
				   .wants_prepare = is_not_plain,
				   RUN(echo) };
}

struct op_case {
	enum op_access access;
	const struct permission *permission;
	struct actor actor;
	const char *json;
	enum app_err err;
	const char *out;
	int runs, prepares;
};

static void runs_or_refuses(void **state)
{
	const struct op_case *row = *state;
	struct scene scene;
	struct buf out;
	scene_open(&scene);
	buf_init(&out, &scene.arena);
	scene.c.actor = row->actor;
	runs = prepares = 0;
	struct operation op = operation_of(row->access);
	op.permission = row->permission;
	*echo_loudly.number = 130;
	const char *json = json_swapped(&scene.arena, row->json);
	assert_int_equal(op_run(&scene.c, &op, json, strlen(json), &out), row->err);
	assert_int_equal(runs, row->runs);
	assert_int_equal(prepares, row->prepares);
	assert_json_equal(buf_text(&out), row->out ? row->out : "");
	assert_null(scene.c.operation);
	scene_close(&scene);
}

#define NOBODY \
	{ \
		.kind = ACTOR_ANONYMOUS \
	}
#define USER \
	{ \
		.kind = ACTOR_USER, .user_id = 5 \
	}
#define SUPERUSER \
	{ \
		.kind = ACTOR_USER, .user_id = 1, .is_superuser = true \
	}
#define SYSTEM \
	{ \
		.kind = ACTOR_SYSTEM \
	}
#define REFUSED(sentence, level, who, error) \
	ROW_OF(sentence, runs_or_refuses, \
	       (&(struct op_case){ \
		       .access = level, .actor = who, .json = "{'text':'hi'}", .err = error }))
#define ALLOWED(sentence, level, who) \
	ROW_OF(sentence, runs_or_refuses, \
	       (&(struct op_case){ .access = level, \
				   .actor = who, \
				   .json = "{'text':'hi'}", \
				   .out = "{'text':'hi','prepared':7}", \
				   .runs = 1, \
				   .prepares = 1 }))
#define ASKED(sentence, asked, error, ...) \
	ROW_OF(sentence, runs_or_refuses, \
	       (&(struct op_case){ .access = ACCESS_USER, \
				   .permission = &(asked), \
				   .actor = { .user_id = 5, __VA_ARGS__ }, \
				   .json = "{'text':'hi'}", \
				   .err = (error), \
				   .out = (error) ? NULL : "{'text':'hi','prepared':7}", \
				   .runs = !(error), \
				   .prepares = !(error) }))
#define INPUT(sentence, who, text, ...) \
	ROW_OF(sentence, runs_or_refuses, \
	       (&(struct op_case){ \
		       .access = ACCESS_USER, .actor = who, .json = text, __VA_ARGS__ }))

/* ---- how long ago somebody proved who he is ---- */

struct proof_case {
	struct actor actor;
	int64_t proven_s;
	/* seconds, and microseconds more */
	int64_t age_s, age_us;
	enum app_err err;
	int64_t max_age_s;
};

static void takes_a_proof(void **state)
{
	const struct proof_case *row = *state;
	const char *json = "{\"text\":\"hi\"}";
	struct operation op = operation_of(ACCESS_USER);
	struct frozen_clock clock;
	struct scene scene;
	struct buf out;
	op.proven_s = row->proven_s;
	scene_open(&scene);
	buf_init(&out, &scene.arena);
	frozen_clock_set(&clock, "2026-01-02T03:04:05Z");
	scene.c.clock = &clock.clock;
	scene.c.actor = row->actor;
	scene.c.actor.proven_us = clock.us - SECONDS_US(row->age_s) - row->age_us;
	runs = prepares = 0;
	assert_int_equal(op_run(&scene.c, &op, json, strlen(json), &out), row->err);
	assert_int_equal(runs, !row->err);
	assert_int_equal(scene.c.failure.max_age_s, row->max_age_s);
	if (row->max_age_s)
		assert_string_equal(ctx_failure_code(&scene.c, row->err),
				    "insufficient_user_authentication");
	scene_close(&scene);
}

#define PROOF(sentence, ...) ROW_OF(sentence, takes_a_proof, (&(struct proof_case){ __VA_ARGS__ }))

/* ---- answers with relations ---- */

static const struct relation some = { 0 };

struct shelf {
	int64_t id;
	struct array echoes;
};
SCHEMA(shelf,
	FIELD(struct shelf, id),
	FIELD(struct shelf, echoes, .object = &echo_out_schema, .relation = &some));

static enum app_err get_shelf(struct ctx *c, const struct echo *in, struct shelf *ret)
{
	ret->id = 1;
	if (strcmp(in->text, "full") == 0)
		ret->echoes.items = arena_zero(c->arena, 1);
	return APP_OK;
}

OPERATION_FN(get_shelf, struct echo, struct shelf)

static const struct operation shelf_get = {
	.name = "shelf.get",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.in = &echo_schema,
	.out = &shelf_schema,
	RUN(get_shelf),
};

static void answers_have_their_relations(void **state)
{
	char full[] = "{'text':'full'}", bare[] = "{'text':'bare'}";
	struct scene scene;
	struct buf out;
	(void)state;
	scene_open(&scene);
	buf_init(&out, &scene.arena);
	assert_int_equal(op_run(&scene.c, &shelf_get, json_swap(full), strlen(full), &out), APP_OK);
	assert_json_equal(buf_text(&out), "{'id':1,'echoes':[]}");
	assert_int_equal(op_run(&scene.c, &shelf_get, json_swap(bare), strlen(bare), &out),
			 APP_INTERNAL);
	assert_string_equal(scene.c.failure.cause,
			    "the answer of shelf.get lacks 'echoes': model_embed() loads it");
	scene_close(&scene);
}

static const struct CMUnitTest rows[] = {
	REFUSED("an operation whose access was forgotten is closed to superusers", ACCESS_DENY,
		SUPERUSER, APP_FORBIDDEN),
	REFUSED("an operation whose access was forgotten is closed to nobody in particular",
		ACCESS_DENY, NOBODY, APP_FORBIDDEN),
	REFUSED("nobody may not what users may", ACCESS_USER, NOBODY, APP_UNAUTHENTICATED),
	REFUSED("nobody may not what superusers may", ACCESS_SUPERUSER, NOBODY,
		APP_UNAUTHENTICATED),
	REFUSED("a user may not what superusers may", ACCESS_SUPERUSER, USER, APP_FORBIDDEN),
	ALLOWED("anybody may what is public", ACCESS_PUBLIC, NOBODY),
	ALLOWED("a user may what users may", ACCESS_USER, USER),
	ALLOWED("a superuser may what users may", ACCESS_USER, SUPERUSER),
	ALLOWED("a superuser may what superusers may", ACCESS_SUPERUSER, SUPERUSER),
	ALLOWED("the system may everything", ACCESS_SUPERUSER, SYSTEM),
	ASKED("a user may not what asks for a permission", echo_loudly, APP_FORBIDDEN,
	      .kind = ACTOR_USER),
	ASKED("nor with all the others", echo_loudly, APP_FORBIDDEN, .kind = ACTOR_USER,
	      .may = { { ~0ULL, ~0ULL, ~2ULL, ~0ULL } }),
	ASKED("a user who has it may", echo_loudly, APP_OK, .kind = ACTOR_USER,
	      .may = { { 0, 0, 2, 0 } }),
	ASKED("a superuser has each", echo_loudly, APP_OK, .kind = ACTOR_USER,
	      .is_superuser = true),
	ASKED("the system has each", echo_loudly, APP_OK, .kind = ACTOR_SYSTEM),
	ASKED("nobody in particular has none", echo_loudly, APP_UNAUTHENTICATED,
	      .kind = ACTOR_ANONYMOUS, .is_superuser = true, .may = { { 0, 0, 2, 0 } }),
	ASKED("what no module declares is had by no user", echo_late, APP_FORBIDDEN,
	      .kind = ACTOR_USER, .may = { { ~0ULL, ~0ULL, ~0ULL, ~0ULL } }),
	PROOF("a proof may be as old as it was said", .actor = USER, .proven_s = 60, .age_s = 60),
	PROOF("and no older", .actor = USER, .proven_s = 60, .age_s = 60, .age_us = 1,
	      .err = APP_UNAUTHENTICATED, .max_age_s = 60),
	PROOF("nor that of a superuser", .actor = SUPERUSER, .proven_s = 60, .age_s = 61,
	      .err = APP_UNAUTHENTICATED, .max_age_s = 60),
	PROOF("where none is asked for any will do", .actor = USER, .age_s = 99999999),
	PROOF("the system has nothing to prove", .actor = SYSTEM, .proven_s = 60, .age_s = 61),
	PROOF("nor has an API key, which is no session",
	      .actor = { .kind = ACTOR_USER, .user_id = 5, .key_id = 3 }, .proven_s = 60,
	      .age_s = 61),
	PROOF("who is nobody in particular is asked to sign in", .actor = NOBODY, .proven_s = 60,
	      .age_s = 61, .err = APP_UNAUTHENTICATED),
	INPUT("wrong input runs nothing", USER, "{'text':'too long'}", .err = APP_INVALID),
	INPUT("what prepare refuses does not run", USER, "{'text':'early'}", .err = APP_FORBIDDEN,
	      .runs = 0, .prepares = 1),
	INPUT("an input that wants no preparing is not prepared", USER, "{'text':'plain'}",
	      .out = "{'text':'plain','prepared':0}", .runs = 1),
	INPUT("a failure renders nothing", USER, "{'text':'fail'}", .err = APP_CONFLICT, .runs = 1,
	      .prepares = 1),
	ROW("an answer whose relations were not loaded is a fault of the program",
	    answers_have_their_relations),
};

int main(void)
{
	return rows_run("core/op", rows, sizeof(rows) / sizeof(rows[0]));
}
