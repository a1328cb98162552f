/*
 * Which database rows run on: SQLite, PostgreSQL, or both, one after the other. Opens none: that
 * is testing/stage.h.
 */
#ifndef CROFT_TESTING_STORE_H
#define CROFT_TESTING_STORE_H

#include "testing/rows.h"

#include <stdbool.h>

#include "testing/scene.h"

/* Set by store_run(); a program whose rows are for PostgreSQL alone sets it first of all. */
extern bool store_is_postgres;

/*
 * Runs the rows on SQLite and then on PostgreSQL, named "area (postgres)"; the result is the exit
 * status of the program. `setup` and `teardown` are once for all rows of each, or NULL.
 */
int store_run(const char *area, const struct CMUnitTest *rows, size_t count,
	      CMFixtureFunction setup, CMFixtureFunction teardown);

/* What the two have to be told differently, tables mostly: the one that is for this database. */
const char *store_either(const char *sqlite, const char *postgres);
/*
 * The URL of an empty database: the file of that name in the scratch folder, or a new schema on
 * PostgreSQL. In the arena.
 */
const char *store_url(struct scene *scene, const char *file);

#endif
