/* threaded */
/*
 * A whole server behind Debian's pgbouncer in transaction mode: every operation works, and when the
 * server's connections are ended or pgbouncer itself is killed and comes back, nothing acknowledged
 * is lost and service resumes by itself.
 */
#include "testing/rows.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "support/pgbouncer.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

enum { WRITERS = 4 };

struct fixture {
	struct server server;
	char direct[POSTGRES_URL_ROOM], through[POSTGRES_URL_ROOM];
};

static void fixture_open(struct fixture *fixture)
{
	char url[POSTGRES_URL_ROOM + 16];
	postgres_database(fixture->direct);
	pgbouncer_start(fixture->direct, fixture->through);
	snprintf(url, sizeof(url), "database.url=%s", fixture->through);
	server_start(&fixture->server, (const char *const[]){ url, "database.acquire_ms=2s",
							      "database.connect_ms=2s", NULL });
	server_sign_in(&fixture->server);
}

static void expect(const struct server *server, const char *method, const char *target,
		   const char *body, int status, const char *part)
{
	struct reply reply = client_ask(server, method, target, body);
	if (reply.status != status || (part && !json_has(reply.body, part)))
		fail_msg("%s %s: %d %s", method, target, reply.status, reply.body);
	reply_done(&reply);
}

#define V1 "/api/v1/"

static void every_operation_works(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	const struct server *s = &fixture.server;
	expect(s, "POST", V1 "users",
	       "{'username':'ada','email':'ada@example.com',"
	       "'password':'a long pass phrase'}",
	       201, "'id':2");
	expect(s, "POST", V1 "users", "{'username':'ADA','email':'a@example.com'}", 409,
	       "already taken");
	expect(s, "GET", V1 "users/2", NULL, 200, "'username':'ada'");
	expect(s, "PATCH", V1 "users/2", "{'full_name':'Ada King'}", 200, "Ada King");
	expect(s, "PATCH", V1 "users/2", "{'is_superuser':true}", 200, NULL);
	expect(s, "PATCH", V1 "users/2", "{'is_superuser':false}", 200, NULL);
	expect(s, "GET", V1 "users?sort=-username&q=KING", NULL, 200, "'total':1");
	expect(s, "GET", V1 "users/stats", NULL, 200, "'total':2");
	expect(s, "GET", V1 "users/me", NULL, 200, "'username':'admin'");
	expect(s, "POST", V1 "posts", "{'title':'One','tags':['a','b']}", 201, "'name':'b'");
	expect(s, "POST", V1 "posts/batch",
	       "{'items':[{'title':'Two','status':'published','tags':['a']},"
	       "{'title':'Three','tags':['c','A']}]}",
	       201, "'count':2");
	expect(s, "GET", V1 "posts?include=author,tags&sort=-title&per_page=2", NULL, 200,
	       "'total':3");
	expect(s, "GET", V1 "posts?q=thr", NULL, 200, "'title':'Three'");
	expect(s, "PATCH", V1 "posts/1", "{'title':'Other','tags':['d']}", 200, "'name':'d'");
	expect(s, "DELETE", V1 "posts/1", NULL, 204, NULL);
	expect(s, "GET", V1 "posts/1", NULL, 404, NULL);
	expect(s, "POST", V1 "posts/1/restore", NULL, 200, "Other");
	expect(s, "DELETE", V1 "users/2", NULL, 204, NULL);
	expect(s, "GET", V1 "users/2", NULL, 404, NULL);
	expect(s, "GET", "/health/ready", NULL, 200, NULL);
	server_end(&fixture.server);
}

/* ---- writers through an outage ---- */

struct writer {
	struct server *server;
	pthread_t thread;
	int number;
	atomic_bool stop;
	atomic_long acknowledged, refused, odd;
};

/* Nothing was changed, and it may be tried again; or nobody knows, and nobody is told to. */
static bool is_refusal(const struct reply *reply)
{
	bool unknown = json_has(reply->body, "'outcome_unknown'");
	return reply->status == 503 && unknown == !reply_header(reply, "Retry-After");
}

static void *write_users(void *arg)
{
	struct writer *w = arg;
	for (long i = 0; !w->stop; i++) {
		char body[128];
		snprintf(body, sizeof(body), "{'username':'w%d_%ld','email':'w%d_%ld@example.com'}",
			 w->number, i, w->number, i);
		struct reply reply = client_ask(w->server, "POST", V1 "users", body);
		if (reply.status == 201)
			w->acknowledged++;
		else if (is_refusal(&reply))
			w->refused++;
		else
			w->odd++;
		reply_done(&reply);
	}
	return NULL;
}

struct sums {
	long acknowledged, refused;
};

static struct sums sum_of(const struct writer *writers)
{
	struct sums sum = { 0 };
	for (int i = 0; i < WRITERS; i++) {
		sum.acknowledged += writers[i].acknowledged;
		sum.refused += writers[i].refused;
	}
	return sum;
}

static void writers_start(struct writer *writers, struct server *server)
{
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ .server = server, .number = i };
		assert_int_equal(pthread_create(&writers[i].thread, NULL, write_users, &writers[i]),
				 0);
	}
}

static void writers_go_on(const struct writer *writers)
{
	long before = sum_of(writers).acknowledged;
	AWAIT(sum_of(writers).acknowledged > before + WRITERS);
}

static bool is_status(const struct server *server, const char *target, int status)
{
	struct reply reply = client_ask(server, "GET", target, NULL);
	int said = reply.status;
	reply_done(&reply);
	return said == status;
}

#define SQL_KILL \
	"SELECT pg_terminate_backend(pid) FROM pg_stat_activity" \
	" WHERE datname = current_database() AND pid <> pg_backend_pid()"

static void nothing_acknowledged_is_lost(void **state)
{
	(void)state;
	struct fixture fixture;
	struct writer writers[WRITERS];
	char again[POSTGRES_URL_ROOM];
	fixture_open(&fixture);
	struct server *server = &fixture.server;
	writers_start(writers, server);
	writers_go_on(writers);
	for (int i = 0; i < 5; i++) {
		postgres_sql(fixture.direct, SQL_KILL);
		writers_go_on(writers);
	}
	long before = sum_of(writers).refused;
	pgbouncer_stop();
	AWAIT(sum_of(writers).refused > before + WRITERS);
	assert_true(is_status(server, "/health/live", 200));
	AWAIT(is_status(server, "/health/ready", 503));
	pgbouncer_start(fixture.direct, again);
	AWAIT(is_status(server, "/health/ready", 200));
	writers_go_on(writers);
	for (int i = 0; i < WRITERS; i++) {
		writers[i].stop = true;
		pthread_join(writers[i].thread, NULL);
		assert_int_equal(writers[i].odd, 0);
	}
	AWAIT(is_status(server, V1 "users?per_page=1", 200));
	struct reply reply = client_ask(server, "GET", V1 "users?per_page=1", NULL);
	assert_int_equal(reply.status, 200);
	assert_true(reply_int(&reply, "total") - 1 >= sum_of(writers).acknowledged);
	reply_done(&reply);
	server_end(server);
}

static const struct CMUnitTest rows[] = {
	ROW("every operation works behind pgbouncer in transaction mode", every_operation_works),
	ROW("connections that are ended and a pgbouncer that is killed lose nothing acknowledged",
	    nothing_acknowledged_is_lost),
};

int main(void)
{
	return rows_run("app/serve_pgbouncer", rows, sizeof(rows) / sizeof(rows[0]));
}
