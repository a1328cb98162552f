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
#include "core/sqlite/internal.h"
#include "counts.h"
#include "version_state.h"

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

struct table_version *sqlite_versions_table(struct sqlite_versions *v, const char *name)
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

/* ---- a moment ---- */

struct sqlite_moment sqlite_versions_moment_now(const struct sqlite_versions *v)
{
	uint64_t shared = sqlite_versions_shared(v);
	return (struct sqlite_moment){
		.published = v->published,
		.foreign = sqlite_versions_commits(shared) - sqlite_versions_is_foreign(v, shared) -
			   v->own,
		.stamp = shared,
	};
}

struct sqlite_moment sqlite_versions_moment(struct sqlite_versions *v)
{
	struct sqlite_moment moment = { 0 };
	pthread_mutex_lock(&v->lock);
	if (v->shared)
		moment = sqlite_versions_moment_now(v);
	pthread_mutex_unlock(&v->lock);
	return moment;
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
	struct table_version *table = sqlite_versions_table(v, name);
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

bool sqlite_versions_touched_all(const struct sqlite_versions *v)
{
	return v->all;
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
	uint64_t now = sqlite_versions_shared(v);
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
		__atomic_store_n(v->shared, sqlite_versions_shared(v) + 1, __ATOMIC_SEQ_CST);
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
