/*
 * The two forms of a line: a JSON object for machines, and time, level, event and key=value for
 * people. A field that does not fit is left out whole, so that a line is always well-formed.
 */
#include <string.h>

#include "internal.h"

/* Kept free for the end of the line, the word that it was cut included. */
enum { TAIL_ROOM = 32 };

struct format {
	struct line line;
	enum log_form form;
	/* a field was left out */
	bool cut;
};

/* What differs between the levels, in the order of enum log_level. */
static const struct {
	const char *json;
	/* padded, so that events stand in one column */
	const char *plain;
	const char *colour;
} levels[] = {
	[LOG_LEVEL_DEBUG] = { "debug", " DEBUG ", " \033[90mDEBUG\033[0m " },
	[LOG_LEVEL_INFO] = { "info", " INFO  ", " \033[32mINFO\033[0m  " },
	[LOG_LEVEL_WARN] = { "warn", " WARN  ", " \033[33mWARN\033[0m  " },
	[LOG_LEVEL_ERROR] = { "error", " ERROR ", " \033[1;31mERROR\033[0m " },
};

static void add_word(struct line *line, const char *word)
{
	line_add(line, word, strlen(word));
}

static void add_quoted(struct line *line, const char *text)
{
	line_add_lit(line, "\"");
	line_add_escaped(line, text);
	line_add_lit(line, "\"");
}

/* Whether people can read the value in key=value without quotes. */
static bool is_bare(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text <= ' ' || *text >= 0x7F || *text == '"' || *text == '\\' || *text == '=')
			return false;
	}
	return true;
}

static void add_key(struct format *f, const char *key)
{
	switch (f->form) {
	case LOG_FORM_JSON:
		line_add_lit(&f->line, ",");
		add_quoted(&f->line, key);
		line_add_lit(&f->line, ":");
		return;
	case LOG_FORM_PLAIN:
		line_add_lit(&f->line, " ");
		line_add_escaped(&f->line, key);
		line_add_lit(&f->line, "=");
		return;
	case LOG_FORM_COLOUR:
		line_add_lit(&f->line, " \033[36m");
		line_add_escaped(&f->line, key);
		line_add_lit(&f->line, "=\033[0m");
		return;
	}
}

static void add_value(struct format *f, const struct log_field *field)
{
	switch (field->type) {
	case LOG_TYPE_END: return;
	case LOG_TYPE_TEXT:
		if (f->form != LOG_FORM_JSON && is_bare(field->text))
			line_add_escaped(&f->line, field->text);
		else
			add_quoted(&f->line, field->text);
		return;
	case LOG_TYPE_INT: line_add_int(&f->line, field->integer); return;
	case LOG_TYPE_REAL: line_add_real(&f->line, field->real); return;
	case LOG_TYPE_BOOL: add_word(&f->line, field->boolean ? "true" : "false"); return;
	}
}

static void add_field(struct format *f, const struct log_field *field)
{
	if (field->type == LOG_TYPE_TEXT && !field->text)
		return;
	size_t before = f->line.len;
	add_key(f, field->key);
	add_value(f, field);
	if (f->line.full) {
		f->line.len = before;
		f->line.full = false;
		f->cut = true;
	}
}

/* Time, level and event; at most about 12 KiB, when every byte of the event needs an escape. */
static void add_head(struct format *f, const struct log_record *record)
{
	struct line *line = &f->line;
	if (f->form == LOG_FORM_JSON) {
		line_add_lit(line, "{\"time\":\"");
		line_add_time(line, record->at);
		line_add_lit(line, "\",\"level\":\"");
		add_word(line, levels[record->level].json);
		line_add_lit(line, "\",\"event\":");
		add_quoted(line, record->event);
		return;
	}
	line_add_time(line, record->at);
	add_word(line, f->form == LOG_FORM_COLOUR ? levels[record->level].colour
						  : levels[record->level].plain);
	line_add_escaped(line, record->event);
}

static void add_tail(struct format *f)
{
	f->line.room += TAIL_ROOM;
	if (f->cut)
		add_field(f, &LOG_BOOL("cut", true));
	if (f->form == LOG_FORM_JSON)
		line_add_lit(&f->line, "}");
	line_add_lit(&f->line, "\n");
}

size_t log_format(enum log_form form, const struct log_record *record, char out[LOG_LINE_ROOM])
{
	struct format f = {
		.line = { .data = out, .room = LOG_LINE_ROOM - TAIL_ROOM },
		.form = form,
	};
	add_head(&f, record);
	add_field(&f, &LOG_TEXT("request_id", record->request_id));
	add_field(&f, &LOG_TEXT("operation", record->operation));
	for (const struct log_field *field = record->fields; field->type != LOG_TYPE_END; field++)
		add_field(&f, field);
	add_tail(&f);
	return f.line.len;
}
