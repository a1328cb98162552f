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

/*
 * As far as there is something. Each name is looked at once, so that nobody changes it between two
 * looks.
 */
struct way way_find(struct arena *arena, const char *path);
/* A user's link is on it, and leads to what is not that user's. */
bool way_is_astray(const struct way *way);

#endif
