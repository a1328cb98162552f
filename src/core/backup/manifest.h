/*
 * What stands beside a backup, as FILE.json: enough to know it again and whether this program can
 * use it.
 */
#ifndef CROFT_SRC_CORE_BACKUP_MANIFEST_H
#define CROFT_SRC_CORE_BACKUP_MANIFEST_H

#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/ctx.h"

struct manifest_schema {
	/* of the newest migration that is applied; 0: none is */
	int64_t number;
	const char *name, *checksum;
};

struct manifest {
	/* of the croft that wrote it */
	const char *version;
	struct instant created_at;
	/* of the backup in bytes */
	int64_t size;
	/* of its bytes, in hex */
	const char *sha256;
	struct manifest_schema schema;
};

/* The path of the manifest of a backup, in the arena. */
const char *manifest_path(struct ctx *c, const char *backup) MUST_USE;
/* Writes the file, mode 0600, and has it on disk when it returns. */
enum app_err manifest_write(struct ctx *c, const char *path,
			    const struct manifest *manifest) MUST_USE;
/* Reads the manifest of a backup; texts are in the arena. A failure says what is wrong with it. */
enum app_err manifest_read(struct ctx *c, const char *backup, struct manifest *ret) MUST_USE;

#endif
