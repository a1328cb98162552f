/* Which requests were dear lately: what makes two of one shape, and how a score comes and goes. */
#include "core/http/dear.h"

#include <string.h>

#include "testing/rows.h"

static struct dear dear;

static uint64_t shape_of(const char *query)
{
	return dear_shape(&dear, &dear, query, strlen(query));
}

struct pair {
	const char *a, *b;
};

static void same(void **state)
{
	const struct pair *pair = *state;
	assert_true(shape_of(pair->a) == shape_of(pair->b));
}

static void other(void **state)
{
	const struct pair *pair = *state;
	assert_true(shape_of(pair->a) != shape_of(pair->b));
}

static void another_operation_is_another_shape(void **state)
{
	(void)state;
	assert_true(dear_shape(&dear, &dear, "a=1", 3) != dear_shape(&dear, &state, "a=1", 3));
	assert_true(dear_shape(&dear, &dear, NULL, 0) != dear_shape(&dear, &state, NULL, 0));
}

static void two_make_it_dear_and_cheap_ones_undo_it(void **state)
{
	(void)state;
	uint64_t shape = shape_of("q=ab");
	dear_note(&dear, shape, false);
	assert_false(dear_is(&dear, shape));
	dear_note(&dear, shape, true);
	assert_false(dear_is(&dear, shape));
	dear_note(&dear, shape, true);
	assert_true(dear_is(&dear, shape));
	assert_false(dear_is(&dear, shape_of("q=abc")));
	for (int i = 0; i < 1000; i++)
		dear_note(&dear, shape, true);
	dear_note(&dear, shape, false);
	assert_true(dear_is(&dear, shape));
	dear_note(&dear, shape, false);
	assert_false(dear_is(&dear, shape));
}

static void one_now_and_then_is_not_dear(void **state)
{
	(void)state;
	uint64_t shape = shape_of("now=then");
	for (int i = 0; i < 100; i++) {
		dear_note(&dear, shape, i % 3 == 0);
		assert_false(dear_is(&dear, shape));
	}
}

static char long_text[3][5001];

static void long_texts_end(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		memset(long_text[i], 'a', 5000);
	memcpy(long_text[1], "sort=", 5);
	memcpy(long_text[2], "sort=", 5);
	for (int i = 100; i < 4000; i += 7)
		long_text[2][i] = '&';
	for (int i = 0; i < 3; i++)
		assert_true(shape_of(long_text[i]) == shape_of(long_text[i]));
	assert_true(shape_of("&&&=&=") == shape_of("&&&=&="));
}

#define SAME(sentence, one, two) ROW_OF(sentence, same, (&(struct pair){ one, two }))
#define OTHER(sentence, one, two) ROW_OF(sentence, other, (&(struct pair){ one, two }))

int main(void)
{
	dear_init(&dear);
	const struct CMUnitTest rows[] = {
		SAME("another value of the same length is the same shape", "page=1&q=ab",
		     "page=2&q=cd"),
		OTHER("a longer one is not", "q=a", "q=ab"),
		OTHER("nor another name", "a=1", "b=1"),
		OTHER("another order of rows is another shape", "sort=id", "sort=up"),
		OTHER("and so is another relation", "include=tags", "include=user"),
		OTHER("an order by another name counts, too", "order_by=id", "order_by=up"),
		SAME("filters in one text count by their names", "filters=id:1,title:ab",
		     "filters=id:2,title:cd"),
		OTHER("other names in it are another shape", "filters=id:1", "filters=up:1"),
		OTHER("encoded ones, too", "filters=id%3A1", "filters=up%3a1"),
		OTHER("whatever digits they have", "filters=line1:1", "filters=line2:1"),
		OTHER("and wherever they stand", "filters=id:1%2Ca2:1", "filters=id:1%2Cb2:1"),
		SAME("a time in it is a value", "filters=at:2026-01-02T03:04:05Z,id:1",
		     "filters=at:2026-01-02T13:14:15Z,id:2"),
		OTHER("names and values do not run into each other", "ab=", "a=b"),
		ROW("another operation is another shape", another_operation_is_another_shape),
		ROW("two dear ones make a shape dear, two cheap ones undo it",
		    two_make_it_dear_and_cheap_ones_undo_it),
		ROW("a dear one now and then does not", one_now_and_then_is_not_dear),
		ROW("queries of any length have a shape", long_texts_end),
	};
	return rows_run("core/http/dear", rows, sizeof(rows) / sizeof(rows[0]));
}
