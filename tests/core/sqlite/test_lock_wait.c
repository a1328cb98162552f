/*
 * Writes that queue up while another process keeps SQLite's lock: they are told so without waiting
 * in turn.
 */
#include "core/db/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* Far more than our patience if they waited in turn, far less if not. */
enum { BUSY_MS = 5000, QUEUED = 3 * PATIENCE_S * 1000 / BUSY_MS };

static struct store store;

static bool all_come(sem_t *sem)
{
	int come = 0;
	for (struct await await = { 0 }; come < QUEUED && await_more(&await);)
		while (!sem_trywait(sem))
			come++;
	return come == QUEUED;
}

/* One write a batch, so that each would wait busy_ms for itself. */
static void queue_does_not_wait_in_turn(void **state)
{
	(void)state;
	store_open_with(&store, (struct db_options){ .busy_ms = BUSY_MS, .batch = 1 });
	store_do(&store, "CREATE TABLE a (b INTEGER)");
	struct gate queue;
	struct job jobs[QUEUED];
	gate_init(&queue);
	int fd = open(scene_path(&store.scene, "t.db-lock"), O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	for (int i = 0; i < QUEUED; i++)
		must(job_submit(&store, &jobs[i], &queue, "INSERT INTO a VALUES (1)"));
	assert_true(all_come(&queue.finished));
	for (int i = 0; i < QUEUED; i++) {
		assert_int_equal(jobs[i].result, APP_UNAVAILABLE);
		assert_int_equal(jobs[i].c.failure.retry_after_s, 1);
		arena_done(&jobs[i].arena);
	}
	close(fd);
	gate_done(&queue);
	store_do(&store, "INSERT INTO a VALUES (1)");
	assert_int_equal(store_int(&store, "SELECT count(*) FROM a"), 1);
	store_close(&store);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("writes that queue up behind another process's lock do not wait for it in turn",
		    queue_does_not_wait_in_turn),
	};
	return rows_run("core/sqlite lock wait", rows, COUNT_OF(rows));
}
