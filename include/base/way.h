/*
 * Where a path leads, and by whose links. Whoever makes a link can have root work on a file that he
 * could not touch himself.
 */
#ifndef CROFT_BASE_WAY_H
#define CROFT_BASE_WAY_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

struct arena;

struct way {
	/*
	 * Of the file, or of the last folder that is there; all zero, as root's, when not even the
	 * first can be looked at.
	 */
	struct stat st;
	int links;
	/* Of a link on the way; 0: root made them all. */
	uid_t maker;
	/* By two users, none of them root. */
	bool mixed;
};

/* Where a way ends: a name in a folder, which is held, so that nobody puts another in its place. */
struct way_end {
	struct way way;
	/* O_PATH; to be closed. -1, with errno: there is no such folder. */
	int folder;
	/* In it; no link was made of it when it was looked at. In the arena. */
	const char *name;
	/* It is what some process has open, such as /proc/self/fd/1: no file of the folder. */
	bool is_open_file;
};

/* As way_find(). */
struct way_end way_end_find(struct arena *arena, const char *path);

/*
 * As far as there is something. Each name is looked at once, so that nobody changes it between two
 * looks.
 */
struct way way_find(struct arena *arena, const char *path);
/* A user's link is on it, and leads to what is not that user's. */
bool way_is_astray(const struct way *way);

#endif
