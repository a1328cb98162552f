/* threaded */
/*
 * kill -9 while clients post batches of a thousand: each batch is there whole or not at all, and
 * every one that was acknowledged is there. Each batch has a title of its own, and its posts share
 * a tag.
 */
#include "testing/rows.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

enum { CLIENTS = 4, KILLS = 10, BATCH = 1000, BODY_ROOM = 128 * BATCH };

struct client {
	const struct server *server;
	int round, number;
	int fd;
	atomic_long acknowledged; /* batches 0 … acknowledged - 1 of this round */
};

static size_t batch_body(const struct client *client, char *body)
{
	size_t len = (size_t)sprintf(body, "{'items':[");
	long batch = client->acknowledged;
	for (int i = 0; i < BATCH; i++)
		len += (size_t)sprintf(body + len, "%s{'title':'b%d-%d-%ld','tags':['b%d-%d-%ld']}",
				       i ? "," : "", client->round, client->number, batch,
				       client->round, client->number, batch);
	len += (size_t)sprintf(body + len, "]}");
	json_swap(body);
	return len;
}

/* One batch after the other, until the server is gone. */
static void *post_batches(void *arg)
{
	struct client *client = arg;
	char *body = malloc(BODY_ROOM), head[1024];
	for (int status = 201; status == 201;) {
		size_t len = batch_body(client, body);
		int head_len = snprintf(head, sizeof(head),
					"POST /api/v1/posts/batch HTTP/1.1\r\nHost: a\r\n"
					"Authorization: Bearer %s\r\nContent-Length: %zu\r\n"
					"Content-Type: application/json\r\n\r\n",
					client->server->token, len);
		client_send(client->fd, head, (size_t)head_len);
		client_send(client->fd, body, len);
		struct reply reply;
		client_read(client->fd, false, &reply);
		status = reply.status;
		client->acknowledged += status == 201;
		reply_done(&reply);
	}
	close(client->fd);
	free(body);
	return NULL;
}

static int64_t number_of(const struct server *server, const char *sql)
{
	char path[128];
	sqlite3 *file;
	sqlite3_stmt *stmt;
	snprintf(path, sizeof(path), "%s/croft.db", server->folder);
	assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(file, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(file);
	return number;
}

static long acknowledged_is_there(const struct client clients[CLIENTS])
{
	long sum = 0;
	char sql[128];
	for (int i = 0; i < CLIENTS; i++) {
		sum += clients[i].acknowledged;
		for (long n = 0; n < clients[i].acknowledged; n++) {
			snprintf(sql, sizeof(sql),
				 "SELECT count(*) FROM tags WHERE name = 'b%d-%d-%ld'",
				 clients[i].round, i, n);
			assert_int_equal(number_of(clients[i].server, sql), 1);
		}
	}
	return sum;
}

static long acknowledged_by(const struct client clients[CLIENTS])
{
	long sum = 0;
	for (int i = 0; i < CLIENTS; i++)
		sum += clients[i].acknowledged;
	return sum;
}

/*
 * At another point of a batch each time: a kill as long after the first acknowledgement as the
 * round says.
 */
static long kill_round(struct server *server, int round)
{
	struct client clients[CLIENTS];
	pthread_t threads[CLIENTS];
	server_sign_in(server);
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = (struct client){
			.server = server, .round = round, .number = i, .fd = client_open(server)
		};
		pthread_create(&threads[i], NULL, post_batches, &clients[i]);
	}
	AWAIT(acknowledged_by(clients) > 0);
	usleep((useconds_t)round * 7000);
	server_kill(server);
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(threads[i], NULL);
	return acknowledged_is_there(clients);
}

static void each_batch_is_there_whole_or_not_at_all(void **state)
{
	(void)state;
	struct server server;
	long acknowledged = 0;
	server_start(&server, NULL);
	for (int round = 0; round < KILLS; round++) {
		acknowledged += kill_round(&server, round);
		server_restart(&server, NULL);
	}
	assert_int_equal(server_stop(&server), 0);
	int64_t batches = number_of(&server, "SELECT count(*) FROM tags");
	assert_true(batches >= acknowledged);
	assert_true(batches <= acknowledged + (long)CLIENTS * KILLS);
	assert_int_equal(number_of(&server, "SELECT count(*) FROM posts"), batches * BATCH);
	assert_int_equal(number_of(&server, "SELECT count(*) FROM (SELECT 1 FROM post_tags GROUP BY"
					    " tag_id HAVING count(*) <> 1000)"),
			 0);
	assert_int_equal(number_of(&server, "SELECT count(*) FROM pragma_integrity_check WHERE"
					    " integrity_check <> 'ok'"),
			 0);
	assert_int_equal(number_of(&server, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW("kill -9 leaves each batch of 1000 posts whole or not at all, ten times over",
	    each_batch_is_there_whole_or_not_at_all),
};

int main(void)
{
	return rows_run("app/serve_batch", rows, sizeof(rows) / sizeof(rows[0]));
}
