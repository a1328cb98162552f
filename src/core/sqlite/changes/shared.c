/*
 * The first page of `<database>-lock`, which all processes that have the database open share by
 * mapping. Accesses are atomic; what they mean is told by version.c and signals.c. One part
 * is read and written as a file: files/mark.c.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/sqlite/internal.h"
#include "versions.h"

enum { SHARED_FILE_BYTES = 4096 };
_Static_assert(sizeof(struct sqlite_shared) <= SHARED_FILE_BYTES, "what is mapped is in the file");

static struct sqlite_shared *map(int fd)
{
	struct stat st;
	if (fstat(fd, &st) || (st.st_size < SHARED_FILE_BYTES && ftruncate(fd, SHARED_FILE_BYTES)))
		return NULL;
	void *at = mmap(NULL, sizeof(struct sqlite_shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			0);
	return at == MAP_FAILED ? NULL : at;
}

void sqlite_shared_open(struct sqlite *s)
{
	s->shared = s->memory ? mem_new(1, sizeof(*s->shared)) : map(s->hold.lock_fd);
}

void sqlite_shared_close(struct sqlite *s)
{
	if (s->memory)
		free(s->shared);
	else if (s->shared)
		munmap(s->shared, sizeof(*s->shared));
	s->shared = NULL;
}
