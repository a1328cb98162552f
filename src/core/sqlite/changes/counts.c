/*
 * Numbers of rows that meet a condition on their own columns. Each was counted by a reader in a
 * state of the database that no commit overlapped. From then on the writer runs the same statement
 * on the rows that a transaction changed, as they were and as they are, and moves the number by the
 * difference, together with the version of the table. When versions do not follow each other,
 * because another process wrote, it is forgotten and counted anew. The statements run in databases
 * of memory that hold those rows and nothing else, so whatever looks at other tables cannot be
 * prepared there and is not kept.
 */
#include "counts_state.h"
#include "versions.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"

/* Commits after which a number that nobody wants is given up. */
enum { UNASKED_MOST = 1000 };

void sqlite_counts_open(struct sqlite *s)
{
	if (!sqlite3_compileoption_used("ENABLE_PREUPDATE_HOOK") || !sqlite3_preupdate_hook)
		return;
	struct sqlite_counts *counts = mem_new(1, sizeof(*counts));
	pthread_mutex_init(&counts->lock, NULL);
	s->counts = counts;
	if (!changes_open(&counts->changes))
		sqlite_counts_close(s);
}

void count_drop(struct count *count)
{
	for (int i = 0; i < 2; i++)
		sqlite3_finalize(count->counts[i]);
	for (size_t i = 0; i < count->value_count; i++)
		if (db_value_has_bytes(&count->values[i]))
			free((void *)(uintptr_t)count->values[i].bytes);
	free(count->values);
	free(count->key);
	free(count->table);
	free(count->sql);
	*count = (struct count){ 0 };
}

void sqlite_counts_close(struct sqlite *s)
{
	struct sqlite_counts *counts = s->counts;
	if (!counts)
		return;
	for (int i = 0; i < COUNTS_KEPT; i++)
		count_drop(&counts->list[i]);
	changes_close(&counts->changes);
	pthread_mutex_destroy(&counts->lock);
	free(counts);
	s->counts = NULL;
}

/* ---- the writer begins ---- */

/* Functions whose value depends on what they are given alone. */
static bool is_pure(const char *function)
{
	static const char *const pure[] = { "count",    "lower",  "upper",  "length",
					    "coalesce", "ifnull", "nullif", "like",
					    "glob",     "instr",  "substr", "abs" };
	for (size_t i = 0; i < COUNT_OF(pure); i++)
		if (str_eq_nocase(function, pure[i]))
			return true;
	return false;
}

static bool column_need(struct count *count, const char *table, const char *column)
{
	if (!str_eq_nocase(table, count->table))
		return false;
	for (int i = 0; i < count->of->columns; i++)
		if (str_eq_nocase(column, count->of->column_names[i])) {
			count->needs |= (uint64_t)1 << i;
			return true;
		}
	/* Named when there is none; a copy's row has not the number of the row that it is of. */
	return !*column;
}

/* What a count asks for: one SELECT, of columns of its table. */
static int on_count_prepare(void *arg, int action, const char *a, const char *b,
			    const char *database, const char *trigger)
{
	(void)database, (void)trigger;
	struct count *count = arg;
	bool nested = count->nested;
	switch (action) {
	case SQLITE_SELECT: count->nested = true; return nested ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_READ: return column_need(count, a, b) ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_FUNCTION: return is_pure(b) ? SQLITE_OK : SQLITE_DENY;
	default: return SQLITE_DENY;
	}
}

static void count_bind(const struct count *count, sqlite3_stmt *stmt)
{
	char name[24];
	for (size_t i = 0; i < count->value_count; i++) {
		snprintf(name, sizeof(name), "$%zu", i + 1);
		int at = sqlite3_bind_parameter_index(stmt, name);
		if (at)
			sqlite_value_bind(stmt, at, &count->values[i]);
	}
}

static bool count_prepare_on(struct count *count, sqlite3 *mirror, sqlite3_stmt **ret_stmt)
{
	count->nested = false;
	sqlite3_set_authorizer(mirror, on_count_prepare, count);
	int code = sqlite3_prepare_v2(mirror, count->sql, -1, ret_stmt, NULL);
	sqlite3_set_authorizer(mirror, NULL, NULL);
	if (!code)
		count_bind(count, *ret_stmt);
	return !code;
}

/* Prepares its statements; false when it asks for something else than its own table's columns. */
static bool count_prepare(struct sqlite_counts *counts, struct count *count, sqlite3 *handle)
{
	count->of = changes_table(&counts->changes, handle, count->table);
	/* Also without a column: it is the rows that are counted. */
	count->needs = 1;
	return count->of->columns &&
	       count_prepare_on(count, counts->changes.mirrors[0], &count->counts[0]) &&
	       count_prepare_on(count, counts->changes.mirrors[1], &count->counts[1]);
}

static void counts_drop(struct sqlite_counts *counts)
{
	for (struct count *at = counts->list; at < counts->list + COUNTS_KEPT; at++)
		count_drop(at);
	changes_tables_drop(&counts->changes);
}

/*
 * Somebody else has committed since. Processes of ours say so by the versions; of other programs
 * only this is seen, and what they did to the file is not known.
 */
static bool others_came(struct sqlite_conn *conn)
{
	int64_t now = -1;
	if (sqlite3_step(conn->writer.others) == SQLITE_ROW)
		now = sqlite3_column_int64(conn->writer.others, 0);
	sqlite3_reset(conn->writer.others);
	bool came = now < 0 || now != conn->writer.others_seen;
	conn->writer.others_seen = now;
	return came;
}

void sqlite_counts_begin(struct sqlite_counts *counts, struct sqlite_conn *conn)
{
	changes_forget(&counts->changes);
	pthread_mutex_lock(&counts->lock);
	counts->epoch++;
	if (others_came(conn))
		counts_drop(counts);
	for (struct counted_table *table = counts->changes.tables; table; table = table->next)
		table->needs = 0;
	for (struct count *at = counts->list; at < counts->list + COUNTS_KEPT; at++) {
		if (at->sql && !at->of && !count_prepare(counts, at, conn->handle))
			count_drop(at);
		if (at->sql)
			at->of->needs |= at->needs;
	}
	pthread_mutex_unlock(&counts->lock);
}

/* ---- the writer commits ---- */

static bool count_run(sqlite3_stmt *stmt, int64_t *ret)
{
	bool ok = sqlite3_step(stmt) == SQLITE_ROW;
	*ret = ok ? sqlite3_column_int64(stmt, 0) : 0;
	return !sqlite3_reset(stmt) && ok;
}

static bool count_move(struct count *count)
{
	int64_t before = 0, after = 0;
	if (count->of->changes &&
	    (!count_run(count->counts[0], &before) || !count_run(count->counts[1], &after)))
		return false;
	count->moved = after - before;
	return true;
}

/* Of those that were not looked at yet the one that was asked for last; NULL: none is left. */
static struct count *count_next(struct sqlite_counts *counts)
{
	struct count *best = NULL;
	for (struct count *at = counts->list; at < counts->list + COUNTS_KEPT; at++)
		if (at->due && (!best || at->unasked < best->unasked))
			best = at;
	return best;
}

/*
 * Writes wait meanwhile, and which conditions there are is the clients' choice: past the bound they
 * are counted anew.
 */
static void counts_move(struct sqlite_counts *counts)
{
	struct count *at;
	for (size_t looks = 0; (at = count_next(counts)); at->due = false) {
		bool is_first = !looks;
		looks += at->of->changes;
		at->sure = (is_first || looks <= LOOKS_MOST) && count_move(at);
	}
}

void sqlite_counts_work(struct sqlite *s, bool committed)
{
	struct sqlite_counts *counts = s->counts;
	pthread_mutex_lock(&counts->lock);
	bool shown = changes_show(&counts->changes) && committed;
	for (struct count *at = counts->list; at < counts->list + COUNTS_KEPT; at++) {
		at->sure = false;
		at->due = at->sql && at->of && shown && at->epoch != counts->epoch &&
			  at->version == sqlite_versions_number(s, at->table);
	}
	counts_move(counts);
	changes_hide(&counts->changes);
	pthread_mutex_unlock(&counts->lock);
}

static void count_publish(struct sqlite *s, struct count *count)
{
	uint64_t version = sqlite_versions_number(s, count->table);
	if (version == count->version)
		return;
	if (!count->sure || count->unasked > UNASKED_MOST) {
		count_drop(count);
		return;
	}
	count->number += count->moved;
	count->version = version;
	if (count->ticket) {
		count->unasked++;
		return;
	}
	const struct db_memory_key key = { .bytes = count->key,
					   .len = count->key_len,
					   .version = version };
	count->unasked = db_memory_renew(&s->db->memory, &key, count->number) ? 0
									      : count->unasked + 1;
}

void sqlite_counts_publish(struct sqlite *s, bool all_touched)
{
	struct sqlite_counts *counts = s->counts;
	pthread_mutex_lock(&counts->lock);
	if (all_touched)
		counts_drop(counts);
	for (struct count *at = counts->list; at < counts->list + COUNTS_KEPT; at++)
		if (at->sql)
			count_publish(s, at);
	changes_forget(&counts->changes);
	pthread_mutex_unlock(&counts->lock);
}
