/*
 * Getting into an account by a letter: a password that was forgotten. What an account is stands in
 * modules/users.h, signing in in modules/auth.h.
 */
#ifndef CROFT_MODULES_ACCOUNTS_H
#define CROFT_MODULES_ACCOUNTS_H

#include "core/module.h"

extern const struct module accounts_module;

#endif
