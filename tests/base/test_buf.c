/* The growable buffer, on the heap and on an arena. */
#include "base/buf.h"

#include <string.h>

#include "base/arena.h"
#include "testing/rows.h"

static void empty_is_empty_text(void **state)
{
	(void)state;
	AUTO(buf) buf = { 0 };
	assert_int_equal(buf.len, 0);
	assert_string_equal(buf_text(&buf), "");
	buf_add(&buf, NULL, 0);
	assert_int_equal(buf.len, 0);
}

static void everything_appends(void **state)
{
	(void)state;
	AUTO(buf) buf = { 0 };
	buf_add(&buf, "ab\0c", 4);
	buf_add_text(&buf, "def");
	buf_add_char(&buf, 'g');
	buf_add_lit(&buf, "hi");
	buf_printf(&buf, "%d%s", 12, "x");
	assert_int_equal(buf.len, 13);
	assert_memory_equal(buf_text(&buf), "ab\0cdefghi12x", 14);
}

static void fill(struct buf *buf)
{
	for (int i = 0; i < 100000; i++)
		buf_add_char(buf, (char)('a' + i % 26));
	assert_int_equal(buf->len, 100000);
	for (size_t i = 0; i < buf->len; i++)
		assert_int_equal(buf->data[i], 'a' + (int)(i % 26));
}

static void grows_on_the_heap(void **state)
{
	(void)state;
	AUTO(buf) buf = { 0 };
	fill(&buf);
	buf_done(&buf);
	assert_int_equal(buf.len, 0);
	assert_null(buf.data);
	buf_add_text(&buf, "again");
	assert_string_equal(buf_text(&buf), "again");
}

static void grows_on_an_arena(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	struct buf buf;
	buf_init(&buf, &arena);
	fill(&buf);
	buf_done(&buf);
	assert_ptr_equal(buf.arena, &arena);
}

static void two_on_one_arena_stay_apart(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	struct buf a, b;
	buf_init(&a, &arena);
	buf_init(&b, &arena);
	for (int i = 0; i < 5000; i++) {
		buf_add_char(&a, 'a');
		buf_add_char(&b, 'b');
	}
	assert_int_equal(strspn(buf_text(&a), "a"), 5000);
	assert_int_equal(strspn(buf_text(&b), "b"), 5000);
}

static void reserve_makes_room(void **state)
{
	(void)state;
	AUTO(buf) buf = { 0 };
	buf_add_text(&buf, "x");
	char *at = buf_reserve(&buf, 5000);
	memset(at, 'y', 5000);
	buf.len += 5000;
	assert_int_equal(strlen(buf_text(&buf)), 5001);
	buf_clear(&buf);
	assert_string_equal(buf_text(&buf), "");
}

struct int_case {
	int64_t value;
	const char *text;
};

static void int_is_written(void **state)
{
	const struct int_case *t = *state;
	AUTO(buf) buf = { 0 };
	buf_add_int(&buf, t->value);
	assert_string_equal(buf_text(&buf), t->text);
}

#define INT_ROW(number, wanted) \
	ROW_OF("integer " wanted, int_is_written, (&(struct int_case){ number, wanted }))

static void long_format(void **state)
{
	(void)state;
	AUTO(buf) buf = { 0 };
	buf_printf(&buf, "%5000d|", 7);
	assert_int_equal(buf.len, 5001);
	assert_int_equal(buf.data[4999], '7');
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("an empty buffer is empty text", empty_is_empty_text),
		ROW("bytes, text, characters, literals and formats append", everything_appends),
		ROW("grows on the heap and works after done", grows_on_the_heap),
		ROW("grows on an arena", grows_on_an_arena),
		ROW("two buffers on one arena stay apart", two_on_one_arena_stay_apart),
		ROW("reserve makes room, clear keeps it", reserve_makes_room),
		ROW("a long format fits", long_format),
		INT_ROW(0, "0"),
		INT_ROW(-1, "-1"),
		INT_ROW(1234567890, "1234567890"),
		INT_ROW(INT64_MAX, "9223372036854775807"),
		INT_ROW(INT64_MIN, "-9223372036854775808"),
	};
	return rows_run("base/buf", rows, COUNT_OF(rows));
}
