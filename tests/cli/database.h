/*
 * The database file of a scratch folder seen from the test itself, beside what the binary says of
 * it.
 */
#ifndef CROFT_TESTS_CLI_DATABASE_H
#define CROFT_TESTS_CLI_DATABASE_H

#include "testing/rows.h"

#include <string.h>

#include "core/db.h"
#include "testing/program.h"
#include "testing/scene.h"

/* The first number of a query on a database file in the scratch folder. */
static inline int64_t number(const struct program *p, const char *file, const char *sql)
{
	struct scene scene;
	int64_t value = -1;
	scene_open(&scene);
	const struct db_options options = { .url = arena_printf(&scene.arena, "sqlite:%s/%s",
								p->folder, file) };
	assert_int_equal(db_open(&scene.c, &options, &scene.app.db), APP_OK);
	{
		AUTO(db_rows) rows = { 0 };
		bool has_row = false;
		assert_int_equal(db_query(&scene.c, sql, BIND(), &rows), APP_OK);
		assert_int_equal(db_rows_next(&rows, &has_row), APP_OK);
		if (has_row)
			value = db_column_int(&rows, 0);
	}
	db_close(scene.app.db);
	scene_close(&scene);
	return value;
}

struct script {
	const char *sql;
};

static inline enum app_err script_run(struct ctx *c, void *arg)
{
	const struct script *script = arg;
	return db_script(c, script->sql, strlen(script->sql), 1);
}

static inline void change(const struct program *p, const char *file, const char *sql)
{
	struct scene scene;
	struct script script = { sql };
	scene_open(&scene);
	const struct db_options options = { .url = arena_printf(&scene.arena, "sqlite:%s/%s",
								p->folder, file) };
	assert_int_equal(db_open(&scene.c, &options, &scene.app.db), APP_OK);
	assert_int_equal(db_write(&scene.c, script_run, &script), APP_OK);
	db_close(scene.app.db);
	scene_close(&scene);
}

static inline void seeded_open(struct program *p)
{
	program_open(p);
	program(p, "seed", "--users", "200", "--posts", "2500");
	program_assert_code(p, 0);
}

#endif
