/* Asks whoever runs a command for a new password. */
#ifndef CROFT_SRC_CLI_PASSWORD_H
#define CROFT_SRC_CLI_PASSWORD_H

#include <stdbool.h>

#include "base/attr.h"

enum { PASSWORD_LINE_ROOM = 1024 };

/*
 * Reads a password: the first line of standard input, or typed twice on the terminal without
 * being shown. Returns 0, or the exit code once the fault is told on stderr. The caller wipes it
 * with explicit_bzero().
 */
int password_ask(bool from_stdin, char ret_password[PASSWORD_LINE_ROOM]) MUST_USE;

#endif
