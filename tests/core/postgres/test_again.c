/*
 * A write that the server undoes for another's sake was not acknowledged: it is run again, within
 * bounds. Deadlocks are real ones; a sequence, which no rollback takes back, counts the runs and
 * decides which of them fail.
 */
#include "core/db/store.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

/* threaded */

enum { RUNS_MOST = 5 };

static struct store store;

static void open_with(struct db_options options)
{
	store_is_postgres = true;
	store_open_with(&store, options);
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

/* ---- two that wait for each other ---- */

struct rival {
	pthread_t thread;
	int first, second; /* rows */
	enum app_err err;
};

static atomic_int runs, inside;

static enum app_err bump(struct ctx *c, int row)
{
	return db_exec(c, "UPDATE a SET n = n + 1 WHERE id = $1", BIND(row), NULL);
}

/* The first time both hold their first row before either asks for its second. */
static enum app_err run_crossed(struct ctx *c, void *arg)
{
	const struct rival *rival = arg;
	runs++;
	enum app_err err = bump(c, rival->first);
	if (err)
		return err;
	inside++;
	AWAIT(inside >= 2);
	return bump(c, rival->second);
}

static void *rival_main(void *arg)
{
	struct rival *rival = arg;
	AUTO(arena) arena;
	arena_init(&arena, 0);
	struct ctx c;
	ctx_init(&c, &store.scene.app, &arena);
	rival->err = db_write_again(&c, run_crossed, rival);
	return NULL;
}

static void both_sides_of_a_deadlock_succeed(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 6 });
	store_do(&store, "CREATE TABLE a (id integer PRIMARY KEY, n integer NOT NULL);"
			 "INSERT INTO a VALUES (1, 0), (2, 0)");
	struct rival rivals[2] = { { .first = 1, .second = 2 }, { .first = 2, .second = 1 } };
	runs = inside = 0;
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&rivals[i].thread, NULL, rival_main, &rivals[i]),
				 0);
	for (int i = 0; i < 2; i++)
		pthread_join(rivals[i].thread, NULL);
	must(rivals[0].err);
	must(rivals[1].err);
	assert_true(runs >= 3); /* one of the two was the victim */
	assert_int_equal(store_int(&store, "SELECT sum(n) FROM a"), 4);
	assert_int_equal(store_int(&store, "SELECT max(n) FROM a"), 2);
}

/* ---- failures by number ---- */

#define SQL_FAILING \
	"CREATE SEQUENCE runs; CREATE TABLE a (b integer);" \
	"CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN" \
	" IF nextval('runs') <= %d THEN RAISE 'in the way' USING ERRCODE = '%s'; END IF;" \
	" RETURN NULL; END $$;" \
	"CREATE CONSTRAINT TRIGGER stumble AFTER INSERT ON a %s" \
	" FOR EACH ROW EXECUTE FUNCTION stumble()"
#define AT_COMMIT "DEFERRABLE INITIALLY DEFERRED"

struct failing {
	const char *state, *when;
	int times;
	bool only_once; /* the write may not be run again */
	enum app_err err;
	int runs;
};

static enum app_err run_insert(struct ctx *c, void *arg)
{
	(void)arg;
	log_info(c, "inserted");
	return db_exec(c, "INSERT INTO a VALUES (1)", BIND(), NULL);
}

static void write_is_run_so_often(void **state)
{
	const struct failing *k = *state;
	struct ctx *c = &store.scene.c;
	open_with((struct db_options){ .pool_max = 4 });
	store_do(&store,
		 arena_printf(&store.scene.arena, SQL_FAILING, k->times, k->state, k->when));
	store_log(&store);
	ctx_recover(c);
	enum app_err err = k->only_once ? db_write(c, run_insert, NULL)
					: db_write_again(c, run_insert, NULL);
	assert_int_equal(err, k->err);
	if (err)
		assert_int_equal(c->failure.err, err);
	else
		assert_int_equal(c->failure.err, APP_OK);
	assert_int_equal(store_int(&store, "SELECT last_value FROM runs"), k->runs);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM a"), k->err == APP_OK);
	/* of all its runs only the one that was committed is told */
	assert_int_equal(store_logged(&store, "inserted"), k->err == APP_OK);
}

/* At its deadline there is no other run. */
static enum app_err run_insert_late(struct ctx *c, void *arg)
{
	enum app_err err = run_insert(c, arg);
	AWAIT(ctx_is_late(c));
	return err;
}

static void nothing_is_run_again_past_its_deadline(void **state)
{
	(void)state;
	struct ctx *c = &store.scene.c;
	open_with((struct db_options){ .pool_max = 4 });
	store_do(&store, arena_printf(&store.scene.arena, SQL_FAILING, 100, "40001", ""));
	ctx_recover(c);
	c->deadline_us = c->clock->monotonic_us(c->clock) + SECONDS_US(5);
	enum app_err err = db_write_again(c, run_insert_late, NULL);
	c->deadline_us = 0;
	assert_int_equal(err, APP_UNAVAILABLE);
	assert_true(store_int(&store, "SELECT last_value FROM runs") <= 1);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM a"), 0);
}

#define RUNS(sentence, ...) \
	{ \
		sentence, write_is_run_so_often, NULL, teardown, \
			(&(struct failing){ __VA_ARGS__ }) \
	}
#define CASE(sentence, fn) \
	{ \
		sentence, fn, NULL, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("two writes that wait for each other both succeed: the victim is run again",
		     both_sides_of_a_deadlock_succeed),
		RUNS("a serialization failure is run again", .state = "40001", .when = "",
		     .times = 2, .runs = 3),
		RUNS("one that is found out at COMMIT, too", .state = "40001", .when = AT_COMMIT,
		     .times = 2, .runs = 3),
		RUNS("a deadlock that is found out at COMMIT, too", .state = "40P01",
		     .when = AT_COMMIT, .times = 1, .runs = 2),
		RUNS("what is in the way each time is a 503 in the end", .state = "40001",
		     .when = "", .times = 100, .err = APP_UNAVAILABLE, .runs = RUNS_MOST),
		RUNS("other failures are run once", .state = "55P03", .when = "", .times = 1,
		     .err = APP_UNAVAILABLE, .runs = 1),
		RUNS("a COMMIT of which the server does not know is not run again",
		     .state = "40003", .when = AT_COMMIT, .times = 1, .err = APP_UNAVAILABLE,
		     .runs = 1),
		RUNS("a write that keeps account of its runs is run once", .state = "40P01",
		     .when = "", .times = 1, .only_once = true, .err = APP_UNAVAILABLE, .runs = 1),
		CASE("nothing is run again past its deadline",
		     nothing_is_run_again_past_its_deadline),
	};
	return rows_run("core/postgres again", rows, COUNT_OF(rows));
}
