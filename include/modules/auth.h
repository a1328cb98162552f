/*
 * Sign-in and access tokens: turns a password into a token, and a token into the actor of a
 * request; and the keys that sign them.
 */
#ifndef CROFT_MODULES_AUTH_H
#define CROFT_MODULES_AUTH_H

#include "core/module.h"

extern const struct module auth_module;

/* ---- keys that sign access tokens ---- */

/* A key as it is told of: never what is secret of it. */
struct auth_key {
	/* "kid" of its tokens */
	const char *kid;
	/* "next", "signs" or "retired" */
	const char *state;
	struct instant signs_from;
	/* once another signs, or will */
	struct maybe_instant taken_until;
};

struct auth_keys {
	/* of struct auth_key */
	struct array keys;
};

struct auth_rotate {
	bool forget;
};

/* Of nothing, struct auth_keys: the key that signs and those whose tokens are still taken. */
extern const struct operation auth_list_keys;
/* Of struct auth_rotate, struct auth_key: the one that was added. */
extern const struct operation auth_rotate_keys;

/* Of a login: ends the second factor of its account. For those who have lost theirs. */
extern const struct operation auth_end_factor_of;

#endif
