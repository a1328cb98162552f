/* Bounded writing: poll(2), then no more than a ready pipe takes at once. */
#include "base/say.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	PIECE_BYTES = 4096, /* PIPE_BUF */
	TEXT_ROOM = 2048,   /* of say_error(), which is also for a process out of memory */
};

/* Whether the output can be written to now, or says at once that it cannot be at all. */
static bool wait_ready(int fd, int64_t end_ms)
{
	for (;;) {
		int64_t left_ms = end_ms - clock_monotonic_us() / 1000;
		struct pollfd wanted = { .fd = fd, .events = POLLOUT };
		int ready = poll(&wanted, 1, left_ms > 0 ? (int)left_ms : 0);
		if (ready >= 0 || errno != EINTR)
			return ready > 0;
	}
}

bool say_is_ready(int fd)
{
	return wait_ready(fd, clock_monotonic_us() / 1000);
}

bool say(int fd, const void *bytes, size_t len, int64_t wait_ms)
{
	int64_t end_ms = clock_monotonic_us() / 1000 + wait_ms;
	const char *at = bytes;
	while (len && wait_ready(fd, end_ms)) {
		ssize_t wrote = write(fd, at, len < PIECE_BYTES ? len : PIECE_BYTES);
		if (wrote > 0) {
			at += wrote;
			len -= (size_t)wrote;
		} else if (wrote == 0 || (errno != EINTR && errno != EAGAIN)) {
			return false;
		}
	}
	return !len;
}

bool say_error(const char *format, ...)
{
	char text[TEXT_ROOM];
	va_list args;
	va_start(args, format);
	int len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0)
		return false;
	size_t shown = (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1;
	bool said = say(STDERR_FILENO, text, shown, SAY_WAIT_MS);
	explicit_bzero(text, shown); /* such as a password that is shown once */
	return said;
}
