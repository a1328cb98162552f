/* From the address to the inode of the socket that listens there, and from that to the process. */
#include "holder.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"
#include "parse/networks.h"

enum {
	LISTENS = 0x0A,
	PATH_ROOM = 64,
	WORD_DIGITS = 8,
	V4_PREFIX = 12, /* bytes before the four of IPv4 */
};

/* ---- the socket ---- */

struct place {
	/* IPv4 as ::ffff:a.b.c.d */
	struct address address;
	int port;
};

/* How much it is in the way of another. */
enum fit { FITS_NOT = 0, COVERS, IS_SAME };

struct found {
	enum fit fit;
	unsigned long inode;
};

/* 0.0.0.0 */
static const struct address all_v4 = { { [10] = 0xff, [11] = 0xff } };

static bool place_of(const struct sockaddr *bound, struct place *ret)
{
	const void *any = bound;
	if (!address_of(bound, &ret->address))
		return false;
	ret->port = ntohs(bound->sa_family == AF_INET
				  ? ((const struct sockaddr_in *)any)->sin_port
				  : ((const struct sockaddr_in6 *)any)->sin6_port);
	return true;
}

/* 0.0.0.0 is all of IPv4, :: mostly all there is. */
static bool covers(const struct address *all, const struct address *one)
{
	static const struct address all_v6;
	if (memcmp(all, &all_v6, sizeof(all_v6)) == 0)
		return true;
	return memcmp(all, &all_v4, sizeof(all_v4)) == 0 && memcmp(one, &all_v4, V4_PREFIX) == 0;
}

static enum fit fit_of(const struct place *wanted, const struct place *held)
{
	if (wanted->port != held->port)
		return FITS_NOT;
	if (memcmp(&wanted->address, &held->address, sizeof(held->address)) == 0)
		return IS_SAME;
	return covers(&held->address, &wanted->address) || covers(&wanted->address, &held->address)
		       ? COVERS
		       : FITS_NOT;
}

/* "0100007F", or four of them: words of the machine as they lie in memory. */
static bool words_read(const char *hex, struct address *ret)
{
	size_t words = strlen(hex) / WORD_DIGITS;
	if (words != 1 && words != 4)
		return false;
	*ret = all_v4;
	for (size_t i = 0; i < words; i++) {
		unsigned word;
		if (sscanf(hex + i * WORD_DIGITS, "%8x", &word) != 1)
			return false;
		memcpy(ret->bytes + sizeof(ret->bytes) - (words - i) * sizeof(word), &word,
		       sizeof(word));
	}
	return true;
}

/* "0: 0100007F:1F90 00000000:0000 0A …", of one that listens. */
static bool line_read(const char *line, struct place *ret, unsigned long *ret_inode)
{
	char hex[4 * WORD_DIGITS + 1];
	unsigned port = 0, state = 0;
	if (sscanf(line, " %*d: %32[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*d %*d %lu",
		   hex, &port, &state, ret_inode) != 4 ||
	    state != LISTENS)
		return false;
	ret->port = (int)port;
	return words_read(hex, &ret->address);
}

static void table_look(const char *table, const struct place *wanted, struct found *best)
{
	char line[512];
	struct place held;
	unsigned long inode;
	FILE *file = fopen(table, "re");
	while (file && fgets(line, sizeof(line), file)) {
		enum fit fit = line_read(line, &held, &inode) ? fit_of(wanted, &held) : FITS_NOT;
		if (fit > best->fit)
			*best = (struct found){ fit, inode };
	}
	if (file)
		fclose(file);
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

/* Of the one that is most in the way: when that is nobody's to see, another is not named. */
bool holder_find(const struct sockaddr *address, struct holder *ret)
{
	struct place wanted;
	struct found best = { FITS_NOT, 0 };
	if (!place_of(address, &wanted))
		return false;
	table_look("/proc/net/tcp", &wanted, &best);
	table_look("/proc/net/tcp6", &wanted, &best);
	return best.fit && process_find(best.inode, ret);
}
