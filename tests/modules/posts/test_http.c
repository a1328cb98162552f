/*
 * Posts, and accounts beside them, over HTTP: what only a real request shows, which is headers and
 * paths.
 */
#include "support/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/client.h"
#include "support/json.h"
#include "support/server.h"

static void call(const struct server *server, const char *method, const char *target,
		 const char *headers, const char *body, struct reply *ret)
{
	client_call(server,
		    &(struct request){ .method = method,
				       .target = target,
				       .headers = headers,
				       .body = body,
				       .token = server->token },
		    ret);
}

static void expect(const struct server *server, const char *method, const char *target,
		   const char *headers, const char *body, int status)
{
	struct reply reply;
	call(server, method, target, headers, body, &reply);
	if (reply.status != status)
		fail_msg("%s %s: %d, not %d: %s", method, target, reply.status, status, reply.body);
	reply_done(&reply);
}

static void takes_if_match_from_its_header(void **state)
{
	(void)state;
	struct server server;
	struct reply reply;
	char fresh[128];
	server_start(&server, NULL);
	server_sign_in(&server);
	call(&server, "POST", "/api/v1/posts", NULL, "{'title':'T'}", &reply);
	assert_int_equal(reply.status, 201);
	assert_string_equal(reply_header(&reply, "Location"), "/api/v1/posts/1");
	snprintf(fresh, sizeof(fresh), "If-Match: %s\r\n", reply_header(&reply, "ETag"));
	reply_done(&reply);

	expect(&server, "PATCH", "/api/v1/posts/1", fresh, "{'title':'U'}", 200);
	expect(&server, "PATCH", "/api/v1/posts/1", fresh, "{'title':'V'}", 412);
	expect(&server, "DELETE", "/api/v1/posts/1", fresh, NULL, 412);
	expect(&server, "DELETE", "/api/v1/posts/1", "If-Match: *\r\n", NULL, 204);
	expect(&server, "GET", "/api/v1/posts/1", NULL, NULL, 404);
	expect(&server, "POST", "/api/v1/posts/1/restore", NULL, NULL, 200);
	expect(&server, "POST", "/api/v1/posts/batch", NULL, "{'items':[{'title':'a'}]}", 201);
	expect(&server, "GET", "/api/v1/users/1/posts?sort=-id&include=author", NULL, NULL, 200);
	expect(&server, "GET", "/api/v1/users/stats", NULL, NULL, 200);
	expect(&server, "GET", "/api/v1/users/recent?limit=1", NULL, NULL, 200);
	server_end(&server);
}

/* The ETag is the post's; the author inside may have got a new name. */
static void embedded_rows_are_never_304(void **state)
{
	(void)state;
	struct server server;
	struct reply reply;
	char known[128];
	server_start(&server, NULL);
	server_sign_in(&server);
	expect(&server, "POST", "/api/v1/posts", NULL, "{'title':'T'}", 201);
	call(&server, "GET", "/api/v1/posts/1", NULL, NULL, &reply);
	snprintf(known, sizeof(known), "If-None-Match: %s\r\n", reply_header(&reply, "ETag"));
	reply_done(&reply);
	expect(&server, "PATCH", "/api/v1/users/1", NULL, "{'username':'renamed'}", 200);
	call(&server, "GET", "/api/v1/posts/1", known, NULL, &reply);
	assert_int_equal(reply.status, 200);
	assert_json_has(reply.body, "'username':'renamed'");
	reply_done(&reply);

	call(&server, "GET", "/api/v1/users/1", NULL, NULL, &reply);
	snprintf(known, sizeof(known), "If-None-Match: %s\r\n", reply_header(&reply, "ETag"));
	reply_done(&reply);
	expect(&server, "GET", "/api/v1/users/1", known, NULL, 304);
	server_end(&server);
}

static void accounts_take_if_match(void **state)
{
	(void)state;
	static const char stale[] = "If-Match: \"2-0\"\r\n";
	struct server server;
	server_start(&server, NULL);
	server_sign_in(&server);
	expect(&server, "POST", "/api/v1/users", NULL,
	       "{'username':'ada','email':'ada@example.com'}", 201);
	expect(&server, "PATCH", "/api/v1/users/2", stale, "{'full_name':'A'}", 412);
	expect(&server, "PATCH", "/api/v1/users/me", stale, "{'full_name':'A'}", 412);
	expect(&server, "DELETE", "/api/v1/users/2", stale, NULL, 412);
	expect(&server, "DELETE", "/api/v1/users/2", "If-Match: *\r\n", NULL, 204);
	server_end(&server);
}

/* Of ada, whose account is deleted between the head, which was looked at, and the body. */
static void ask_as_deleted(const struct server *server, const char *token, const char *method,
			   const char *target, const char *body)
{
	char head[1024], *sent = json_swap(strdup(body));
	struct reply reply;
	int len = snprintf(head, sizeof(head),
			   "%s %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
			   "Content-Type: application/json\r\nContent-Length: %zu\r\n"
			   "Expect: 100-continue\r\n\r\n",
			   method, target, token, strlen(sent));
	int fd = client_open(server);
	client_send(fd, head, (size_t)len);
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 100);
	reply_done(&reply);
	expect(server, "DELETE", "/api/v1/users/2", NULL, NULL, 204);
	client_send(fd, sent, strlen(sent));
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 401);
	assert_json_has(reply.body, "'invalid_token'");
	assert_non_null(reply_header(&reply, "WWW-Authenticate"));
	reply_done(&reply);
	close(fd);
	free(sent);
}

struct of_deleted {
	const char *method, *target, *body;
};

static void deleted_meanwhile_is_signed_out(void **state)
{
	const struct of_deleted *of = *state;
	struct server server;
	struct reply reply;
	char token[512];
	server_start(&server, NULL);
	server_sign_in(&server);
	expect(&server, "POST", "/api/v1/users", NULL,
	       "{'username':'ada','email':'ada@example.com','password':'" SERVER_PASSWORD "'}",
	       201);
	call(&server, "POST", "/api/v1/auth/login", NULL,
	     "{'login':'ada','password':'" SERVER_PASSWORD "'}", &reply);
	assert_int_equal(reply.status, 200);
	assert_string_not_equal(reply_text(&reply, "access_token", token, sizeof(token)), "");
	reply_done(&reply);
	ask_as_deleted(&server, token, of->method, of->target, of->body);
	server_end(&server);
}

#define SIGNED_OUT(sentence, ...) \
	ROW_OF(sentence, deleted_meanwhile_is_signed_out, (&(struct of_deleted){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("posts take If-Match from its header", takes_if_match_from_its_header),
		ROW("an answer that embeds other rows is never 304", embedded_rows_are_never_304),
		ROW("accounts take If-Match from its header", accounts_take_if_match),
		SIGNED_OUT("an author who is deleted before his post is a 401", "POST",
			   "/api/v1/posts", "{'title':'T'}"),
		SIGNED_OUT("an author who is deleted before his batch is a 401", "POST",
			   "/api/v1/posts/batch", "{'items':[{'title':'T'}]}"),
		SIGNED_OUT("who is deleted before a change of himself is a 401", "PATCH",
			   "/api/v1/users/me", "{'full_name':'A'}"),
		SIGNED_OUT("who is deleted before a change of his password is a 401", "POST",
			   "/api/v1/users/me/password",
			   "{'current_password':'" SERVER_PASSWORD
			   "','new_password':'another good one'}"),
	};
	return rows_run("modules/posts/http", rows, sizeof(rows) / sizeof(rows[0]));
}
