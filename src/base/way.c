/* A path walked name by name, the links on it included. */
#include "base/way.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

enum { LINKS_MOST = 40 };

static void link_note(struct way *way, uid_t maker)
{
	way->links++;
	way->mixed = way->mixed || (maker && way->maker && way->maker != maker);
	if (maker)
		way->maker = maker;
}

/* Takes the place of *fd. False when there is no such folder. */
static bool folder_enter(int *fd, int next)
{
	close(*fd);
	*fd = next;
	return next >= 0;
}

/* What the link says is to be walked first. */
static bool link_enter(struct arena *arena, int link, int *fd, const char **rest, struct way *way)
{
	char text[PATH_MAX];
	ssize_t len = readlinkat(link, "", text, sizeof(text) - 1);
	close(link);
	if (len <= 0)
		return false;
	*rest = arena_printf(arena, "%.*s/%s", (int)len, text, *rest);
	return *text != '/' ||
	       (folder_enter(fd, open("/", O_PATH | O_CLOEXEC)) && !fstat(*fd, &way->st));
}

/* One name further. False when it is missing, as the last may be. */
static bool way_step(struct arena *arena, int *fd, const char **rest, struct way *way)
{
	size_t len = strcspn(*rest, "/");
	struct stat st;
	int next = openat(*fd, arena_strndup(arena, *rest, len), O_PATH | O_NOFOLLOW | O_CLOEXEC);
	*rest += len;
	if (next < 0)
		return false;
	if (fstat(next, &st)) {
		close(next);
		return false;
	}
	if (!S_ISLNK(st.st_mode)) {
		way->st = st;
		return folder_enter(fd, next);
	}
	link_note(way, st.st_uid);
	return link_enter(arena, next, fd, rest, way) && way->links <= LINKS_MOST;
}

struct way way_find(struct arena *arena, const char *path)
{
	struct way way = { 0 };
	int fd = open(*path == '/' ? "/" : ".", O_PATH | O_CLOEXEC);
	bool goes_on = fd >= 0 && !fstat(fd, &way.st);
	while (goes_on && *(path += strspn(path, "/")))
		goes_on = way_step(arena, &fd, &path, &way);
	if (fd >= 0)
		close(fd);
	return way;
}

bool way_is_astray(const struct way *way)
{
	return way->maker && (way->mixed || way->maker != way->st.st_uid);
}
