/*
 * Before a file is opened: whether it could be open by another name, too (name.c), for it has hard
 * links, or is mounted without its folder.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/str.h"
#include "core/sqlite/internal.h"
#include "files.h"

static enum app_err fail_mounted(struct ctx *c, const char *real)
{
	return ctx_fail(c, APP_INVALID,
			"the database file '%s' is mounted without its folder: its log would stay "
			"behind, and others who have the file would not see it. Mount the folder",
			real);
}

static enum app_err fail_linked(struct ctx *c, const char *real, unsigned names)
{
	return ctx_fail(c, APP_INVALID,
			"the database file '%s' has %u names (hard links), and was not served by "
			"this one last: each has a log of its own, so that commits would be lost. "
			"Remove the others, which find / -xdev -samefile '%s' shows",
			real, names, real);
}

/* Links to a file that was served by this name, and by no other since, are those of a backup. */
enum app_err sqlite_name_check(struct ctx *c, const struct db_options *options, const char *place)
{
	(void)options;
	struct statx st;
	char *real = !str_eq(place, SQLITE_MEMORY) ? realpath(place, NULL) : NULL;
	enum app_err err = APP_OK;
	if (real && !statx(AT_FDCWD, real, 0, STATX_TYPE | STATX_NLINK, &st) &&
	    S_ISREG(st.stx_mode)) {
		if (st.stx_attributes & STATX_ATTR_MOUNT_ROOT)
			err = fail_mounted(c, real);
		else if (st.stx_nlink > 1 && !sqlite_mark_is_here(c, real))
			err = fail_linked(c, real, st.stx_nlink);
	}
	free(real);
	return err;
}
