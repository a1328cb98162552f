/* What two paths have to do with each other. */
#include "base/file.h"

#include <sys/stat.h>

bool file_is_same(const char *path, const char *other)
{
	struct stat a, b;
	return !stat(path, &a) && !stat(other, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
