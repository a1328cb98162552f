/*
 * Structured logging: one line an event, as JSON or, on a terminal, as coloured text. Inside a
 * request each line carries its request id. Values are escaped, so nothing from outside can forge a
 * line. Lines are buffered and written by a thread of the log's own: no caller waits for the
 * output. When nobody reads it, or the disk is full, lines are dropped, and "N lines were dropped"
 * tells how many as soon as the log goes on.
 */
#ifndef CROFT_CORE_LOG_H
#define CROFT_CORE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/config.h"

struct log;

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR, LOG_LEVEL_OFF };

struct log_options {
	/* An enum log_level. */
	int64_t level;
	/* 0 auto: console on a terminal, else JSON; 1 json; 2 console. */
	int64_t format;
	/* One line per request at level info. */
	bool access;
	/* Where it goes; NULL or empty: to a descriptor. Of a server: see log_new_in_file(). */
	const char *file;
	/* A new file is begun before one gets larger, and with each day in UTC; 0: not by size. */
	int64_t rotate_bytes;
	bool rotate_daily;
	/* How many older ones are kept, FILE.1 being the newest. */
	int64_t keep;
};
/* The settings of section [log]. */
extern const struct option_group log_option_group;

/*
 * A log that writes to `fd` (not closed). Options are read during the call. NULL when the thread
 * cannot be started. Colours are used on a terminal unless the environment sets NO_COLOR.
 */
struct log *log_new(const struct log_options *options, int fd) MUST_USE;
/*
 * The same into options->file, which is made with mode 0600 where there is none. NULL, with errno,
 * when it cannot be opened, or the thread not started.
 */
struct log *log_new_in_file(const struct log_options *options) MUST_USE;
/* Opens the file anew before the next line: somebody has renamed it. False: it is none. */
bool log_open_anew(struct log *log);
/*
 * Writes what is buffered, unless the output takes nothing for 2 s, and stops the thread. NULL is
 * fine.
 */
void log_drop(struct log *log);
/* Waits until what is buffered is written, at most 2 s. Never on an event loop. */
void log_flush(struct log *log);

enum log_type { LOG_TYPE_END = 0, LOG_TYPE_TEXT, LOG_TYPE_INT, LOG_TYPE_REAL, LOG_TYPE_BOOL };

struct log_field {
	enum log_type type;
	const char *key;
	union {
		/* NULL: the field is left out. */
		const char *text;
		int64_t integer;
		double real;
		bool boolean;
	};
};

#define LOG_TEXT(name, value) \
	((struct log_field){ .type = LOG_TYPE_TEXT, .key = (name), .text = (value) })
#define LOG_INT(name, value) \
	((struct log_field){ .type = LOG_TYPE_INT, .key = (name), .integer = (value) })
#define LOG_REAL(name, value) \
	((struct log_field){ .type = LOG_TYPE_REAL, .key = (name), .real = (value) })
#define LOG_BOOL(name, value) \
	((struct log_field){ .type = LOG_TYPE_BOOL, .key = (name), .boolean = (value) })

/* log_info(c, "user created", LOG_INT("user_id", id)); silent when c->app has no log. */
#define log_debug(c, event, ...) LOG_LINE(c, LOG_LEVEL_DEBUG, event, __VA_ARGS__)
#define log_info(c, event, ...) LOG_LINE(c, LOG_LEVEL_INFO, event, __VA_ARGS__)
#define log_warn(c, event, ...) LOG_LINE(c, LOG_LEVEL_WARN, event, __VA_ARGS__)
#define log_error(c, event, ...) LOG_LINE(c, LOG_LEVEL_ERROR, event, __VA_ARGS__)
#define LOG_LINE(c, level, event, ...) \
	log_line((c), (level), (event), \
		 (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(, ){ .type = LOG_TYPE_END } })

/*
 * Writes one line. A value over 2 KiB is cut and ends with "…"; fields that do not fit a line of 16
 * KiB are left out, and the line then says "cut". Never waits: when 4 MiB are buffered, the line is
 * dropped and counted. Warnings and errors do not wait for company in the buffer.
 *
 * Inside a write lines of level info are held (base/held.h) until it is committed, and are dropped
 * with what it did: they tell what is so. Other levels, which help to find out why something
 * failed, are written at once.
 */
void log_line(const struct ctx *c, enum log_level level, const char *event,
	      const struct log_field *fields);

/* Logs the recorded failure `err` of c with its cause, file and line. */
void log_failure(const struct ctx *c, enum log_level level, const char *event, enum app_err err);

/* Whether a line of this level would be written. */
bool log_wants(const struct log *log, enum log_level level);

#endif
