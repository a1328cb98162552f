/* How a date is read from a database whose role would see it otherwise. */
#ifndef CROFT_TESTS_CORE_POSTGRES_DATES_H
#define CROFT_TESTS_CORE_POSTGRES_DATES_H

#include "core/db/store.h"

#include <string.h>

/* *(bool *)arg: whether a date is what core/db says. */
static inline enum app_err date_read(struct ctx *c, void *arg)
{
	AUTO(db_rows) rows = { 0 };
	bool there = false;
	enum app_err err = db_query_first(c, "SELECT $1", BIND((struct date){ 20512 }), &rows,
					  &there);
	if (!err && there)
		*(bool *)arg = strcmp(db_column_text(&rows, 0, NULL), "2026-02-28") == 0;
	return err;
}

/* Outside of a write, and inside of one. */
static inline void dates_are_ours(struct store *store)
{
	bool is_read = false, is_written = false;
	must(date_read(&store->scene.c, &is_read));
	must(db_write(&store->scene.c, date_read, &is_written));
	assert_true(is_read);
	assert_true(is_written);
}

#endif
