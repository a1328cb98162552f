/*
 * Who besides their owner gets at files: the one rule for what holds secrets or data, and for what
 * decides over the server. Says what is wrong and what helps; whether that is refused is the
 * caller's affair.
 */
#ifndef CROFT_BASE_EXPOSURE_H
#define CROFT_BASE_EXPOSURE_H

#include <stdbool.h>
#include <sys/types.h>

struct arena;
struct stat;

enum exposure_kind {
	/* Decides over the server and holds no secret: anybody may read it. */
	EXPOSURE_SETTINGS,
	/* Holds secrets: its group may read it, and nobody else changes it. */
	EXPOSURE_SECRET,
	/* The same, but it holds rows. */
	EXPOSURE_DATA,
	/* Its owner's alone: what libraries take in no other mode. */
	EXPOSURE_OWN,
	/* A folder of data: its group may look into it. */
	EXPOSURE_FOLDER,
};

struct exposure_rule {
	/* Whom files may belong to, besides root. */
	uid_t keeper;
	/* A settings file, too, is nobody else's, its group included. */
	bool strict;
};

/*
 * A sentence about the file at `path`, which links are followed to, and the folder it is in:
 * "app.ini has mode 0644, so every user of this machine can read the secrets in it: chmod 640
 * app.ini". NULL: nothing is wrong, nothing is there, it cannot be looked at, or it is neither a
 * file nor a folder.
 */
const char *exposure_of(struct arena *arena, const char *path, enum exposure_kind kind,
			const struct exposure_rule *rule);
/* The same of a file that is open and was looked at with fstat(2); `path` is what it is called. */
const char *exposure_of_status(struct arena *arena, const char *path, const struct stat *status,
			       enum exposure_kind kind, const struct exposure_rule *rule);
/*
 * Of the folder that something is to be made in: whether others can put another thing in its place.
 */
const char *exposure_around(struct arena *arena, const char *path);

#endif
