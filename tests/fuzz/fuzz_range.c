/*
 * Fuzz target of the Range header: the first line is the size of the body, the second the header. A
 * regular expression says what a range is, and wide numbers what it selects.
 */
#include "fuzz/target.h"

#include <regex.h>

#include "core/http/parse/range.h"

typedef unsigned __int128 wide;

/* The number; past 64 bits the largest there is. */
static wide number_of(const char *text, regmatch_t at)
{
	wide number = 0;
	for (regoff_t i = at.rm_so; i < at.rm_eo; i++) {
		number = number * 10 + (unsigned char)(text[i] - '0');
		if (number > UINT64_MAX)
			return UINT64_MAX;
	}
	return number;
}

/*
 * What RFC 9110 §14.1.2 selects: the first and the last byte; false: the header is to be ignored.
 */
static bool wanted(const char *header, wide size, wide *ret_first, wide *ret_last)
{
	static regex_t grammar;
	static bool is_made;
	regmatch_t part[3];
	if (!is_made)
		assert(!regcomp(&grammar, "^bytes=([0-9]*)-([0-9]*)$", REG_EXTENDED | REG_ICASE));
	is_made = true;
	if (regexec(&grammar, header, 3, part, 0))
		return false;
	bool has_first = part[1].rm_eo > part[1].rm_so, has_last = part[2].rm_eo > part[2].rm_so;
	wide first = number_of(header, part[1]), last = number_of(header, part[2]);
	*ret_first = has_first ? first : last < size ? size - last : 0;
	*ret_last = has_first && has_last && last < size ? last : size - 1;
	if (!has_first)
		return has_last && (size || !last);
	return !has_last || last >= first;
}

static void check(const char *header, uint64_t size)
{
	struct range range = { 7, 7 };
	wide first = 0, last = 0;
	enum range_result result = range_select(header, size, &range);
	bool is_range = wanted(header, size, &first, &last);
	assert((result == RANGE_WHOLE) == !is_range);
	if (is_range)
		assert((result == RANGE_PART) == (first < size));
	if (result == RANGE_PART)
		assert(range.len && range.first == first &&
		       (wide)range.first + range.len - 1 == last);
	else
		assert(range.first == 7 && range.len == 7);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text;
	uint64_t body = strtoull(fuzz_line(&rest), NULL, 10);
	check(fuzz_line(&rest), body);
	free(text);
	return 0;
}
