/* A log in a file, with older ones beside it. Private to core/log. */
#ifndef CROFT_SRC_CORE_LOG_FILE_H
#define CROFT_SRC_CORE_LOG_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/log.h"

struct log_file {
	char *path;
	int64_t bytes;
	bool daily;
	int keep;
	int fd;
	/* since 1970, in UTC: that of its lines; while it has none, of when it was opened */
	int64_t day;
	/* that it cannot be rotated, or opened */
	bool told;
	atomic_bool wanted_anew;
};

/* The file that log.file names; NULL, with errno, when it cannot be opened. */
struct log_file *log_file_open(const struct log_options *options) MUST_USE;
void log_file_close(struct log_file *file);
/* Where so many bytes more belong: the file itself, or a new one in its place. */
int log_file_for(struct log_file *file, size_t more);
/* From any thread: before the next lines the path is opened again. */
void log_file_want_anew(struct log_file *file);

#endif
