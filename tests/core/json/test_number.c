/* Numbers as JSON: doubles that read back the same. */
#include "testing/json.h"
#include "testing/rows.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/json.h"

struct real_case {
	double value;
	const char *want;
};

static void real_row(void **state)
{
	const struct real_case *row = *state;
	AUTO(buf) out = { 0 };
	json_add_real(&out, row->value);
	assert_json_equal(buf_text(&out), row->want);
}

#define REAL(value, want) \
	ROW_OF("the number " #value, real_row, (&(struct real_case){ value, want }))

static void reals_read_back_the_same(void **state)
{
	(void)state;
	uint64_t bits = 88172645463325252u;
	for (int i = 0; i < 20000; i++) {
		double value, back;
		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		memcpy(&value, &bits, sizeof(value));
		if (!isfinite(value))
			continue;
		AUTO(buf) out = { 0 };
		json_add_real(&out, value);
		back = strtod(buf_text(&out), NULL);
		assert_memory_equal(&back, &value, sizeof(value));
	}
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		REAL(0.0, "0"),
		REAL(-0.0, "-0"),
		REAL(1.0, "1"),
		REAL(-17.0, "-17"),
		REAL(0.1, "0.1"),
		REAL(0.1 + 0.2, "0.30000000000000004"),
		REAL(1.0 / 3.0, "0.3333333333333333"),
		REAL(123456789.125, "123456789.125"),
		REAL(999999999999999.0, "999999999999999"),
		REAL(1e15, "1e+15"),
		REAL(9007199254740992.0, "9007199254740992"),
		REAL(1e22, "1e+22"),
		REAL(1e-7, "1e-07"),
		REAL(DBL_MAX, "1.7976931348623157e+308"),
		REAL(DBL_TRUE_MIN, "4.94065645841247e-324"),
		REAL(HUGE_VAL, "null"),
		REAL(-HUGE_VAL, "null"),
		ROW_OF("not a number", real_row, (&(struct real_case){ (double)NAN, "null" })),
		ROW("20,000 random doubles read back the same", reals_read_back_the_same),
	};
	return rows_run("json number", rows, COUNT_OF(rows));
}
