/* What SQLite takes for a fault of the disk and is none: there is no room. */
#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/err.h"
#include "internal.h"

/* The database file, or its log; NULL: it is not open. */
static sqlite3_file *file_of(sqlite3 *handle, int which)
{
	sqlite3_file *file = NULL;
	sqlite3_file_control(handle, "main", which, &file);
	return file && file->pMethods ? file : NULL;
}

/* Whether what failed last in the file, which may be NULL, did so for want of room. */
static bool file_is_full(sqlite3_file *file)
{
	int why = 0;
	if (file)
		file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &why);
	return app_err_of_errno(why) == APP_STORAGE_FULL;
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
	sqlite3_file *log = file_of(handle, SQLITE_FCNTL_JOURNAL_POINTER);
	sqlite3_file *file = log ? log : file_of(handle, SQLITE_FCNTL_FILE_POINTER);
	return file_is_full(file) ? SQLITE_FULL : code;
}

int sqlite_full_code_checkpoint(sqlite3 *handle, int code)
{
	if (code != SQLITE_IOERR_WRITE)
		return code;
	return file_is_full(file_of(handle, SQLITE_FCNTL_FILE_POINTER)) ? SQLITE_FULL : code;
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
