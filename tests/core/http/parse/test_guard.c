/* The guard: every shape that libmicrohttpd lets through and that must not reach a route. */
#include <stdlib.h>
#include <string.h>

#include "core/http/parse/guard.h"
#include "testing/rows.h"

/* ---- the target ---- */

struct target_case {
	const char *target;
	enum app_err err;
	const char *path; /* NULL: all of it */
};

static void judges_target(void **state)
{
	const struct target_case *row = *state;
	const char *path = NULL, *why = NULL;

	assert_int_equal(guard_target(row->target, &path, &why), row->err);
	assert_true((why != NULL) == (row->err != APP_OK));
	if (!row->err)
		assert_string_equal(path, row->path ? row->path : row->target);
}

/* "/" and then `unit` as often as fits into `len` bytes. */
static char *long_target(const char *unit, size_t count)
{
	size_t unit_len = strlen(unit);
	char *target = calloc(1, count * unit_len + 2);

	target[0] = '/';
	for (size_t i = 0; i < count; i++)
		memcpy(target + 1 + i * unit_len, unit, unit_len);
	return target;
}

struct long_case {
	const char *unit;
	size_t count;
	enum app_err err;
};

static void judges_long_target(void **state)
{
	const struct long_case *row = *state;
	char *target = long_target(row->unit, row->count);
	const char *path, *why = NULL;

	assert_int_equal(guard_target(target, &path, &why), row->err);
	free(target);
}

#define TARGET(sentence, text, error) \
	ROW_OF(sentence, judges_target, (&(struct target_case){ text, error, NULL }))
#define ABSOLUTE(sentence, text, path) \
	ROW_OF(sentence, judges_target, (&(struct target_case){ text, APP_OK, path }))
#define LONG(sentence, text, count, error) \
	ROW_OF(sentence, judges_long_target, (&(struct long_case){ text, count, error }))

/* ---- the head ---- */

struct header {
	const char *name, *value;
};

struct head_case {
	const char *method, *version; /* NULL: GET, HTTP/1.1 */
	struct header headers[6];
	bool no_host, for_server;
	enum app_err err;
};

/* The guard may write into the copies; they last until the next head. */
static char copies[16 * 1024];
static size_t copied;

static bool take(struct guard_head *head, const char *name, const char *value)
{
	char *copy = value ? strcpy(copies + copied, value) : NULL;
	copied += value ? strlen(value) + 1 : 0;
	assert_true(copied < sizeof(copies) / 2);
	guard_header(head, name, strlen(name), copy, value ? strlen(value) : 0);
	return !head->err;
}

static enum app_err judge(const struct head_case *row, struct guard_head *head)
{
	memset(head, 0, sizeof(*head));
	copied = 0;
	if (!row->no_host)
		(void)take(head, "Host", "example.com");
	for (const struct header *at = row->headers; at->name; at++)
		(void)take(head, at->name, at->value);
	head->for_server = row->for_server;
	return guard_finish(head, row->method ? row->method : "GET",
			    row->version ? row->version : "HTTP/1.1");
}

static void judges_head(void **state)
{
	const struct head_case *row = *state;
	struct guard_head head;

	assert_int_equal(judge(row, &head), row->err);
	assert_int_equal(head.err, row->err);
	assert_true((head.why != NULL) == (row->err != APP_OK));
}

#define HEAD_ROW(sentence, error, ...) \
	ROW_OF(sentence, judges_head, (&(struct head_case){ .err = (error), __VA_ARGS__ }))
#define H(...) .headers = { __VA_ARGS__ }

static void keeps_the_headers(void **state)
{
	static const struct header sent[] = {
		{ "RANGE", "bytes=0-1" },
		{ "accept", "a/b" },
		{ "Expect", "100-continue" },
		{ "Origin", "https://a.example" },
		{ "if-match", "\"a\"" },
		{ "if-range", "Wed, 21 Oct 2015 07:28:00 GMT" },
		{ "Content-Type", "application/json" },
		{ "X-Request-ID", "abc" },
		{ "Authorization", "Bearer t" },
		{ "If-None-Match", "*" },
		{ "Content-Length", "17" },
		{ "Accept-Encoding", "gzip" },
		{ "Content-Encoding", "br" },
		{ "Access-Control-Request-Method", "PUT" },
	};
	static const enum guard_field fields[] = {
		GUARD_RANGE,
		GUARD_ACCEPT,
		GUARD_EXPECT,
		GUARD_ORIGIN,
		GUARD_IF_MATCH,
		GUARD_IF_RANGE,
		GUARD_CONTENT_TYPE,
		GUARD_X_REQUEST_ID,
		GUARD_AUTHORIZATION,
		GUARD_IF_NONE_MATCH,
		GUARD_CONTENT_LENGTH,
		GUARD_ACCEPT_ENCODING,
		GUARD_CONTENT_ENCODING,
		GUARD_ACCESS_CONTROL_REQUEST_METHOD,
	};
	struct guard_head head = { 0 };

	(void)state;
	copied = 0;
	assert_true(take(&head, "hOST", "h"));
	for (size_t i = 0; i < COUNT_OF(sent); i++)
		assert_true(take(&head, sent[i].name, sent[i].value));
	assert_int_equal(guard_finish(&head, "POST", "HTTP/1.1"), APP_OK);
	for (size_t i = 0; i < COUNT_OF(sent); i++)
		assert_string_equal(head.value[fields[i]], sent[i].value);
	assert_int_equal(head.method, POST);
	assert_true(head.content_length == 17);
	assert_false(head.chunked);
}

/* Where the body ends the library has read already, with its own idea of what a blank is. */
static void cuts_blanks_off(void **state)
{
	static const char *const names[GUARD_FIELDS] = {
		[GUARD_ORIGIN] = "Origin",
		[GUARD_EXPECT] = "Expect",
		[GUARD_X_API_KEY] = "X-API-Key",
		[GUARD_CONTENT_LENGTH] = "Content-Length",
		[GUARD_TRANSFER_ENCODING] = "Transfer-Encoding",
	};
	struct guard_head head = { 0 };

	(void)state;
	copied = 0;
	for (size_t i = 0; i < GUARD_FIELDS; i++)
		if (names[i])
			assert_true(take(&head, names[i], "a b \t "));
	for (size_t i = 0; i < GUARD_FIELDS; i++) {
		bool frames = i == GUARD_CONTENT_LENGTH || i == GUARD_TRANSFER_ENCODING;
		if (names[i])
			assert_string_equal(head.value[i], frames ? "a b \t " : "a b");
	}
	assert_true(take(&head, "If-Range", " \t"));
	assert_string_equal(head.value[GUARD_IF_RANGE], "");
}

/* A page shall be able to read why. */
static void finds_what_the_answer_takes(void **state)
{
	struct guard_head head = { 0 };

	(void)state;
	copied = 0;
	assert_false(take(&head, "Na me", "x"));
	assert_false(take(&head, "ACCEPT", "application/problem+json "));
	assert_false(take(&head, "Accept", "text/html"));
	assert_false(take(&head, "x-request-id", "abc"));
	assert_false(take(&head, "Authorization", "Bearer x"));
	assert_false(take(&head, "If-Range", "a"));
	assert_string_equal(head.value[GUARD_ACCEPT], "application/problem+json");
	assert_string_equal(head.value[GUARD_X_REQUEST_ID], "abc");
	assert_null(head.value[GUARD_AUTHORIZATION]);
	assert_null(head.value[GUARD_IF_RANGE]);
}

static void finds_origin_behind_a_fault(void **state)
{
	struct guard_head head = { 0 };

	(void)state;
	copied = 0;
	assert_false(take(&head, "a b", "v"));
	assert_false(take(&head, "Origin", "https://a.example \t"));
	assert_string_equal(head.value[GUARD_ORIGIN], "https://a.example");
}

static void ignores_neighbours(void **state)
{
	static const char *const names[] = { "hosx",   "if-rangX",     "if-mangl",
					     "range2", "x-request-ix", "a" };
	struct guard_head head = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_true(take(&head, names[i], "v"));
	for (size_t i = 0; i < GUARD_FIELDS; i++)
		assert_null(head.value[i]);
	assert_int_equal(head.count, COUNT_OF(names));
}

static void keeps_the_last_forwarded(void **state)
{
	struct guard_head head = { 0 };
	(void)state;
	copied = 0;
	assert_true(take(&head, "X-Forwarded-For", "6.6.6.6 \t"));
	assert_true(take(&head, "X-Forwarded-For", "1.2.3.4"));
	assert_true(take(&head, "Accept", "first"));
	assert_true(take(&head, "Accept", "second"));
	assert_int_equal(head.forwarded_count, 2);
	assert_string_equal(head.forwarded[0], "6.6.6.6");
	assert_string_equal(head.forwarded[1], "1.2.3.4");
	assert_string_equal(head.value[GUARD_ACCEPT], "first");
	for (int i = 0; i < GUARD_FORWARDED_MAX - 1; i++)
		assert_true(take(&head, "X-Forwarded-For", "9.9.9.9"));
	assert_int_equal(head.forwarded_count, GUARD_FORWARDED_MAX);
	assert_string_equal(head.forwarded[0], "1.2.3.4");
	assert_string_equal(head.forwarded[GUARD_FORWARDED_MAX - 1], "9.9.9.9");
}

static void sees_chunked(void **state)
{
	struct guard_head head;

	(void)state;
	assert_int_equal(judge(&(struct head_case){ .method = "POST",
						    H({ "Transfer-Encoding", "Chunked" }) },
			       &head),
			 APP_OK);
	assert_true(head.chunked);
	assert_true(head.content_length == -1);
}

static void bounds_the_number(void **state)
{
	struct guard_head head = { 0 };

	(void)state;
	for (int i = 0; i < GUARD_HEADERS_MAX; i++)
		assert_true(take(&head, "a", "b"));
	assert_false(take(&head, "a", "b"));
	assert_int_equal(guard_finish(&head, "GET", "HTTP/1.1"), APP_HEADERS_TOO_LARGE);
}

static void first_fault_stays(void **state)
{
	struct guard_head head = { 0 };

	(void)state;
	assert_false(take(&head, "a b", "v"));
	const char *why = head.why;
	assert_false(take(&head, "Host", "a\nb"));
	assert_int_equal(guard_finish(&head, "get", "HTTP/9"), APP_BAD_REQUEST);
	assert_ptr_equal(head.why, why);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		TARGET("an ordinary target passes", "/api/v1/posts?page=2&sort=-id", APP_OK),
		TARGET("the root passes", "/", APP_OK),
		TARGET("valid escapes pass", "/a%20b%c3%A9?x=%0a", APP_OK),
		TARGET("an escaped percent sign passes", "/%252e", APP_OK),
		TARGET("an empty target is refused", "", APP_BAD_REQUEST),
		ABSOLUTE("the absolute form passes, and its path counts",
			 "http://example.com/a?b=1", "/a?b=1"),
		ABSOLUTE("the scheme may be in capitals, a port be there",
			 "HTTPS://a.example:8443/b", "/b"),
		ABSOLUTE("an absolute target may end with its server", "http://a", ""),
		ABSOLUTE("a query may follow the server", "http://[::1]?b=http://c/d",
			 "?b=http://c/d"),
		TARGET("an absolute target without server is refused", "http:///a",
		       APP_BAD_REQUEST),
		TARGET("an absolute target with user information is refused", "http://u@a/",
		       APP_BAD_REQUEST),
		TARGET("an absolute target with another scheme is refused", "ftp://a/",
		       APP_BAD_REQUEST),
		TARGET("an absolute target with a bad port is refused", "http://a:65536/",
		       APP_BAD_REQUEST),
		TARGET("an absolute target with an escape in its server is refused",
		       "http://a%2fb/", APP_BAD_REQUEST),
		TARGET("a broken escape in an absolute target is refused", "http://a/%zz",
		       APP_BAD_REQUEST),
		TARGET("the authority form is refused", "a:80", APP_BAD_REQUEST),
		TARGET("the asterisk form passes", "*", APP_OK),
		TARGET("an asterisk with more behind it is refused", "*a", APP_BAD_REQUEST),
		TARGET("%00 is refused", "/a%00b", APP_BAD_REQUEST),
		TARGET("%00 in the query is refused", "/a?b=%00", APP_BAD_REQUEST),
		TARGET("%zz is refused", "/%zz", APP_BAD_REQUEST),
		TARGET("a cut escape is refused", "/%a", APP_BAD_REQUEST),
		TARGET("a bare percent sign at the end is refused", "/%", APP_BAD_REQUEST),
		TARGET("a control byte is refused", "/a\x01", APP_BAD_REQUEST),
		TARGET("DEL is refused", "/a\x7f", APP_BAD_REQUEST),
		TARGET("a space is refused", "/a b", APP_BAD_REQUEST),
		TARGET("a byte beyond ASCII is refused", "/\xc3\xa9", APP_BAD_REQUEST),
		TARGET("a number sign is refused", "/a#b", APP_BAD_REQUEST),
		LONG("8,192 bytes pass", "a", 8191, APP_OK),
		LONG("8,193 bytes are too long", "a", 8192, APP_TARGET_TOO_LONG),
		LONG("9 KB are too long", "a", 9216, APP_TARGET_TOO_LONG),
		LONG("100 ampersands pass", "&", 100, APP_OK),
		LONG("101 ampersands are refused", "a=1&", 101, APP_BAD_REQUEST),

		HEAD_ROW("a plain GET passes", APP_OK),
		HEAD_ROW("a POST with a length passes", APP_OK, .method = "POST",
			 H({ "Content-Length", "5" })),
		HEAD_ROW("a chunked POST passes", APP_OK, .method = "POST",
			 H({ "Transfer-Encoding", "chunked" })),
		HEAD_ROW("a header without value passes", APP_OK, H({ "X-Empty", NULL })),
		HEAD_ROW("a tab and bytes beyond ASCII in a value pass", APP_OK,
			 H({ "X-Any", "a\tb \xc3\xa9" })),
		HEAD_ROW("HTTP/1.0 without Host passes", APP_OK, .version = "HTTP/1.0",
			 .no_host = true),
		HEAD_ROW("an IPv6 Host with port passes", APP_OK, .no_host = true,
			 H({ "Host", "[::1]:8080" })),
		HEAD_ROW("a Host with an empty port passes", APP_OK, .no_host = true,
			 H({ "Host", "a:" })),
		HEAD_ROW("a Host with port passes", APP_OK, .no_host = true,
			 H({ "Host", "a-b.example:65535" })),

		HEAD_ROW("a Host with an escape passes", APP_OK, .no_host = true,
			 H({ "Host", "%41b%c3%a9:80" })),
		HEAD_ROW("a Host with signs passes", APP_OK, .no_host = true,
			 H({ "Host", "a_b~!$&'()*+,;=c" })),
		HEAD_ROW("a blank behind Host passes", APP_OK, .no_host = true,
			 H({ "Host", "a:80  " })),
		HEAD_ROW("a tab behind Host is refused", APP_BAD_REQUEST, .no_host = true,
			 H({ "Host", "a:80\t" })),
		HEAD_ROW("a broken escape in Host is refused", APP_BAD_REQUEST, .no_host = true,
			 H({ "Host", "a%4" })),
		HEAD_ROW("an escape of no hexadecimal digits in Host is refused", APP_BAD_REQUEST,
			 .no_host = true, H({ "Host", "%zz" })),
		HEAD_ROW("an escaped NUL in Host is refused", APP_BAD_REQUEST, .no_host = true,
			 H({ "Host", "a%00" })),
		HEAD_ROW("an escaped at sign in Host is refused", APP_BAD_REQUEST, .no_host = true,
			 H({ "Host", "a%40b" })),
		HEAD_ROW("an escaped line feed in Host is refused", APP_BAD_REQUEST,
			 .no_host = true, H({ "Host", "a%0Ab" })),
		HEAD_ROW("an escape in the port of Host is refused", APP_BAD_REQUEST,
			 .no_host = true, H({ "Host", "a:%38" })),

		HEAD_ROW("TE with CL is refused", APP_BAD_REQUEST, .method = "POST",
			 H({ "Transfer-Encoding", "chunked" }, { "Content-Length", "5" })),
		HEAD_ROW("CL with TE is refused", APP_BAD_REQUEST, .method = "POST",
			 H({ "Content-Length", "5" }, { "Transfer-Encoding", "chunked" })),
		HEAD_ROW("two different lengths are refused", APP_BAD_REQUEST, .method = "POST",
			 H({ "Content-Length", "5" }, { "content-length", "6" })),
		HEAD_ROW("the same length twice is refused", APP_BAD_REQUEST, .method = "POST",
			 H({ "Content-Length", "5" }, { "Content-Length", "5" })),
		HEAD_ROW("TE twice is refused", APP_BAD_REQUEST, .method = "POST",
			 H({ "Transfer-Encoding", "chunked" }, { "Transfer-Encoding", "chunked" })),
		HEAD_ROW("gzip, chunked is not implemented", APP_NOT_IMPLEMENTED, .method = "POST",
			 H({ "Transfer-Encoding", "gzip, chunked" })),
		HEAD_ROW("identity is not implemented", APP_NOT_IMPLEMENTED, .method = "POST",
			 H({ "Transfer-Encoding", "identity" })),
		HEAD_ROW("\"chunked\" in quotes is not implemented", APP_NOT_IMPLEMENTED,
			 .method = "POST", H({ "Transfer-Encoding", "\"chunked\"" })),
		HEAD_ROW("a blank behind chunked is not implemented", APP_NOT_IMPLEMENTED,
			 .method = "POST", H({ "Transfer-Encoding", "chunked " })),
		HEAD_ROW("an empty TE is not implemented", APP_NOT_IMPLEMENTED, .method = "POST",
			 H({ "Transfer-Encoding", "" })),
		HEAD_ROW("TE on HTTP/1.0 is refused", APP_BAD_REQUEST, .method = "POST",
			 .version = "HTTP/1.0", H({ "Transfer-Encoding", "chunked" })),
		HEAD_ROW("a blank behind the name is refused", APP_BAD_REQUEST,
			 H({ "Transfer-Encoding ", "chunked" })),
		HEAD_ROW("a blank within the name is refused", APP_BAD_REQUEST,
			 H({ "Na me", "v" })),
		HEAD_ROW("a name that begins with a blank is refused", APP_BAD_REQUEST,
			 H({ " Name", "v" })),
		HEAD_ROW("an empty name is refused", APP_BAD_REQUEST, H({ "", "v" })),
		HEAD_ROW("a name beyond ASCII is refused", APP_BAD_REQUEST,
			 H({ "N\xc3\xa4me", "v" })),
		HEAD_ROW("a control byte in a value is refused", APP_BAD_REQUEST,
			 H({ "X-A", "a\x01z" })),
		HEAD_ROW("a bare CR in a value is refused", APP_BAD_REQUEST, H({ "X-A", "a\rb" })),
		HEAD_ROW("DEL in a value is refused", APP_BAD_REQUEST, H({ "X-A", "a\x7f" })),

		HEAD_ROW("a signed length is refused", APP_BAD_REQUEST,
			 H({ "Content-Length", "+5" })),
		HEAD_ROW("a negative length is refused", APP_BAD_REQUEST,
			 H({ "Content-Length", "-5" })),
		HEAD_ROW("a list of lengths is refused", APP_BAD_REQUEST,
			 H({ "Content-Length", "5, 5" })),
		HEAD_ROW("a hexadecimal length is refused", APP_BAD_REQUEST,
			 H({ "Content-Length", "0x5" })),
		HEAD_ROW("an empty length is refused", APP_BAD_REQUEST,
			 H({ "Content-Length", "" })),
		HEAD_ROW("the largest length passes", APP_OK,
			 H({ "Content-Length", "9223372036854775807" })),
		HEAD_ROW("a length of 2^63 is refused", APP_BAD_REQUEST,
			 H({ "Content-Length", "9223372036854775808" })),

		HEAD_ROW("a missing Host is refused", APP_BAD_REQUEST, .no_host = true),
		HEAD_ROW("a second Host is refused", APP_BAD_REQUEST, H({ "Host", "example.com" })),
		HEAD_ROW("an empty Host is refused", APP_BAD_REQUEST, .no_host = true,
			 H({ "Host", "" })),
		HEAD_ROW("a Host with a path is refused", APP_BAD_REQUEST, .no_host = true,
			 H({ "Host", "a/b" })),
		HEAD_ROW("a Host with user information is refused", APP_BAD_REQUEST,
			 .no_host = true, H({ "Host", "u@a" })),
		HEAD_ROW("two names in Host are refused", APP_BAD_REQUEST, .no_host = true,
			 H({ "Host", "a, b" })),
		HEAD_ROW("a Host with port 65536 is refused", APP_BAD_REQUEST, .no_host = true,
			 H({ "Host", "a:65536" })),
		HEAD_ROW("an unclosed IPv6 Host is refused", APP_BAD_REQUEST, .no_host = true,
			 H({ "Host", "[::1" })),
		HEAD_ROW("S08 Authorization and X-API-Key at once are refused", APP_BAD_REQUEST,
			 H({ "X-API-Key", "k" }, { "Authorization", "Bearer a" })),
		HEAD_ROW("S08 so is the same key in both", APP_BAD_REQUEST,
			 H({ "Authorization", "Bearer k" }, { "x-api-key", "k" })),
		HEAD_ROW("S08 so are two of X-API-Key", APP_BAD_REQUEST,
			 H({ "X-API-Key", "a" }, { "x-api-key", "a" })),
		HEAD_ROW("one X-API-Key is fine", APP_OK, H({ "X-API-Key", "a" })),
		HEAD_ROW("two Authorization headers are refused", APP_BAD_REQUEST,
			 H({ "Authorization", "Bearer a" }, { "authorization", "Bearer b" })),
		HEAD_ROW(
			"two Content-Type headers are refused", APP_BAD_REQUEST,
			H({ "Content-Type", "text/html" }, { "Content-Type", "application/json" })),

		HEAD_ROW("CONNECT is not implemented", APP_NOT_IMPLEMENTED, .method = "CONNECT"),
		HEAD_ROW("TRACE is not implemented", APP_NOT_IMPLEMENTED, .method = "TRACE"),
		HEAD_ROW("an unknown method is not implemented", APP_NOT_IMPLEMENTED,
			 .method = "BREW"),
		HEAD_ROW("a method in lower case is refused", APP_BAD_REQUEST, .method = "get"),
		HEAD_ROW("an empty method is refused", APP_BAD_REQUEST, .method = ""),
		HEAD_ROW("a method of 16 letters is just unknown", APP_NOT_IMPLEMENTED,
			 .method = "ABCDEFGHIJKLMNOP"),
		HEAD_ROW("a method of 17 letters is refused", APP_BAD_REQUEST,
			 .method = "ABCDEFGHIJKLMNOPQ"),
		HEAD_ROW("OPTIONS may ask for *", APP_OK, .method = "OPTIONS", .for_server = true),
		HEAD_ROW("GET may not ask for *", APP_BAD_REQUEST, .for_server = true),
		HEAD_ROW("HTTP/1.9 is read as HTTP/1.1", APP_OK, .version = "HTTP/1.9"),
		HEAD_ROW("HTTP/1.2 needs a Host", APP_BAD_REQUEST, .version = "HTTP/1.2",
			 .no_host = true),
		HEAD_ROW("HTTP/1.2 may be chunked", APP_OK, .version = "HTTP/1.2", .method = "POST",
			 H({ "Transfer-Encoding", "chunked" })),
		HEAD_ROW("HTTP/1.x is refused", APP_BAD_REQUEST, .version = "HTTP/1.x"),
		HEAD_ROW("HTTP/2.0 is refused", APP_BAD_REQUEST, .version = "HTTP/2.0"),
		HEAD_ROW("HTTP/1.10 is refused", APP_BAD_REQUEST, .version = "HTTP/1.10"),

		ROW("the headers the pipeline needs are kept, whatever their case",
		    keeps_the_headers),
		ROW("blanks behind a value are no part of it, but where it frames the body",
		    cuts_blanks_off),
		ROW("what the answer is made by is found behind a fault, and nothing else",
		    finds_what_the_answer_takes),
		ROW("Origin is found behind a fault, without the blanks behind it",
		    finds_origin_behind_a_fault),
		ROW("names that only resemble a kept one are passed over", ignores_neighbours),
		ROW("of X-Forwarded-For the last eight lines are kept, else the first",
		    keeps_the_last_forwarded),
		ROW("a chunked body is told apart", sees_chunked),
		ROW("100 headers pass, the next is too many", bounds_the_number),
		ROW("the first fault stays", first_fault_stays),
	};

	return rows_run("guard", rows, COUNT_OF(rows));
}
