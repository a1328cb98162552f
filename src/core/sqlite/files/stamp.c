/* What tells that a file was written since it was looked at. */
#include "files.h"

#include <sys/stat.h>

struct sqlite_stamp sqlite_stamp_of(const struct stat *st)
{
	return (struct sqlite_stamp){ .bytes = st->st_size, .changed = st->st_mtim };
}

bool sqlite_stamp_same(const struct sqlite_stamp *a, const struct sqlite_stamp *b)
{
	return a->bytes == b->bytes && a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}
