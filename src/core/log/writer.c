/*
 * The log's thread and its two buffers: callers fill one while the thread writes the other. No
 * caller ever waits for the output, whatever becomes of it: what does not fit is dropped and
 * counted. Only this thread writes, so lines keep their order, and it blocks all signals, so a
 * reader that went away shows as EPIPE.
 */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "file.h"
#include "internal.h"

enum {
	BUFFER_SIZE = 4 << 20,      /* the most that waits for the thread; more is dropped */
	WRITE_AT = BUFFER_SIZE / 8, /* from here on the thread writes without waiting for more */
	COALESCE_MS = 20,           /* how long a line may wait for company */
	FLUSH_MS = 2000,            /* the longest that log_writer_flush() waits */
	STOP_GRACE_MS = 500, /* after LOG_STOP_MS, for the thread to notice that it is over */
};

struct log_writer {
	/* the thread's */
	struct log_output output;
	pthread_t thread;
	pthread_mutex_t lock;
	/* for the thread: there is something to do */
	pthread_cond_t work;
	/* for who waits: a buffer was written, or the thread ended */
	pthread_cond_t progress;
	char *filling, *writing;
	/* of filling */
	size_t len;
	/* bytes since the start; done: written or lost */
	int64_t added, done;
	/* lines dropped since filling began to be filled */
	int64_t gap;
	/* lines that were never written, since the start */
	int64_t lost;
	/* write without waiting for company */
	bool urgent;
	bool stopping, ended;
	/* nobody waits for the thread any more: it frees what it leaves */
	bool abandoned;
};

/* Gives more lines the time to join the batch. */
static void wait_for_company(struct log_writer *writer)
{
	int64_t until_us = clock_monotonic_us() + MILLISECONDS_US(COALESCE_MS);
	bool in_time = true;
	while (in_time && !writer->urgent && !writer->stopping && writer->len < WRITE_AT)
		in_time = thread_wait(&writer->work, &writer->lock, until_us);
}

/* Swaps the buffers and writes; the lock is held before and after. */
static void write_filled(struct log_writer *writer)
{
	size_t len = writer->len;
	int64_t gap = writer->gap;
	char *filled = writer->filling;
	writer->filling = writer->writing;
	writer->writing = filled;
	writer->len = 0;
	writer->gap = 0;
	writer->urgent = false;
	pthread_mutex_unlock(&writer->lock);
	int64_t lost = log_output_write(&writer->output, filled, len, gap);
	pthread_mutex_lock(&writer->lock);
	writer->done += (int64_t)len;
	writer->lost += lost;
	pthread_cond_broadcast(&writer->progress);
}

static void writer_free(struct log_writer *writer)
{
	pthread_cond_destroy(&writer->progress);
	pthread_cond_destroy(&writer->work);
	pthread_mutex_destroy(&writer->lock);
	munmap(writer->filling, BUFFER_SIZE);
	munmap(writer->writing, BUFFER_SIZE);
	if (writer->output.file)
		log_file_close(writer->output.file);
	free(writer);
}

static void *writer_run(void *arg)
{
	struct log_writer *writer = arg;
	pthread_mutex_lock(&writer->lock);
	for (;;) {
		while (!writer->len && !writer->stopping)
			pthread_cond_wait(&writer->work, &writer->lock);
		if (!writer->len)
			break;
		wait_for_company(writer);
		write_filled(writer);
	}
	writer->ended = true;
	bool abandoned = writer->abandoned;
	pthread_cond_broadcast(&writer->progress);
	pthread_mutex_unlock(&writer->lock);
	if (abandoned)
		writer_free(writer);
	return NULL;
}

/*
 * Once a line was dropped the later ones are too, until the buffer is taken: so the gap has one
 * place.
 */
void log_writer_add(struct log_writer *writer, const char *bytes, size_t len, bool urgent)
{
	assert(len <= BUFFER_SIZE);
	pthread_mutex_lock(&writer->lock);
	size_t before = writer->len;
	if (writer->gap || BUFFER_SIZE - before < len) {
		int64_t lines = log_lines_count(bytes, len);
		writer->gap += lines;
		writer->lost += lines;
		pthread_mutex_unlock(&writer->lock);
		return;
	}
	memcpy(writer->filling + before, bytes, len);
	writer->len += len;
	writer->added += (int64_t)len;
	bool hurry = urgent && !writer->urgent;
	writer->urgent = writer->urgent || urgent;
	if (!before || hurry || (before < WRITE_AT && writer->len >= WRITE_AT))
		pthread_cond_signal(&writer->work);
	pthread_mutex_unlock(&writer->lock);
}

void log_writer_flush(struct log_writer *writer)
{
	int64_t until_us = clock_monotonic_us() + MILLISECONDS_US(FLUSH_MS);
	bool in_time = true;
	pthread_mutex_lock(&writer->lock);
	int64_t wanted = writer->added;
	while (writer->done < wanted && in_time) {
		writer->urgent = true;
		pthread_cond_signal(&writer->work);
		in_time = thread_wait(&writer->progress, &writer->lock, until_us);
	}
	pthread_mutex_unlock(&writer->lock);
}

int64_t log_writer_lost(struct log_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	int64_t lost = writer->lost;
	pthread_mutex_unlock(&writer->lock);
	return lost;
}

static void locks_init(struct log_writer *writer)
{
	thread_cond_init(&writer->work);
	thread_cond_init(&writer->progress);
	pthread_mutex_init(&writer->lock, NULL);
}

/*
 * Pages that no line has come to yet take no memory. Of the allocator they would: it writes into
 * all that it gives (app/conceal.c).
 */
static char *buffer_new(void)
{
	void *at = mmap(NULL, BUFFER_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);
	if (at == MAP_FAILED)
		mem_out(BUFFER_SIZE);
	return at;
}

struct log_writer *log_writer_new(int fd, enum log_form form, struct log_file *file)
{
	struct log_writer *writer = mem_new(1, sizeof(*writer));
	log_output_init(&writer->output, fd, form);
	writer->output.file = file;
	writer->filling = buffer_new();
	writer->writing = buffer_new();
	locks_init(writer);
	if (!thread_start(&writer->thread, "croft-log", writer_run, writer))
		return writer;
	writer_free(writer);
	return NULL;
}

/*
 * A thread that hangs inside write() all the same (another process has filled the pipe in between,
 * or the file is on a server that is away) is left behind: the process is about to end.
 */
void log_writer_drop(struct log_writer *writer)
{
	log_output_stop(&writer->output);
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_signal(&writer->work);
	int64_t until_us = clock_monotonic_us() + MILLISECONDS_US(LOG_STOP_MS + STOP_GRACE_MS);
	bool in_time = true;
	while (!writer->ended && in_time)
		in_time = thread_wait(&writer->progress, &writer->lock, until_us);
	bool ended = writer->ended;
	writer->abandoned = !ended;
	if (!ended)
		pthread_detach(writer->thread);
	pthread_mutex_unlock(&writer->lock);
	if (!ended)
		return;
	pthread_join(writer->thread, NULL);
	writer_free(writer);
}
