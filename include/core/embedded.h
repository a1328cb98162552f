/*
 * The files of static/ and the migrations of sql/ as they are built into the binary. The build
 * generates the table; core/http serves the former, core/db applies the latter.
 */
#ifndef CROFT_CORE_EMBEDDED_H
#define CROFT_CORE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *path;           /* "croft.css" (below static/), "sql/sqlite/0001_users.sql" */
	const unsigned char *bytes; /* NULL: only the gzip form is embedded */
	size_t size;                /* of the plain form, embedded or not */
	const unsigned char *gzip;  /* NULL: only the plain form is embedded */
	size_t gzip_size;
};

/* Sorted by path in the order of strcmp(). */
extern const struct embedded_file embedded_files[];
extern const size_t embedded_count;

#endif
