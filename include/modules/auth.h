/*
 * Sign-in and access tokens: turns a password into a token, and a token into the actor of a
 * request.
 */
#ifndef CROFT_MODULES_AUTH_H
#define CROFT_MODULES_AUTH_H

#include "core/module.h"

extern const struct module auth_module;

#endif
