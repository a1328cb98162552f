/*
 * The database's own programs, for what croft leaves to them: each driver says which those are, so
 * that no command asks which database it is.
 */
#ifndef CROFT_CORE_DB_TOOLS_H
#define CROFT_CORE_DB_TOOLS_H

#include "base/ctx.h"

/* The program that `croft db shell` becomes. */
struct db_shell {
	/* The package of Debian that has the program. */
	const char *package;
	/* The program, its arguments, NULL; in the arena. No secret is in them. */
	char *argv[4];
	/* What the user is told before; NULL: nothing. */
	const char *warning;
};

struct db_tools {
	/*
	 * What stands in for `croft backup`, for `croft restore`, and for `croft db copy` between
	 * two databases of the kind: the end of a sentence. NULL: croft does it by itself.
	 */
	const char *backup, *restore, *copy;
	/*
	 * Says how the program is called for the database of the url, which the settings' check let
	 * through. Secrets that it needs are in the environment of this process afterwards.
	 */
	enum app_err (*shell)(struct ctx *c, const char *url, struct db_shell *ret);
};

/* By the url's text alone. NULL when it names no kind of database. */
const struct db_tools *db_tools_of(const char *url);

#endif
