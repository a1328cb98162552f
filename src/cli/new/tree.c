/*
 * The tree that a module is added to: where its root is, what it has already, and whether what is
 * about to be changed is safe with git.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"
#include "new.h"

enum { FILE_MOST = 16 * 1024 * 1024 };

static bool is_root(struct ctx *c, const char *folder)
{
	static const char *const parts[] = { "src/app/modules.c", "include/core/columns.h",
					     "sql/sqlite", "sql/postgres" };
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (access(arena_printf(c->arena, "%s/%s", folder, parts[i]), R_OK))
			return false;
	return true;
}

enum app_err new_root_enter(struct ctx *c)
{
	char here[PATH_MAX];
	if (!getcwd(here, sizeof(here)))
		return ctx_fail(c, APP_UNAVAILABLE, "cannot tell the working directory: %s",
				strerror(errno));
	const char *folder = here;
	while (!is_root(c, folder) && !str_eq(folder, "/"))
		folder = str_folder(c->arena, folder);
	if (!is_root(c, folder))
		return ctx_fail(c, APP_NOT_FOUND,
				"%s is not in the source tree of " APP_NAME ", which this works "
				"in: clone it with git, and start this there, or below",
				here);
	if (chdir(folder))
		return ctx_fail(c, APP_UNAVAILABLE, "cannot work in %s: %s", folder,
				strerror(errno));
	return APP_OK;
}

/* So many bytes, or fewer if it has become shorter meanwhile. */
static bool read_all(int fd, size_t size, struct buf *ret)
{
	char *room = buf_reserve(ret, size);
	while (ret->len < size) {
		ssize_t got = read(fd, room + ret->len, size - ret->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0;
		ret->len += (size_t)got;
	}
	return true;
}

enum app_err new_file_read(struct ctx *c, const char *path, const char **ret)
{
	struct buf text;
	struct stat st;
	buf_init(&text, c->arena);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is_known = fd >= 0 && !fstat(fd, &st), is_long = is_known && st.st_size > FILE_MOST;
	bool is_read = is_known && !is_long && read_all(fd, (size_t)st.st_size, &text);
	int cause = errno;
	if (fd >= 0)
		close(fd);
	if (is_long)
		return ctx_fail(c, APP_UNAVAILABLE, "%s is longer than %d MiB, and no source is",
				path, FILE_MOST >> 20);
	if (!is_read)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot read %s: %s", path, strerror(cause));
	*ret = buf_text(&text);
	return APP_OK;
}

/* What `git …` exits with; -1 when it cannot be asked. */
static int git_run(char *const *argv)
{
	posix_spawn_file_actions_t quiet;
	pid_t pid;
	int status = -1;
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	int cause = posix_spawnp(&pid, argv[0], &quiet, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&quiet);
	if (cause)
		return -1;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/*
 * Where there is no git, or the tree came as an archive, nothing is asked of it: outside of a
 * repository `git diff` would compare any two files.
 */
static bool is_changed(struct ctx *c, const char *path)
{
	enum { SAME = 0, DIFFERS = 1 };
	char *file = arena_strdup(c->arena, path);
	char git[] = "git", list[] = "ls-files", known[] = "--error-unmatch", end[] = "--";
	char diff[] = "diff", quiet[] = "--quiet", head[] = "HEAD";
	return git_run((char *[]){ git, list, known, end, file, NULL }) == SAME &&
	       git_run((char *[]){ git, diff, quiet, head, end, file, NULL }) == DIFFERS;
}

enum app_err new_clean_check(struct ctx *c, const char *path)
{
	if (is_changed(c, path))
		return ctx_fail(c, APP_CONFLICT,
				"%s has changes that are not committed, and would get one more: "
				"commit or stash them first",
				path);
	return APP_OK;
}
