/* Identifiers: random bytes as text. */
#include "base/id.h"

#include <stddef.h>

#include "base/random.h"

void id_new(char out[ID_ROOM])
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned char bytes[ID_TEXT_LEN];
	random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < ID_TEXT_LEN; i++)
		out[i] = digits[bytes[i] & 31];
	out[ID_TEXT_LEN] = '\0';
}
