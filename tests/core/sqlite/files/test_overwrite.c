/*
 * A file that is overwritten while it is open: whoever stumbles over what is left in it is told so,
 * though another looks at the file at that very moment.
 */
#include "core/db/store.h"

#include <dlfcn.h>
#include <errno.h>
#include <unistd.h>

#include "core/sqlite/internal.h"

/* More than a connection keeps in memory of its own accord. */
#define FILL \
	"CREATE TABLE t (a TEXT) STRICT; INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION " \
	"ALL SELECT i + 1 FROM n WHERE i < 50000) SELECT hex(randomblob(50)) FROM n"

static struct {
	const pthread_mutex_t *lock;
	int times;
} held;

/* In place of the C library's: another has the lock, as often as is said. */
int pthread_mutex_trylock(pthread_mutex_t *lock)
{
	int (*own)(pthread_mutex_t *);
	if (lock == held.lock && held.times-- > 0)
		return EBUSY;
	*(void **)&own = dlsym(RTLD_NEXT, "pthread_mutex_trylock");
	return own(lock);
}

static void checkpoint_by_another(struct store *s)
{
	sqlite3 *other;
	assert_int_equal(sqlite3_open(scene_path(&s->scene, "t.db"), &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

struct reader {
	bool has_read; /* knows the tables */
	bool beside;   /* another is looking at the file */
};

static void whoever_reads_is_told(void **state)
{
	const struct reader *reader = *state;
	struct store s;
	store_open(&s);
	struct sqlite *sqlite = s.db->state;
	store_do(&s, FILL);
	checkpoint_by_another(&s);
	if (reader->has_read)
		assert_int_equal(store_int(&s, "SELECT min(rowid) FROM t"), 1);
	store_do(&s, "DELETE FROM t WHERE rowid = 1");
	assert_int_equal(truncate(scene_path(&s.scene, "t.db"), 0), 0);
	held.lock = &sqlite->ground_lock;
	held.times = reader->beside;
	int64_t count;
	enum app_err err = db_query_int(&s.scene.c, "SELECT count(*) FROM t", BIND(), &count);
	held.lock = NULL;
	assert_int_equal(err, APP_UNAVAILABLE);
	assert_non_null(strstr(ctx_failure_text(&s.scene.c, err), "something other than SQLite"));
	ctx_recover(&s.scene.c);
	store_close(&s);
}

#define READS(sentence, ...) \
	ROW_OF("in a file that is emptied, " sentence ", it is told", whoever_reads_is_told, \
	       (&(struct reader){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		READS("by a connection that has read before", .has_read = true),
		READS("and by one that has not", 0),
		READS("while another is looking at it", .has_read = true, .beside = true),
		READS("and by one that has not, meanwhile", .beside = true),
	};
	return rows_run("core/sqlite/files/overwrite", rows, COUNT_OF(rows));
}
