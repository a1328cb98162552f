/*
 * Opens files below a folder with no way out. The kernel walks the path where it can, so nothing
 * can be swapped meanwhile.
 */
#include "beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* O_NONBLOCK: opening a named pipe must not wait for its writer. */
enum { FILE_FLAGS = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK };

int beneath_open(int folder, const char *path)
{
	struct open_how how = {
		.flags = FILE_FLAGS,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	long fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));

	if (fd >= 0)
		return (int)fd;
	/* old kernel; a sandbox forbids it; something was renamed meanwhile */
	if (errno == ENOSYS || errno == EPERM || errno == EAGAIN)
		return beneath_open_by_segments(folder, path);
	return -1;
}

/* The segment's length, or 0 with errno when it is no ordinary name. */
static size_t segment_len(const char *path, char name[NAME_MAX + 1])
{
	size_t len = strcspn(path, "/");
	if (len == 0 || len > NAME_MAX) {
		errno = len ? ENAMETOOLONG : EINVAL;
		return 0;
	}
	memcpy(name, path, len);
	name[len] = '\0';
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		errno = EXDEV;
		return 0;
	}
	return len;
}

int beneath_open_by_segments(int folder, const char *path)
{
	char name[NAME_MAX + 1];
	int at = folder;
	for (;;) {
		size_t len = segment_len(path, name);
		bool is_last = path[len] == '\0';
		int flags = is_last ? FILE_FLAGS | O_NOFOLLOW
				    : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
		int fd = len ? openat(at, name, flags) : -1;
		int fault = errno;

		if (at != folder)
			close(at);
		errno = fault;
		if (fd < 0 || is_last)
			return fd;
		at = fd;
		path += len + 1;
	}
}
