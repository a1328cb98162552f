/* Media types of bodies, and which get smaller. */
#include "base/attr.h"
#include "core/http/parse/media.h"
#include "testing/rows.h"

struct kind_case {
	const char *type;
	enum media_kind kind;
};

static void tells_kind(void **state)
{
	const struct kind_case *row = *state;

	assert_int_equal(media_kind(row->type), row->kind);
}

struct size_case {
	const char *type;
	bool compressible;
};

static void knows_what_shrinks(void **state)
{
	const struct size_case *row = *state;

	assert_int_equal(media_is_compressible(row->type), row->compressible);
}

#define KIND(sentence, ...) ROW_OF(sentence, tells_kind, (&(struct kind_case){ __VA_ARGS__ }))
#define SHRINKS(sentence, ...) \
	ROW_OF(sentence, knows_what_shrinks, (&(struct size_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		KIND("no header is no type", NULL, MEDIA_NONE),
		KIND("an empty header is no type", "", MEDIA_NONE),
		KIND("parameters alone are no type that we read", ";charset=utf-8", MEDIA_OTHER),
		KIND("JSON", "application/json", MEDIA_JSON),
		KIND("JSON in any case", "Application/JSON", MEDIA_JSON),
		KIND("JSON with its charset", "application/json; charset=UTF-8", MEDIA_JSON),
		KIND("JSON with its charset in quotes", "application/json;charset=\"utf-8\"",
		     MEDIA_JSON),
		KIND("JSON with another parameter", "application/json; profile=x", MEDIA_JSON),
		KIND("a +json type is JSON", "application/merge-patch+json", MEDIA_JSON),
		KIND("+json without a name is not", "application/+json", MEDIA_OTHER),
		KIND("text/x+json is not JSON", "text/x+json", MEDIA_OTHER),
		KIND("JSON in another charset is not read", "application/json; charset=latin1",
		     MEDIA_OTHER),
		KIND("a second charset does not hide",
		     "application/json; charset=utf-8; charset=utf-16", MEDIA_OTHER),
		KIND("text/plain is not JSON", "text/plain", MEDIA_OTHER),
		KIND("JSON hidden in a parameter is not JSON", "text/plain; application/json",
		     MEDIA_OTHER),
		KIND("two types are none", "application/json, text/plain", MEDIA_OTHER),
		KIND("text behind the type is refused", "application/json x", MEDIA_OTHER),
		KIND("a longer name is another type", "application/jsonp", MEDIA_OTHER),
		KIND("a form", "application/x-www-form-urlencoded", MEDIA_FORM),
		KIND("a form with its charset", "application/x-www-form-urlencoded; charset=utf-8",
		     MEDIA_FORM),
		KIND("a multipart form with any boundary",
		     "multipart/form-data; boundary=\"a b;c\"", MEDIA_MULTIPART),

		SHRINKS("lines of JSON shrink", "application/x-ndjson", true),
		SHRINKS("JSON shrinks", "application/json", true),
		SHRINKS("problem JSON shrinks", "application/problem+json", true),
		SHRINKS("HTML shrinks", "text/html; charset=utf-8", true),
		SHRINKS("SVG shrinks", "image/svg+xml", true),
		SHRINKS("PNG does not", "image/png", false),
		SHRINKS("gzip does not", "application/gzip", false),
		SHRINKS("an event stream must not", "text/event-stream", false),
	};

	return rows_run("core/http/parse/media", rows, COUNT_OF(rows));
}
