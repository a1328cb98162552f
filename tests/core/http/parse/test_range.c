/* Ranges. */
#include "core/http/parse/range.h"

#include <string.h>

#include "base/attr.h"
#include "testing/rows.h"

struct range_case {
	const char *header;
	uint64_t size;
	enum range_result result;
	uint64_t first, len;
};

static void selects(void **state)
{
	const struct range_case *row = *state;
	struct range range = { 0 };

	assert_int_equal(range_select(row->header, row->size, &range), row->result);
	assert_true(range.first == row->first);
	assert_true(range.len == row->len);
}

static void ignores_a_thousand(void **state)
{
	char header[8192] = "bytes=0-";
	struct range range;

	(void)state;
	for (int i = 0; i < 1000; i++)
		strcat(header, ",0-");
	assert_int_equal(range_select(header, 100, &range), RANGE_WHOLE);
}

#define RANGE(sentence, ...) ROW_OF(sentence, selects, (&(struct range_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		RANGE("no header is everything", NULL, 100, RANGE_WHOLE, 0, 0),
		RANGE("the first bytes", "bytes=0-9", 100, RANGE_PART, 0, 10),
		RANGE("one byte", "bytes=99-99", 100, RANGE_PART, 99, 1),
		RANGE("from a byte to the end", "bytes=40-", 100, RANGE_PART, 40, 60),
		RANGE("an end beyond the size is cut", "bytes=40-999", 100, RANGE_PART, 40, 60),
		RANGE("an end beyond 64 bits is cut", "bytes=40-99999999999999999999999", 100,
		      RANGE_PART, 40, 60),
		RANGE("the last bytes", "bytes=-30", 100, RANGE_PART, 70, 30),
		RANGE("more last bytes than there are", "bytes=-300", 100, RANGE_PART, 0, 100),
		RANGE("the unit in any case", "Bytes=0-0", 100, RANGE_PART, 0, 1),
		RANGE("a start at the size is unsatisfiable", "bytes=100-", 100,
		      RANGE_UNSATISFIABLE, 0, 0),
		RANGE("a start beyond 64 bits is unsatisfiable", "bytes=99999999999999999999999-",
		      100, RANGE_UNSATISFIABLE, 0, 0),
		RANGE("no last bytes are unsatisfiable", "bytes=-0", 100, RANGE_UNSATISFIABLE, 0,
		      0),
		RANGE("a start in an empty body is unsatisfiable", "bytes=0-", 0,
		      RANGE_UNSATISFIABLE, 0, 0),
		RANGE("the last bytes of an empty body are the body", "bytes=-5", 0, RANGE_WHOLE, 0,
		      0),
		RANGE("an end before the start is ignored", "bytes=5-4", 100, RANGE_WHOLE, 0, 0),
		RANGE("two ranges are ignored", "bytes=0-1,5-6", 100, RANGE_WHOLE, 0, 0),
		RANGE("two last parts are ignored", "bytes=-1,-2", 100, RANGE_WHOLE, 0, 0),
		RANGE("another unit is ignored", "items=0-9", 100, RANGE_WHOLE, 0, 0),
		RANGE("a range without numbers is ignored", "bytes=-", 100, RANGE_WHOLE, 0, 0),
		RANGE("nothing behind the unit is ignored", "bytes=", 100, RANGE_WHOLE, 0, 0),
		RANGE("a sign is ignored", "bytes=+1-2", 100, RANGE_WHOLE, 0, 0),
		RANGE("a number alone is ignored", "bytes=5", 100, RANGE_WHOLE, 0, 0),
		ROW("a thousand ranges are ignored", ignores_a_thousand),
	};

	return rows_run("range", rows, COUNT_OF(rows));
}
