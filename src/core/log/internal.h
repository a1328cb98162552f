/*
 * What the files of the log share: a line under construction, the two forms of a line, the writer.
 */
#ifndef CROFT_SRC_CORE_LOG_INTERNAL_H
#define CROFT_SRC_CORE_LOG_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"
#include "core/log.h"

enum {
	/* bytes of the longest line, its newline included */
	LOG_LINE_ROOM = 16384,
	/* bytes of a text before escaping, which makes at most six of one */
	LOG_VALUE_MAX = 2048,
	/* what a stuck output is given at the end */
	LOG_STOP_MS = 2000,
};

/* A text of bounded length. What does not fit is not added at all, and `full` stays set. */
struct line {
	char *data;
	size_t len, room;
	bool full;
};

void line_add(struct line *line, const char *bytes, size_t len);
#define line_add_lit(line, literal) line_add((line), "" literal, sizeof(literal) - 1)
/* As the inside of a JSON string: one line of well-formed UTF-8 whatever the text is. */
void line_add_escaped(struct line *line, const char *text);
void line_add_int(struct line *line, int64_t value);
/* "null" when it is not finite. */
void line_add_real(struct line *line, double value);
/* RFC 3339 with milliseconds. */
void line_add_time(struct line *line, struct instant at);

enum log_form { LOG_FORM_JSON, LOG_FORM_PLAIN, LOG_FORM_COLOUR };

struct log_record {
	struct instant at;
	enum log_level level;
	const char *event;
	/* or NULL */
	const char *request_id, *operation;
	const struct log_field *fields;
};

/* Writes the record as one line that ends with a newline; returns its length. */
size_t log_format(enum log_form form, const struct log_record *record, char out[LOG_LINE_ROOM]);

/* ---- output.c ---- */

struct log_file;

struct log_output {
	int fd;
	/* where fd comes from, before each batch of lines; or NULL */
	struct log_file *file;
	/* a plain file: always ready, so pieces and polls would only cost time */
	bool regular;
	enum log_form form;
	/* the last write stopped inside a line */
	bool torn;
	/* lines lost that the log has not told of */
	int64_t unsaid;
	/* monotonic: when a stuck output is left alone; 0: never */
	_Atomic int64_t give_up_us;
};

/* `form` is that of the log's own words. The descriptor is not closed. */
void log_output_init(struct log_output *output, int fd, enum log_form form);
/*
 * Writes whole lines, behind which `gap` lines were dropped; returns how many of them were lost.
 * Waits for the output as long as it takes, until log_output_stop().
 */
int64_t log_output_write(struct log_output *output, const char *bytes, size_t len, int64_t gap);
/* From any thread: an output that takes nothing is given up in LOG_STOP_MS. */
void log_output_stop(struct log_output *output);
int64_t log_lines_count(const char *bytes, size_t len);

/* ---- writer.c ---- */

struct log_writer;

/*
 * Starts the thread that writes to `fd`; `form` is that of its own words. With a `file`, which it
 * closes at last, fd is that file's. NULL, with errno, when the system gives no thread.
 */
struct log_writer *log_writer_new(int fd, enum log_form form, struct log_file *file) MUST_USE;
/* Writes the rest and stops the thread; gives up on an output that takes nothing for 2 s. */
void log_writer_drop(struct log_writer *writer);
/*
 * Takes a copy of whole lines, or drops and counts them when 4 MiB wait already. Never waits for
 * the output. `urgent`: they are written now, not together with what comes in the next 20 ms.
 */
void log_writer_add(struct log_writer *writer, const char *bytes, size_t len, bool urgent);
/* Waits until what was added is written, at most 2 s. */
void log_writer_flush(struct log_writer *writer);
/* Lines that were dropped, or that the output did not take, since the start. */
int64_t log_writer_lost(struct log_writer *writer);

#endif
