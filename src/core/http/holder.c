/* From the port to the inode of the socket that listens there, and from that to the process. */
#include "holder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

enum { LISTENS = 0x0A, PATH_ROOM = 64 };

/* ---- the socket ---- */

/* "0: 0100007F:1F90 00000000:0000 0A …": *ret_inode of one that listens on the port. */
static bool line_inode(const char *line, int port, unsigned long *ret_inode)
{
	unsigned local = 0, state = 0;
	return sscanf(line, " %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*d %*d %lu",
		      &local, &state, ret_inode) == 3 &&
	       state == LISTENS && (int)local == port;
}

static bool table_inode(const char *table, int port, unsigned long *ret_inode)
{
	char line[512];
	FILE *file = fopen(table, "re");
	bool found = false;
	while (file && !found && fgets(line, sizeof(line), file))
		found = line_inode(line, port, ret_inode);
	if (file)
		fclose(file);
	return found;
}

/* ---- the process ---- */

static bool is_link_to(int folder, const char *name, const char *target)
{
	char found[PATH_ROOM];
	ssize_t len = readlinkat(folder, name, found, sizeof(found) - 1);
	if (len <= 0)
		return false;
	found[len] = '\0';
	return str_eq(found, target);
}

static bool has_socket(int pid, const char *socket)
{
	char path[PATH_ROOM];
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	DIR *folder = opendir(path);
	bool found = false;
	for (struct dirent *entry; folder && !found && (entry = readdir(folder));)
		found = is_link_to(dirfd(folder), entry->d_name, socket);
	if (folder)
		closedir(folder);
	return found;
}

/* Whoever runs it has chosen the name, which is to be shown. */
static void name_read(int pid, char ret[HOLDER_NAME_ROOM])
{
	char path[PATH_ROOM];
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, ret, HOLDER_NAME_ROOM - 1);
	if (fd >= 0)
		close(fd);
	ret[len > 0 ? len : 0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	for (char *at = ret; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
}

static bool process_find(unsigned long inode, struct holder *ret)
{
	char socket[PATH_ROOM];
	snprintf(socket, sizeof(socket), "socket:[%lu]", inode);
	DIR *all = opendir("/proc");
	bool found = false;
	for (struct dirent *entry; all && !found && (entry = readdir(all));) {
		int pid = str_is_digits(entry->d_name) ? (int)strtol(entry->d_name, NULL, 10) : 0;
		found = pid && has_socket(pid, socket);
		if (!found)
			continue;
		ret->pid = pid;
		name_read(pid, ret->name);
	}
	if (all)
		closedir(all);
	return found;
}

bool holder_find(int port, struct holder *ret)
{
	static const char *const tables[] = { "/proc/net/tcp", "/proc/net/tcp6" };
	unsigned long inode;
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		if (table_inode(tables[i], port, &inode) && process_find(inode, ret))
			return true;
	return false;
}
