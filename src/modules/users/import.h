/* What the files of the import share. */
#ifndef CROFT_SRC_MODULES_USERS_IMPORT_H
#define CROFT_SRC_MODULES_USERS_IMPORT_H

#include "internal.h"

/* A line of what `croft import users` reads. */
struct user_import {
	const char *username;
	const char *email;
	const char *full_name;
	/* as another system has it */
	const char *password_hash;
	const char *password;
	bool is_active;
	bool is_superuser;
	struct maybe_instant created_at;
};

extern const struct schema user_import_schema;

/* Whether a sign-in can check the hash; one that nobody signs in with becomes NULL. */
text_check user_import_hash_check;
/* A row has a hash or a password. */
schema_check user_import_check;

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
