/* The table of sessions, as the files of the users module share it. */
#ifndef CROFT_SRC_MODULES_USERS_SESSION_ROWS_H
#define CROFT_SRC_MODULES_USERS_SESSION_ROWS_H

#include "core/model.h"

extern const struct model user_session_model;

/* SQL of a session s and its account u: that it lives by what the account is now. */
#define SESSION_OF_ACCOUNT "u.id = s.user_id AND u.is_active AND u.token_version = s.user_version"

/*
 * It lives on by another token version of its account, which has ended all others. Only inside a
 * write.
 */
enum app_err session_keep(struct ctx *c, int64_t id, int64_t token_version) MUST_USE;

#endif
