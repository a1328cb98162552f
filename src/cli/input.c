/* Reads a file or standard input into memory; see input.h. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "cli.h"

enum { INPUT_STEP = 64 * 1024 };

static int unreadable(const char *name, int why)
{
	cli_error("cannot read %s: %s", name, strerror(why));
	return CLI_FAILED;
}

static int read_all(int fd, const char *name, int most_mib, struct buf *ret)
{
	for (;;) {
		ssize_t got = read(fd, buf_reserve(ret, INPUT_STEP), INPUT_STEP);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return unreadable(name, errno);
		if (got == 0)
			return 0;
		ret->len += (size_t)got;
		if (ret->len > (size_t)most_mib << 20) {
			cli_error("%s is longer than %d MiB", name, most_mib);
			return CLI_FAILED;
		}
	}
}

int input_read(const char *path, int most_mib, struct buf *ret)
{
	if (str_eq(path, "-"))
		return read_all(STDIN_FILENO, "standard input", most_mib, ret);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return unreadable(path, errno);
	int code = read_all(fd, path, most_mib, ret);
	close(fd);
	return code;
}
