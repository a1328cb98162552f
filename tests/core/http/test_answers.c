/* threaded */
/*
 * Answers that a module says more of than its struct: raw handlers that have an ETag of their own,
 * statuses that are chosen by what is answered, and headers with whatever value.
 */
#include <string.h>

#include "core/http/house.h"
#include "testing/client.h"
#include "testing/json.h"

/* ---- a module with raw handlers ---- */

static enum app_err answer_plain(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	return http_answer(x, 200, "text/plain; charset=utf-8", "text", 4);
}

static enum app_err answer_tagged(struct ctx *c, struct http_exchange *x)
{
	http_add_header(x, "ETag", "\"1-0\"");
	return answer_plain(c, x);
}

static enum app_err answer_lower(struct ctx *c, struct http_exchange *x)
{
	http_add_header(x, "etag", "\"1-0\"");
	return answer_plain(c, x);
}

static enum app_err answer_moved(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	http_add_header(x, "Location", "/plain");
	return http_answer(x, 308, "text/plain; charset=utf-8", "", 0);
}

/* A client's bytes may be in a value. */
static enum app_err answer_odd(struct ctx *c, struct http_exchange *x)
{
	http_add_header(x, "X-Empty", "");
	http_add_header(x, "X-None", NULL);
	http_add_header(x, "X-Odd", "a\r\nX-Forged: 1\x01\x7f\t\xc3\xa4");
	return answer_plain(c, x);
}

/* ---- and statuses by what is answered ---- */

struct wish {
	int64_t status;
};
SCHEMA(wish, FIELD(struct wish, status, .in = IN_QUERY));
SCHEMA_OF(given_schema, "given", struct wish, FIELD(struct wish, status));

static enum app_err give(struct ctx *c, const struct wish *in, struct wish *ret)
{
	(void)c;
	*ret = *in;
	return APP_OK;
}

OPERATION_FN(give, struct wish, struct wish)

static const struct operation given = { .name = "kinds.give",
					.summary = "Give a status",
					.kind = QUERY,
					.access = ACCESS_PUBLIC,
					.in = &wish_schema,
					.out = &given_schema,
					RUN(give) };

static int status_wished(const void *out)
{
	return (int)((const struct wish *)out)->status;
}

static const struct route routes[] = {
	{ GET, "/plain", .handle = answer_plain, .access = ACCESS_PUBLIC, .root = true },
	{ GET, "/tagged", .handle = answer_tagged, .access = ACCESS_PUBLIC, .root = true },
	{ GET, "/lower", .handle = answer_lower, .access = ACCESS_PUBLIC, .root = true },
	{ GET, "/moved", .handle = answer_moved, .status = 308, .access = ACCESS_PUBLIC,
	  .root = true },
	{ GET, "/odd", .handle = answer_odd, .access = ACCESS_PUBLIC, .root = true },
	{ GET, "/given", &given, .status_of = status_wished, .other_status = 202, .root = true },
	{ GET, "/kept", &given, .status_of = status_wished, .other_status = 503, .root = true,
	  .kept_s = 60 },
	{ 0 },
};

/* ---- and a stage that answers with what was sent ---- */

enum { ECHO };

static void send_back(struct ctx *c, struct http_exchange *x)
{
	const char *sent = http_stage_header(x, ECHO);
	(void)c;
	http_stage_set(x, ECHO, sent ? sent : "none");
	/* what was not sent changes nothing */
	http_stage_set(x, ECHO, sent);
}

static const struct module_stage stages[] = {
	{
		.name = "echo",
		.place = OVER_ANSWER,
		.all_routes = true,
		.light = true,
		.finish = send_back,
		.takes = { [ECHO] = { .name = "X-Echo" } },
		.sets = { [ECHO] = { .name = "X-Echo" } },
	},
	{ 0 },
};

static const struct module kinds = {
	.name = "kinds", .doc = "Answers of all kinds.", .routes = routes, .stages = stages
};

static int open_with_kinds(void **state)
{
	static const struct module *const modules[] = { &kinds, NULL };
	(void)state;
	house_open(modules, NULL);
	return 0;
}

/* ---- rows ---- */

struct answer_case {
	const char *target, *headers;
	int status;
	/* a piece of it; "": it has none */
	const char *body;
	/* NULL: it has none */
	const char *etag;
};

static void is_answered(void **state)
{
	const struct answer_case *row = *state;
	struct reply reply;
	client_call(&house_server,
		    &(struct request){
			    .method = "GET", .target = row->target, .headers = row->headers },
		    &reply);
	assert_int_equal(reply.status, row->status);
	assert_json_has(reply.body, row->body);
	if (!*row->body)
		assert_int_equal(reply.body_len, 0);
	const char *etag = reply_header(&reply, "ETag");
	assert_string_equal(etag ? etag : "none", row->etag ? row->etag : "none");
	reply_done(&reply);
}

struct kept_case {
	const char *target;
	int status;
	const char *cache_control;
};

static void is_kept(void **state)
{
	const struct kept_case *row = *state;
	struct reply reply;
	client_call(&house_server, &(struct request){ .method = "GET", .target = row->target },
		    &reply);
	assert_int_equal(reply.status, row->status);
	assert_string_equal(reply_header(&reply, "Cache-Control"), row->cache_control);
	reply_done(&reply);
}

static void values_are_made_fit(void **state)
{
	(void)state;
	struct reply reply;
	client_call(&house_server, &(struct request){ .method = "GET", .target = "/odd" }, &reply);
	assert_int_equal(reply.status, 200);
	assert_null(reply_header(&reply, "X-Empty"));
	assert_null(reply_header(&reply, "X-None"));
	assert_null(reply_header(&reply, "X-Forged"));
	assert_string_equal(reply_header(&reply, "X-Odd"), "a  X-Forged: 1  \t\xc3\xa4");
	reply_done(&reply);
}

struct echo_case {
	const char *head;
	int status;
	/* NULL: an empty value was sent, so none comes back */
	const char *echo;
};

static void is_echoed(void **state)
{
	const struct echo_case *row = *state;
	struct reply reply;
	client_raw(&house_server, row->head, strlen(row->head), &reply);
	assert_int_equal(reply.status, row->status);
	const char *echo = reply_header(&reply, "X-Echo");
	assert_string_equal(echo ? echo : "", row->echo ? row->echo : "");
	reply_done(&reply);
}

#define ASK(line, headers) line " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" headers "\r\n"
#define SENT "X-Echo: me\r\n"
#define ECHOED(sentence, status, head) \
	ROW_OF(sentence, is_echoed, (&(struct echo_case){ head, status, "me" }))
#define KEPT(sentence, ...) ROW_OF(sentence, is_kept, (&(struct kept_case){ __VA_ARGS__ }))
#define ANSWER(sentence, target_, ...) \
	ROW_OF(sentence, is_answered, (&(struct answer_case){ .target = (target_), __VA_ARGS__ }))
#define TAG "\"1-0\""
#define FAILED "'code':'precondition_failed'"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ANSWER("a handler gives its ETag", "/tagged", NULL, 200, "text", TAG),
		ANSWER("who means that state gets it", "/tagged", "If-Match: " TAG "\r\n", 200,
		       "text", TAG),
		ANSWER("who means another one does not", "/tagged", "If-Match: \"2-0\"\r\n", 412,
		       FAILED, TAG),
		ANSWER("nor who names it weakly", "/tagged", "If-Match: W/" TAG "\r\n", 412, FAILED,
		       TAG),
		ANSWER("who has it is told so", "/tagged", "If-None-Match: " TAG "\r\n", 304, "",
		       TAG),
		ANSWER("who has another one gets it", "/tagged", "If-None-Match: \"2-0\"\r\n", 200,
		       "text", TAG),
		ANSWER("who means it and has it is told so", "/tagged",
		       "If-Match: *\r\nIf-None-Match: W/" TAG "\r\n", 304, "", TAG),
		ANSWER("in whatever letters it is spelled", "/lower", "If-None-Match: " TAG "\r\n",
		       304, "", TAG),
		ANSWER("without one there is no state to mean", "/plain", "If-Match: " TAG "\r\n",
		       412, FAILED),
		ANSWER("and none to have", "/plain", "If-None-Match: " TAG "\r\n", 200, "text"),
		ANSWER("a redirection is given whoever asks", "/moved", "If-Match: " TAG "\r\n",
		       308, ""),
		ANSWER("a status by what is answered", "/given?status=202", NULL, 202,
		       "{'status':202}"),
		ANSWER("the usual one otherwise", "/given?status=0", NULL, 200, "{'status':0}"),
		ANSWER("one that the document lacks is a fault of the program", "/given?status=299",
		       NULL, 500,
		       "'cause':'its .status_of gave 299, which is neither .status (200) nor "
		       ".other_status (202)'"),
		ANSWER("so is what is no status", "/given?status=1", NULL, 500,
		       "'cause':'its .status_of gave 1, "),
		KEPT("what all may keep says so", "/kept?status=200", 200, "public, max-age=60"),
		KEPT("not where it is no success", "/kept?status=503", 503, "no-store"),
		KEPT("nor where it failed", "/kept?status=299", 500, "no-store"),
		KEPT("nor where it was not asked for rightly", "/kept?status=a", 422, "no-store"),
		KEPT("what does not say so is kept by nobody", "/given?status=200", 200,
		     "no-store"),
		ROW("a value has no control bytes, and a header a value", values_are_made_fit),
		ECHOED("a stage over the answer has what was sent", 200, ASK("GET /plain", SENT)),
		ECHOED("to a path that is nowhere", 404, ASK("GET /nowhere", SENT)),
		ECHOED("with a method that is not there", 405, ASK("POST /plain", SENT)),
		ECHOED("for a type that is not to be had", 406,
		       ASK("GET /given?status=200", SENT "Accept: image/png\r\n")),
		ECHOED("before a request of a page", 204,
		       ASK("OPTIONS /plain", SENT "Origin: https://a.example\r\n"
						  "Access-Control-Request-Method: GET\r\n")),
		ECHOED("to a file", 200, ASK("GET /favicon.svg", SENT)),
		ECHOED("in a head that is broken", 400,
		       "GET / HTTP/1.1\r\nConnection: close\r\n" SENT "\r\n"),
		ROW_OF("and nothing where nothing was", is_echoed,
		       (&(struct echo_case){ ASK("GET /nowhere", ""), 404, "none" })),
		ROW_OF("an empty one that is sent back is left out", is_echoed,
		       (&(struct echo_case){ ASK("GET /plain", "X-Echo:\r\n"), 200, NULL })),
	};
	return rows_run_with("core/http/answers", rows, COUNT_OF(rows), open_with_kinds,
			     house_close);
}
