/*
 * When a table last changed, so that what was counted once need not be counted again. The writing
 * connection tells which tables each transaction touches; that is published when it has been
 * committed, before anybody is answered.
 *
 * Changes by other processes of ours: a number in the page that they share (shared.c) is raised by
 * one before each commit and by one after it, under the lock that all of them take. Odd means that
 * a commit is under way, or that its process died in it, and then nothing is known. A program that
 * is not croft goes unnoticed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/app.h"
#include "internal.h"
#include "versions.h"

enum {
	TABLES_MOST = 256,               /* further ones have no version */
	TABLE_BUCKETS = 2 * TABLES_MOST, /* so that one is always free */
	LAST_NAMES = 4,
};

enum countable { COUNTABLE_UNKNOWN = 0, COUNTABLE, NOT_COUNTABLE };

struct table_version {
	char *name;
	uint64_t version;
	uint64_t published; /* by which commit of this process it changed last */
	enum countable countable;
	bool touched; /* the writer thread's: by the transaction under way */
};

struct sqlite_versions {
	pthread_mutex_t lock; /* guards all but what is the writer thread's */
	struct table_version tables[TABLES_MOST];
	size_t count;
	uint16_t buckets[TABLE_BUCKETS]; /* a place in tables, plus 1; 0: free */
	uint64_t own;                    /* commits of this process, the one under way included */
	uint64_t published;              /* those of them that readers were told of */
	bool own_under_way;              /* so that an odd number is ours */
	uint64_t *shared;                /* see shared.c; NULL: it could not be had */

	/* the writer thread's */
	struct sqlite_counts *counts; /* NULL: rows are not seen */
	/*
	 * As SQLite named them: most changes hit one of the few tables that those before them hit.
	 */
	const char *last[LAST_NAMES];
	size_t next_last;
	bool all; /* the schema changed, or more tables were touched than fit */
};

static uint64_t shared_read(const struct sqlite_versions *v)
{
	return __atomic_load_n(v->shared, __ATOMIC_SEQ_CST);
}

static uint64_t commits_in(uint64_t shared)
{
	return shared / 2 + shared % 2;
}

void sqlite_versions_open(struct sqlite *s)
{
	struct sqlite_versions *v = mem_new(1, sizeof(*v));
	pthread_mutex_init(&v->lock, NULL);
	v->shared = s->shared ? &s->shared->commits : NULL;
	s->versions = v;
}

void sqlite_versions_close(struct sqlite *s)
{
	struct sqlite_versions *v = s->versions;
	if (!v)
		return;
	for (size_t i = 0; i < v->count; i++)
		free(v->tables[i].name);
	pthread_mutex_destroy(&v->lock);
	free(v);
	s->versions = NULL;
}

/*
 * FNV-1a, for names are the same in any case, and they are the schema's: nobody picks them to
 * collide.
 */
static uint64_t name_hash(const char *name)
{
	uint64_t hash = 0xcbf29ce484222325U;
	for (const char *at = name; *at; at++)
		hash = (hash ^ (unsigned char)str_lower(*at)) * 0x100000001b3U;
	return hash;
}

/* The bucket that has the name, or the free one where it belongs. */
static uint16_t *bucket_of(struct sqlite_versions *v, const char *name)
{
	size_t at = name_hash(name) % TABLE_BUCKETS;
	while (v->buckets[at] && !str_eq_nocase(v->tables[v->buckets[at] - 1].name, name))
		at = (at + 1) % TABLE_BUCKETS;
	return &v->buckets[at];
}

/* Finds the table or adds it; NULL when there is no room. Called with the lock held. */
static struct table_version *table_of(struct sqlite_versions *v, const char *name)
{
	uint16_t *bucket = bucket_of(v, name);
	if (*bucket)
		return &v->tables[*bucket - 1];
	if (v->count == TABLES_MOST)
		return NULL;
	struct table_version *table = &v->tables[v->count++];
	table->name = mem_strdup(name);
	*bucket = (uint16_t)v->count;
	return table;
}

/* ---- what the writing connection sees ---- */

static bool is_among_last(const struct sqlite_versions *v, const char *name)
{
	for (size_t i = 0; i < LAST_NAMES; i++)
		if (name == v->last[i])
			return true;
	return false;
}

static void name_changed(struct sqlite_versions *v, const char *name)
{
	if (is_among_last(v, name))
		return;
	pthread_mutex_lock(&v->lock);
	struct table_version *table = table_of(v, name);
	if (table)
		table->touched = true;
	pthread_mutex_unlock(&v->lock);
	v->all = v->all || !table;
	v->last[v->next_last++ % LAST_NAMES] = name;
}

/* A row is about to change. */
static void on_row(void *arg, sqlite3 *handle, int what, const char *database, const char *name,
		   sqlite3_int64 before, sqlite3_int64 after)
{
	(void)before, (void)after;
	struct sqlite_versions *v = arg;
	if (!strcmp(database, "main"))
		sqlite_counts_change(v->counts, handle, what, name);
	name_changed(v, name);
}

/* The same for a library without that hook, which does not show the rows. */
static void on_change(void *arg, int what, const char *database, const char *name,
		      sqlite3_int64 rowid)
{
	(void)what, (void)database, (void)rowid;
	name_changed(arg, name);
}

void sqlite_versions_watch(struct sqlite_versions *v, struct sqlite_counts *counts, sqlite3 *handle)
{
	v->counts = counts;
	if (counts)
		sqlite3_preupdate_hook(handle, on_row, v);
	else
		sqlite3_update_hook(handle, on_change, v);
}

void sqlite_versions_touch_all(struct sqlite_versions *v)
{
	v->all = true;
}

/* ---- around a transaction ---- */

void sqlite_versions_begin(struct sqlite_versions *v)
{
	/* Names are SQLite's and may have moved since. */
	memset(v->last, 0, sizeof(v->last));
}

void sqlite_versions_committing(struct sqlite_versions *v)
{
	if (!v->shared)
		return;
	pthread_mutex_lock(&v->lock);
	uint64_t now = shared_read(v);
	/* Still odd from a process that died: that commit counts, and ours is the next. */
	__atomic_store_n(v->shared, now + (now % 2 ? 2 : 1), __ATOMIC_SEQ_CST);
	v->own++;
	v->own_under_way = true;
	pthread_mutex_unlock(&v->lock);
}

static void tables_publish(struct sqlite_versions *v)
{
	v->published++;
	for (size_t i = 0; i < v->count; i++) {
		struct table_version *table = &v->tables[i];
		bool changed = table->touched || v->all;
		table->version += changed;
		table->published = changed ? v->published : table->published;
		table->touched = false;
		if (v->all)
			table->countable = COUNTABLE_UNKNOWN;
	}
	v->all = false;
}

void sqlite_versions_committed(struct sqlite_versions *v)
{
	pthread_mutex_lock(&v->lock);
	tables_publish(v);
	if (v->shared)
		__atomic_store_n(v->shared, shared_read(v) + 1, __ATOMIC_SEQ_CST);
	v->own_under_way = false;
	pthread_mutex_unlock(&v->lock);
}

void sqlite_versions_forget(struct sqlite_versions *v)
{
	pthread_mutex_lock(&v->lock);
	for (size_t i = 0; i < v->count; i++)
		v->tables[i].touched = false;
	pthread_mutex_unlock(&v->lock);
	v->all = false;
	memset(v->last, 0, sizeof(v->last));
}

/* ---- what readers ask ---- */

/* Another process is in a commit, which some may see already, or has died in one. */
static bool is_foreign(const struct sqlite_versions *v, uint64_t shared)
{
	return shared % 2 && !v->own_under_way;
}

/* Called with the lock held. A commit of another process that is under way is yet to come. */
static struct sqlite_mark mark_now(const struct sqlite_versions *v)
{
	uint64_t shared = shared_read(v);
	return (struct sqlite_mark){
		.published = v->published,
		.foreign = commits_in(shared) - is_foreign(v, shared) - v->own,
		.stamp = shared,
	};
}

struct sqlite_mark sqlite_versions_mark(struct sqlite_versions *v)
{
	struct sqlite_mark mark = { 0 };
	pthread_mutex_lock(&v->lock);
	if (v->shared)
		mark = mark_now(v);
	pthread_mutex_unlock(&v->lock);
	return mark;
}

/*
 * A transaction that began after the mark and goes on now does not see what was changed in between.
 */
static bool changed_since(const struct sqlite_versions *v, const struct table_version *table,
			  const struct sqlite_mark *mark)
{
	return table->published > mark->published || mark_now(v).foreign != mark->foreign;
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
	return s->serial + table->version + commits_in(shared) - s->versions->own;
}

uint64_t sqlite_versions_number(const struct sqlite *s, const char *name)
{
	struct sqlite_versions *v = s->versions;
	pthread_mutex_lock(&v->lock);
	const struct table_version *table = table_of(v, name);
	uint64_t number = table && v->shared ? number_of(s, table, shared_read(v)) : 0;
	pthread_mutex_unlock(&v->lock);
	return number;
}

bool sqlite_versions_stand(const struct sqlite *s, const char *name, uint64_t stamp,
			   uint64_t version)
{
	struct sqlite_versions *v = s->versions;
	pthread_mutex_lock(&v->lock);
	const struct table_version *table = table_of(v, name);
	bool stands = table && v->shared && stamp % 2 == 0 && shared_read(v) == stamp &&
		      number_of(s, table, stamp) == version;
	pthread_mutex_unlock(&v->lock);
	return stands;
}

bool sqlite_versions_all(const struct sqlite_versions *v)
{
	return v->all;
}

struct version_query {
	const char *name;
	const struct sqlite_mark *since; /* of the transaction under way; NULL: none is */
};

/* False when the table must be asked about first: *ret_ask. */
static bool version_read(struct sqlite *s, const struct version_query *query, uint64_t *ret_version,
			 bool *ret_ask)
{
	struct sqlite_versions *v = s->versions;
	bool known = false;
	pthread_mutex_lock(&v->lock);
	const struct table_version *table = table_of(v, query->name);
	uint64_t shared = shared_read(v);
	bool certain = table && !is_foreign(v, shared) &&
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
	struct table_version *table = table_of(v, name);
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
	conn->asked = conn->began ? conn->mark.stamp : sqlite_versions_mark(s->versions).stamp;
	const struct version_query query = { table, conn->began ? &conn->mark : NULL };
	bool ask = false, known = version_read(s, &query, ret_version, &ask);
	if (!ask)
		return known;
	countable_learn(s->versions, conn->handle, table);
	return version_read(s, &query, ret_version, &ask);
}
