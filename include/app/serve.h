/* The server from its start to its end. */
#ifndef CROFT_APP_SERVE_H
#define CROFT_APP_SERVE_H

#include "app/boot.h"

/*
 * Starts everything, answers until a signal says stop, and stops in good order. The caller sets
 * what `args` says of settings and of who is told. No other thread may be there.
 */
enum boot_result app_serve(const struct boot_args *args) MUST_USE;

#endif
