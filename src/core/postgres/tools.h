/* What PostgreSQL's own programs are called with. */
#ifndef CROFT_SRC_CORE_POSTGRES_TOOLS_H
#define CROFT_SRC_CORE_POSTGRES_TOOLS_H

#include "core/db_tools.h"

struct arena;
struct buf;

extern const struct db_tools postgres_tools;

/*
 * url_plain.c: the URL without its secrets. *ret_password is the password, NULL for none; what else
 * is secret, such as sslpassword, is added to `service` as a file of services has it: "[croft]",
 * then NAME=VALUE lines. All are in the arena.
 */
const char *postgres_url_plain(struct arena *arena, const char *url, const char **ret_password,
			       struct buf *service);

#endif
