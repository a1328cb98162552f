/* Secrets on the command line; see args.c. */
#ifndef CROFT_CLI_ARGS_H
#define CROFT_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

/*
 * A copy on the heap of an argument of the process; what is secret in the argument itself is
 * written over with "x".
 */
char *args_take(char *arg);
/*
 * Whether a parameter of a URL holds one; its name of `len` bytes as it is written there, percent
 * signs and all.
 */
bool args_is_secret_parameter(const char *name, size_t len);
/*
 * args_url.c: a URL of PostgreSQL without its secrets. *ret_password is the password, NULL for
 * none; what else is secret, such as sslpassword, is added to `service` as a file of services has
 * it: "[croft]", then NAME=VALUE lines. All are in the arena.
 */
const char *args_url_plain(struct arena *arena, const char *url, const char **ret_password,
			   struct buf *service);

#endif
