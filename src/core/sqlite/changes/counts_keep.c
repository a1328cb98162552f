/*
 * A reader brings a number that is to be kept true (counts.c): what it counted, or, when it says so
 * before, that it begins to count, so that what is committed meanwhile is added.
 */
#include <string.h>

#include "base/mem.h"
#include "core/app.h"
#include "counts_state.h"
#include "versions.h"

/* After which another may begin to count what one never ended. */
enum { TICKET_COMMITS = 200 };

static void *bytes_copy(const void *bytes, size_t len)
{
	if (!bytes)
		return NULL;
	char *copy = mem_new(len + 1, 1);
	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

static struct count *slot_for(struct sqlite_counts *counts, const struct db_memory_key *key)
{
	struct count *best = &counts->list[0];
	for (struct count *at = best; at < counts->list + COUNTS_KEPT; at++) {
		if (at->sql && at->key_len == key->len && !memcmp(at->key, key->bytes, key->len))
			return at;
		if (best->sql && (!at->sql || at->unasked > best->unasked))
			best = at;
	}
	return best;
}

static struct count *count_make(struct sqlite_counts *counts, const struct db_memory_key *key,
				int64_t number)
{
	struct count *count = slot_for(counts, key);
	count_drop(count);
	count->sql = mem_strdup(key->sql);
	count->table = mem_strdup(key->table);
	count->key = bytes_copy(key->bytes, key->len);
	count->key_len = key->len;
	count->value_count = key->binds.count;
	count->values = mem_new(key->binds.count + 1, sizeof(*count->values));
	for (size_t i = 0; i < key->binds.count; i++) {
		struct db_value value = key->binds.values[i];
		if (db_value_has_bytes(&value))
			value.bytes = bytes_copy(value.bytes, value.len);
		count->values[i] = value;
	}
	count->number = number;
	count->version = key->version;
	count->epoch = counts->epoch;
	return count;
}

/*
 * Has the connection look at the state of now, if it shares one among its reads. Only the first
 * read in a transaction takes hold of a state.
 */
static bool state_hold(struct sqlite *s, struct sqlite_conn *conn)
{
	if (conn->lent)
		return false;
	sqlite_reader_share(s, conn);
	/* After some errors SQLite has ended what was begun. */
	return conn->reader.began && !sqlite3_get_autocommit(conn->handle) &&
	       !sqlite3_exec(conn->handle, "SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL);
}

/*
 * For readers, who may be event loops: the writer holds the lock for as long as it looks at what a
 * large transaction changed. A total that could not be kept is right all the same, and the next
 * count tries again.
 */
static bool counts_try_lock(struct sqlite_counts *counts)
{
	return !pthread_mutex_trylock(&counts->lock);
}

static bool is_being_counted(struct sqlite_counts *counts, const struct db_memory_key *key)
{
	const struct count *slot = slot_for(counts, key);
	return slot->sql && slot->ticket && slot->ticket != counts->given_up[slot - counts->list] &&
	       slot->unasked < TICKET_COMMITS && slot->key_len == key->len &&
	       !memcmp(slot->key, key->bytes, key->len);
}

/* The connection that counts on this thread; NULL: nothing is kept of it, as within a write. */
static struct sqlite_conn *counter_of(struct ctx *c, struct sqlite *s)
{
	struct sqlite_conn *conn;
	if (!s->counts || c->db)
		return NULL;
	if (!sqlite_reader(c, s, &conn))
		return conn;
	ctx_recover(c);
	return NULL;
}

void sqlite_count_begin(struct ctx *c, const struct db_memory_key *key)
{
	struct sqlite *s = c->app->db->state;
	struct sqlite_counts *counts = s->counts;
	struct sqlite_conn *conn = counter_of(c, s);
	if (!conn)
		return;
	conn->reader.counting = 0;
	if (!state_hold(s, conn) || !counts_try_lock(counts))
		return;
	if (sqlite_versions_stand(s, key->table, conn->reader.moment.stamp, key->version) &&
	    !is_being_counted(counts, key)) {
		struct count *count = count_make(counts, key, 0);
		count->ticket = conn->reader.counting = ++counts->tickets;
		conn->reader.counting_at = (int)(count - counts->list);
	}
	pthread_mutex_unlock(&counts->lock);
}

/*
 * A ticket that nobody ends would keep others from counting under one. A count is cut off in the
 * ordinary course of things: it was too much for an event loop, and is begun again elsewhere at
 * once.
 */
static void count_give_up(struct sqlite_counts *counts, struct sqlite_conn *conn)
{
	if (conn->reader.counting)
		counts->given_up[conn->reader.counting_at] = conn->reader.counting;
	conn->reader.counting = 0;
}

void sqlite_count_fail(struct ctx *c)
{
	struct sqlite *s = c->app->db->state;
	struct sqlite_conn *conn = sqlite_reader_have(s);
	if (s->counts && !c->db && conn)
		count_give_up(s->counts, conn);
}

/* Adds what was counted to what came since. False when the ticket is not good any more. */
static bool count_finish(struct sqlite *s, const struct db_memory_key *key, uint64_t ticket,
			 int64_t number)
{
	struct count *count = slot_for(s->counts, key);
	if (!ticket || !count->sql || count->ticket != ticket)
		return false;
	count->number += number;
	count->ticket = 0;
	const struct db_memory_key now = { .bytes = key->bytes,
					   .len = key->len,
					   .version = count->version };
	db_memory_renew(&s->db->memory, &now, count->number);
	return true;
}

void sqlite_count_keep(struct ctx *c, const struct db_memory_key *key, int64_t number)
{
	struct sqlite *s = c->app->db->state;
	struct sqlite_counts *counts = s->counts;
	struct sqlite_conn *conn = counter_of(c, s);
	if (!conn)
		return;
	if (!counts_try_lock(counts)) {
		count_give_up(counts, conn);
		return;
	}
	if (!count_finish(s, key, conn->reader.counting, number) &&
	    sqlite_versions_stand(s, key->table, conn->reader.asked, key->version))
		count_make(counts, key, number);
	pthread_mutex_unlock(&counts->lock);
}
