/* Random bytes: fresh in every draw, whatever their number. */
#include "base/random.h"

#include "base/attr.h"
#include "testing/rows.h"

static void bytes_of_every_length(void **state)
{
	(void)state;
	/*
	 * Each byte of each length must change within 16 draws (chance of a false alarm: 2^-128 a
	 * byte).
	 */
	static const size_t lengths[] = { 1, 16, 127, 128, 129, 512, 5000 };
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		unsigned char first[5000], again[5000], changed[5000] = { 0 };
		random_bytes(first, lengths[i]);
		for (int draws = 0; draws < 16; draws++) {
			random_bytes(again, lengths[i]);
			for (size_t j = 0; j < lengths[i]; j++)
				changed[j] |= first[j] ^ again[j];
		}
		for (size_t j = 0; j < lengths[i]; j++)
			assert_int_not_equal(changed[j], 0);
	}
}

static void no_bytes_wanted(void **state)
{
	(void)state;
	char untouched = 'x';
	random_bytes(&untouched, 0);
	assert_int_equal(untouched, 'x');
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("random bytes of every length are random throughout", bytes_of_every_length),
		ROW("no bytes wanted, none written", no_bytes_wanted),
	};
	return rows_run("base/random", rows, COUNT_OF(rows));
}
