/*
 * Changes of the shelf's books by chance, in savepoints, with triggers, keys that cascade and
 * statements that fail; and whether totals are what count(*) says after them.
 */
#ifndef CROFT_TESTS_CORE_MODEL_SHELF_CHANGES_H
#define CROFT_TESTS_CORE_MODEL_SHELF_CHANGES_H

#include "shelf.h"

enum { STEPS = 5 };

/*
 * Keys that cascade, triggers that change and refuse, and a column that rows of before have by its
 * preset.
 */
static const char SQL_MORE[] =
	"DROP TABLE books;"
	"CREATE TABLE books (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL UNIQUE,"
	" author_id INTEGER REFERENCES authors (id) ON DELETE CASCADE, rank INTEGER,"
	" price REAL NOT NULL DEFAULT 1.5, sold INTEGER NOT NULL DEFAULT 0,"
	" created_at INTEGER NOT NULL DEFAULT 1, updated_at INTEGER NOT NULL DEFAULT 1,"
	" deleted_at INTEGER, CONSTRAINT books_rank_check CHECK (rank <> 13)) STRICT;"
	"INSERT INTO authors (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c');"
	"INSERT INTO books (title, author_id, rank) VALUES ('t1', 1, 1), ('t2', 2, 5), ('t3', 1, "
	"7);"
	"ALTER TABLE books ADD COLUMN extra INTEGER DEFAULT 5;"
	"CREATE TABLE store (title TEXT);"
	"INSERT INTO store VALUES ('t20'), ('t21'), ('t22');"
	"CREATE TRIGGER tags_ai AFTER INSERT ON tags BEGIN DELETE FROM books WHERE id % 7 = new.id "
	"% 7; END;"
	"CREATE TRIGGER books_au AFTER UPDATE OF price ON books WHEN new.price > 50"
	" BEGIN UPDATE books SET deleted_at = 1 WHERE id = new.id; END;"
	"CREATE TRIGGER books_bi BEFORE INSERT ON books WHEN new.rank = 3"
	" BEGIN UPDATE books SET rank = 4 WHERE rank = 5; DELETE FROM books WHERE rank = 8; END;"
	"CREATE TRIGGER books_raise AFTER UPDATE OF sold ON books WHEN new.rank > 15 BEGIN"
	" UPDATE books SET deleted_at = 2 WHERE rank = 9;"
	" SELECT CASE new.rank WHEN 16 THEN RAISE(IGNORE) WHEN 17 THEN RAISE(ABORT, 'no')"
	" WHEN 18 THEN RAISE(FAIL, 'no') WHEN 19 THEN RAISE(ROLLBACK, 'no') END; END;";

/* $1 to $3: small numbers by chance. */
static const char *const changes[] = {
	"INSERT INTO books (title, author_id, rank) VALUES ('t' || $1, $2 % 4 + 1, $3)",
	"INSERT INTO books (title, rank) VALUES ('t' || $1, $2), ('t' || $3, $1), ('u' || $2, 2)",
	"INSERT OR IGNORE INTO books (title, rank) VALUES ('t' || $1, $2), ('t' || $3, $1)",
	"INSERT OR REPLACE INTO books (title, rank) VALUES ('t' || $1, $2), ('t' || $3, $1)",
	"REPLACE INTO books (id, title, extra) VALUES ($1, 't' || $2, $3)",
	"INSERT OR FAIL INTO books (title, rank) VALUES ('v' || $1, $2), ('t' || $3, 13)",
	"INSERT INTO books (title) VALUES ('t' || $1) ON CONFLICT DO UPDATE SET rank = $2, extra = "
	"$3",
	"INSERT INTO books (title) SELECT title || $1 FROM store",
	"INSERT INTO books SELECT id + 100 * $1, title || $2, author_id, rank, price, sold, 1, 1, "
	"deleted_at, extra FROM books WHERE id % 5 = $3 % 5",
	"UPDATE books SET deleted_at = 1 WHERE id % 5 = $1 % 5",
	"UPDATE books SET deleted_at = NULL WHERE id % 4 = $1 % 4",
	"UPDATE books SET rank = $1, author_id = $2 % 4 WHERE id % 4 = $3 % 4",
	"UPDATE books SET rank = rank + 1 WHERE rank > $1",
	"UPDATE books SET sold = 1 WHERE rank > $1",
	"UPDATE books SET price = $1 * 5 WHERE id % 6 = $2 % 6",
	"UPDATE books SET extra = $1 WHERE id % 3 = $2 % 3",
	"UPDATE OR REPLACE books SET title = 't' || $1 WHERE id % 4 = $2 % 4",
	"UPDATE OR IGNORE books SET title = 't' || $1 WHERE id % 4 = $2 % 4",
	"UPDATE OR FAIL books SET title = 't' || $1 WHERE id % 4 = $2 % 4",
	"UPDATE OR REPLACE books SET id = id + $1 WHERE id % 3 = $2 % 3",
	"DELETE FROM books WHERE id % 6 = $1 % 6",
	"DELETE FROM books WHERE title = 't' || $1",
	"DELETE FROM authors WHERE id = $1 % 4",
	"INSERT OR IGNORE INTO authors (id, name) VALUES ($1 % 4 + 1, 'x')",
	"REPLACE INTO tags (id, label) VALUES ($1, 'x')",
	"DELETE FROM books WHERE id % 8 = $1 % 8 RETURNING id",
	"INSERT INTO books (title, rank) VALUES ('w' || $1, $2), ('t' || $3, $2) RETURNING id",
};

/* Seldom: what ends a transaction, empties the table, or changes the schema. */
static const char *const rare[] = {
	"INSERT OR ROLLBACK INTO books (title, rank) VALUES ('t' || $1, 13)",
	"DELETE FROM books",
	"CREATE TABLE IF NOT EXISTS other (x INTEGER)",
	"DROP TABLE IF EXISTS other",
};

#define VALUE(...) \
	{ \
		(const struct db_value[]){ { __VA_ARGS__ } }, 1 \
	}

static const struct model_where wheres[] = {
	{ .sql = NULL },
	{ .with_deleted = true },
	{ .sql = "author_id = $1", .binds = VALUE(.type = DB_INT, .integer = 1) },
	{ .sql = "author_id = $1",
	  .binds = VALUE(.type = DB_INT, .integer = 2),
	  .with_deleted = true },
	{ .sql = "rank > $1 OR rank IS NULL", .binds = VALUE(.type = DB_INT, .integer = 6) },
	{ .sql = "lower(title) < $1", .binds = VALUE(.type = DB_TEXT, .bytes = "t3", .len = 2) },
	{ .sql = "extra = $1", .binds = VALUE(.type = DB_INT, .integer = 5) },
	{ .sql = "price >= $1", .binds = VALUE(.type = DB_REAL, .real = 10) },
	{ .sql = "id > $1", .binds = VALUE(.type = DB_INT, .integer = 30) },
};

struct chance {
	uint64_t state;
};

static inline int chance_of(struct chance *chance, int most)
{
	chance->state = chance->state * 6364136223846793005U + 1442695040888963407U;
	return (int)((chance->state >> 33) % (uint64_t)most);
}

/*
 * One statement, of which a part of the rows that it returns may stay unread; how it ends does not
 * matter.
 */
static inline void change_any(struct ctx *ctx, struct chance *chance)
{
	AUTO(db_rows) rows = { 0 };
	bool is_rare = !chance_of(chance, 60), has_row = false;
	const char *sql = is_rare ? rare[chance_of(chance, COUNT_OF(rare))]
				  : changes[chance_of(chance, COUNT_OF(changes))];
	const struct db_value values[] = { db_bind_int(chance_of(chance, 24)),
					   db_bind_int(chance_of(chance, 24)),
					   db_bind_int(chance_of(chance, 24)) };
	size_t count = strstr(sql, "$3") ? 3 : strstr(sql, "$2") ? 2 : strstr(sql, "$1") ? 1 : 0;
	if (!db_query(ctx, sql, (struct db_binds){ values, count }, &rows))
		while (chance_of(chance, 4) && !db_rows_next(&rows, &has_row) && has_row)
			continue;
	ctx_recover(ctx);
}

static inline void changes_nest(struct ctx *ctx, struct chance *chance, int depth)
{
	for (int i = chance_of(chance, STEPS); i >= 0; i--) {
		AUTO(db_tx) tx = { 0 };
		if (depth == 3 || chance_of(chance, 3)) {
			change_any(ctx, chance);
			continue;
		}
		if (!db_tx_begin(ctx, &tx)) {
			changes_nest(ctx, chance, depth + 1);
			if (chance_of(chance, 3) && db_tx_commit(&tx))
				ctx_recover(ctx);
		}
		ctx_recover(ctx);
	}
}

static inline enum app_err changes_run(struct ctx *ctx, void *arg)
{
	struct chance *chance = arg;
	changes_nest(ctx, chance, 0);
	ctx_recover(ctx);
	return chance_of(chance, 5) ? APP_OK : ctx_fail(ctx, APP_FORBIDDEN, "no");
}

/* Counts by another program's means, which nobody remembers. */
static inline int64_t count_truly(sqlite3 *handle, const struct model_where *where)
{
	char *sql = sqlite3_mprintf("SELECT count(*) FROM books WHERE (%s)%s",
				    where->sql ? where->sql : "1",
				    where->with_deleted ? "" : " AND deleted_at IS NULL");
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL), SQLITE_OK);
	if (where->binds.count)
		assert_int_equal(sqlite_value_bind(stmt, 1, &where->binds.values[0]), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t count = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	return count;
}

static inline sqlite3 *truth_open(void)
{
	sqlite3 *handle = NULL;
	assert_int_equal(sqlite3_open(scene_path(&store.scene, "t.db"), &handle), SQLITE_OK);
	return handle;
}

/* Returns how many of the totals had to be counted. */
static inline int totals_are_true(sqlite3 *truth, int round)
{
	int counted = 0;
	db_reads_begin(store.db);
	for (size_t i = 0; i < COUNT_OF(wheres); i++) {
		statements_count();
		int64_t total = count_now(&wheres[i]), true_total = count_truly(truth, &wheres[i]);
		if (total != true_total)
			fail_msg("round %d, total %zu: %lld instead of %lld (%s)", round, i,
				 (long long)total, (long long)true_total,
				 statements ? "counted" : "followed");
		counted += statements > 0;
	}
	db_reads_end(store.db);
	return counted;
}

#endif
