/* A path walked name by name, the links on it included. */
#include "base/way.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
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

/* Whether it is a link that the system made to what a process has open; its text is no path. */
static bool is_open_file(int link)
{
	struct statfs system;
	return !fstatfs(link, &system) && system.f_type == PROC_SUPER_MAGIC;
}

/* Takes the place of the folder. False, with errno, when there is none. */
static bool folder_enter(struct way_end *end, int next)
{
	int why = errno;
	close(end->folder);
	end->folder = next;
	errno = why;
	return next >= 0;
}

/* What the link says is to be walked first. */
static bool link_enter(struct arena *arena, int link, const char **rest, struct way_end *end)
{
	char text[PATH_MAX];
	ssize_t len = readlinkat(link, "", text, sizeof(text) - 1);
	close(link);
	if (len <= 0 || end->way.links > LINKS_MOST) {
		errno = ELOOP;
		return folder_enter(end, -1);
	}
	*rest = arena_printf(arena, "%.*s/%s", (int)len, text, *rest);
	return *text != '/' || (folder_enter(end, open("/", O_PATH | O_CLOEXEC)) &&
				!fstat(end->folder, &end->way.st));
}

static bool link_step(struct arena *arena, int link, uid_t maker, const char **rest,
		      struct way_end *end)
{
	link_note(&end->way, maker);
	end->is_open_file = !**rest && is_open_file(link);
	if (!end->is_open_file)
		return link_enter(arena, link, rest, end);
	close(link);
	return false;
}

/* One name further. False at the end of the way, and when a folder is missing. */
static bool way_step(struct arena *arena, const char **rest, struct way_end *end)
{
	size_t len = strcspn(*rest, "/");
	struct stat st;
	end->name = arena_strndup(arena, *rest, len);
	int next = openat(end->folder, end->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	*rest += len + strspn(*rest + len, "/");
	if (next < 0)
		return **rest && folder_enter(end, -1);
	if (fstat(next, &st)) {
		close(next);
		return folder_enter(end, -1);
	}
	if (S_ISLNK(st.st_mode))
		return link_step(arena, next, st.st_uid, rest, end);
	end->way.st = st;
	if (**rest)
		return folder_enter(end, next);
	close(next);
	return false;
}

struct way_end way_end_find(struct arena *arena, const char *path)
{
	struct way_end end = { .name = "." };
	end.folder = open(*path == '/' ? "/" : ".", O_PATH | O_CLOEXEC);
	bool goes_on = end.folder >= 0 && !fstat(end.folder, &end.way.st);
	while (goes_on && *(path += strspn(path, "/")))
		goes_on = way_step(arena, &path, &end);
	return end;
}

struct way way_find(struct arena *arena, const char *path)
{
	struct way_end end = way_end_find(arena, path);
	if (end.folder >= 0)
		close(end.folder);
	return end.way;
}

bool way_is_astray(const struct way *way)
{
	return way->maker && (way->mixed || way->maker != way->st.st_uid);
}
