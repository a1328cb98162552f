/*
 * The rows of a module that is a table by declaration: what core/crud does, tried with the module's
 * own columns, migrations and accesses, on both databases. A row is made with all its columns, so
 * it is read back as it was sent. A module that has list, get, create, update and delete of such a
 * table written out is tried, too, but for what it has not.
 */
#ifndef CROFT_TESTING_CRUD_ROWS_H
#define CROFT_TESTING_CRUD_ROWS_H

#include <stddef.h>

#include "base/attr.h"
#include "core/module.h"
#include "testing/stage.h"

/* One column, in JSON as tests write it. */
struct crud_value {
	const char *column;
	const char *created, *changed;
	/* What it cannot be; NULL: it can be anything. */
	const char *refused;
};

struct crud_subject {
	/* Makes a stage with ada, bob and the table. */
	void (*open)(struct stage *s);
	const struct module *module;
	const struct crud_value *values;
	size_t count;
};

/*
 * All rows of a module, of whose columns `list` says values, on the stage that `opens` makes; the
 * exit status of the program.
 */
#define CRUD_ROWS(opens, area, its_module, list) \
	crud_rows_run(area, \
		      &(const struct crud_subject){ opens, &its_module, list, COUNT_OF(list) })

int crud_rows_run(const char *area, const struct crud_subject *subject);

#endif
