/* One macro for each of many arguments. */
#include "base/each.h"

#include <string.h>

#include "base/attr.h"
#include "testing/rows.h"

#define NUMBER(x) x,
#define TEXT(x) #x " "

static void each_argument_is_given_in_order(void **state)
{
	(void)state;
	assert_string_equal(FOR_EACH(TEXT, a, b + 1, f(c, d)) "", "a b + 1 f(c, d) ");
	assert_string_equal(FOR_EACH(TEXT, a) "", "a ");
}

static void none_is_nothing(void **state)
{
	(void)state;
	assert_string_equal(FOR_EACH(TEXT) "", "");
}

static void thirty_two_fit(void **state)
{
	(void)state;
	static const int numbers[] = { FOR_EACH(NUMBER, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
						14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
						27, 28, 29, 30, 31, 32) };
	assert_int_equal(COUNT_OF(numbers), 32);
	for (int at = 0; at < 32; at++)
		assert_int_equal(numbers[at], at + 1);
}

#define MEMBER(pair) MEMBER_OF pair
#define MEMBER_OF(type, name) type name;

struct person {
	FOR_EACH(MEMBER, (const char *, name), (int, age))
};

static void tuples_are_handed_on(void **state)
{
	(void)state;
	struct person person = { .name = "Ada", .age = 36 };
	assert_string_equal(person.name, "Ada");
	assert_int_equal(person.age, 36);
}

#define SUM(...) (FOR_EACH(PLUS, __VA_ARGS__) 0)
#define PLUS(x) (x) +

static void an_argument_may_have_been_made_so(void **state)
{
	(void)state;
	assert_int_equal(SUM(1, SUM(2, 3), SUM()), 6);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("each argument is given in its order", each_argument_is_given_in_order),
		ROW("no argument is nothing", none_is_nothing),
		ROW("32 arguments fit", thirty_two_fit),
		ROW("tuples are handed on", tuples_are_handed_on),
		ROW("an argument may hold another list", an_argument_may_have_been_made_so),
	};
	return rows_run("base/each", rows, COUNT_OF(rows));
}
