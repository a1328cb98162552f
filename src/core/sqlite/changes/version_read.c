/*
 * Which version a table has, for those who want to know whether what they remember of it still
 * holds: as a reader's transaction sees it, or as it is now.
 */
#include "core/app.h"
#include "core/sqlite/internal.h"
#include "version_state.h"

/*
 * A transaction that began after the moment and goes on now does not see what was changed in
 * between.
 */
static bool changed_since(const struct sqlite_versions *v, const struct table_version *table,
			  const struct sqlite_moment *moment)
{
	return table->published > moment->published ||
	       sqlite_versions_moment_now(v).foreign != moment->foreign;
}

/* SQLite does not report changes of views, virtual tables and tables WITHOUT ROWID. */
static enum countable countable_ask(sqlite3 *handle, const char *name)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(handle,
				      "SELECT 1 FROM pragma_table_list WHERE schema = 'main'"
				      " AND name = ?1 COLLATE NOCASE AND type = 'table' AND NOT wr",
				      -1, &stmt, NULL);
	if (code)
		return NOT_COUNTABLE;
	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	code = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW ? COUNTABLE : NOT_COUNTABLE;
}

/* Both only grow, so their sum never comes back; the random start tells databases apart. */
static uint64_t number_of(const struct sqlite *s, const struct table_version *table,
			  uint64_t shared)
{
	return s->serial + table->version + sqlite_versions_commits(shared) - s->versions->own;
}

uint64_t sqlite_versions_number(const struct sqlite *s, const char *name)
{
	struct sqlite_versions *v = s->versions;
	pthread_mutex_lock(&v->lock);
	const struct table_version *table = sqlite_versions_table(v, name);
	uint64_t number = table && v->shared ? number_of(s, table, sqlite_versions_shared(v)) : 0;
	pthread_mutex_unlock(&v->lock);
	return number;
}

bool sqlite_versions_stand(const struct sqlite *s, const char *name, uint64_t stamp,
			   uint64_t version)
{
	struct sqlite_versions *v = s->versions;
	pthread_mutex_lock(&v->lock);
	const struct table_version *table = sqlite_versions_table(v, name);
	bool stands = table && v->shared && stamp % 2 == 0 && sqlite_versions_shared(v) == stamp &&
		      number_of(s, table, stamp) == version;
	pthread_mutex_unlock(&v->lock);
	return stands;
}

struct version_query {
	const char *name;
	const struct sqlite_moment *since; /* of the transaction under way; NULL: none is */
};

/* False when the table must be asked about first: *ret_ask. */
static bool version_read(struct sqlite *s, const struct version_query *query, uint64_t *ret_version,
			 bool *ret_ask)
{
	struct sqlite_versions *v = s->versions;
	bool known = false;
	pthread_mutex_lock(&v->lock);
	const struct table_version *table = sqlite_versions_table(v, query->name);
	uint64_t shared = sqlite_versions_shared(v);
	bool certain = table && !sqlite_versions_is_foreign(v, shared) &&
		       !(query->since && changed_since(v, table, query->since));
	*ret_ask = certain && table->countable == COUNTABLE_UNKNOWN;
	if (certain && table->countable == COUNTABLE) {
		*ret_version = number_of(s, table, shared);
		known = true;
	}
	pthread_mutex_unlock(&v->lock);
	return known;
}

static void countable_learn(struct sqlite_versions *v, sqlite3 *handle, const char *name)
{
	enum countable countable = countable_ask(handle, name);
	pthread_mutex_lock(&v->lock);
	struct table_version *table = sqlite_versions_table(v, name);
	if (table)
		table->countable = countable;
	pthread_mutex_unlock(&v->lock);
}

bool sqlite_table_version(struct ctx *c, const char *table, uint64_t *ret_version)
{
	struct sqlite *s = c->app->db->state;
	/* Inside a write more is seen than was committed. */
	if (c->db || !s->versions->shared)
		return false;
	struct sqlite_conn *conn;
	enum app_err err = sqlite_reader(c, s, &conn);
	if (err) {
		ctx_recover(c);
		return false;
	}
	/* A result set that is still open keeps this thread in an older state of the database. */
	if (conn->lent)
		return false;
	conn->reader.asked = conn->reader.began ? conn->reader.moment.stamp
						: sqlite_versions_moment(s->versions).stamp;
	const struct version_query query = { table,
					     conn->reader.began ? &conn->reader.moment : NULL };
	bool ask = false, known = version_read(s, &query, ret_version, &ask);
	if (!ask)
		return known;
	countable_learn(s->versions, conn->handle, table);
	return version_read(s, &query, ret_version, &ask);
}
