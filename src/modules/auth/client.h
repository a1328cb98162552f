/* The grant of a client (RFC 6749 §4.4): an access token for an API key. */
#ifndef CROFT_SRC_MODULES_AUTH_CLIENT_H
#define CROFT_SRC_MODULES_AUTH_CLIENT_H

#include "internal.h"

/*
 * Whether it is a client. Whatever is wrong with it is the same APP_UNAUTHENTICATED with the code
 * "invalid_client", after one look-up; two secrets in two places are APP_BAD_REQUEST.
 */
enum app_err client_check(struct ctx *c, const struct auth_grant *in) MUST_USE;
/* The same inside the write, and its token. */
enum app_err client_give_token(struct ctx *c, const struct auth_grant *in,
			       struct auth_granted *ret) MUST_USE;

#endif
