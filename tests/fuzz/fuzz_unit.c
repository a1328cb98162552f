/*
 * Fuzz target of numbers with units: the first byte chooses the unit, the rest is the text. What is
 * read and printed again is the same number.
 */
#include "fuzz/settings.h"

static void check_round(enum option_unit unit, int64_t number)
{
	AUTO(buf) out = { 0 };
	int64_t again = 0;
	config_unit_add(&out, unit, number);
	assert(config_unit_parse(unit, buf_text(&out), &again) == CONFIG_NUMBER_OK);
	assert(again == number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	enum option_unit unit = data[0] % (UNIT_BYTES + 1);
	char *text = strndup((const char *)data + 1, size - 1);
	int64_t number = 77;
	enum config_number result = config_unit_parse(unit, text, &number);
	if (result == CONFIG_NUMBER_OK)
		check_round(unit, number);
	else
		assert(number == 77);
	free(text);
	return 0;
}
