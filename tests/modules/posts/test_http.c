/*
 * Posts, and accounts beside them, over HTTP: what only a real request shows, which is headers and
 * paths.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

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

/* What is asked of post 1 and of who is signed in, with a condition. */
struct condition {
	const char *method, *target, *header, *body;
	int status;
	/* The header's %s is the ETag of that, which is read before; NULL: there is none. */
	const char *tag_of;
};

static void conditions_are_met_or_nothing_is_done(void **state)
{
	const struct condition *row = *state;
	struct server server;
	struct reply reply;
	char header[200];
	server_start(&server, NULL);
	server_sign_in(&server);
	expect(&server, "POST", "/api/v1/posts", NULL, "{'title':'before'}", 201);
	if (strstr(row->target, "/restore"))
		expect(&server, "DELETE", "/api/v1/posts/1", NULL, NULL, 204);
	call(&server, "GET", row->tag_of ? row->tag_of : "/", NULL, NULL, &reply);
	const char *tag = row->tag_of ? reply_header(&reply, "ETag") : "";
	assert_non_null(tag);
	snprintf(header, sizeof(header), row->header, tag);
	reply_done(&reply);
	expect(&server, row->method, row->target, header, row->body, row->status);
	if (row->status == 412) {
		call(&server, "GET", "/api/v1/posts?fields=title", NULL, NULL, &reply);
		bool is_there = json_has(reply.body, "'title':'before'");
		assert_int_equal(is_there, !strstr(row->target, "/restore"));
		assert_false(json_has(reply.body, "after"));
		reply_done(&reply);
	}
	server_end(&server);
}

/* The document is packed beforehand; the error is not, which would make it longer. */
static void refused_document_is_an_error(void **state)
{
	static const char *const sets[] = { "server.gzip_min=1", NULL };
	static const char asks[] =
		"If-Match: \"1-0\"\r\nAccept-Encoding: gzip\r\nX-Request-ID: "
		"0Zq9Yx8Wv7Ku6Jt5Ms4Lr3Hp2Go1Fn-EbDaC.XcTdSzRyQwPvOuNiBhAgUfVeIj\r\n";
	(void)state;
	struct server server;
	struct reply reply;
	server_start(&server, sets);
	call(&server, "GET", "/openapi.json", asks, NULL, &reply);
	assert_int_equal(reply.status, 412);
	assert_null(reply_header(&reply, "Content-Encoding"));
	assert_json_has(reply.body, "'code':'precondition_failed'");
	assert_string_equal(reply_header(&reply, "Cache-Control"), "no-store");
	reply_done(&reply);
	server_end(&server);
}

#define CONDITION(sentence, name, ...) \
	ROW_OF(sentence, conditions_are_met_or_nothing_is_done, \
	       (&(struct condition){ .method = (name), __VA_ARGS__ }))
#define AFTER "{'title':'after'}"
#define POST_1 "/api/v1/posts/1"
#define ME "/api/v1/users/me"
#define PAGE "/index.html"
#define STALE "If-Match: \"1-0\"\r\n"

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
		CONDITION("a change with If-None-Match: * is not made", "PATCH", POST_1,
			  "If-None-Match: *\r\n", AFTER, 412),
		CONDITION("a change with the row's tag in If-None-Match is not made", "PATCH",
			  POST_1, "If-None-Match: %s\r\n", AFTER, 412, POST_1),
		CONDITION("a delete with If-None-Match: * is not made", "DELETE", POST_1,
			  "If-None-Match: *\r\n", NULL, 412),
		CONDITION("nothing is made with If-None-Match: *", "POST", "/api/v1/posts",
			  "If-None-Match: *\r\n", AFTER, 412),
		CONDITION("nothing is made with a tag in If-Match", "POST", "/api/v1/posts", STALE,
			  AFTER, 412),
		CONDITION("a restore with a tag in If-Match is not made", "POST", POST_1 "/restore",
			  STALE, NULL, 412),
		CONDITION("a restore with If-Match: * is made", "POST", POST_1 "/restore",
			  "If-Match: *\r\n", NULL, 200),
		CONDITION("wrong input is told before a condition", "POST", "/api/v1/posts", STALE,
			  "{}", 422),
		CONDITION("a read of a row in another state is 412", "GET", POST_1, STALE, NULL,
			  412),
		CONDITION("a read of a row in that state is 200", "GET", ME, "If-Match: %s\r\n",
			  NULL, 200, ME),
		CONDITION("a read by a weak tag is 412", "GET", ME, "If-Match: W/%s\r\n", NULL, 412,
			  ME),
		CONDITION("If-Match is looked at before If-None-Match", "GET", ME,
			  STALE "If-None-Match: %s\r\n", NULL, 412, ME),
		CONDITION("both tags of a row make 304", "GET", ME,
			  "If-Match: *\r\nIf-None-Match: %s\r\n", NULL, 304, ME),
		CONDITION("a read of what is not there is 404, whatever it asks for", "GET",
			  "/api/v1/posts/9", STALE, NULL, 404),
		CONDITION("the document has none either", "GET", "/openapi.json", STALE, NULL, 412),
		CONDITION("the document is there for whoever asks for any", "GET", "/openapi.json",
			  "If-Match: *\r\n", NULL, 200),
		ROW("who is refused the document gets an error, although it is packed",
		    refused_document_is_an_error),
		CONDITION("a list has no tag that If-Match could name", "GET", "/api/v1/posts",
			  STALE, NULL, 412),
		CONDITION("dates are no conditions", "PATCH", POST_1,
			  "If-Unmodified-Since: Wed, 21 Oct 2015 07:28:00 GMT\r\n", AFTER, 200),
		CONDITION("a page in another state is 412", "GET", PAGE, STALE, NULL, 412),
		CONDITION("a page in that state is 200", "GET", PAGE, "If-Match: %s\r\n", NULL, 200,
			  PAGE),
		CONDITION("If-Match of a page is looked at before Range", "GET", PAGE,
			  STALE "Range: bytes=0-1\r\n", NULL, 412),
		CONDITION("a part of a page in that state is 206", "GET", PAGE,
			  "If-Match: %s\r\nRange: bytes=0-1\r\n", NULL, 206, PAGE),
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
