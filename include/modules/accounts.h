/*
 * Getting into an account by a letter: one that is made for oneself or by invitation, an e-mail
 * that is confirmed, a password that was forgotten. What an account is stands in modules/users.h,
 * signing in in modules/auth.h.
 */
#ifndef CROFT_MODULES_ACCOUNTS_H
#define CROFT_MODULES_ACCOUNTS_H

#include "core/module.h"
#include "core/op.h"

extern const struct module accounts_module;

/* Of its operations that which others have a use for. */
extern const struct operation accounts_invite;

#endif
