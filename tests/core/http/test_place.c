/* threaded */
/*
 * Which thread works on a request: long reads leave their event loop, answer what they would have
 * answered there, and hold nobody up.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

static const char *const targets[] = {
	"/api/v1/users/1",
	"/api/v1/users/999",
	"/api/v1/users?sort=-username&q=a",
	"/api/v1/users?sort=nothing",
	"/api/v1/users/stats",
	"/api/v1/posts",
	"/api/v1/posts?include=author,tags&sort=-title",
	"/api/v1/posts?q=word&with_total=false",
	"/api/v1/posts?status=draft&fields=id,title",
	"/api/v1/posts/1",
	"/api/v1/posts/77",
};
enum {
	TARGETS = sizeof(targets) / sizeof(targets[0]),
	READS = TARGETS - 1, /* the one whose input is refused reads nothing */
	SHAPES = READS - 2,  /* users and posts by their ids are asked for twice */
	ROUNDS = 3,
};

/* The log has a thread of its own: waits until it has said something so often. */
static void log_says(const struct server *server, const char *text, int times)
{
	AWAIT(server_logged(server, text) >= times);
}

/* The same request again and again: without what differs by nature. */
static char *answer_of(const struct server *server, const char *target)
{
	struct reply reply = client_ask(server, "GET", target, NULL);
	char *id = strstr(json_swap(reply.body), "'request_id':");
	if (id)
		*id = '\0';
	const char *etag = reply_header(&reply, "ETag");
	char *text = NULL;
	assert_true(asprintf(&text, "%d %s %s %s", reply.status,
			     reply_header(&reply, "Content-Type"), etag ? etag : "-",
			     reply.body) > 0);
	reply_done(&reply);
	return text;
}

/* `count` posts in batches of a hundred. */
static void add_posts(const struct server *server, int count)
{
	for (int at = 0; at < count; at += 100) {
		char *body = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&body, &len);
		fputs("{'items':[", out);
		for (int i = 0; i < 100; i++)
			fprintf(out, "%s{'title':'word %d','content':'%0800d','status':'%s'}",
				i ? "," : "", at + i, i, i % 3 ? "published" : "draft");
		fputs("]}", out);
		fclose(out);
		struct reply reply = client_ask(server, "POST", "/api/v1/posts/batch", body);
		assert_int_equal(reply.status, 201);
		reply_done(&reply);
		free(body);
	}
}

/* With the longest budget that there is. Where this machine is busy elsewhere, even that ends. */
static bool stays_on_its_loop(struct server *server, char *answers[TARGETS])
{
	server_restart(server, (const char *const[]){ "server.loop_budget_us=1000000",
						      "log.level=debug", NULL });
	for (int i = 0; i < TARGETS; i++) {
		free(answers[i]);
		answers[i] = answer_of(server, targets[i]);
	}
	int long_reads = server_logged(server, "a long read");
	assert_int_equal(server_stop(server), 0);
	return long_reads == 0;
}

/* A budget of nothing ends every query at its first step. */
static void a_query_begun_again_answers_the_same(void **state)
{
	(void)state;
	struct server server;
	char *before[TARGETS] = { NULL };
	server_start(&server, NULL);
	server_sign_in(&server);
	add_posts(&server, 100);
	assert_int_equal(server_stop(&server), 0);
	AWAIT(stays_on_its_loop(&server, before));
	server_restart(&server,
		       (const char *const[]){ "server.loop_budget_us=0", "log.level=debug", NULL });
	for (int round = 1; round <= ROUNDS; round++) {
		for (int i = 0; i < TARGETS; i++) {
			char *now = answer_of(&server, targets[i]);
			assert_string_equal(now, before[i]);
			free(now);
		}
	}
	/*
	 * The first two of a shape are begun and begun again, the others know better; but two
	 * shapes may have one place in the table, which then remembers neither.
	 */
	log_says(&server, "a long read", READS * ROUNDS);
	assert_int_equal(server_logged(&server, "a long read"), READS * ROUNDS);
	assert_true(server_logged(&server, "'again':true") >= 2 * SHAPES);
	assert_true(server_logged(&server, "'again':false") > 0);
	for (int i = 0; i < TARGETS; i++)
		free(before[i]);
	server_end(&server);
}

enum { HOGS = 30, HOG_POSTS = 6000 };

static bool has_answer(int fd)
{
	int bytes = 0;
	ioctl(fd, FIONREAD, &bytes);
	return bytes > 0;
}

/*
 * One event loop. Long reads that came first are still under way when the others have their
 * answers.
 */
static void long_reads_hold_nobody_up(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.threads=1", NULL });
	server_sign_in(&server);
	add_posts(&server, HOG_POSTS);
	char hog[1024];
	int len = snprintf(hog, sizeof(hog),
			   "GET /api/v1/posts?title__like=%%25zzz%%25&sort=title "
			   "HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n",
			   server.token);
	int fds[HOGS], pending = 0;
	for (int i = 0; i < HOGS; i++) {
		fds[i] = client_open(&server);
		client_send(fds[i], hog, (size_t)len);
	}
	struct reply live, one;
	client_call(&server, &(struct request){ .method = "GET", .target = "/health/live" }, &live);
	assert_int_equal(live.status, 200);
	one = client_ask(&server, "GET", "/api/v1/users/1", NULL);
	assert_int_equal(one.status, 200);
	for (int i = 0; i < HOGS; i++)
		pending += !has_answer(fds[i]);
	assert_true(pending > 0);
	reply_done(&live);
	reply_done(&one);
	for (int i = 0; i < HOGS; i++) {
		struct reply reply;
		client_read(fds[i], false, &reply);
		assert_int_equal(reply.status, 200);
		reply_done(&reply);
		close(fds[i]);
	}
	server_end(&server);
}

/* More than is bound, rendered or compressed on an event loop. */
static void large_bodies_and_answers_go_through_the_pool(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	server_sign_in(&server);
	add_posts(&server, 200);
	struct reply plain = client_ask(&server, "GET", "/api/v1/posts?per_page=100", NULL);
	assert_int_equal(plain.status, 200);
	assert_true(plain.body_len > 60000);
	struct reply packed;
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/api/v1/posts?per_page=100",
				       .token = server.token,
				       .headers = "Accept-Encoding: gzip\r\n" },
		    &packed);
	assert_int_equal(packed.status, 200);
	assert_string_equal(reply_header(&packed, "Content-Encoding"), "gzip");
	assert_true(packed.body_len < plain.body_len / 2);
	reply_done(&plain);
	reply_done(&packed);
	server_end(&server);
}

/* The document is compressed once, at the start. */
static void the_document_comes_packed(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	struct reply packed;
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/openapi.json",
				       .headers = "Accept-Encoding: gzip\r\n" },
		    &packed);
	assert_int_equal(packed.status, 200);
	assert_string_equal(reply_header(&packed, "Content-Encoding"), "gzip");
	assert_string_equal(reply_header(&packed, "Vary"), "Accept-Encoding");
	reply_done(&packed);
	server_end(&server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a query that is begun again answers the same",
		    a_query_begun_again_answers_the_same),
		ROW("long reads hold up neither health nor reads by key",
		    long_reads_hold_nobody_up),
		ROW("large bodies and answers go through the pool",
		    large_bodies_and_answers_go_through_the_pool),
		ROW("the document comes compressed", the_document_comes_packed),
	};
	return rows_run("core/http/place", rows, sizeof(rows) / sizeof(rows[0]));
}
