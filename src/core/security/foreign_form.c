/* Parts of hashes that other systems made, and what each kind may cost. */
#include "foreign_form.h"

#include <string.h>

#include "base/str.h"

uint64_t foreign_work_max(enum foreign_kind kind)
{
	static const uint64_t most[FOREIGN_KINDS] = {
		[FOREIGN_BCRYPT] = 1 << 16,        [FOREIGN_YESCRYPT] = 256,
		[FOREIGN_SHA256_CRYPT] = 5000000,  [FOREIGN_SHA512_CRYPT] = 5000000,
		[FOREIGN_PBKDF2_SHA1] = 10000000,  [FOREIGN_PBKDF2_SHA256] = 10000000,
		[FOREIGN_PBKDF2_SHA512] = 5000000, [FOREIGN_SCRYPT] = 256 << 20 >> 7,
	};
	return most[kind];
}

const char *foreign_form_number(const char *text, char sign, uint64_t *ret)
{
	int64_t number;
	size_t digits = str_read_digits(text, strlen(text), &number);
	if (!digits || text[0] == '0' || text[digits] != sign)
		return NULL;
	*ret = (uint64_t)number;
	return text + digits + 1;
}

enum hash_reading foreign_form_bounded(const struct foreign_hash *hash)
{
	return hash->work > foreign_work_max(hash->kind) ? HASH_TOO_DEAR : HASH_READ;
}
