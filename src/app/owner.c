/*
 * A command that root runs on the data of another user becomes that user first: what it would
 * make there, such as the lock and the log of an SQLite database, the server could not open
 * afterwards. For files only, and not for `croft serve`, whose user the supervisor chooses.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/way.h"
#include "core/db.h"
#include "internal.h"

uid_t owner_of_data(struct ctx *c, const char *url)
{
	const char *path;
	struct stat st;
	if (db_place_of(url, &path) == DB_PLACE_FILE)
		return way_find(c->arena, path).st.st_uid;
	return stat(c->app->options->data_dir, &st) ? 0 : st.st_uid;
}

/* Whoever made the link would have root work on a file that he could not touch himself. */
static enum app_err links_check(struct ctx *c, const char *path, const struct way *way)
{
	if (!way_is_astray(way))
		return APP_OK;
	return ctx_fail(c, APP_INVALID,
			"'%s' leads through a link of the user %lld to what is not his: root "
			"follows no such link; name the file itself",
			path, (long long)way->maker);
}

enum app_err owner_path_check(struct ctx *c, const char *path)
{
	if (geteuid() != 0)
		return APP_OK;
	const struct way way = way_find(c->arena, path);
	return links_check(c, path, &way);
}

enum app_err owner_links_check(struct ctx *c, const char *url)
{
	const char *path;
	return db_place_of(url, &path) == DB_PLACE_FILE ? owner_path_check(c, path) : APP_OK;
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
	const struct way way = way_find(c->arena, path);
	enum app_err err = links_check(c, path, &way);
	if (err || way.st.st_uid == 0 || become(way.st.st_uid, way.st.st_gid))
		return err;
	return ctx_fail(c, APP_UNAVAILABLE,
			"The database belongs to the user %lld, and becoming that user failed: %s",
			(long long)way.st.st_uid, strerror(errno));
}
