/* threaded */
/*
 * The runner of operations: which threads one needs, before and after its input is known, and in
 * which order its steps come on them.
 */
#include "core/db/store.h"

#include <string.h>

#include "core/authenticator.h"
#include "core/op.h"
#include "core/pool.h"

struct asked {
	bool wants; /* to be prepared */
};

enum { STEPS_ROOM = 8 };
/* p: prepared, w: run in a write, r: run without, a: account looked at in a write, c: without */
static char steps[STEPS_ROOM];

static void note(char what)
{
	steps[strlen(steps)] = what;
}

static enum app_err prepare(struct ctx *c, void *in, void *ret)
{
	(void)in, (void)ret;
	note('p');
	return c->db ? APP_INTERNAL : APP_OK;
}

static bool goes_meanwhile; /* the account, while its command is prepared */

static enum app_err prepare_long(struct ctx *c, void *in, void *ret)
{
	goes_meanwhile = true;
	return prepare(c, in, ret);
}

static enum app_err run(struct ctx *c, void *in, void *ret)
{
	(void)in, (void)ret;
	note(c->db ? 'w' : 'r');
	return APP_OK;
}

static enum app_err refuse(struct ctx *c, void *in, void *ret)
{
	(void)in, (void)ret;
	note(c->db ? 'w' : 'r');
	return ctx_fail(c, APP_CONFLICT, "not today");
}

static bool wants(const void *in)
{
	return ((const struct asked *)in)->wants;
}

static const struct operation query = { .name = "q", .kind = QUERY, .run = run };
static const struct operation command = {
	.name = "c", .kind = COMMAND, .access = ACCESS_USER, .run = run
};
static const struct operation high = {
	.name = "h", .kind = COMMAND, .access = ACCESS_SUPERUSER, .run = run
};
static const struct operation sensitive = {
	.name = "s", .kind = COMMAND, .access = ACCESS_USER, .proven_s = 60, .run = run
};
static const struct operation open_to_all = {
	.name = "a", .kind = COMMAND, .access = ACCESS_PUBLIC, .run = run
};
static const struct operation blocking = { .name = "b", .kind = QUERY, .blocks = true, .run = run };
static const struct operation prepared = {
	.name = "p", .kind = COMMAND, .prepare = prepare, .prepare_lane = POOL_HASH, .run = run
};
static const struct operation prepared_long = {
	.name = "l",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.prepare = prepare_long,
	.prepare_lane = POOL_HASH,
	.run = run,
};
static const struct operation choosy = { .name = "o",
					 .kind = QUERY,
					 .prepare = prepare,
					 .wants_prepare = wants,
					 .prepare_lane = POOL_HASH,
					 .run = run };
static const struct operation choosy_user = { .name = "u",
					      .kind = QUERY,
					      .access = ACCESS_USER,
					      .prepare = prepare,
					      .wants_prepare = wants,
					      .prepare_lane = POOL_HASH,
					      .run = run };
static const struct operation refused = {
	.name = "r", .kind = COMMAND, .access = ACCESS_USER, .run = refuse
};
static const struct operation refused_query = { .name = "s", .kind = QUERY, .run = refuse };

/* ---- where ---- */

struct place_case {
	const struct operation *op;
	bool always_prepares;
	bool stays;         /* whatever the input */
	bool stays_plain;   /* with an input that wants nothing prepared */
	bool stays_wanting; /* with one that does */
};

static bool call_stays(const struct operation *op, bool wanting)
{
	struct asked in = { wanting };
	return op_call_stays(&(struct op_call){ .op = op, .in = &in });
}

static void says_where_it_goes(void **state)
{
	const struct place_case *k = *state;
	assert_int_equal(op_always_prepares(k->op), k->always_prepares);
	assert_int_equal(op_stays(k->op), k->stays);
	assert_int_equal(call_stays(k->op, false), k->stays_plain);
	assert_int_equal(call_stays(k->op, true), k->stays_wanting);
}

#define PLACE(sentence, ...) \
	ROW_OF(sentence, says_where_it_goes, (&(struct place_case){ __VA_ARGS__ }))

/* ---- in which order ---- */

static struct store store;

static int setup(void **state)
{
	(void)state;
	store_open(&store);
	store.scene.app.pool = pool_new(&(struct pool_options){ .waiting = { 1, 1, 1 } });
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pool_drop(store.scene.app.pool);
	store_close(&store);
	return 0;
}

static enum app_err look(struct ctx *c, bool is_there)
{
	note(c->db ? 'a' : 'c');
	return is_there ? APP_OK : ctx_fail(c, APP_UNAUTHENTICATED, "gone");
}

static enum app_err account_is_gone(struct ctx *c)
{
	return look(c, false);
}

static enum app_err account_is_there(struct ctx *c)
{
	return look(c, true);
}

/* As with PostgreSQL, where others commit while a write runs. */
static enum app_err account_goes_in_the_write(struct ctx *c)
{
	return look(c, c->db != NULL);
}

static enum app_err account_goes_in_prepare(struct ctx *c)
{
	return look(c, !goes_meanwhile);
}

static enum app_err account_is_demoted(struct ctx *c)
{
	c->actor.is_superuser = false;
	return look(c, true);
}

/* Not since 1970. */
static enum app_err proof_grows_old(struct ctx *c)
{
	c->actor.proven_us = 0;
	return look(c, true);
}

struct step_case {
	const struct operation *op;
	struct actor actor;
	bool wants;
	enum app_err (*confirm)(struct ctx *c);
	const char *steps;
	enum app_err err;
	const char *text; /* of a failure */
};

struct waiting {
	struct op_call call;
	sem_t ended;
	enum app_err err;
};

static void call_done(struct op_call *call, enum app_err err)
{
	struct waiting *waiting = (struct waiting *)(void *)call;
	waiting->err = err;
	sem_post(&waiting->ended);
}

static enum app_err start_and_wait(struct op_call *call)
{
	struct waiting waiting = { .call = *call };
	sem_init(&waiting.ended, 0, 0);
	must(op_call_start(&waiting.call, call_done));
	assert_true(await_sem(&waiting.ended));
	sem_destroy(&waiting.ended);
	return waiting.err;
}

static void steps_come(const struct step_case *k, enum app_err (*how)(struct op_call *call))
{
	struct ctx *c = &store.scene.c;
	struct asked in = { k->wants };
	struct op_call call = { .c = c, .op = k->op, .in = &in, .out = op_out_new(c, k->op) };
	memset(steps, 0, sizeof(steps));
	goes_meanwhile = false;
	ctx_recover(c);
	c->actor = k->actor;
	const struct authenticator authenticator = { .confirm = k->confirm };
	c->app->authenticator = k->confirm ? &authenticator : NULL;
	assert_int_equal(how(&call), k->err);
	assert_string_equal(steps, k->steps);
	if (k->err)
		assert_string_equal(ctx_failure_text(c, k->err), k->text);
}

static void come_here_and_elsewhere(void **state)
{
	steps_come(*state, op_call_run);
	steps_come(*state, start_and_wait);
}

#define STEPS(sentence, ...) \
	ROW_OF(sentence, come_here_and_elsewhere, (&(struct step_case){ __VA_ARGS__ }))
/* What a command runs inside its own write is his who runs the command. */
static enum app_err run_inside(struct ctx *c, void *arg)
{
	return op_call_run(arg) ? ctx_fail(c, APP_INTERNAL, "-") : APP_OK;
}

static void a_nested_command_asks_nobody(void **state)
{
	(void)state;
	struct ctx *c = &store.scene.c;
	struct op_call call = { .c = c, .op = &command, .out = op_out_new(c, &command) };
	const struct authenticator authenticator = { .confirm = account_is_gone };
	memset(steps, 0, sizeof(steps));
	ctx_recover(c);
	c->actor = (struct actor){ .kind = ACTOR_USER, .user_id = 5 };
	c->app->authenticator = &authenticator;
	must(db_write(c, run_inside, &call));
	assert_string_equal(steps, "w");
}

#define USER \
	{ \
		.kind = ACTOR_USER, .user_id = 5 \
	}
#define SUPERUSER \
	{ \
		.kind = ACTOR_USER, .user_id = 5, .is_superuser = true \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		PLACE("a query stays on its thread", &query, .stays = true, .stays_plain = true,
		      .stays_wanting = true),
		PLACE("a command never does", &command, .stays = false),
		PLACE("nor does a query that waits for another system", &blocking, .stays = false),
		PLACE("what has something to prepare always does so first", &prepared,
		      .always_prepares = true),
		PLACE("unless it says which inputs want it: then the input decides", &choosy,
		      .stays_plain = true),
		STEPS("a query is run outside a write", &query, .steps = "r"),
		STEPS("one that waits for another system, too", &blocking, .steps = "r"),
		STEPS("a command is run inside one", &command, .steps = "w"),
		STEPS("it is prepared before its write", &prepared, .steps = "pw"),
		STEPS("an input that wants it is prepared", &choosy, .wants = true, .steps = "pr"),
		STEPS("one that does not is not", &choosy, .steps = "r"),
		STEPS("a user's command looks at the account inside its write", &command,
		      .actor = USER, .confirm = account_is_there, .steps = "aw"),
		STEPS("one whose account is gone is not run", &command, .actor = USER,
		      .confirm = account_is_gone, .steps = "a", .err = APP_UNAUTHENTICATED,
		      .text = "gone"),
		STEPS("nor one whose account went while it was prepared", &prepared_long,
		      .actor = USER, .confirm = account_goes_in_prepare, .steps = "pa",
		      .err = APP_UNAUTHENTICATED, .text = "gone"),
		STEPS("nor that of a superuser who is none any more", &high, .actor = SUPERUSER,
		      .confirm = account_is_demoted, .steps = "ac", .err = APP_FORBIDDEN,
		      .text = "Only a superuser may do this"),
		STEPS("nor that of a user whose proof of who he is grew old meanwhile", &sensitive,
		      .actor = USER, .confirm = proof_grows_old, .steps = "a",
		      .err = APP_UNAUTHENTICATED,
		      .text = "Prove again who you are, then ask for this once more"),
		STEPS("a user's command that fails looks at the account again", &refused,
		      .actor = USER, .confirm = account_is_there, .steps = "awc",
		      .err = APP_CONFLICT, .text = "not today"),
		STEPS("one whose account went meanwhile is told that alone", &refused,
		      .actor = USER, .confirm = account_goes_in_the_write, .steps = "awc",
		      .err = APP_UNAUTHENTICATED, .text = "gone"),
		STEPS("a command that all may run asks for nobody", &open_to_all, .actor = USER,
		      .confirm = account_is_gone, .steps = "w"),
		ROW("nor does one inside another's write", a_nested_command_asks_nobody),
		STEPS("a query looks at the account after what was prepared for it", &choosy_user,
		      .actor = USER, .wants = true, .confirm = account_is_there, .steps = "pcr"),
		STEPS("one whose account is gone by then is not run", &choosy_user, .actor = USER,
		      .wants = true, .confirm = account_is_gone, .steps = "pc",
		      .err = APP_UNAUTHENTICATED, .text = "gone"),
		STEPS("a query that nothing is prepared for does not ask", &refused_query,
		      .actor = USER, .confirm = account_is_gone, .steps = "r", .err = APP_CONFLICT,
		      .text = "not today"),
		STEPS("nor what nobody in particular asked for", &refused,
		      .confirm = account_is_gone, .steps = "w", .err = APP_CONFLICT,
		      .text = "not today"),
		STEPS("without a hook there is nobody to ask", &refused, .actor = USER,
		      .steps = "w", .err = APP_CONFLICT, .text = "not today"),
	};
	return store_run("core/op call", rows, COUNT_OF(rows), setup, teardown);
}
