/*
 * Finds static files: in the folder of server.static_dir if one is set, then among those embedded
 * in the binary. Chooses the form (plain or gzip) but sends nothing.
 */
#ifndef CROFT_CORE_STATIC_H
#define CROFT_CORE_STATIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

struct embedded_file;
struct static_files;

/* Bytes; larger files on disk are not served. */
enum { STATIC_SIZE_MAX = 256 * 1024 * 1024 };

struct static_file {
	/* Lives as long as the files; NULL: read `fd`. */
	const void *bytes;
	/* -1, or a regular file open for reading that the caller closes. */
	int fd;
	/* Bytes of this form. */
	size_t size;
	/* Send Content-Encoding: gzip. */
	bool is_gzip;
	/* There is another form: send Vary: Accept-Encoding. */
	bool vary;
	/* Content-Type */
	const char *type;
	/* Strong, with its quotes; another one for each form. */
	const char *etag;
	const char *cache_control;
};

/*
 * Opens the folder (NULL or "": none) and computes the tags of the embedded files, which are sorted
 * by path. APP_UNAVAILABLE when the folder cannot be opened. Free with static_drop().
 */
enum app_err static_open(struct ctx *c, const char *folder, const struct embedded_file *files,
			 size_t count, struct static_files **ret) MUST_USE;
/* NULL is fine. */
void static_drop(struct static_files *statics);

/*
 * Finds a file by its decoded path without leading slash ("css/app.css"). With `gzip` the gzip form
 * is preferred; pass false when the client refuses it or asks for a range. APP_NOT_FOUND: not
 * there, a folder, a name that begins with a dot, behind a symbolic link, too large.
 */
enum app_err static_find(struct ctx *c, struct static_files *statics, const char *path, bool gzip,
			 struct static_file *ret) MUST_USE;

#endif
