/* What SQLite takes for a fault of the disk and is none: there is no room. */
#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/err.h"
#include "internal.h"

/* Of the file that is written to: the log, or what has none. 0: it is not known. */
static int last_errno(sqlite3 *handle)
{
	sqlite3_file *file = NULL;
	int why = 0;
	sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
	if (!file || !file->pMethods)
		sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	if (file && file->pMethods)
		file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &why);
	return why;
}

/*
 * Of the reasons that a write can have no room SQLite knows ENOSPC alone. After another one it has
 * undone what it wrote just so: a commit whose last page is not in the log is none. A flush that
 * fails is another matter.
 */
int sqlite_full_code(sqlite3 *handle, int code)
{
	if (code != SQLITE_IOERR_WRITE || !handle)
		return code;
	return app_err_of_errno(last_errno(handle)) == APP_STORAGE_FULL ? SQLITE_FULL : code;
}

/* Whether a file of this process may grow by so much. */
static bool file_may_grow(const char *path, rlim_t by)
{
	struct stat st;
	struct rlimit most;
	if (getrlimit(RLIMIT_FSIZE, &most) || most.rlim_cur == RLIM_INFINITY)
		return true;
	return stat(path, &st) || (rlim_t)st.st_size + by <= most.rlim_cur;
}

bool sqlite_files_may_grow(const struct sqlite *s, int64_t by)
{
	char log[PATH_MAX];
	snprintf(log, sizeof(log), "%s-wal", s->path);
	return file_may_grow(s->path, (rlim_t)by) && file_may_grow(log, (rlim_t)by);
}
