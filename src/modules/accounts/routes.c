/* The route table of the accounts module. */
#include "internal.h"

/* Of a network: each may be a letter, and a password that is hashed. */
#define LETTER_LIMIT \
	{ \
		30, 60 \
	}

const struct route accounts_routes[] = ROUTES(
	{ POST, "/auth/restore-password", &accounts_restore_password, .status = 202,
	  .limit = LETTER_LIMIT },
	{ POST, "/auth/reset-password", &accounts_reset_password, .status = 204,
	  .limit = LETTER_LIMIT });
