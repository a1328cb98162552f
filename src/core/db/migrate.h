/* What the migration files share: reading a file's text, and comparing the known with the applied. */
#ifndef CROFT_CORE_DB_MIGRATE_PRIVATE_H
#define CROFT_CORE_DB_MIGRATE_PRIVATE_H

#include "core/migrate.h"

enum { CHECKSUM_ROOM = 17 };

struct migration_part {
	const char *sql;
	size_t len;
	int line; /* of the file, where the part begins */
};

struct migration_text {
	struct migration_part up, down;
	bool has_down;
};

/* "0003_posts.sql", in the arena. */
const char *migration_file(struct ctx *c, int64_t number, const char *name) MUST_USE;
/*
 * FNV-1a of the text with CRLF read as LF, in hex: a checkout with other line ends is the same file. It tells an
 * accident, and is no defence against an attacker, who could as well change the table it is kept in.
 */
void migration_checksum(const char *sql, char out[CHECKSUM_ROOM]);
/* Finds the two parts; APP_INTERNAL names the file when it is not laid out as it should be. */
enum app_err migration_split(struct ctx *c, const struct migration *m,
			     struct migration_text *ret) MUST_USE;

/* Creates the table of applied migrations if missing; inside a write. */
enum app_err migration_table(struct ctx *c) MUST_USE;
/* The known and the applied ones by number, in the arena. */
enum app_err migration_states(struct ctx *c, const struct migration *list, size_t count,
			      struct migration_state **ret_states, size_t *ret_count) MUST_USE;
/* Refuses what was changed, is missing, or comes before an applied one. */
enum app_err migration_check(struct ctx *c, const struct migration_state *states,
			     size_t count) MUST_USE;

#endif
