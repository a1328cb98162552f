/*
 * Names of imported accounts that are taken, in any case and form: by another record, which is
 * looked up in a map, or by an account, for which the database is asked about hundreds at once.
 */
#include <inttypes.h>
#include <string.h>

#include "base/map.h"
#include "core/sql.h"
#include "import.h"

/*
 * One of the two columns whose values are unique. They are asked for by their keys, which are
 * columns of no row that core/model reads.
 */
struct name_column {
	const char *field;
	size_t key; /* the offset of the key in struct import_row */
	const char *sql;
};

static const struct name_column name_columns[] = {
	{ "username", offsetof(struct import_row, username_key),
	  "SELECT username_key FROM users WHERE username_key IN (" },
	{ "email", offsetof(struct import_row, email_key),
	  "SELECT email_key FROM users WHERE email_key IN (" },
};

static const char *key_of(const struct import_row *row, const struct name_column *column)
{
	return *(const char *const *)((const char *)row + column->key);
}

/* The rows by their names; a name that an earlier line has is a fault. */
static void check_names(struct importing *it, const struct name_column *column, struct map *rows)
{
	for (size_t i = 0; i < it->count; i++) {
		struct import_row *row = &it->rows[i];
		const char *key = key_of(row, column);
		const struct import_row *other = map_get(rows, key, strlen(key));
		if (!other)
			map_put(rows, key, strlen(key), row);
		else
			records_refuse(it->c, &it->ret->faults, row->line,
				       schema_fault(it->c, "body", column->field,
						    "line %" PRId64 " has the same", other->line));
	}
}

/* Which of these names accounts have already. */
static enum app_err find_taken(struct importing *it, const struct name_column *column,
			       const struct map *rows, const struct db_value *keys, size_t count)
{
	AUTO(db_rows) found = { 0 };
	struct sql sql;
	bool has_row = true;
	size_t len;
	sql_init(&sql, it->c, NULL);
	sql_add(&sql, column->sql);
	sql_in(&sql, keys, count);
	enum app_err err = db_query(it->c, buf_text(&sql.text), sql_binds(&sql), &found);
	while (!err && !(err = db_rows_next(&found, &has_row)) && has_row) {
		const char *key = db_column_text(&found, 0, &len);
		const struct import_row *row = map_get(rows, key, len);
		if (row)
			records_refuse(it->c, &it->ret->faults, row->line,
				       schema_fault(it->c, "body", column->field,
						    "another account has the same"));
	}
	return err;
}

static enum app_err check_column(struct importing *it, const struct name_column *column)
{
	struct map rows;
	struct db_value keys[SQL_IN_MOST];
	size_t at = 0, count = 0;
	enum app_err err = APP_OK;
	map_init(&rows, it->c->arena);
	check_names(it, column, &rows);
	for (const struct map_slot *slot; !err && (slot = map_next(&rows, &at));) {
		keys[count++] = db_bind_text(slot->key);
		if (count == SQL_IN_MOST) {
			err = find_taken(it, column, &rows, keys, count);
			count = 0;
		}
	}
	return !err && count ? find_taken(it, column, &rows, keys, count) : err;
}

enum app_err import_check_names(struct importing *it)
{
	const bool before = it->c->reads_primary;
	enum app_err err = APP_OK;
	/* a replica may not know the newest yet */
	it->c->reads_primary = true;
	for (size_t i = 0; i < COUNT_OF(name_columns) && !err; i++)
		err = check_column(it, &name_columns[i]);
	it->c->reads_primary = before;
	return err;
}
