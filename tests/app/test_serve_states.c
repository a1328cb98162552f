/* threaded */
/*
 * What a list shows is of one state of the database, while other programs commit beside it. Every
 * commit of theirs keeps some truths: a post has its author and two tags, and an author has three
 * posts. So whatever state a list is of, its total is the number of its rows, a multiple of three,
 * and no row lacks what is embedded in it.
 */
#include "testing/rows.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/postgres.h"
#include "testing/server.h"

enum { WRITERS = 3, READERS = 2, LISTS = 150, POSTS_EACH = 3 };

struct worker {
	const struct server *server;
	const char *url; /* of the database */
	pthread_t thread;
	int number;
	atomic_bool stop;
	atomic_long done;
	char wrong[512]; /* the first that was */
};

#define SQL_MAKE \
	"WITH author AS (INSERT INTO users (username, email, username_key, email_key, created_at," \
	" updated_at) VALUES ('writer%d', 'writer%d@example.com', 'writer%d', " \
	"'writer%d@example.com', 0, 0)" \
	" RETURNING id), post AS (INSERT INTO posts (author_id, title, created_at, updated_at)" \
	" SELECT author.id, 'Post', 0, 0 FROM author, generate_series(1, 3) RETURNING id)" \
	" INSERT INTO post_tags (post_id, tag_id)" \
	" SELECT post.id, tags.id FROM post, tags WHERE tags.name IN ('one', 'two')"
#define SQL_TAKE "DELETE FROM users WHERE username = 'writer%d'"

static void sql(struct worker *w, PGconn *conn, const char *text)
{
	PGresult *result = PQexec(conn, text);
	if (PQresultStatus(result) != PGRES_COMMAND_OK && !*w->wrong)
		snprintf(w->wrong, sizeof(w->wrong), "%s", PQerrorMessage(conn));
	PQclear(result);
}

static void *write_and_take(void *arg)
{
	struct worker *w = arg;
	PGconn *conn = PQconnectdb(w->url);
	char make[1024], take[128];
	int n = w->number;
	snprintf(make, sizeof(make), SQL_MAKE, n, n, n, n);
	snprintf(take, sizeof(take), SQL_TAKE, n);
	for (; !w->stop && !*w->wrong; w->done++) {
		sql(w, conn, make);
		sql(w, conn, take);
	}
	PQfinish(conn);
	return NULL;
}

/* ---- what was read ---- */

static int count_of(const char *body, const char *part)
{
	int count = 0;
	for (const char *at = body; (at = strstr(at, part)); at++)
		count++;
	return count;
}

static bool is_of_one_state(const struct reply *reply)
{
	long total = reply_int(reply, "total");
	json_swap(reply->body);
	int rows = count_of(reply->body, "'author_id':");
	return reply->status == 200 && total == rows && rows % POSTS_EACH == 0 &&
	       count_of(reply->body, "'author':{") == rows &&
	       count_of(reply->body, "'name':'one'") == rows &&
	       count_of(reply->body, "'name':'two'") == rows;
}

static void *read_lists(void *arg)
{
	struct worker *w = arg;
	for (; !w->stop && !*w->wrong; w->done++) {
		struct reply reply = client_ask(
			w->server, "GET", "/api/v1/posts?per_page=100&include=author,tags", NULL);
		if (!is_of_one_state(&reply))
			snprintf(w->wrong, sizeof(w->wrong), "%d %.480s", reply.status, reply.body);
		reply_done(&reply);
	}
	return NULL;
}

static void crowd_start(struct worker *crowd, int count, const struct worker *like,
			void *(*main)(void *))
{
	for (int i = 0; i < count; i++) {
		crowd[i] = (struct worker){ .server = like->server, .url = like->url, .number = i };
		assert_int_equal(pthread_create(&crowd[i].thread, NULL, main, &crowd[i]), 0);
	}
}

static bool have_done(const struct worker *crowd, int count, long each)
{
	for (int i = 0; i < count; i++)
		if (crowd[i].done < each && !*crowd[i].wrong)
			return false;
	return true;
}

static void crowd_stop(struct worker *crowd, int count)
{
	for (int i = 0; i < count; i++) {
		crowd[i].stop = true;
		pthread_join(crowd[i].thread, NULL);
	}
	for (int i = 0; i < count; i++)
		if (*crowd[i].wrong)
			fail_msg("%s", crowd[i].wrong);
}

static void a_list_is_of_one_state(void **state)
{
	(void)state;
	struct server server;
	struct worker writers[WRITERS], readers[READERS];
	char url[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 16];
	postgres_database(url);
	snprintf(set, sizeof(set), "database.url=%s", url);
	server_start(&server, (const char *const[]){ set, NULL });
	server_sign_in(&server);
	postgres_sql(url,
		     "INSERT INTO tags (name, name_key) VALUES ('one', 'one'), ('two', 'two')");
	const struct worker like = { .server = &server, .url = url };
	crowd_start(writers, WRITERS, &like, write_and_take);
	crowd_start(readers, READERS, &like, read_lists);
	AWAIT(have_done(readers, READERS, LISTS) && have_done(writers, WRITERS, LISTS));
	crowd_stop(readers, READERS);
	crowd_stop(writers, WRITERS);
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW("with writers beside a list is of one state: its total, its rows and what is in them",
	    a_list_is_of_one_state),
};

int main(void)
{
	return rows_run("app/serve_states", rows, sizeof(rows) / sizeof(rows[0]));
}
