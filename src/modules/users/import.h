/* What the two files of the import share. */
#ifndef CROFT_SRC_MODULES_USERS_IMPORT_H
#define CROFT_SRC_MODULES_USERS_IMPORT_H

#include "internal.h"

/* An account to be, with the names by which it is found. */
struct import_row {
	struct user_import in;
	int64_t line;
	const char *username_key, *email_key;
};

struct importing {
	struct ctx *c;
	const struct users_import *what;
	struct users_imported *ret;
	struct import_row *rows;
	size_t count, room;
	/* how many were read, those with faults included: they take memory, too */
	int64_t records;
};

/*
 * Refuses the rows whose username or e-mail is that of an earlier one, or of an account that is
 * there. Somebody may take one before they are written: the tables have the last word.
 */
enum app_err import_check_names(struct importing *it) MUST_USE;

#endif
