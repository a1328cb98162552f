/* Entity tags that reads are asked with. */
#include "core/http/parse/etag.h"

#include "base/arena.h"
#include "base/attr.h"
#include "testing/json.h"
#include "testing/rows.h"

struct etag_case {
	/* with their quotes swapped; no etag: then If-Match alone is compared */
	const char *header, *etag;
	bool match, none_match, range;
};

static void compares(void **state)
{
	const struct etag_case *row = *state;
	AUTO(arena) arena = { 0 };

	arena_init(&arena, 0);
	const char *header = json_swapped(&arena, row->header);
	const char *etag = json_swapped(&arena, row->etag);
	assert_int_equal(etag_match_holds(header, etag), row->match);
	if (!etag)
		return;
	assert_int_equal(etag_none_match_hits(header, etag), row->none_match);
	assert_int_equal(etag_range_holds(header, etag), row->range);
}

#define ETAG(sentence, ...) ROW_OF(sentence, compares, (&(struct etag_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ETAG("no header hits nothing and lets the range stand", NULL, "'a'", true, false,
		     true),
		ETAG("what has no tag is named by none", "'a'", NULL, false, false, false),
		ETAG("the asterisk stands for what has none, too", "*", NULL, true, false, false),
		ETAG("the same tag", "'a'", "'a'", true, true, true),
		ETAG("another tag", "'b'", "'a'", false, false, false),
		ETAG("a weak tag is only weakly the same", "W/'a'", "'a'", false, true, false),
		ETAG("two weak tags are only weakly the same", "W/'a'", "W/'a'", false, true,
		     false),
		ETAG("a list", "'x', W/'y' ,'a'", "'a'", true, true, false),
		ETAG("a list with empty members", ", ,'a',", "'a'", true, true, false),
		ETAG("a comma in a tag does not divide", "'x,y','a'", "'x,y'", true, true, false),
		ETAG("the asterisk", " * ", "'a'", true, true, false),
		ETAG("an asterisk in a list is nothing", "*, 'a'", "'a'", false, false, false),
		ETAG("an asterisk with more behind it is nothing", "*a", "'a'", false, false,
		     false),
		ETAG("tags without a comma between them are none", "'a' 'b'", "'a'", false, false,
		     false),
		ETAG("a list that goes wrong behind the tag is none", "'a', b", "'a'", false, false,
		     false),
		ETAG("a blank in a tag makes none", "'a b'", "'a b'", false, false, false),
		ETAG("a prefix is another tag", "'ab'", "'a'", false, false, false),
		ETAG("a tag without quotes is none", "a", "'a'", false, false, false),
		ETAG("an open quote is none", "'a", "'a'", false, false, false),
		ETAG("a date never lets the range stand", "Wed, 21 Oct 2015 07:28:00 GMT", "'a'",
		     false, false, false),
	};

	return rows_run("core/http/parse/etag", rows, COUNT_OF(rows));
}
