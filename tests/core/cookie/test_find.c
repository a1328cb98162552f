/* Which cookie of a header is found, and which headers are unclear. */
#include "core/cookie.h"

#include <string.h>

#include "base/attr.h"
#include "testing/rows.h"

struct find_case {
	const char *header;
	enum cookie_found want;
	/* NULL: none */
	const char *value;
};

static void is_found(void **state)
{
	const struct find_case *k = *state;
	struct cookie_value value = { 0 };
	assert_int_equal(cookie_find(k->header, "sid", &value), k->want);
	if (k->want != COOKIE_THERE)
		return;
	assert_int_equal(value.len, strlen(k->value));
	assert_memory_equal(value.text, k->value, value.len);
}

/* state: how many stand before the one that is looked for */
static void are_counted(void **state)
{
	size_t before = *(const size_t *)*state;
	char header[4 * (COOKIES_MAX + 1) + 8], *at = header;
	struct cookie_value value;
	for (size_t i = 0; i < before; i++)
		at = stpcpy(at, "a=b;");
	strcpy(at, "sid=1");
	assert_int_equal(cookie_find(header, "sid", &value),
			 before < COOKIES_MAX ? COOKIE_THERE : COOKIE_BAD);
}

#define FIND(sentence, header, want, value) \
	ROW_OF(sentence, is_found, (&(struct find_case){ header, want, value }))
#define COUNTED(sentence, before) ROW_OF(sentence, are_counted, (&(size_t){ before }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		FIND("no header", NULL, COOKIE_ABSENT, NULL),
		FIND("an empty one", "", COOKIE_ABSENT, NULL),
		FIND("alone", "sid=31d4", COOKIE_THERE, "31d4"),
		FIND("among others", "lang=en; sid=31d4; a=b", COOKIE_THERE, "31d4"),
		FIND("without the blank between them", "lang=en;sid=31d4;a=b", COOKIE_THERE,
		     "31d4"),
		FIND("with blanks around it", "a=b;\t sid=31d4 \t; c=d", COOKIE_THERE, "31d4"),
		FIND("with an empty value", "sid=", COOKIE_THERE, ""),
		FIND("a value with = in it", "sid=a=b==", COOKIE_THERE, "a=b=="),
		FIND("empty pairs around it", ";; sid=1;;", COOKIE_THERE, "1"),
		FIND("others alone", "lang=en; a=b", COOKIE_ABSENT, NULL),
		FIND("a name without a value is none", "sid", COOKIE_ABSENT, NULL),
		FIND("a value of that name", "a=sid=1", COOKIE_ABSENT, NULL),
		FIND("a longer name", "sid2=1; xsid=1", COOKIE_ABSENT, NULL),
		FIND("another case is another name", "SID=1", COOKIE_ABSENT, NULL),
		FIND("a blank before = is part of the name", "sid =1", COOKIE_ABSENT, NULL),
		FIND("two of the name: nobody knows which is ours", "sid=1; sid=2", COOKIE_BAD,
		     NULL),
		FIND("two that are the same", "sid=1; a=b; sid=1", COOKIE_BAD, NULL),
		FIND("a blank in the value", "sid=a b", COOKIE_BAD, NULL),
		FIND("a value in quotes, which we never set", "sid=\"a\"", COOKIE_BAD, NULL),
		FIND("a comma, as of two headers that were joined", "sid=a, b=c", COOKIE_BAD, NULL),
		FIND("bytes beyond ASCII", "sid=\xc3\xa9", COOKIE_BAD, NULL),
		FIND("the same in others are nobody's matter", "a=\xc3\xa9 \"; sid=1", COOKIE_THERE,
		     "1"),
		COUNTED("the last of as many as are looked at", COOKIES_MAX - 1),
		COUNTED("one more is too many", COOKIES_MAX),
	};
	return rows_run("core/cookie/find", rows, COUNT_OF(rows));
}
