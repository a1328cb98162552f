/*
 * Where lines go: writes them in pieces for as long as somebody takes them, keeps them whole, and
 * says in the log itself what is missing. One thread's, but for the moment at which it is to stop.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "file.h"
#include "internal.h"

enum {
	PIECE_BYTES = 4096, /* what a pipe that is ready takes without blocking: PIPE_BUF */
	LOOK_MS = 100,      /* between looks whether the log is to end, while nobody reads */
};

static bool gives_up(struct log_output *output)
{
	int64_t give_up_us = atomic_load(&output->give_up_us);
	return give_up_us && clock_monotonic_us() >= give_up_us;
}

/*
 * Waits until the output takes a piece without blocking, for as long as nobody reads; false when
 * the log ends meanwhile. A descriptor that is none comes back at once, for write() to say so.
 */
static bool wait_writable(struct log_output *output)
{
	if (output->regular || output->fd < 0)
		return true;
	for (;;) {
		struct pollfd wanted = { .fd = output->fd, .events = POLLOUT };
		int ready = poll(&wanted, 1, LOOK_MS);
		if (ready > 0 || (ready < 0 && errno != EINTR))
			return true;
		if (gives_up(output))
			return false;
	}
}

/* Returns how many bytes were written: all, or fewer when the output failed or the log ends. */
static size_t write_all(struct log_output *output, const char *bytes, size_t len)
{
	size_t at = 0;
	while (at < len && wait_writable(output)) {
		size_t piece = len - at;
		if (!output->regular && piece > PIECE_BYTES)
			piece = PIECE_BYTES;
		ssize_t wrote = write(output->fd, bytes + at, piece);
		if (wrote > 0)
			at += (size_t)wrote;
		else if (wrote == 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK))
			break;
	}
	return at;
}

int64_t log_lines_count(const char *bytes, size_t len)
{
	int64_t lines = 0;
	const char *end = bytes + len;
	for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))); at++)
		lines++;
	return lines;
}

/* Writes whole lines; returns how many of them were lost. */
static int64_t write_lines(struct log_output *output, const char *bytes, size_t len)
{
	if (output->torn && write_all(output, "\n", 1) != 1)
		return log_lines_count(bytes, len);
	output->torn = false;
	size_t wrote = write_all(output, bytes, len);
	if (wrote)
		output->torn = bytes[wrote - 1] != '\n';
	return log_lines_count(bytes + wrote, len - wrote);
}

/* Says in the log itself how much of it is missing at this place. */
static bool say_lost(struct log_output *output)
{
	if (!output->unsaid)
		return true;
	char event[64], text[LOG_LINE_ROOM];
	snprintf(event, sizeof(event), "%" PRId64 " line%s dropped", output->unsaid,
		 output->unsaid == 1 ? " was" : "s were");
	const struct log_field fields[] = {
		LOG_INT("lines", output->unsaid),
		LOG_TEXT("why", "the log could not be written as fast as it came, or not at all"),
		{ .type = LOG_TYPE_END },
	};
	struct log_record record = {
		.at = clock_system.now(&clock_system),
		.level = LOG_LEVEL_WARN,
		.event = event,
		.fields = fields,
	};
	if (write_lines(output, text, log_format(output->form, &record, text)))
		return false;
	output->unsaid = 0;
	return true;
}

/*
 * What was lost is told before the batch, and after it what comes then: so each gap has its place.
 */
int64_t log_output_write(struct log_output *output, const char *bytes, size_t len, int64_t gap)
{
	if (output->file)
		output->fd = log_file_for(output->file, len);
	int64_t lost = say_lost(output) ? write_lines(output, bytes, len)
					: log_lines_count(bytes, len);
	output->unsaid += lost + gap;
	if (!lost)
		(void)say_lost(output);
	return lost;
}

void log_output_init(struct log_output *output, int fd, enum log_form form)
{
	struct stat st;
	*output = (struct log_output){ .fd = fd, .form = form };
	output->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

void log_output_stop(struct log_output *output)
{
	atomic_store(&output->give_up_us, clock_monotonic_us() + MILLISECONDS_US(LOG_STOP_MS));
}
