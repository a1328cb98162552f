/* Accept and Accept-Encoding, as browsers, tools and nonsense write them. */
#include "base/attr.h"
#include "core/http/parse/accept.h"
#include "testing/rows.h"

struct type_case {
	const char *accept;
	int best; /* 0 application/json, 1 application/problem+json, 2 text/html */
};

static void chooses(void **state)
{
	static const char *const offers[] = { "application/json", "application/problem+json",
					      "text/html; charset=utf-8" };
	const struct type_case *row = *state;

	assert_int_equal(accept_best(row->accept, offers, COUNT_OF(offers)), row->best);
}

struct coding_case {
	const char *header;
	bool gzip;
};

static void allows(void **state)
{
	const struct coding_case *row = *state;
	assert_int_equal(accept_gzip(row->header), row->gzip);
}

#define TYPE(sentence, ...) ROW_OF(sentence, chooses, (&(struct type_case){ __VA_ARGS__ }))
#define CODING(sentence, ...) ROW_OF(sentence, allows, (&(struct coding_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		TYPE("no header takes the first offer", NULL, 0),
		TYPE("anything takes the first offer", "*/*", 0),
		TYPE("an empty header takes the first offer", "", 0),
		TYPE("nonsense takes the first offer", "gibberish", 0),
		TYPE("an illegible quality is nonsense", "text/html;q=2", 0),
		TYPE("and so is one without its point", "text/html;q=05", 0),
		TYPE("a browser gets HTML",
		     "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/"
		     "webp,*/*;q=0.8",
		     2),
		TYPE("an exact name is found", "application/problem+json", 1),
		TYPE("letter case plays no part", "Text/HTML", 2),
		TYPE("a type with any subtype is found", "text/*", 2),
		TYPE("the higher quality wins", "application/json;q=0.5, text/html;q=0.51", 2),
		TYPE("equal quality takes the earlier offer", "text/html, application/json", 0),
		TYPE("three decimals count", "application/json;q=0.998, text/html;q=0.999", 2),
		TYPE("the closest range counts, not the first",
		     "application/*;q=0.9, application/json;q=0.1, text/html;q=0.2", 1),
		TYPE("a refused type falls to the wildcard's other offers",
		     "application/json;q=0, */*", 1),
		TYPE("zero refuses", "application/json;q=0", -1),
		TYPE("an unknown type alone refuses all", "image/png", -1),
		TYPE("blanks around the quality are fine",
		     "application/json ; q=0.1 , text/html ; q=0.3", 2),
		TYPE("a comma in quotes does not divide",
		     "text/html;a=\"x,application/json\";q=0.7", 2),
		TYPE("an escaped quote does not end the text",
		     "text/html;a=\"\\\",image/png\";q=0.7", 2),
		TYPE("an open quote ends with the header", "text/html;a=\"x,y", 2),
		TYPE("one illegible item is left out", "application/json;q=x, text/html", 2),
		TYPE("empty items are passed over", ",,text/html,,", 2),
		TYPE("another parameter does not matter", "text/html;level=1", 2),
		TYPE("a prefix of a type is another type", "text/htm", -1),

		CODING("no header wants the plain form", NULL, false),
		CODING("gzip is accepted", "gzip", true),
		CODING("a browser's list accepts gzip", "gzip, deflate, br, zstd", true),
		CODING("x-gzip is gzip", "x-gzip", true),
		CODING("letter case plays no part", "GZIP", true),
		CODING("other codings are not gzip", "br, deflate", false),
		CODING("zero refuses gzip", "gzip;q=0", false),
		CODING("0.000 refuses gzip", "gzip;q=0.000, br", false),
		CODING("an illegible quality accepts nothing", "gzip;q=05", false),
		CODING("anything includes gzip", "*", true),
		CODING("anything does not include a refused gzip", "gzip;q=0, *;q=1", false),
		CODING("a preferred plain form is given", "gzip;q=0.5, identity", false),
		CODING("gzip is given where the plain form is refused", "gzip, identity;q=0", true),
		CODING("gzip is given where anything else is refused", "gzip, *;q=0", true),
		CODING("everything refused includes gzip", "*;q=0", false),
		CODING("a refused wildcard includes gzip", "identity, *;q=0", false),
		CODING("an empty header wants the plain form", "", false),
		CODING("a longer name is another coding", "gzipx", false),
	};

	return rows_run("core/http/parse/accept", rows, COUNT_OF(rows));
}
