/*
 * The three standard streams: none missing at the start, nothing lost silently at the end; see
 * streams.h.
 */
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/*
 * The stand-in is opened the wrong way round: reading or writing still fails, as with the closed
 * one.
 */
static void descriptor_fill(int wanted)
{
	if (fcntl(wanted, F_GETFD) >= 0 || errno != EBADF)
		return;
	int fd = open("/dev/null", wanted == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	if (fd >= 0 && fd != wanted)
		close(fd);
}

void streams_prepare(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		descriptor_fill(fd);
	signal(SIGPIPE, SIG_IGN);
	/* a file that reaches its largest size (ulimit -f) is an error of the write */
	signal(SIGXFSZ, SIG_IGN);
}

static bool reader_left(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
	return poll(&out, 1, 0) > 0 && (out.revents & POLLERR);
}

int streams_finish(int code)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	if (!reader_left())
		cli_error("cannot write the output: %s", strerror(errno ? errno : EIO));
	return code ? code : CLI_FAILED;
}
