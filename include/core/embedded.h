/*
 * The files of static/ and the migrations of sql/ as they are built into the binary. The build
 * generates the table; core/http serves the former, core/db applies the latter.
 */
#ifndef CROFT_CORE_EMBEDDED_H
#define CROFT_CORE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	/* "croft.css" for what lies below static/, or "sql/sqlite/0001_users.sql". */
	const char *path;
	/* NULL: only the gzip form is embedded. */
	const unsigned char *bytes;
	/* Bytes of the plain form, whether or not it is embedded. */
	size_t size;
	/* NULL: only the plain form is embedded. */
	const unsigned char *gzip;
	size_t gzip_size;
};

/* Sorted by path in the order of strcmp(). */
extern const struct embedded_file embedded_files[];
extern const size_t embedded_count;

#endif
