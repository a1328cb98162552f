/*
 * What is in the way of a file that is to be made: links that lead nowhere, and file systems that
 * are the kernel's own.
 */
#include "base/folder.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "base/arena.h"
#include "base/attr.h"

/* They say that root may write, and take no file of anybody. */
static bool is_kernels(const char *path)
{
	static const unsigned long kinds[] = {
		PROC_SUPER_MAGIC, SYSFS_MAGIC,   CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
		DEBUGFS_MAGIC,    TRACEFS_MAGIC, SECURITYFS_MAGIC,   DEVPTS_SUPER_MAGIC,
		BPF_FS_MAGIC,     SELINUX_MAGIC, PSTOREFS_MAGIC,     EFIVARFS_MAGIC,
	};
	struct statfs fs;
	if (statfs(path, &fs) != 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if ((unsigned long)fs.f_type == kinds[i])
			return true;
	return false;
}

/* Of the path itself or of the nearest folder above it that is there. */
const char *folder_obstacle(struct arena *arena, const char *path)
{
	char *at = arena_strdup(arena, *path ? path : ".");
	struct stat st;
	while (lstat(at, &st) != 0 && strcmp(at, "/") != 0 && strcmp(at, ".") != 0) {
		char *slash = strrchr(at, '/');
		if (slash)
			slash[slash == at] = '\0';
		else
			at = arena_strdup(arena, ".");
	}
	if (stat(at, &st) != 0 && (errno == ENOENT || errno == ELOOP))
		return arena_printf(arena, "'%s' is a link that leads nowhere", at);
	if (is_kernels(at))
		return arena_printf(arena, "'%s' is the kernel's and keeps no files", at);
	return NULL;
}
