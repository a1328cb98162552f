/*
 * The log's public face: its settings, and the way of one event to one line. Forms of lines are
 * format.c's, the thread is writer.c's.
 */
#include "core/log.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/held.h"
#include "base/mem.h"
#include "core/app.h"
#include "file.h"
#include "internal.h"

static const char *const level_choices[] = CHOICES("debug", "info", "warn", "error", "off");
static const char *const format_choices[] = CHOICES("auto", "json", "console");

OPTION_GROUP(
	log_option_group, "log", struct log_options, "What is logged, and how it looks.",
	OPTION(struct log_options, level, .preset = "info", .choices = level_choices,
	       .doc = "The least important lines that are still written."),
	OPTION(struct log_options, format, .preset = "auto", .choices = format_choices,
	       .doc = "json writes one object a line, console is for reading; auto is console on a "
		      "terminal and json otherwise."),
	OPTION(struct log_options, access, .preset = "true",
	       .doc = "One line for each request, at level info."),
	OPTION(struct log_options, file, .preset = "",
	       .doc = "File that the server logs to; commands, and what is wrong with the "
		      "settings, go to standard error in any case. SIGUSR1, and SIGHUP without a "
		      "terminal, open it anew. Empty means standard error."),
	OPTION(struct log_options, rotate_bytes, .preset = "0", .max = INT64_C(1) << 40,
	       .unit = UNIT_BYTES,
	       .doc = "A new file is begun before this one gets larger, such as 100MiB: it becomes "
		      "FILE.1, the one before that FILE.2. 0 sets no bound."),
	OPTION(struct log_options, rotate_daily, .preset = "false",
	       .doc = "The same with the first line of each day, in UTC."),
	OPTION(struct log_options, keep, .preset = "7", .min = 1, .max = 1000,
	       .doc = "How many older files are kept."));

struct held_line {
	const char *text;
	size_t len;
};

struct log {
	enum log_level level;
	enum log_form form;
	struct log_writer *writer;
	/* the writer's, or NULL */
	struct log_file *file;
};

static enum log_form form_of(const struct log_options *options, int fd)
{
	bool terminal = isatty(fd);
	if (options->format == 1 || (options->format == 0 && !terminal))
		return LOG_FORM_JSON;
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */
	return terminal && (!no_color || !*no_color) ? LOG_FORM_COLOUR : LOG_FORM_PLAIN;
}

static struct log *log_make(const struct log_options *options, int fd, struct log_file *file)
{
	enum log_form form = form_of(options, fd);
	struct log_writer *writer = log_writer_new(fd, form, file);
	if (!writer)
		return NULL;
	struct log *log = mem_new(1, sizeof(*log));
	log->level = (enum log_level)options->level;
	log->form = form;
	log->writer = writer;
	log->file = file;
	return log;
}

struct log *log_new(const struct log_options *options, int fd)
{
	return log_make(options, fd, NULL);
}

struct log *log_new_in_file(const struct log_options *options)
{
	struct log_file *file = log_file_open(options);
	return file ? log_make(options, file->fd, file) : NULL;
}

bool log_open_anew(struct log *log)
{
	if (!log || !log->file)
		return false;
	log_file_want_anew(log->file);
	return true;
}

void log_drop(struct log *log)
{
	if (!log)
		return;
	log_writer_drop(log->writer);
	free(log);
}

void log_flush(struct log *log)
{
	log_writer_flush(log->writer);
}

bool log_wants(const struct log *log, enum log_level level)
{
	return log && level >= log->level && level < LOG_LEVEL_OFF;
}

static void held_line_write(const struct ctx *c, void *arg)
{
	const struct held_line *line = arg;
	log_writer_add(c->app->log->writer, line->text, line->len, false);
}

static void line_hold(const struct ctx *c, const char *text, size_t len)
{
	struct held_line *line = arena_zero(c->arena, sizeof(*line));
	*line = (struct held_line){ arena_strndup(c->arena, text, len), len };
	held_add(c, held_line_write, line);
}

void log_line(const struct ctx *c, enum log_level level, const char *event,
	      const struct log_field *fields)
{
	struct log *log = c->app ? c->app->log : NULL;
	if (!log_wants(log, level))
		return;
	struct log_record record = {
		.at = ctx_now(c),
		.level = level,
		.event = event,
		.request_id = c->request_id,
		.operation = c->operation,
		.fields = fields,
	};
	char text[LOG_LINE_ROOM];
	size_t len = log_format(log->form, &record, text);
	if (c->held && level == LOG_LEVEL_INFO)
		line_hold(c, text, len);
	else
		log_writer_add(log->writer, text, len, level >= LOG_LEVEL_WARN);
}

void log_failure(const struct ctx *c, enum log_level level, const char *event, enum app_err err)
{
	static const struct failure none = { 0 };
	const struct failure *failure = c->failure.err == err ? &c->failure : &none;
	const struct log_field fields[] = {
		LOG_TEXT("code", ctx_failure_code(c, err)),
		LOG_TEXT("text", ctx_failure_text(c, err)),
		LOG_TEXT("cause", failure->cause),
		LOG_TEXT("file", failure->file),
		failure->file ? LOG_INT("line", failure->line)
			      : (struct log_field){ .type = LOG_TYPE_END },
		{ .type = LOG_TYPE_END },
	};
	log_line(c, level, event, fields);
}
