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

#include "base/arena.h"
#include "base/str.h"
#include "core/db.h"
#include "internal.h"

/* The file, or the folder it is to be in. */
static bool owner_find(struct ctx *c, const char *path, struct stat *ret)
{
	return !stat(path, ret) || !stat(str_folder(c->arena, path), ret);
}

uid_t owner_of_data(struct ctx *c, const char *url)
{
	const char *path;
	struct stat st;
	if (db_place_of(url, &path) == DB_PLACE_FILE && owner_find(c, path, &st))
		return st.st_uid;
	return stat(c->app->options->data_dir, &st) ? 0 : st.st_uid;
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
	struct stat st;
	if (geteuid() != 0 || db_place_of(url, &path) != DB_PLACE_FILE ||
	    !owner_find(c, path, &st) || st.st_uid == 0)
		return APP_OK;
	if (become(st.st_uid, st.st_gid))
		return APP_OK;
	return ctx_fail(c, APP_UNAVAILABLE,
			"The database belongs to the user %lld, and becoming that user failed: %s",
			(long long)st.st_uid, strerror(errno));
}
