/*
 * What the files of core/migrate share: reading a file's text, and comparing the known with the
 * applied.
 */
#ifndef CROFT_SRC_CORE_MIGRATE_INTERNAL_H
#define CROFT_SRC_CORE_MIGRATE_INTERNAL_H

#include "core/migrate.h"

struct migration_part {
	const char *sql;
	size_t len;
	/* of the file, where the part begins */
	int line;
	bool keys_last;
};

struct migration_text {
	struct migration_part up, down;
	bool has_down;
};

#define MIGRATION_STEP "-- migrate:"
#define MIGRATION_FOLD MIGRATION_STEP "fold"
#define MIGRATION_KEYS_LAST MIGRATION_STEP "keys last"

/* One line "-- migrate:fold …" of a part. */
struct migration_fold {
	const char *table, *column, *key;
	bool beyond_ascii, unique;
	/* of the rows whose keys are unique; NULL: all */
	const char *condition;
};

/* "0003_posts.sql", in the arena. */
const char *migration_file(struct ctx *c, int64_t number, const char *name) MUST_USE;
/* Finds the two parts; APP_INTERNAL names the file when it is not laid out as it should be. */
enum app_err migration_split(struct ctx *c, const struct migration *m,
			     struct migration_text *ret) MUST_USE;

/* Whether the line says that foreign keys are looked at once the part is done. */
bool migration_is_keys_last(const char *line);
/*
 * Reads a line that begins with MIGRATION_STEP; APP_INTERNAL names file and line unless it is a
 * fold.
 */
enum app_err migration_fold_read(struct ctx *c, const struct migration *m, const char *line,
				 int number, struct migration_fold *ret) MUST_USE;
/* Fills the column; APP_CONFLICT names the rows that would have the same key. */
enum app_err migration_fold_run(struct ctx *c, const struct migration *m,
				const struct migration_fold *fold) MUST_USE;

/* Creates the table of applied migrations if missing; inside a write. */
enum app_err migration_table(struct ctx *c) MUST_USE;
/* The known and the applied ones by number, in the arena. */
enum app_err migration_states(struct ctx *c, const struct migration *list, size_t count,
			      struct migration_state **ret_states, size_t *ret_count) MUST_USE;
/* The same outside of a write: makes nothing, and waits for nobody. */
enum app_err migration_states_look(struct ctx *c, const struct migration *list, size_t count,
				   struct migration_state **ret_states, size_t *ret_count) MUST_USE;
/* Refuses what was changed, is missing, or comes before an applied one. */
enum app_err migration_check(struct ctx *c, const struct migration_state *states,
			     size_t count) MUST_USE;

#endif
