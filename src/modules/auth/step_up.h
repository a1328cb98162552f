/* Proving again who one is, for who is signed in. */
#ifndef CROFT_SRC_MODULES_AUTH_STEP_UP_H
#define CROFT_SRC_MODULES_AUTH_STEP_UP_H

#include "internal.h"

struct auth_again {
	const char *current_password;
	/* NULL: none was sent */
	const char *code;

	struct auth_proof proof;
};

extern const struct schema auth_again_schema;
extern const struct operation auth_prove_again;

#endif
