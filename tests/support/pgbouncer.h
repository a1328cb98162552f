/*
 * A real pgbouncer in transaction mode on loopback, in front of the cluster of postgres.h: two
 * server connections are lent to all of its clients in turn.
 */
#ifndef CROFT_TESTS_SUPPORT_PGBOUNCER_H
#define CROFT_TESTS_SUPPORT_PGBOUNCER_H

#include "testing/postgres.h"

/* Starts it once for the program; ret_url leads to the same database as `url`, through it. */
void pgbouncer_start(const char *url, char ret_url[POSTGRES_URL_ROOM]);
void pgbouncer_stop(void); /* at the end of the program by itself */

#endif
