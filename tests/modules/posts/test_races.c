/*
 * Two commands that look at one row and then change it, both in the middle at the same moment: a
 * connection of the row's own holds the post until both stand in line. What comes out is what would
 * come out one after the other.
 */
/* threaded */
#include "fixture.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/trace.h"
#include "testing/await.h"
#include "testing/json.h"
#include "testing/store.h"

enum { ROUNDS = 5, BATCH = 1000, TAGS = 20, STATEMENTS_MOST = 250 };

struct racer {
	struct stage *stage;
	pthread_t thread;
	struct frozen_clock clock;
	struct arena arena;
	const struct operation *op;
	const char *json;
	enum app_err err;
	struct buf out;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct ctx c;
	ctx_init(&c, &r->stage->scene.app, &r->arena);
	c.clock = &r->clock.clock;
	c.actor = stage_actor(&c, AS_BOB);
	r->err = stage_run(&c, r->op, r->json, &r->out);
	return NULL;
}

static void racer_start(struct racer *r, struct stage *s, const struct operation *op,
			const char *json)
{
	*r = (struct racer){ .stage = s, .clock = s->clock, .op = op, .json = json };
	arena_init(&r->arena, 0);
	buf_init(&r->out, &r->arena);
	assert_int_equal(pthread_create(&r->thread, NULL, race, r), 0);
}

static void racer_join(struct racer *r)
{
	pthread_join(r->thread, NULL);
}

/* ---- the post, held by an outsider ---- */

static PGconn *hold_for(struct stage *s, int post_id, const char *what)
{
	if (!store_is_postgres)
		return NULL; /* there is one writer: nobody is ever in the middle beside another */
	const struct db_options *options = config_group(s->scene.app.config, &db_option_group);
	PGconn *conn = PQconnectdb(options->url);
	PQclear(PQexec(conn, "BEGIN"));
	PGresult *result = PQexec(conn, arena_printf(&s->scene.arena,
						     "SELECT id FROM posts WHERE id = %d FOR %s",
						     post_id, what));
	assert_int_equal(PQntuples(result), 1);
	PQclear(result);
	return conn;
}

static PGconn *hold(struct stage *s, int post_id)
{
	return hold_for(s, post_id, "UPDATE");
}

static bool stand_in_line(PGconn *conn, int count)
{
	PQclear(PQexec(conn, "SELECT pg_stat_clear_snapshot()"));
	PGresult *result = PQexec(conn, "SELECT count(*) FROM pg_stat_activity WHERE datname ="
					" current_database() AND wait_event_type = 'Lock'");
	int found = atoi(PQgetvalue(result, 0, 0));
	PQclear(result);
	return found == count;
}

static void let_go(PGconn *conn)
{
	PQfinish(conn);
}

static const char *published_at(struct racer *r)
{
	const char *answer = json_swapped(&r->stage->scene.arena, buf_text(&r->out));
	const char *at = strstr(answer, "'published_at':");
	assert_non_null(at);
	return arena_strndup(&r->stage->scene.arena, at, strcspn(at, ","));
}

static void published_twice_at_once_has_one_time(void **state)
{
	(void)state;
	const char *json = "{'post_id':4,'status':'published'}";
	for (int i = 0; i < ROUNDS; i++) {
		struct stage s;
		struct racer one, other;
		posts_open(&s);
		PGconn *holder = hold(&s, BOB_DRAFT);
		racer_start(&one, &s, &posts_update, json);
		if (holder)
			AWAIT(stand_in_line(holder, 1));
		s.clock.us += SECONDS_US(7);
		racer_start(&other, &s, &posts_update, json);
		if (holder)
			AWAIT(stand_in_line(holder, 2));
		let_go(holder);
		racer_join(&one);
		racer_join(&other);
		assert_int_equal(one.err, APP_OK);
		assert_int_equal(other.err, APP_OK);
		assert_string_equal(published_at(&one), published_at(&other));
		arena_done(&one.arena);
		arena_done(&other.arena);
		stage_close(&s);
	}
}

/* The deletion comes first, so that the other finds nothing to compare its tag with. */
static void a_change_beside_a_deletion_finds_nothing(void **state)
{
	const struct operation *op = *state;
	for (int i = 0; i < ROUNDS; i++) {
		struct stage s;
		struct racer deletes, changes;
		struct post post;
		char etag[MODEL_ETAG_ROOM];
		posts_open(&s);
		stage_ok(&s, model_get(&s.scene.c, &post_model, BOB_DRAFT, &post));
		model_etag(&post_schema, &post, etag);
		etag[strlen(etag) - 1] = '\0';
		const char *json = arena_printf(&s.scene.arena,
						"{'post_id':4,'if_match':'\\'%s\\''}", etag + 1);
		PGconn *holder = hold(&s, BOB_DRAFT);
		racer_start(&deletes, &s, &posts_delete, "{'post_id':4}");
		if (holder)
			AWAIT(stand_in_line(holder, 1));
		else
			racer_join(&deletes);
		racer_start(&changes, &s, op, json);
		if (holder)
			AWAIT(stand_in_line(holder, 2));
		let_go(holder);
		if (holder)
			racer_join(&deletes);
		racer_join(&changes);
		assert_int_equal(deletes.err, APP_OK);
		assert_int_equal(changes.err, APP_NOT_FOUND);
		arena_done(&deletes.arena);
		arena_done(&changes.arena);
		stage_close(&s);
	}
}

/* As one that links a tag to the post does until it is done. */
static void a_change_passes_who_only_refers_to_the_post(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	PGconn *holder = hold_for(&s, BOB_DRAFT, "KEY SHARE");
	stage_ok(&s,
		 stage_call(&s, AS_BOB, &posts_update, "{'post_id':4,'title':'Another'}", &answer));
	let_go(holder);
	stage_close(&s);
}

/* Its author withdraws it while another is about to change it. */
static void a_post_that_is_hidden_meanwhile_is_not_found(void **state)
{
	const struct operation *op = *state;
	struct stage s;
	struct racer changes;
	const char *answer;
	posts_open(&s);
	PGconn *holder = hold(&s, ADA_PUBLISHED);
	if (holder)
		PQclear(PQexec(holder, "UPDATE posts SET status = 'archived' WHERE id = 1"));
	else
		stage_ok(&s, stage_call(&s, AS_ADA, &posts_update,
					"{'post_id':1,'status':'archived'}", &answer));
	racer_start(&changes, &s, op, "{'post_id':1}");
	if (holder) {
		AWAIT(stand_in_line(holder, 1));
		PQclear(PQexec(holder, "COMMIT"));
	}
	let_go(holder);
	racer_join(&changes);
	assert_int_equal(changes.err, APP_NOT_FOUND);
	arena_done(&changes.arena);
	stage_close(&s);
}

/* ---- how many statements a batch takes ---- */

static const char *batch_json(struct arena *arena)
{
	struct buf json;
	buf_init(&json, arena);
	buf_add_lit(&json, "{'items':[");
	for (int i = 0; i < BATCH; i++) {
		buf_printf(&json, "%s{'title':'T','tags':[", i ? "," : "");
		for (int k = 0; k < TAGS; k++)
			buf_printf(&json, "%s'tag %d'", k ? "," : "", i * TAGS + k);
		buf_add_lit(&json, "]}");
	}
	buf_add_lit(&json, "]}");
	return buf_text(&json);
}

static void a_batch_takes_few_statements(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	posts_open(&s);
	int64_t tags = stage_int(&s, "SELECT count(*) FROM tags"),
		links = stage_int(&s, "SELECT count(*) FROM post_tags"), runs = 0;
	const char *json = batch_json(&s.scene.arena);
	struct trace *trace = trace_begin(&s.scene.c);
	stage_ok(&s, stage_call(&s, AS_BOB, &posts_create_batch, json, &answer));
	for (const struct trace_statement *at = trace_statements(trace); at; at = at->next)
		runs += at->runs;
	trace_end(trace);
	if (runs > STATEMENTS_MOST)
		fail_msg("%lld statements", (long long)runs);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM tags"), tags + BATCH * TAGS);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM post_tags"), links + BATCH * TAGS);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a post that is published twice at once has one time of publication",
		    published_twice_at_once_has_one_time),
		ROW_OF("a change under If-Match beside a deletion is a 404",
		       a_change_beside_a_deletion_finds_nothing, (void *)(uintptr_t)&posts_update),
		ROW_OF("a deletion under If-Match beside a deletion is a 404",
		       a_change_beside_a_deletion_finds_nothing, (void *)(uintptr_t)&posts_delete),
		ROW_OF("a change of a post that is hidden meanwhile is a 404",
		       a_post_that_is_hidden_meanwhile_is_not_found,
		       (void *)(uintptr_t)&posts_update),
		ROW_OF("a deletion of a post that is hidden meanwhile is a 404",
		       a_post_that_is_hidden_meanwhile_is_not_found,
		       (void *)(uintptr_t)&posts_delete),
		ROW("a change waits for nobody who only refers to the post",
		    a_change_passes_who_only_refers_to_the_post),
		ROW("a batch of 1,000 posts with 20 tags each takes few statements",
		    a_batch_takes_few_statements),
	};
	return store_run("modules/posts/races", rows, COUNT_OF(rows), NULL, NULL);
}
