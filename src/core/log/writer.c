/*
 * The log's thread and its two buffers: callers fill one while the thread writes the other. No
 * caller ever waits for the output, whatever becomes of it: what does not fit is dropped and
 * counted, and the log says so once it goes on. Only this thread writes, so lines keep their order,
 * and it blocks all signals, so a reader that went away shows as EPIPE.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "internal.h"

enum {
	BUFFER_SIZE = 4 << 20,      /* the most that waits for the thread; more is dropped */
	WRITE_AT = BUFFER_SIZE / 8, /* from here on the thread writes without waiting for more */
	COALESCE_MS = 20,           /* how long a line may wait for company */
	PIECE_BYTES = 4096,         /* what a pipe that is ready takes without blocking: PIPE_BUF */
	LOOK_MS = 100,       /* between looks whether the log is to end, while nobody reads */
	FLUSH_MS = 2000,     /* the longest that log_writer_flush() waits */
	STOP_MS = 2000,      /* what a stuck output is given at the end */
	STOP_GRACE_MS = 500, /* and for the thread to notice that it is over */
};

struct log_writer {
	int fd;
	bool regular; /* a plain file: always ready, so pieces and polls would only cost time */
	enum log_form form;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work;     /* for the thread: there is something to do */
	pthread_cond_t progress; /* for who waits: a buffer was written, or the thread ended */
	char *filling, *writing;
	size_t len;          /* of filling */
	int64_t added, done; /* bytes since the start; done: written or lost */
	int64_t gap;         /* lines dropped since filling began to be filled */
	int64_t lost;        /* lines that were never written, since the start */
	bool urgent;         /* write without waiting for company */
	bool stopping, ended;
	bool abandoned; /* nobody waits for the thread any more: it frees what it leaves */
	_Atomic int64_t give_up_us; /* monotonic: when a stuck output is left alone; 0: never */
	/* the thread's own: */
	bool torn;      /* the last write stopped inside a line */
	int64_t unsaid; /* lines lost that the log has not told of */
};

static int64_t now_us(void)
{
	return clock_system.monotonic_us(&clock_system);
}

static struct timespec after_ms(int64_t ms)
{
	int64_t at_us = now_us() + MILLISECONDS_US(ms);
	return (struct timespec){ at_us / 1000000, at_us % 1000000 * 1000 };
}

static bool gives_up(struct log_writer *writer)
{
	int64_t give_up_us = atomic_load(&writer->give_up_us);
	return give_up_us && now_us() >= give_up_us;
}

/*
 * Waits until the output takes a piece without blocking, for as long as nobody reads; false when
 * the log ends meanwhile. A descriptor that is none comes back at once, for write() to say so.
 */
static bool wait_writable(struct log_writer *writer)
{
	if (writer->regular || writer->fd < 0)
		return true;
	for (;;) {
		struct pollfd wanted = { .fd = writer->fd, .events = POLLOUT };
		int ready = poll(&wanted, 1, LOOK_MS);
		if (ready > 0 || (ready < 0 && errno != EINTR))
			return true;
		if (gives_up(writer))
			return false;
	}
}

/* Returns how many bytes were written: all, or fewer when the output failed or the log ends. */
static size_t write_all(struct log_writer *writer, const char *bytes, size_t len)
{
	size_t at = 0;
	while (at < len && wait_writable(writer)) {
		size_t piece = len - at;
		if (!writer->regular && piece > PIECE_BYTES)
			piece = PIECE_BYTES;
		ssize_t wrote = write(writer->fd, bytes + at, piece);
		if (wrote > 0)
			at += (size_t)wrote;
		else if (wrote == 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK))
			break;
	}
	return at;
}

static int64_t count_lines(const char *bytes, size_t len)
{
	int64_t lines = 0;
	const char *end = bytes + len;
	for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))); at++)
		lines++;
	return lines;
}

/* Writes whole lines; returns how many of them were lost. */
static int64_t write_lines(struct log_writer *writer, const char *bytes, size_t len)
{
	if (writer->torn && write_all(writer, "\n", 1) != 1)
		return count_lines(bytes, len);
	writer->torn = false;
	size_t wrote = write_all(writer, bytes, len);
	if (wrote)
		writer->torn = bytes[wrote - 1] != '\n';
	return count_lines(bytes + wrote, len - wrote);
}

/* Says in the log itself how much of it is missing at this place. */
static bool say_lost(struct log_writer *writer)
{
	if (!writer->unsaid)
		return true;
	char event[64], text[LOG_LINE_ROOM];
	snprintf(event, sizeof(event), "%" PRId64 " line%s dropped", writer->unsaid,
		 writer->unsaid == 1 ? " was" : "s were");
	const struct log_field fields[] = {
		LOG_INT("lines", writer->unsaid),
		LOG_TEXT("why", "the log could not be written as fast as it came, or not at all"),
		{ .type = LOG_TYPE_END },
	};
	struct log_record record = {
		.at = clock_system.now(&clock_system),
		.level = LOG_LEVEL_WARN,
		.event = event,
		.fields = fields,
	};
	if (write_lines(writer, text, log_format(writer->form, &record, text)))
		return false;
	writer->unsaid = 0;
	return true;
}

/*
 * Writes a batch, and what was lost before and after it; returns the lines of it that were lost.
 * Without the lock.
 */
static int64_t write_batch(struct log_writer *writer, size_t len, int64_t gap)
{
	int64_t lost = say_lost(writer) ? write_lines(writer, writer->writing, len)
					: count_lines(writer->writing, len);
	writer->unsaid += lost + gap;
	if (!lost)
		(void)say_lost(writer);
	return lost;
}

/* Gives more lines the time to join the batch. */
static void wait_for_company(struct log_writer *writer)
{
	struct timespec until = after_ms(COALESCE_MS);
	int timed_out = 0;
	while (!timed_out && !writer->urgent && !writer->stopping && writer->len < WRITE_AT)
		timed_out = pthread_cond_timedwait(&writer->work, &writer->lock, &until);
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
	int64_t lost = write_batch(writer, len, gap);
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
	free(writer);
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
		int64_t lines = count_lines(bytes, len);
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
	struct timespec until = after_ms(FLUSH_MS);
	int timed_out = 0;
	pthread_mutex_lock(&writer->lock);
	int64_t wanted = writer->added;
	while (writer->done < wanted && !timed_out) {
		writer->urgent = true;
		pthread_cond_signal(&writer->work);
		timed_out = pthread_cond_timedwait(&writer->progress, &writer->lock, &until);
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

static bool start_thread(struct log_writer *writer)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&writer->thread, NULL, writer_run, writer);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return !failed;
}

static void locks_init(struct log_writer *writer)
{
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->work, &monotonic);
	pthread_cond_init(&writer->progress, &monotonic);
	pthread_condattr_destroy(&monotonic);
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

struct log_writer *log_writer_new(int fd, enum log_form form)
{
	struct stat st;
	struct log_writer *writer = mem_new(1, sizeof(*writer));
	writer->fd = fd;
	writer->form = form;
	writer->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	writer->filling = buffer_new();
	writer->writing = buffer_new();
	locks_init(writer);
	if (start_thread(writer))
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
	atomic_store(&writer->give_up_us, now_us() + MILLISECONDS_US(STOP_MS));
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_signal(&writer->work);
	struct timespec until = after_ms(STOP_MS + STOP_GRACE_MS);
	int timed_out = 0;
	while (!writer->ended && !timed_out)
		timed_out = pthread_cond_timedwait(&writer->progress, &writer->lock, &until);
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
