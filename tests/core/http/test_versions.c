/* threaded */
/* Versions of the API in a real server: their answers, what of them goes, and the documents. */
#include <string.h>

#include "core/http/house.h"
#include "core/router/notes.h"
#include "testing/client.h"
#include "testing/json.h"

static int open_with_notes(void **state)
{
	(void)state;
	house_open(notes_modules, (const char *const[]){ "server.cors_origins=http://a.test",
							 "server.root_path=/croft", NULL });
	return 0;
}

static struct reply ask(const char *method, const char *target)
{
	struct reply reply;
	client_call(&house_server,
		    &(struct request){ .method = method,
				       .target = target,
				       .headers = "Origin: http://a.test\r\n" },
		    &reply);
	return reply;
}

/* ---- answers ---- */

struct answer_case {
	const char *method, *target;
	int status;
	/* headers; NULL: it has none */
	const char *deprecation, *sunset;
};

static void assert_header(const struct reply *reply, const char *name, const char *want)
{
	const char *value = reply_header(reply, name);
	assert_true((value != NULL) == (want != NULL));
	if (want)
		assert_string_equal(value, want);
}

static void is_answered(void **state)
{
	const struct answer_case *row = *state;
	struct reply reply = ask(row->method, row->target);
	assert_int_equal(reply.status, row->status);
	assert_header(&reply, "Deprecation", row->deprecation);
	assert_header(&reply, "Sunset", row->sunset);
	reply_done(&reply);
}

static void leads_to_its_own_version(void **state)
{
	(void)state;
	struct reply reply = ask("POST", "/api/v2/notes");
	assert_int_equal(reply.status, 201);
	assert_string_equal(reply_header(&reply, "Location"), "/croft/api/v2/notes/7");
	reply_done(&reply);
}

static void pages_may_read_it(void **state)
{
	(void)state;
	struct reply reply = ask("GET", "/api/v1/notes");
	const char *exposed = reply_header(&reply, "Access-Control-Expose-Headers");
	assert_non_null(strstr(exposed, "Deprecation"));
	assert_non_null(strstr(exposed, "Sunset"));
	reply_done(&reply);
}

/* ---- documents ---- */

struct document_case {
	const char *target, *piece;
};

static void is_documented(void **state)
{
	const struct document_case *row = *state;
	struct reply reply = ask("GET", row->target);
	assert_int_equal(reply.status, 200);
	assert_json_has(reply.body, row->piece);
	reply_done(&reply);
}

#define ANSWER(sentence, ...) ROW_OF(sentence, is_answered, (&(struct answer_case){ __VA_ARGS__ }))
#define DOCUMENT(sentence, target_, piece_) \
	ROW_OF(sentence, is_documented, (&(struct document_case){ target_, piece_ }))
#define V1 "@1798761600", "Thu, 01 Jul 2027 00:00:00 GMT"
#define V2 "@1835395200", NULL
#define STAYS NULL, NULL

int main(void)
{
	const struct CMUnitTest rows[] = {
		ANSWER("a route of the first version", "GET", "/api/v1/notes", 200, V1),
		ANSWER("in the second", "GET", "/api/v2/notes", 200, V2),
		ANSWER("what the third has in its place", "GET", "/api/v3/notes", 200, STAYS),
		ANSWER("a failure tells when, too", "GET", "/api/v2/notes/7", 404, V2),
		ANSWER("a fault of the input, too", "GET", "/api/v1/notes/x", 422, V1),
		ANSWER("what only HEAD asks for, too", "HEAD", "/api/v1/notes/7", 200, V1),
		ANSWER("what is not there tells nothing", "GET", "/api/v1/news", 404, STAYS),
		ANSWER("nor a version that is none", "GET", "/api/v4/notes", 404, STAYS),
		ANSWER("nor a method that is not", "PUT", "/api/v1/notes", 405, STAYS),
		ANSWER("what is of no version", "GET", "/ping", 404, STAYS),
		ANSWER("a slash too many is told in each", "GET", "/api/v2/notes/", 307, STAYS),
		ROW("a new row is in the version that made it", leads_to_its_own_version),
		ROW("pages of other origins may read when it goes", pages_may_read_it),

		DOCUMENT("the document is that of the first", "/openapi.json", "'/api/v1/notes'"),
		DOCUMENT("so it is below the first", "/api/v1/openapi.json", "'/api/v1/notes'"),
		DOCUMENT("the second has its own", "/api/v2/openapi.json", "'/api/v2/news'"),
		DOCUMENT("the third, too", "/api/v3/openapi.json", "'/api/v3/news'"),
		ANSWER("a fourth has none", "GET", "/api/v4/openapi.json", 404, STAYS),
		DOCUMENT("the pages are told of all", "/docs/documents.json",
			 "[{'name':'v1','url':'api/v1/openapi.json'},"
			 "{'name':'v2','url':'api/v2/openapi.json'},"
			 "{'name':'v3','url':'api/v3/openapi.json'}]"),
	};
	return rows_run_with("core/http/versions", rows, COUNT_OF(rows), open_with_notes,
			     house_close);
}
