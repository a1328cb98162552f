/* Which preferences ask for a dry run, and which leave open whether they do. */
#include "core/http/parse/prefer.h"

#include "base/arena.h"
#include "base/attr.h"
#include "testing/json.h"
#include "testing/rows.h"

struct prefer_case {
	/* with its quotes swapped */
	const char *header;
	enum prefer want;
};

static void is_read(void **state)
{
	const struct prefer_case *row = *state;
	AUTO(arena) arena = { 0 };
	arena_init(&arena, 0);
	assert_int_equal(prefer_read(json_swapped(&arena, row->header)), row->want);
}

#define PREFER(sentence, header, want) \
	ROW_OF(sentence, is_read, (&(struct prefer_case){ header, want }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		PREFER("nothing", "", PREFER_NOTHING),
		PREFER("the one that is known", "dry-run", PREFER_DRY_RUN),
		PREFER("in any case", "DRY-Run", PREFER_DRY_RUN),
		PREFER("among others, which are ignored", "return=minimal, wait=10 ,dry-run",
		       PREFER_DRY_RUN),
		PREFER("with parameters", "dry-run; a=b", PREFER_DRY_RUN),
		PREFER("with an empty value, which is none", "dry-run=''", PREFER_DRY_RUN),
		PREFER("with an empty value and blanks", "dry-run = ; a", PREFER_DRY_RUN),
		PREFER("twice", "dry-run, dry-run", PREFER_DRY_RUN),
		PREFER("with empty items around it", ", ,dry-run,,", PREFER_DRY_RUN),
		PREFER("with a value nobody knows what is meant", "dry-run=false", PREFER_UNCLEAR),
		PREFER("the same in quotes", "a, dry-run = 'true'", PREFER_UNCLEAR),
		PREFER("a text behind an empty one", "dry-run=''x", PREFER_UNCLEAR),
		PREFER("others alone", "respond-async, wait=100; foo", PREFER_NOTHING),
		PREFER("a longer name is another", "dry-running", PREFER_NOTHING),
		PREFER("a value that is named so", "return=dry-run", PREFER_NOTHING),
		PREFER("one in quotes is a value", "a='x, dry-run'", PREFER_NOTHING),
		PREFER("a quote that is escaped does not end it", "a='\\', dry-run', b",
		       PREFER_NOTHING),
		PREFER("behind a value in quotes", "a='x, \\\\', dry-run", PREFER_DRY_RUN),
		PREFER("a quote that stays open may hide it", "a='x, dry-run", PREFER_UNCLEAR),
		PREFER("an escape at the end does not close it", "a='x\\", PREFER_UNCLEAR),
	};
	return rows_run("core/http/prefer", rows, COUNT_OF(rows));
}
