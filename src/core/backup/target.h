/* What a backup may be written over, and what is read as one. */
#ifndef CROFT_SRC_CORE_BACKUP_TARGET_H
#define CROFT_SRC_CORE_BACKUP_TARGET_H

#include "base/attr.h"
#include "base/ctx.h"

/* APP_INVALID when there is something at the path, and it is no regular file. */
enum app_err target_regular_check(struct ctx *c, const char *path) MUST_USE;
/*
 * APP_INVALID when the path is the place of the database, there or not, or of what SQLite and croft
 * keep beside it, of the generated secret or of a file that settings were read from.
 */
enum app_err target_free_check(struct ctx *c, const char *database, const char *path) MUST_USE;

#endif
