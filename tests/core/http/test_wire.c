/* threaded */
/*
 * What a running server does with requests no polite client sends: each gets one clear answer at
 * once, nothing behind it is executed, and the server goes on. Rows are raw bytes and what must
 * come back.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

static struct server server;

struct raw_case {
	const char *bytes;
	size_t len; /* 0: strlen */
	int status;
	bool closed;
	const char *body; /* part of it, with its quotes swapped; or NULL */
};

static void raw_is_answered(void **state)
{
	const struct raw_case *row = *state;
	struct reply reply;
	client_raw(&server, row->bytes, row->len ? row->len : strlen(row->bytes), &reply);
	assert_int_equal(reply.status, row->status);
	if (row->closed)
		assert_true(reply.closed);
	if (row->body)
		assert_json_has(reply.body, row->body);
	reply_done(&reply);
}

#define RAW(sentence, text, ...) \
	ROW_OF(sentence, raw_is_answered, (&(struct raw_case){ .bytes = (text), __VA_ARGS__ }))
#define RAW_BYTES(sentence, text) \
	RAW(sentence, text, .len = sizeof(text) - 1, .status = 400, .closed = true)
#define GET_LIVE "GET /health/live HTTP/1.1\r\nHost: a\r\n"
#define SMUGGLED "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
#define OF_TYPE(type) \
	"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: " type "\r\n" \
	"Content-Length: 2\r\n\r\n{}"
#define SEND_JSON "Send this body as Content-Type: application/json or "
#define LOGIN "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

/*
 * The smuggled request must not show in the log: each of these rows is followed by one answer and a
 * close.
 */
static void one_answer_and_nothing_behind_it_is_executed(void **state)
{
	const char *bytes = *state;
	int fd = client_open(&server);
	client_send(fd, bytes, strlen(bytes));
	struct reply reply;
	client_read(fd, false, &reply);
	assert_in_range(reply.status, 400, 501);
	assert_true(reply.closed);
	assert_true(client_sees_close(fd));
	close(fd);
	reply_done(&reply);
	char *log = server_log(&server);
	assert_null(strstr(log, "/smuggled"));
	free(log);
}

struct behind_case {
	const char *bytes;
	size_t len;
};

/* One answer, whatever it is, and nothing of what comes behind. */
static void what_comes_behind_is_not_executed(void **state)
{
	const struct behind_case *row = *state;
	int fd = client_open(&server);
	client_send(fd, row->bytes, row->len);
	client_send(fd, SMUGGLED, sizeof(SMUGGLED) - 1);
	struct reply reply;
	client_read(fd, false, &reply);
	assert_true(reply.status >= 200);
	assert_true(reply.closed);
	reply_done(&reply);
	while (recv(fd, &(char){ 0 }, 1, 0) > 0)
		; /* the library may write its own refusal twice */
	close(fd);
	char *log = server_log(&server);
	assert_null(strstr(log, "/smuggled"));
	free(log);
}

#define BEHIND(sentence, text) \
	ROW_OF(sentence, what_comes_behind_is_not_executed, \
	       (&(struct behind_case){ text, sizeof(text) - 1 }))
#define CHUNKED LOGIN "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"

static void a_connection_serves_many_requests(void **state)
{
	(void)state;
	int fd = client_open(&server);
	for (int i = 0; i < 40; i++) {
		char text[400];
		int len = snprintf(text, sizeof(text), GET_LIVE "X-Pad:%*s x%*s\r\n\r\n", i, "",
				   i % 7, "");
		client_send(fd, text, (size_t)len);
		struct reply reply;
		client_read(fd, false, &reply);
		assert_int_equal(reply.status, 200);
		assert_false(reply.closed);
		reply_done(&reply);
	}
	close(fd);
}

/* Strings lie where they lie, however they came. */
static void a_head_that_comes_byte_by_byte_is_read(void **state)
{
	(void)state;
	static const char text[] = GET_LIVE "Cookie: a=b; c=d\r\nX-Empty:\r\nX-B: \t c \r\n\r\n";
	int fd = client_open(&server);
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		client_send(fd, text + i, 1);
	struct reply reply;
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	close(fd);
}

/* What was sent behind, whatever it is, is answered by that status. */
static void next_is_answered(int fd, const char *text, int status)
{
	struct reply reply;
	client_send(fd, text, strlen(text));
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, status);
	reply_done(&reply);
}

static void options_for_the_server(void **state)
{
	(void)state;
	int fd = client_open(&server);
	static const char text[] = "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n";
	struct reply reply;
	client_send(fd, text, sizeof(text) - 1);
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 204);
	assert_string_equal(reply_header(&reply, "Allow"),
			    "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
	reply_done(&reply);
	next_is_answered(fd, GET_LIVE "\r\n", 200);
	close(fd);
}

/* RFC 9112 §2.2: some clients send one behind a body. */
static void an_empty_line_between_requests(void **state)
{
	(void)state;
	int fd = client_open(&server);
	next_is_answered(fd, LOGIN "Content-Length: 2\r\n\r\n{}", 422);
	next_is_answered(fd, "\r\n" GET_LIVE "\r\n", 200);
	next_is_answered(fd, LOGIN "Content-Length: 2\r\n\r\n{}\r\n", 422);
	next_is_answered(fd, GET_LIVE "\r\n\r", 200);
	next_is_answered(fd, "\n" GET_LIVE "\r\n", 200);
	next_is_answered(fd, GET_LIVE "\r\n", 200);
	next_is_answered(fd, "\r\n\r\n" GET_LIVE "\r\n", 400);
	close(fd);
}

/* RFC 9110 §10.1.1. */
static void only_content_is_told_to_go_on(void **state)
{
	(void)state;
	static const char expect[] = "Expect: 100-continue\r\n\r\n";
	char text[512];
	int fd = client_open(&server);
	snprintf(text, sizeof(text), GET_LIVE "%s", expect);
	next_is_answered(fd, text, 200);
	snprintf(text, sizeof(text), LOGIN "Content-Length: 0\r\n%s", expect);
	next_is_answered(fd, text, 422);
	snprintf(text, sizeof(text), LOGIN "Content-Length: 2\r\n%s", expect);
	client_send(fd, text, strlen(text));
	char told[26] = "";
	assert_int_equal(recv(fd, told, sizeof(told) - 1, MSG_WAITALL), 25);
	assert_string_equal(told, "HTTP/1.1 100 Continue\r\n\r\n");
	next_is_answered(fd, "{}", 422);
	close(fd);
}

struct page_case {
	const char *method, *fill;
	size_t path, fills;
	int status;
};

/* What a browser can run into must be told to the page that asked. */
static void a_page_can_read_the_refusal(void **state)
{
	const struct page_case *row = *state;
	char *text = calloc(1, 64 * 1024);
	size_t at = (size_t)sprintf(text, "%s /", row->method);
	memset(text + at, 'a', row->path);
	strcat(text, " HTTP/1.1\r\nHost: a\r\nOrigin: https://good.example\r\n");
	for (size_t i = 0; i < row->fills; i++)
		strcat(text, row->fill);
	strcat(text, "\r\n");
	struct reply reply;
	client_raw(&server, text, strlen(text), &reply);
	assert_int_equal(reply.status, row->status);
	assert_string_equal(reply_header(&reply, "Access-Control-Allow-Origin"),
			    "https://good.example");
	assert_non_null(reply_header(&reply, "X-Request-ID"));
	assert_non_null(reply_header(&reply, "Date"));
	reply_done(&reply);
	free(text);
}

#define PAGE(sentence, ...) \
	ROW_OF(sentence, a_page_can_read_the_refusal, (&(struct page_case){ __VA_ARGS__ }))
#define LONG_LINE \
	"X-Long: 0123456789012345678901234567890123456789012345678901234567890123456789" \
	"0123456789012345678901234567890123456789012345678901234567890123456789" \
	"0123456789012345678901234567890123456789012345678901234567890123456789" \
	"0123456789012345678901234567890123456789012345678901234567890123456789\r\n"

static void keeps_the_connection_after_an_early_error(void **state)
{
	(void)state;
	int fd = client_open(&server);
	static const char refused[] =
		"POST /api/v1/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
		"Content-Length: 10\r\n\r\n0123456789";
	struct reply reply;
	for (int i = 0; i < 3; i++) {
		client_send(fd, refused, sizeof(refused) - 1);
		client_read(fd, false, &reply);
		assert_int_equal(reply.status, 401);
		reply_done(&reply);
	}
	client_send(fd, GET_LIVE "\r\n", sizeof(GET_LIVE "\r\n") - 1);
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	close(fd);
}

static void answers_pipelined_requests_in_order(void **state)
{
	(void)state;
	int fd = client_open(&server);
	static const char both[] = GET_LIVE
		"\r\n"
		"GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	client_send(fd, both, sizeof(both) - 1);
	char text[8192] = "";
	size_t len = 0;
	ssize_t got;
	while ((got = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)got;
	text[len] = '\0';
	char *first = strstr(json_swap(text), "{'status':'ok'}");
	assert_non_null(first);
	assert_non_null(strstr(first, "version"));
	close(fd);
}

static void refuses_a_huge_length_before_saying_continue(void **state)
{
	(void)state;
	struct reply reply;
	client_raw(&server, LOGIN "Content-Length: 1073741824\r\nExpect: 100-continue\r\n\r\n",
		   sizeof(LOGIN "Content-Length: 1073741824\r\nExpect: 100-continue\r\n\r\n") - 1,
		   &reply);
	assert_int_equal(reply.status, 413);
	assert_true(reply.closed);
	reply_done(&reply);
}

static void refuses_a_chunked_body_at_the_limit(void **state)
{
	(void)state;
	int fd = client_open(&server);
	static const char head[] = LOGIN
		"Origin: https://good.example\r\nTransfer-Encoding: chunked\r\n\r\n";
	client_send(fd, head, sizeof(head) - 1);
	char chunk[0x8000 + 8];
	int at = sprintf(chunk, "8000\r\n");
	memset(chunk + at, ' ', 0x8000);
	memcpy(chunk + at + 0x8000, "\r\n", 2);
	for (int i = 0; i < 40; i++)
		client_send(fd, chunk, (size_t)at + 0x8000 + 2);
	struct reply reply;
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 413);
	assert_string_equal(reply_header(&reply, "Access-Control-Allow-Origin"),
			    "https://good.example");
	reply_done(&reply);
	close(fd);
}

static void a_chunked_body_within_the_limit_is_read(void **state)
{
	(void)state;
	struct reply reply;
	char request[] = LOGIN "Transfer-Encoding: chunked\r\n\r\n"
			       "5\r\n{'log\r\n"
			       "1e\r\nin':'nobody','password':'x'}  \r\n"
			       "0\r\n\r\n";
	client_raw(&server, json_swap(request), sizeof(request) - 1, &reply);
	assert_int_equal(reply.status, 401);
	reply_done(&reply);
}

static void head_has_the_headers_of_get_and_no_body(void **state)
{
	(void)state;
	struct reply reply;
	client_call(&server, &(struct request){ .method = "HEAD", .target = "/health/live" },
		    &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply_header(&reply, "Content-Length"), "15");
	assert_int_equal(reply.body_len, 0);
	reply_done(&reply);
}

/* RFC 9110 §14.2 */
static void head_has_no_parts(void **state)
{
	const char *header = *state;
	struct reply reply;
	client_call(
		&server,
		&(struct request){ .method = "HEAD", .target = "/index.html", .headers = header },
		&reply);
	assert_int_equal(reply.status, 200);
	assert_null(reply_header(&reply, "Content-Range"));
	reply_done(&reply);
}

static void every_answer_has_the_security_headers(void **state)
{
	(void)state;
	static const char *const targets[] = { "/health/live", "/nowhere", "/api/v1/users",
					       "/croft.css", "/docs" };
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct reply reply;
		client_call(&server, &(struct request){ .method = "GET", .target = targets[i] },
			    &reply);
		assert_string_equal(reply_header(&reply, "X-Content-Type-Options"), "nosniff");
		assert_non_null(strstr(reply_header(&reply, "Content-Security-Policy"),
				       "frame-ancestors 'none'"));
		assert_non_null(reply_header(&reply, "Referrer-Policy"));
		assert_non_null(reply_header(&reply, "Cache-Control"));
		assert_non_null(reply_header(&reply, "X-Request-ID"));
		reply_done(&reply);
	}
}

static void a_good_request_id_is_taken_over_and_a_bad_one_replaced(void **state)
{
	(void)state;
	struct reply reply;
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/health/live",
				       .headers = "X-Request-ID: abc-1.2_Z\r\n" },
		    &reply);
	assert_string_equal(reply_header(&reply, "X-Request-ID"), "abc-1.2_Z");
	reply_done(&reply);
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/health/live",
				       .headers = "X-Request-ID: a b\"c\r\n" },
		    &reply);
	assert_int_equal(strlen(reply_header(&reply, "X-Request-ID")), 26);
	reply_done(&reply);
}

static void an_operation_without_input_refuses_a_query(void **state)
{
	(void)state;
	struct reply reply;
	client_call(&server, &(struct request){ .method = "GET", .target = "/health/live?a=1" },
		    &reply);
	assert_int_equal(reply.status, 422);
	assert_json_has(reply.body, "'loc':['query','a']");
	reply_done(&reply);
}

/* In the target _ stands for NUL. */
static void many_query_arguments_are_refused_at_once(void **state)
{
	const char *target = *state;
	char request[16 * 1024] = "GET ";
	strcat(strcat(request, target), "?");
	for (int i = 0; i < 600; i++)
		strcat(request, "a=1&");
	strcat(request, "z HTTP/1.1\r\nHost: a\r\n\r\n");
	size_t len = strlen(request);
	for (size_t i = 0; i < len; i++)
		if (request[i] == '_')
			request[i] = '\0';
	struct reply reply;
	client_raw(&server, request, len, &reply);
	assert_int_equal(reply.status, 400);
	if (strchr(target, '_')) /* not because it had not come in time */
		assert_non_null(strstr(reply.body, "holds a NUL"));
	reply_done(&reply);
}

static void long_things_are_refused(void **state)
{
	int wanted = *(const int *)*state;
	char *request = calloc(1, 64 * 1024);
	strcpy(request, wanted == 414 ? "GET /" : GET_LIVE "X-Long: ");
	size_t at = strlen(request);
	memset(request + at, 'a', wanted == 414 ? 9000 : 40000);
	strcat(request, wanted == 414 ? " HTTP/1.1\r\nHost: a\r\n\r\n" : "\r\n\r\n");
	struct reply reply;
	client_raw(&server, request, strlen(request), &reply);
	assert_int_equal(reply.status, wanted);
	reply_done(&reply);
	free(request);
}

static void cors_answers_only_allowed_origins(void **state)
{
	(void)state;
	struct reply reply;
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/health/live",
				       .headers = "Origin: https://good.example\r\n" },
		    &reply);
	assert_string_equal(reply_header(&reply, "Access-Control-Allow-Origin"),
			    "https://good.example");
	assert_string_equal(reply_header(&reply, "Vary"), "Origin");
	reply_done(&reply);
	static const char *const others[] = { "Origin: https://good.example.evil\r\n",
					      "Origin: null\r\n",
					      "Origin: https://evilgood.example\r\n",
					      "Origin: http://good.example\r\n" };
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		client_call(&server,
			    &(struct request){ .method = "GET",
					       .target = "/health/live",
					       .headers = others[i] },
			    &reply);
		assert_int_equal(reply.status, 200);
		assert_null(reply_header(&reply, "Access-Control-Allow-Origin"));
		reply_done(&reply);
	}
	client_call(&server,
		    &(struct request){ .method = "OPTIONS",
				       .target = "/api/v1/users",
				       .headers = "Origin: https://good.example\r\n"
						  "Access-Control-Request-Method: POST\r\n" },
		    &reply);
	assert_int_equal(reply.status, 204);
	assert_non_null(strstr(reply_header(&reply, "Access-Control-Allow-Methods"), "PATCH"));
	reply_done(&reply);
}

static void large_answers_are_compressed_when_accepted(void **state)
{
	(void)state;
	struct reply plain, packed;
	client_call(&server, &(struct request){ .method = "GET", .target = "/openapi.json" },
		    &plain);
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/openapi.json",
				       .headers = "Accept-Encoding: gzip\r\n" },
		    &packed);
	assert_null(reply_header(&plain, "Content-Encoding"));
	assert_string_equal(reply_header(&packed, "Content-Encoding"), "gzip");
	assert_true(packed.body_len * 2 < plain.body_len);
	assert_memory_equal(packed.body, "\x1f\x8b", 2);
	reply_done(&plain);
	reply_done(&packed);
}

static void static_files_have_tags_and_ranges(void **state)
{
	(void)state;
	struct reply whole, part;
	client_call(&server, &(struct request){ .method = "GET", .target = "/croft.css" }, &whole);
	assert_int_equal(whole.status, 200);
	char headers[256];
	snprintf(headers, sizeof(headers), "If-None-Match: %s\r\n", reply_header(&whole, "ETag"));
	client_call(
		&server,
		&(struct request){ .method = "GET", .target = "/croft.css", .headers = headers },
		&part);
	assert_int_equal(part.status, 304);
	reply_done(&part);
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/croft.css",
				       .headers = "Range: bytes=2-5\r\n" },
		    &part);
	assert_int_equal(part.status, 206);
	assert_int_equal(part.body_len, 4);
	assert_memory_equal(part.body, whole.body + 2, 4);
	reply_done(&part);
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/croft.css",
				       .headers = "Range: bytes=9999999-\r\n" },
		    &part);
	assert_int_equal(part.status, 416);
	reply_done(&part);
	reply_done(&whole);
}

static void errors_come_as_problem_json_when_preferred(void **state)
{
	(void)state;
	struct reply reply;
	client_call(&server,
		    &(struct request){ .method = "GET",
				       .target = "/nowhere",
				       .headers = "Accept: application/problem+json\r\n" },
		    &reply);
	assert_int_equal(reply.status, 404);
	assert_string_equal(reply_header(&reply, "Content-Type"), "application/problem+json");
	assert_json_has(reply.body, "'status':404");
	reply_done(&reply);
}

static const int too_long = 414, too_large = 431;

static const struct CMUnitTest rows[] = {
	RAW("a plain GET is answered", GET_LIVE "\r\n", .status = 200, .body = "{'status':'ok'}"),
	RAW("an unknown path is 404 in FastAPI's words", "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n",
	    .status = 404, .body = "{'detail':'Not Found','code':'not_found','request_id':'"),
	RAW("a known path with another method is 405",
	    "DELETE /health/live HTTP/1.1\r\nHost: a\r\n\r\n", .status = 405,
	    .body = "Method Not Allowed"),
	RAW("OPTIONS tells the methods", "OPTIONS /health/live HTTP/1.1\r\nHost: a\r\n\r\n",
	    .status = 204),
	RAW("a trailing slash on GET redirects",
	    "GET /api/v1/users/?page=2 HTTP/1.1\r\nHost: a\r\n\r\n", .status = 307),
	RAW("a trailing slash on POST redirects, once the body is in",
	    "POST /api/v1/users/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
	    .status = 307),
	RAW("a trailing slash redirects where the method is none of its path's",
	    "PUT /health/live/ HTTP/1.1\r\nHost: a\r\n\r\n", .status = 307),
	RAW("a trailing slash on DELETE redirects",
	    "DELETE /api/v1/users/7/ HTTP/1.1\r\nHost: a\r\n\r\n", .status = 307),
	RAW("a trailing slash behind nothing is 404", "POST /nowhere/ HTTP/1.1\r\nHost: a\r\n\r\n",
	    .status = 404),
	RAW("no token is 401", "GET /api/v1/users HTTP/1.1\r\nHost: a\r\n\r\n", .status = 401,
	    .body = "'detail':'Not authenticated'"),
	RAW("a token nobody signed is 401",
	    "GET /api/v1/users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer e30.e30.\r\n\r\n",
	    .status = 401),
	RAW("credentials of another scheme are as none",
	    "GET /api/v1/users HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YTpi\r\n\r\n",
	    .status = 401, .body = "'detail':'Not authenticated','code':'unauthenticated'"),
	RAW("so they are before a body",
	    "POST /api/v1/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
	    "Authorization: Basic YTpi\r\nContent-Length: 9\r\n\r\n",
	    .status = 401, .body = "'detail':'Not authenticated','code':'unauthenticated'"),
	RAW("a scheme with nothing behind it is none",
	    "GET /api/v1/users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer\r\n\r\n", .status = 401,
	    .body = "'detail':'Not authenticated'"),
	RAW("a token in the query is ignored",
	    "GET /api/v1/users?access_token=x HTTP/1.1\r\nHost: a\r\n\r\n", .status = 401),
	RAW("two Authorization headers are 400",
	    GET_LIVE "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", .status = 400,
	    .closed = true),
	RAW("no Host is 400", "GET /health/live HTTP/1.1\r\n\r\n", .status = 400, .closed = true),
	RAW("two Hosts are 400", GET_LIVE "Host: b\r\n\r\n", .status = 400, .closed = true),
	RAW("TRACE is refused", "TRACE /health/live HTTP/1.1\r\nHost: a\r\n\r\n", .status = 501,
	    .closed = true),
	RAW("a lower-case method is refused", "get /health/live HTTP/1.1\r\nHost: a\r\n\r\n",
	    .status = 400, .closed = true),
	RAW("%00 in the path is 400", "GET /health%00/live HTTP/1.1\r\nHost: a\r\n\r\n",
	    .status = 400),
	RAW("a broken escape is 400", "GET /health/%zz HTTP/1.1\r\nHost: a\r\n\r\n", .status = 400),
	RAW("a control byte in the target is 400",
	    "GET /health\x01/live HTTP/1.1\r\nHost: a\r\n\r\n", .status = 400),
	RAW("a byte above 126 in the target is 400", "GET /h\xC3\xA9 HTTP/1.1\r\nHost: a\r\n\r\n",
	    .status = 400),
	RAW("overlong UTF-8 is 400", "GET /%c0%ae/x HTTP/1.1\r\nHost: a\r\n\r\n", .status = 400),
	RAW("an encoded slash is 400", "GET /health%2flive HTTP/1.1\r\nHost: a\r\n\r\n",
	    .status = 400),
	RAW("a double escape is decoded once and is nowhere",
	    "GET /%252e%252e/x HTTP/1.1\r\nHost: a\r\n\r\n", .status = 404),
	RAW_BYTES("a NUL in a header value is refused",
		  "GET /health/live HTTP/1.1\r\nHost: a\0b\r\n\r\n"),
	RAW_BYTES("a NUL at the end of a value is refused", GET_LIVE "X: a\0\r\n\r\n"),
	RAW_BYTES("a NUL in the path is refused",
		  "GET /health/live\0x HTTP/1.1\r\nHost: a\r\n\r\n"),
	RAW_BYTES("a NUL behind the path is refused",
		  "GET /health/live\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
	RAW_BYTES("a NUL in the query is refused",
		  "GET /health/live?\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
	RAW_BYTES("a NUL behind the method is refused",
		  "GET\0 /health/live HTTP/1.1\r\nHost: a\r\n\r\n"),
	RAW_BYTES("a line that begins with NUL is refused", GET_LIVE "\0X: a\r\n\r\n"),
	RAW_BYTES("a line that is a NUL and CR LF is refused", GET_LIVE "\0\r\n\r\n"),
	RAW_BYTES("a line without a name is refused", GET_LIVE ": v\r\n\r\n"),
	RAW_BYTES("a first line without a name is refused",
		  "GET /health/live HTTP/1.1\r\n: v\r\nHost: a\r\n\r\n"),
	RAW_BYTES("a NUL in Content-Length is refused", LOGIN "Content-Length: 2\0"
							      "5\r\n\r\n{}"),
	RAW_BYTES("a NUL in Transfer-Encoding is refused",
		  LOGIN "Transfer-Encoding: chunked\0x\r\n\r\n0\r\n\r\n"),
	RAW_BYTES("a folded value is refused", GET_LIVE "X: a\r\n b\r\n\r\n"),
	RAW_BYTES("a value folded with a tab is refused", GET_LIVE "X: a\r\n\tb\r\nY: c\r\n\r\n"),
	RAW_BYTES("a fold behind the request line is refused",
		  "GET /health/live HTTP/1.1\r\n X: b\r\nHost: a\r\n\r\n"),
	RAW_BYTES("a header line that ends in LF alone is refused", GET_LIVE "X: a\n\r\n"),
	RAW_BYTES("a request line that ends in LF alone is refused",
		  "GET /health/live HTTP/1.1\nHost: a\r\n\r\n"),
	RAW_BYTES("a head that ends in LF alone is refused", GET_LIVE "\n"),
	RAW_BYTES("two blanks behind the method are refused",
		  "GET  /health/live HTTP/1.1\r\nHost: a\r\n\r\n"),
	RAW_BYTES("an empty line before the request is refused", "\r\n" GET_LIVE "\r\n"),
	RAW("a blank behind chunked is 501, not another body",
	    LOGIN "Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n", .status = 501, .closed = true,
	    .body = "no blank behind it"),
	RAW("a blank behind a length is the library's 400", LOGIN "Content-Length: 2 \r\n\r\n{}",
	    .status = 400, .closed = true),
	RAW("blanks behind Host are no part of it",
	    "GET /health/live HTTP/1.1\r\nHost: a  \r\n\r\n", .status = 200),
	RAW("blanks behind a media type are no part of it",
	    "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json \r\n"
	    "Content-Encoding: identity \r\nContent-Length: 2\r\n\r\n{}",
	    .status = 422),
	RAW("an empty coding is none", LOGIN "Content-Encoding: \r\nContent-Length: 2\r\n\r\n{}",
	    .status = 422),
	RAW("an empty Accept takes what there is",
	    "GET /health/live HTTP/1.1\r\nHost: a\r\nAccept: \r\n\r\n", .status = 200),
	RAW("an Accept of parameters alone takes what there is",
	    "GET /health/live HTTP/1.1\r\nHost: a\r\nAccept: ;q=0.5, ,\r\n\r\n", .status = 200),
	RAW("HTTP/1.9 is answered as HTTP/1.1", "GET /health/live HTTP/1.9\r\nHost: a\r\n\r\n",
	    .status = 200),
	RAW("OPTIONS * is answered", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", .status = 204),
	RAW("OPTIONS * with a body is answered",
	    "OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", .status = 204),
	RAW("GET * is 400", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", .status = 400, .closed = true),
	ROW("OPTIONS * tells what the server can do and keeps the connection",
	    options_for_the_server),
	ROW("one empty line between requests is passed over, in pieces or whole",
	    an_empty_line_between_requests),
	ROW("who sends no content is not told to go on", only_content_is_told_to_go_on),
	RAW_BYTES("a line of NUL before the request is refused", "\0x\r\n" GET_LIVE "\r\n"),
	BEHIND("nothing behind trailers is run", CHUNKED "X: y\r\n\r\n"),
	BEHIND("nothing behind a trailer without a name is run", CHUNKED ": y\r\n"),
	BEHIND("nothing behind a trailer without a name after another is run",
	       CHUNKED "X: y\r\n: y\r\n"),
	BEHIND("nothing behind a trailer that begins with NUL is run", CHUNKED "\0y\r\n"),
	BEHIND("nothing behind a trailer of NULs is run", CHUNKED "\0\0y\r\n"),
	BEHIND("nothing behind a line without a name is run", GET_LIVE ": v\r\n"),
	BEHIND("nothing behind a line that begins with NUL is run", GET_LIVE "\0v\r\n"),
	BEHIND("nothing behind a length that is no number is run",
	       LOGIN "Content-Length: 5x\r\n\r\n"),
	BEHIND("nothing behind a broken chunk is run",
	       LOGIN "Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
	ROW("a connection serves many requests", a_connection_serves_many_requests),
	ROW("a head that comes byte by byte is read", a_head_that_comes_byte_by_byte_is_read),
	PAGE("a page can read 414", .method = "GET", .path = 9000, .status = 414),
	PAGE("a page can read 501", .method = "BREW", .status = 501),
	PAGE("a page can read 431 of too many headers", .method = "GET", .fill = "X: y\r\n",
	     .fills = 101, .status = 431),
	PAGE("a page can read 431 of too long headers", .method = "GET", .fill = LONG_LINE,
	     .fills = 90, .status = 431),
	RAW("an absolute target is answered",
	    "GET http://a/health/live HTTP/1.1\r\nHost: a\r\n\r\n", .status = 200),
	RAW("an absolute target without server is 400",
	    "GET http:///health/live HTTP/1.1\r\nHost: a\r\n\r\n", .status = 400),
	RAW("a compressed body is 415",
	    LOGIN "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", .status = 415),
	RAW("JSON as text/plain is 415",
	    "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: "
	    "text/plain\r\nContent-Length: 2\r\n\r\n{}",
	    .status = 415),
	RAW("a body of an empty type is 415, and the type to send is told", OF_TYPE(""),
	    .status = 415, .body = SEND_JSON),
	RAW("a body of a type of blanks is, too", OF_TYPE(" \t "), .status = 415,
	    .body = SEND_JSON),
	RAW("a body of parameters alone is, too", OF_TYPE(";charset=utf-8"), .status = 415,
	    .body = SEND_JSON),
	RAW("a body without a type is, too",
	    "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
	    .status = 415, .body = SEND_JSON),
	RAW("nothing at all of an empty type is 422",
	    "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: \r\n"
	    "Content-Length: 0\r\n\r\n",
	    .status = 422, .body = "'missing'"),
	RAW("dots climb nowhere", "GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
	    .status = 404),
	RAW("two slashes are nowhere", "GET //etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
	    .status = 404),
	RAW("the migrations in the binary are not served",
	    "GET /sql/sqlite/0001_users.sql HTTP/1.1\r\nHost: a\r\n\r\n", .status = 404),
	RAW("broken JSON is 422 with the place", LOGIN "Content-Length: 8\r\n\r\n{\"login\"",
	    .status = 422, .body = "'type':'json_invalid','loc':['body',"),
	RAW("an absent body is 422", LOGIN "Content-Length: 0\r\n\r\n", .status = 422,
	    .body = "'missing'"),
	RAW("a Content-Length of 2^63 - 1 is 413",
	    LOGIN "Content-Length: 9223372036854775807\r\n\r\n", .status = 413, .closed = true),
	RAW("a Content-Length of 2^63 is 400", LOGIN "Content-Length: 9223372036854775808\r\n\r\n",
	    .status = 400),
	RAW("an answer the client refuses is 406",
	    "GET /health/live HTTP/1.1\r\nHost: a\r\nAccept: image/png\r\n\r\n", .status = 406),
	ROW_OF("TE and CL together: one answer, closed",
	       one_answer_and_nothing_behind_it_is_executed,
	       LOGIN "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED),
	ROW_OF("two Content-Lengths: one answer, closed",
	       one_answer_and_nothing_behind_it_is_executed,
	       LOGIN "Content-Length: 4\r\nContent-Length: 4\r\n\r\n{}  " SMUGGLED),
	ROW_OF("two Transfer-Encodings: one answer, closed",
	       one_answer_and_nothing_behind_it_is_executed,
	       LOGIN "Transfer-Encoding: chunked\r\nTransfer-Encoding: "
		     "chunked\r\n\r\n0\r\n\r\n" SMUGGLED),
	ROW_OF("gzip, chunked: one answer, closed", one_answer_and_nothing_behind_it_is_executed,
	       LOGIN "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" SMUGGLED),
	ROW_OF("Transfer-Encoding on HTTP/1.0: one answer, closed",
	       one_answer_and_nothing_behind_it_is_executed,
	       "POST /api/v1/auth/login HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: "
	       "chunked\r\n\r\n0\r\n\r\n" SMUGGLED),
	ROW_OF("a blank before the colon: one answer, closed",
	       one_answer_and_nothing_behind_it_is_executed,
	       LOGIN "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" SMUGGLED),
	ROW("an operation without input refuses a query",
	    an_operation_without_input_refuses_a_query),
	ROW_OF("600 query arguments are refused at once", many_query_arguments_are_refused_at_once,
	       "/health/live"),
	ROW_OF("600 query arguments behind a NUL are refused at once",
	       many_query_arguments_are_refused_at_once, "/health/live_"),
	ROW_OF("600 query arguments behind what looks like the end of the line are refused at "
	       "once",
	       many_query_arguments_are_refused_at_once, "/health/live_HTTP/1.1_"),
	ROW_OF("600 query arguments behind what looks like a header are refused at once",
	       many_query_arguments_are_refused_at_once, "/health/live_HTTP/1.1__Referer:/"),
	ROW_OF("a target of 9 KB is 414", long_things_are_refused, &too_long),
	ROW_OF("headers of 40 KB are 431", long_things_are_refused, &too_large),
	ROW("a huge length is 413 before 100 Continue",
	    refuses_a_huge_length_before_saying_continue),
	ROW("a chunked body is cut at the limit", refuses_a_chunked_body_at_the_limit),
	ROW("a chunked body within the limit is read", a_chunked_body_within_the_limit_is_read),
	ROW("an early error keeps the connection", keeps_the_connection_after_an_early_error),
	ROW("pipelined requests are answered in order", answers_pipelined_requests_in_order),
	ROW("HEAD has GET's headers and no body", head_has_the_headers_of_get_and_no_body),
	ROW_OF("HEAD has no parts", head_has_no_parts, "Range: bytes=0-9\r\n"),
	ROW_OF("HEAD has no parts that are nowhere", head_has_no_parts,
	       "Range: bytes=9999999-\r\n"),
	ROW("every answer has the security headers", every_answer_has_the_security_headers),
	ROW("a good request id is taken over, a bad one replaced",
	    a_good_request_id_is_taken_over_and_a_bad_one_replaced),
	ROW("only allowed origins are answered", cors_answers_only_allowed_origins),
	ROW("a large answer is compressed when accepted",
	    large_answers_are_compressed_when_accepted),
	ROW("static files have tags and ranges", static_files_have_tags_and_ranges),
	ROW("errors come as problem+json when preferred",
	    errors_come_as_problem_json_when_preferred),
};

static int start(void **state)
{
	(void)state;
	server_start(&server,
		     (const char *const[]){ "server.cors_origins=https://good.example", NULL });
	return 0;
}

static int end(void **state)
{
	(void)state;
	server_end(&server);
	return 0;
}

int main(void)
{
	return rows_run_with("core/http/wire", rows, sizeof(rows) / sizeof(rows[0]), start, end);
}
