/*
 * The log's thread and its two buffers: callers fill one while the thread writes the other. Only this thread
 * writes, so lines keep their order, and it blocks all signals, so a reader that went away shows as EPIPE.
 * Output that fails is dropped and counted: a full disk must not stop the server.
 */
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "internal.h"

enum {
	BUFFER_SIZE = 1 << 20,         /* the most that is held back; whoever adds more waits */
	BUFFER_HALF = BUFFER_SIZE / 2, /* from here on the thread writes without waiting for more */
	COALESCE_MS = 20,              /* how long a line may wait for company */
	STUCK_MS = 5000,               /* how long a full non-blocking output may take nothing */
};

struct log_writer {
	int fd;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work;     /* for the thread: there is something to do */
	pthread_cond_t progress; /* for callers: a buffer was taken or written */
	char *filling, *writing;
	size_t len;          /* of filling */
	int64_t added, done; /* bytes since the start; done: written or lost */
	int64_t lost;
	bool urgent; /* somebody waits for the bytes to be written */
	bool stopping;
	bool torn; /* the thread's: the last write stopped inside a line */
};

/* Waits until the output takes bytes again; false when it does not within STUCK_MS. */
static bool wait_writable(int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLOUT };
	int ready;
	do
		ready = poll(&wanted, 1, STUCK_MS);
	while (ready < 0 && errno == EINTR);
	return ready > 0;
}

/* Returns how many bytes were written: all, or fewer when the output failed. */
static size_t write_all(int fd, const char *bytes, size_t len)
{
	size_t at = 0;
	while (at < len) {
		ssize_t wrote = write(fd, bytes + at, len - at);
		if (wrote > 0) {
			at += (size_t)wrote;
			continue;
		}
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote == 0 || (errno != EAGAIN && errno != EWOULDBLOCK) || !wait_writable(fd))
			break;
	}
	return at;
}

/* Writes a batch of whole lines; returns the bytes lost. Runs without the lock. */
static size_t write_batch(struct log_writer *writer, size_t len)
{
	if (writer->torn && write_all(writer->fd, "\n", 1) != 1)
		return len;
	writer->torn = false;
	size_t wrote = write_all(writer->fd, writer->writing, len);
	if (wrote)
		writer->torn = writer->writing[wrote - 1] != '\n';
	return len - wrote;
}

/* Gives more lines the time to join the batch. */
static void wait_for_company(struct log_writer *writer)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += COALESCE_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	int timed_out = 0;
	while (!timed_out && !writer->urgent && !writer->stopping && writer->len < BUFFER_HALF)
		timed_out = pthread_cond_timedwait(&writer->work, &writer->lock, &until);
}

/* Swaps the buffers and writes; the lock is held before and after. */
static void write_filled(struct log_writer *writer)
{
	size_t len = writer->len;
	char *filled = writer->filling;
	writer->filling = writer->writing;
	writer->writing = filled;
	writer->len = 0;
	writer->urgent = false;
	pthread_cond_broadcast(&writer->progress);
	pthread_mutex_unlock(&writer->lock);
	size_t lost = write_batch(writer, len);
	pthread_mutex_lock(&writer->lock);
	writer->done += (int64_t)len;
	writer->lost += (int64_t)lost;
	pthread_cond_broadcast(&writer->progress);
}

static void *writer_run(void *arg)
{
	struct log_writer *writer = arg;
	pthread_setname_np(pthread_self(), "croft-log");
	pthread_mutex_lock(&writer->lock);
	for (;;) {
		while (!writer->len && !writer->stopping)
			pthread_cond_wait(&writer->work, &writer->lock);
		if (!writer->len)
			break;
		wait_for_company(writer);
		write_filled(writer);
	}
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

static void wait_until_done(struct log_writer *writer, int64_t wanted)
{
	while (writer->done < wanted) {
		bool taken = writer->added - (int64_t)writer->len >= wanted;
		if (!taken) {
			writer->urgent = true;
			pthread_cond_signal(&writer->work);
		}
		pthread_cond_wait(&writer->progress, &writer->lock);
	}
}

void log_writer_add(struct log_writer *writer, const char *bytes, size_t len, bool flush)
{
	assert(len <= BUFFER_SIZE);
	pthread_mutex_lock(&writer->lock);
	while (BUFFER_SIZE - writer->len < len)
		pthread_cond_wait(&writer->progress, &writer->lock);
	size_t before = writer->len;
	memcpy(writer->filling + before, bytes, len);
	writer->len += len;
	writer->added += (int64_t)len;
	if (flush)
		wait_until_done(writer, writer->added);
	else if (!before || (before < BUFFER_HALF && writer->len >= BUFFER_HALF))
		pthread_cond_signal(&writer->work);
	pthread_mutex_unlock(&writer->lock);
}

void log_writer_flush(struct log_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	wait_until_done(writer, writer->added);
	pthread_mutex_unlock(&writer->lock);
}

int64_t log_writer_lost(struct log_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	int64_t lost = writer->lost;
	pthread_mutex_unlock(&writer->lock);
	return lost;
}

static void writer_free(struct log_writer *writer)
{
	pthread_cond_destroy(&writer->progress);
	pthread_cond_destroy(&writer->work);
	pthread_mutex_destroy(&writer->lock);
	free(writer->filling);
	free(writer->writing);
	free(writer);
}

static bool start_thread(struct log_writer *writer)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&writer->thread, NULL, writer_run, writer);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return !failed;
}

struct log_writer *log_writer_new(int fd)
{
	struct log_writer *writer = mem_new(1, sizeof(*writer));
	writer->fd = fd;
	writer->filling = mem_new(1, BUFFER_SIZE);
	writer->writing = mem_new(1, BUFFER_SIZE);
	pthread_mutex_init(&writer->lock, NULL);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->work, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_cond_init(&writer->progress, NULL);
	if (start_thread(writer))
		return writer;
	writer_free(writer);
	return NULL;
}

void log_writer_drop(struct log_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_signal(&writer->work);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->thread, NULL);
	writer_free(writer);
}
