/* For tests of passwords: whether one matches, where memory is not what the row is about. */
#ifndef CROFT_TESTS_CORE_SECURITY_MATCHES_H
#define CROFT_TESTS_CORE_SECURITY_MATCHES_H

#include "core/security.h"
#include "testing/rows.h"

static inline bool password_matches(struct ctx *c, const char *hash, const char *password)
{
	bool matches = false;
	assert_int_equal(password_verify(c, hash, password, &matches), APP_OK);
	return matches;
}

#endif
