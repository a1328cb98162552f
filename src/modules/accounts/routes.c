/* The route table of the accounts module. */
#include "internal.h"
#include "modules/accounts.h"

/* Of a network: each may be a letter, and a password that is hashed. */
#define LETTER_LIMIT LIMIT(30, 60)

const struct route accounts_routes[] = ROUTES(
	{ POST, "/auth/register", &accounts_register, .status = 202, .limit = LETTER_LIMIT },
	{ POST, "/auth/verify-email", &accounts_verify, .status = 200, .limit = LETTER_LIMIT },
	{ POST, "/auth/resend-verification", &accounts_resend, .status = 202,
	  .limit = LETTER_LIMIT },
	{ POST, "/auth/accept-invitation", &accounts_accept, .status = 201, .limit = LETTER_LIMIT },
	{ POST, "/users/me/email", &accounts_move, .status = 202, .limit = LIMIT(10, 60) },
	{ POST, "/users/invite", &accounts_invite, .status = 202 },
	{ POST, "/auth/restore-password", &accounts_restore_password, .status = 202,
	  .limit = LETTER_LIMIT },
	{ POST, "/auth/reset-password", &accounts_reset_password, .status = 204,
	  .limit = LETTER_LIMIT });
