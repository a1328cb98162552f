/* threaded */
/* long */
/*
 * A server on PostgreSQL: the same operations, no database call on an event loop, and a database
 * that goes away and comes back while clients write.
 */
#include "testing/rows.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/postgres.h"
#include "testing/server.h"

enum { WRITERS = 4, CROWD = 64, WORKERS = 4, GIVE_UP_S = 3 };

struct fixture {
	struct server server;
	char url[POSTGRES_URL_ROOM];
};

static void fixture_open_with(struct fixture *fixture, const char *const *sets)
{
	char url[POSTGRES_URL_ROOM + 16];
	const char *all[16] = { url };
	for (size_t i = 1; sets && *sets; i++)
		all[i] = *sets++;
	postgres_database(fixture->url);
	snprintf(url, sizeof(url), "database.url=%s", fixture->url);
	server_start(&fixture->server, all);
	server_sign_in(&fixture->server);
}

static void fixture_open(struct fixture *fixture)
{
	fixture_open_with(fixture, NULL);
}

static void expect(struct server *server, const char *method, const char *target, const char *body,
		   int status)
{
	struct reply reply = client_ask(server, method, target, body);
	if (reply.status != status)
		fail_msg("%s %s: %d %s", method, target, reply.status, reply.body);
	reply_done(&reply);
}

static void users_and_posts_work_on_postgresql(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	struct server *server = &fixture.server;
	expect(server, "POST", "/api/v1/users",
	       "{'username':'ada','email':'ada@example.com',"
	       "'password':'a long pass phrase'}",
	       201);
	expect(server, "POST", "/api/v1/users", "{'username':'ADA','email':'a@example.com'}", 409);
	expect(server, "POST", "/api/v1/posts",
	       "{'title':'Notes','status':'published','tags':['engines','Engines']}", 201);
	expect(server, "PATCH", "/api/v1/posts/1", "{'title':'Other notes'}", 200);
	struct reply reply = client_ask(
		server, "GET", "/api/v1/posts?include=author,tags&q=OTHER&sort=-created_at", NULL);
	assert_int_equal(reply.status, 200);
	assert_int_equal(reply_int(&reply, "total"), 1);
	assert_json_has(reply.body, "'username':'admin'");
	assert_json_has(reply.body, "'name':'engines'");
	reply_done(&reply);
	expect(server, "DELETE", "/api/v1/posts/1", NULL, 204);
	expect(server, "GET", "/api/v1/posts/1", NULL, 404);
	expect(server, "POST", "/api/v1/posts/1/restore", NULL, 200);
	expect(server, "GET", "/health/ready", NULL, 200);
	expect(server, "GET", "/api/v1/users/stats", NULL, 200);
	server_end(server);
}

/* ---- a replica that lags behind ---- */

#define SQL_OLD_USERS \
	"CREATE TABLE users (id bigint, username text, email text, password_hash text," \
	" is_active boolean, is_superuser boolean, token_version bigint, username_key text," \
	" email_key text)"

/* The second server has the accounts as they once were, and nobody had a password. */
static void fixture_open_lagging(struct fixture *fixture)
{
	char replica[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 32];
	postgres_database(replica);
	snprintf(set, sizeof(set), "database.replica_url=%s", replica);
	fixture_open_with(fixture, (const char *const[]){ set, NULL });
	postgres_sql(replica, SQL_OLD_USERS);
	postgres_sql(replica, "INSERT INTO users VALUES (1, 'admin', 'admin@example.com', '',"
			      " TRUE, TRUE, 1, 'admin', 'admin@example.com')");
}

static void what_was_revoked_is_no_good_on_a_replica_that_lags(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open_lagging(&fixture);
	expect(&fixture.server, "GET", "/api/v1/users/me", NULL, 200);
	postgres_sql(fixture.url, "UPDATE users SET token_version = token_version + 1");
	expect(&fixture.server, "GET", "/api/v1/users/me", NULL, 401);
	server_end(&fixture.server);
}

static void passwords_are_not_looked_up_on_a_replica(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open_lagging(&fixture);
	server_sign_in(&fixture.server);
	expect(&fixture.server, "GET", "/api/v1/users/me", NULL, 200);
	server_end(&fixture.server);
}

/* Room for bodies is for those who may send one. */
static void a_forged_token_is_refused_before_its_body(void **state)
{
	(void)state;
	static const char head[] =
		"POST /api/v1/posts HTTP/1.1\r\nHost: a\r\n"
		"Authorization: Bearer e30.e30.e30\r\n"
		"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{";
	struct fixture fixture;
	struct reply reply;
	fixture_open(&fixture);
	int fd = client_open(&fixture.server);
	client_send(fd, head, sizeof(head) - 1);
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 401);
	assert_json_has(reply.body, "'code':'invalid_token'");
	reply_done(&reply);
	close(fd);
	server_end(&fixture.server);
}

static void without_a_token_nothing_is_asked_of_the_database(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	postgres_stop_immediately();
	struct reply reply;
	client_call(&fixture.server,
		    &(struct request){ .method = "GET", .target = "/api/v1/users" }, &reply);
	assert_int_equal(reply.status, 401);
	reply_done(&reply);
	expect(&fixture.server, "GET", "/health/live", NULL, 200);
	postgres_start();
	server_end(&fixture.server);
}

#define SQL_DIE_AT_COMMIT \
	"CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN" \
	" PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;" \
	" CREATE CONSTRAINT TRIGGER die AFTER INSERT ON posts DEFERRABLE INITIALLY DEFERRED" \
	" FOR EACH ROW EXECUTE FUNCTION die()"

/* Clients that obey a Retry-After would write twice. */
static void an_unknown_outcome_is_nothing_to_try_again(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	postgres_sql(fixture.url, SQL_DIE_AT_COMMIT);
	struct reply reply = client_ask(&fixture.server, "POST", "/api/v1/posts", "{'title':'a'}");
	assert_int_equal(reply.status, 503);
	assert_json_has(reply.body, "'outcome_unknown'");
	assert_null(reply_header(&reply, "Retry-After"));
	reply_done(&reply);
	server_end(&fixture.server);
}

/* ---- a request whose time is up ---- */

static PGconn *table_lock(const struct fixture *fixture)
{
	PGconn *conn = PQconnectdb(fixture->url);
	PQclear(PQexec(conn, "BEGIN"));
	PGresult *result = PQexec(conn, "LOCK TABLE posts IN ACCESS EXCLUSIVE MODE");
	assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
	PQclear(result);
	return conn;
}

/* Of the server, and besides those that are idle; with " AND …", fewer. */
static int statements_at_work(PGconn *conn, const char *which)
{
	char sql[256];
	/* a transaction, such as that of the lock, sees what it saw before */
	PQclear(PQexec(conn, "SELECT pg_stat_clear_snapshot()"));
	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
		 " AND application_name = 'croft' AND state <> 'idle'%s",
		 which);
	PGresult *result = PQexec(conn, sql);
	int count = atoi(PQgetvalue(result, 0, 0));
	PQclear(result);
	return count;
}

/*
 * A machine that is slow may find the time up before the statement has begun: that is a 503, too,
 * and of no use here.
 */
static bool is_stopped(struct server *server, const char *method, const char *body)
{
	struct reply reply = client_ask(server, method, "/api/v1/posts", body);
	assert_int_equal(reply.status, 503);
	assert_string_equal(reply_header(&reply, "Retry-After"), "1");
	bool stopped = strstr(reply.body, "took too long") != NULL;
	reply_done(&reply);
	return stopped;
}

/* 503 is refused, anything else is what was wanted. */
static bool is_done(struct server *server, const char *method, const char *target, const char *body,
		    int status)
{
	struct reply reply = client_ask(server, method, target, body);
	int said = reply.status;
	reply_done(&reply);
	if (said != 503)
		assert_int_equal(said, status);
	return said == status;
}

static void nothing_runs_for_a_request_whose_time_is_up(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open_with(&fixture,
			  (const char *const[]){ "server.total_seconds=1", "database.query_ms=0",
						 "database.write_ms=0", NULL });
	PGconn *lock = table_lock(&fixture);
	AWAIT(is_stopped(&fixture.server, "GET", NULL));
	AWAIT(is_stopped(&fixture.server, "POST", "{'title':'Notes'}"));
	/* What was not stopped would wait for as long as the lock is held. */
	AWAIT(!statements_at_work(lock, ""));
	PQfinish(lock);
	AWAIT(is_done(&fixture.server, "POST", "/api/v1/posts", "{'title':'Notes'}", 201));
	server_end(&fixture.server);
}

static void *write_one_post(void *server)
{
	AWAIT(is_done(server, "POST", "/api/v1/posts", "{'title':'Notes'}", 201));
	return NULL;
}

/* The only writer waits for the lock, so nobody takes the second write out of the queue. */
static void a_write_behind_a_stuck_one_is_told_in_time(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open_with(&fixture,
			  (const char *const[]){ "database.pool_max=3", "database.write_ms=0",
						 "database.acquire_ms=500", NULL });
	PGconn *lock = table_lock(&fixture);
	pthread_t first;
	pthread_create(&first, NULL, write_one_post, &fixture.server);
	AWAIT(statements_at_work(lock, " AND wait_event_type = 'Lock'"));
	struct reply reply = client_ask(&fixture.server, "POST", "/api/v1/posts",
					"{'title':'More'}");
	assert_int_equal(reply.status, 503);
	assert_string_equal(reply_header(&reply, "Retry-After"), "1");
	reply_done(&reply);
	AWAIT(statements_at_work(lock, "") == 1);
	PQfinish(lock);
	pthread_join(first, NULL);
	server_end(&fixture.server);
}

/* One writer: counts what was acknowledged, and goes on through failures until told to stop. */
struct writer {
	struct server *server;
	int number;
	atomic_bool stop;
	atomic_long acknowledged, refused, odd;
	int64_t took_us;
	char said[256]; /* what came instead of a refusal */
};

/*
 * Either nothing was changed, and it may be tried again; or nobody knows, and nobody is told to try
 * again.
 */
static bool is_refusal(const struct reply *reply)
{
	bool unknown = json_has(reply->body, "'outcome_unknown'");
	return reply->status == 503 && unknown == !reply_header(reply, "Retry-After");
}

static void *write_users(void *arg)
{
	struct writer *writer = arg;
	for (long i = 0; !atomic_load(&writer->stop); i++) {
		char body[128];
		snprintf(body, sizeof(body), "{'username':'w%d_%ld','email':'w%d_%ld@example.com'}",
			 writer->number, i, writer->number, i);
		struct reply reply = client_ask(writer->server, "POST", "/api/v1/users", body);
		if (reply.status == 201)
			writer->acknowledged++;
		else if (is_refusal(&reply))
			writer->refused++;
		else
			writer->odd++;
		reply_done(&reply);
	}
	return NULL;
}

static long sum(const struct writer *writers, long offset)
{
	long sum = 0;
	for (int i = 0; i < WRITERS; i++)
		sum += *(const atomic_long *)((const char *)&writers[i] + offset);
	return sum;
}

#define SUM(writers, member) sum((writers), offsetof(struct writer, member))

static void a_crash_of_the_database_loses_nothing_acknowledged(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open_with(&fixture, (const char *const[]){ "database.acquire_ms=500", NULL });
	struct server *server = &fixture.server;
	struct writer writers[WRITERS];
	pthread_t threads[WRITERS];
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ .server = server, .number = i };
		pthread_create(&threads[i], NULL, write_users, &writers[i]);
	}
	AWAIT(SUM(writers, acknowledged) > WRITERS);
	postgres_stop_immediately();
	expect(server, "GET", "/health/ready", NULL, 503);
	AWAIT(SUM(writers, refused) > WRITERS);
	postgres_start();
	AWAIT(is_done(server, "GET", "/health/ready", NULL, 200));
	long before = SUM(writers, acknowledged);
	AWAIT(SUM(writers, acknowledged) > before + WRITERS);
	for (int i = 0; i < WRITERS; i++) {
		atomic_store(&writers[i].stop, true);
		pthread_join(threads[i], NULL);
	}
	assert_int_equal(SUM(writers, odd), 0);
	AWAIT(is_done(server, "GET", "/api/v1/users?per_page=1", NULL, 200));
	struct reply reply = client_ask(server, "GET", "/api/v1/users?per_page=1", NULL);
	assert_int_equal(reply.status, 200);
	assert_true(reply_int(&reply, "total") - 1 >= SUM(writers, acknowledged));
	reply_done(&reply);
	server_end(server);
}

/* ---- a server that has stopped answering ---- */

static void *read_posts(void *arg)
{
	struct writer *reader = arg;
	int64_t began_us = clock_monotonic_us();
	struct reply reply = client_ask(reader->server, "GET", "/api/v1/posts", NULL);
	reader->refused = reply.status == 503 && reply_header(&reply, "Retry-After");
	reader->took_us = clock_monotonic_us() - began_us;
	if (!reader->refused)
		snprintf(reader->said, sizeof(reader->said), "%d %s", reply.status, reply.body);
	reply_done(&reply);
	return NULL;
}

static void a_crowd_at_a_frozen_database_is_told_in_time(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open_with(&fixture,
			  (const char *const[]){ "database.query_ms=3s", "database.connect_ms=3s",
						 "database.acquire_ms=3s", NULL });
	struct writer readers[CROWD];
	pthread_t threads[CROWD];
	postgres_freeze();
	for (int i = 0; i < CROWD; i++) {
		readers[i] = (struct writer){ .server = &fixture.server };
		pthread_create(&threads[i], NULL, read_posts, &readers[i]);
	}
	for (int i = 0; i < CROWD; i++) {
		pthread_join(threads[i], NULL);
	}
	postgres_thaw();
	for (int i = 0; i < CROWD; i++) {
		assert_string_equal(readers[i].said, "");
		/* far less than if the workers gave up for one after the other */
		assert_true(readers[i].took_us < SECONDS_US(GIVE_UP_S * CROWD / WORKERS));
	}
	server_end(&fixture.server);
}

static bool is_called(struct server *server, const char *target, const char *what)
{
	struct reply reply = client_ask(server, "GET", target, NULL);
	bool is_it = reply.status == 503 && strstr(reply.body, what);
	reply_done(&reply);
	return is_it;
}

static void expect_silence(struct server *server, const char *target)
{
	struct reply reply = client_ask(server, "GET", target, NULL);
	if (reply.status != 503 || !strstr(reply.body, "the database does not answer"))
		fail_msg("GET %s: %d %s", target, reply.status, reply.body);
	reply_done(&reply);
}

/* Whoever asks for a connection would wait two minutes for it, and a query might run as long. */
static void readiness_at_a_frozen_database_is_told_soon(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open_with(&fixture, (const char *const[]){ "database.query_ms=120s",
							   "database.acquire_ms=120s", NULL });
	expect(&fixture.server, "GET", "/health/ready", NULL, 200);
	int64_t began_us = clock_monotonic_us();
	postgres_freeze();
	expect_silence(&fixture.server, "/health/ready");
	int64_t took_us = clock_monotonic_us() - began_us;
	postgres_thaw();
	assert_true(took_us < SECONDS_US(60));
	AWAIT(client_status(&fixture.server, "/health/ready") == 200);
	server_end(&fixture.server);
}

static void a_frozen_database_is_not_called_busy(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open_with(&fixture,
			  (const char *const[]){ "database.query_ms=1s", "database.acquire_ms=1s",
						 "database.connect_ms=60s", NULL });
	expect(&fixture.server, "GET", "/api/v1/posts", NULL, 200);
	postgres_freeze();
	/* while every connection is out with others, nobody knows yet */
	AWAIT(is_called(&fixture.server, "/api/v1/posts", "the database does not answer"));
	for (int i = 0; i < 3; i++)
		expect_silence(&fixture.server, "/api/v1/posts");
	postgres_thaw();
	AWAIT(client_status(&fixture.server, "/health/ready") == 200);
	expect(&fixture.server, "GET", "/api/v1/posts", NULL, 200);
	server_end(&fixture.server);
}

static const struct CMUnitTest rows[] = {
	ROW("users and posts work on PostgreSQL", users_and_posts_work_on_postgresql),
	ROW("what was revoked is no good on a replica that lags behind",
	    what_was_revoked_is_no_good_on_a_replica_that_lags),
	ROW("passwords are not looked up on a replica", passwords_are_not_looked_up_on_a_replica),
	ROW("without a token nothing is asked of the database",
	    without_a_token_nothing_is_asked_of_the_database),
	ROW("a token that nobody signed is refused before its body comes",
	    a_forged_token_is_refused_before_its_body),
	ROW("an outcome that nobody knows is a 503 without Retry-After",
	    an_unknown_outcome_is_nothing_to_try_again),
	ROW("nothing runs on the server for a request whose time is up",
	    nothing_runs_for_a_request_whose_time_is_up),
	ROW("a write behind one that is stuck is told in time",
	    a_write_behind_a_stuck_one_is_told_in_time),
	ROW("a crowd at a database that stopped answering is told in time",
	    a_crowd_at_a_frozen_database_is_told_in_time),
	ROW("readiness beside a database that stopped answering is told within its second",
	    readiness_at_a_frozen_database_is_told_soon),
	ROW("a database that stopped answering is not called busy",
	    a_frozen_database_is_not_called_busy),
	ROW("a crash of the database loses nothing acknowledged, and service resumes by itself",
	    a_crash_of_the_database_loses_nothing_acknowledged),
};

int main(void)
{
	return rows_run("app/serve_postgres", rows, sizeof(rows) / sizeof(rows[0]));
}
