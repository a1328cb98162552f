/*
 * Who signs in: the credentials that a request shows, and the hooks of the one module that knows
 * whose they are. What an actor may do is for the operation to say.
 */
#ifndef CROFT_CORE_AUTHENTICATOR_H
#define CROFT_CORE_AUTHENTICATOR_H

#include <stddef.h>

#include "base/ctx.h"

enum credentials_scheme {
	/* One that the server has no name for. */
	CREDENTIALS_OTHER = 0,
	/* RFC 6750 §2.1: the header Authorization: Bearer … */
	CREDENTIALS_BEARER,
	/* The header X-API-Key. */
	CREDENTIALS_KEY,
	/*
	 * The cookie of authenticator.cookie_name(), when neither Authorization nor X-API-Key was
	 * sent. Its text is empty when two were, or one of bytes that no cookie has.
	 */
	CREDENTIALS_COOKIE,
};

/* What a request shows to tell who sends it. */
struct credentials {
	enum credentials_scheme scheme;
	/* Without the name of the scheme; of the request. */
	const char *text;
	size_t len;
};

struct app;

/* All of them are there, but for the last. */
struct authenticator {
	/*
	 * Whether the credentials may be good, told without the database: of such that are not no
	 * body is read. The failure is that of authenticate().
	 */
	enum app_err (*screen)(struct ctx *c, const struct credentials *credentials);
	/*
	 * Turns credentials into an actor; those of a scheme that it does not take are refused as
	 * none are, APP_UNAUTHENTICATED.
	 */
	enum app_err (*authenticate)(struct ctx *c, const struct credentials *credentials,
				     struct actor *ret);
	/*
	 * Whether the user who acts would still be let in, and as what he is now: his account may
	 * have changed since. APP_UNAUTHENTICATED when it is gone, inactive or signed out. Asked
	 * inside the write of each of his commands, so it is one look-up by primary key.
	 */
	enum app_err (*confirm)(struct ctx *c);
	/*
	 * The name of the cookie that browsers show credentials with; NULL, or it gives NULL: none
	 * does. Changes that come by it are held against core/csrf.h.
	 */
	const char *(*cookie_name)(const struct app *app);
};

#endif
