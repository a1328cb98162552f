/*
 * A command that root runs on the data of another user becomes that user first: what it would
 * make there, such as the lock and the log of an SQLite database, the server could not open
 * afterwards. For files only, and not for `croft serve`, whose user the supervisor chooses.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/db.h"
#include "internal.h"

enum { LINKS_MOST = 40 };

/* Where a path leads, each name looked at once, so that nobody changes it between two looks. */
struct way {
	/*
	 * of the file, or of the last folder that is there; all zero, as root's, when not even the
	 * first can be looked at
	 */
	struct stat st;
	int links;
	uid_t maker; /* of a link on the way; 0: root made them all */
	bool mixed;  /* by two users, none of them root */
};

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

/* As far as there is something. */
static struct way way_find(struct ctx *c, const char *path)
{
	struct way way = { 0 };
	int fd = open(*path == '/' ? "/" : ".", O_PATH | O_CLOEXEC);
	bool goes_on = fd >= 0 && !fstat(fd, &way.st);
	while (goes_on && *(path += strspn(path, "/")))
		goes_on = way_step(c->arena, &fd, &path, &way);
	if (fd >= 0)
		close(fd);
	return way;
}

uid_t owner_of_data(struct ctx *c, const char *url)
{
	const char *path;
	struct stat st;
	if (db_place_of(url, &path) == DB_PLACE_FILE)
		return way_find(c, path).st.st_uid;
	return stat(c->app->options->data_dir, &st) ? 0 : st.st_uid;
}

/* Whoever made the link would have root work on a file that he could not touch himself. */
static enum app_err links_check(struct ctx *c, const char *path, const struct way *way)
{
	if (!way->maker || (!way->mixed && way->maker == way->st.st_uid))
		return APP_OK;
	return ctx_fail(c, APP_INVALID,
			"'%s' leads through a link of the user %lld to what is not his: root "
			"follows no such link; name the file itself",
			path, (long long)way->maker);
}

enum app_err owner_links_check(struct ctx *c, const char *url)
{
	const char *path;
	if (geteuid() != 0 || db_place_of(url, &path) != DB_PLACE_FILE)
		return APP_OK;
	const struct way way = way_find(c, path);
	return links_check(c, path, &way);
}

static bool become(uid_t uid, gid_t gid)
{
	const struct passwd *user = getpwuid(uid);
	bool grouped = user ? !initgroups(user->pw_name, user->pw_gid) : !setgroups(0, NULL);
	return grouped && !setgid(user ? user->pw_gid : gid) && !setuid(uid);
}

enum app_err owner_become(struct ctx *c, const char *url)
{
	const char *path;
	if (geteuid() != 0 || db_place_of(url, &path) != DB_PLACE_FILE)
		return APP_OK;
	const struct way way = way_find(c, path);
	enum app_err err = links_check(c, path, &way);
	if (err || way.st.st_uid == 0 || become(way.st.st_uid, way.st.st_gid))
		return err;
	return ctx_fail(c, APP_UNAVAILABLE,
			"The database belongs to the user %lld, and becoming that user failed: %s",
			(long long)way.st.st_uid, strerror(errno));
}
