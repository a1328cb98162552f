/*
 * What ends the tokens of an account: each names the version that the account had, and another
 * version is none that was ever given before. So a token is good for nobody else, not even when a
 * backup is put back and its account's id is given anew.
 */
#include "base/random.h"
#include "core/backup.h"
#include "internal.h"

/* Within the numbers that all readers of JSON know exactly (RFC 8259 §6), as a token has it. */
enum { VERSION_BITS = 52 };

int64_t user_token_version_new(void)
{
	uint64_t bits;
	random_bytes(&bits, sizeof(bits));
	return (int64_t)(bits >> (64 - VERSION_BITS)) + 1;
}

/* SQL of its own: a backup that is put back is a file, and no database that is served. */
const struct backup_change users_on_restore = {
	.table = "users",
	.column = "token_version",
	.sql = "UPDATE users SET token_version = 1 + (random() & 4503599627370495)",
	.note = "All accounts are signed out.",
};
