/* Whose the files are that are made beside a database. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

void sqlite_file_own(int fd, const char *database)
{
	struct stat st;
	if (geteuid() != 0)
		return;
	if (stat(database, &st)) {
		char *folder = strndup(database, (size_t)(strrchr(database, '/') - database));
		bool found = folder && !stat(*folder ? folder : "/", &st);
		free(folder);
		if (!found)
			return;
	}
	/* When it fails whoever needs the file is told by the open that fails then. */
	int unused = fchown(fd, st.st_uid, st.st_gid);
	(void)unused;
}
