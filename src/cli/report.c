/*
 * What the commands say: lines on stderr, recorded failures in readable form, text on stdout, the
 * nearest name to a misspelt one. Decides no exit code but those it names.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/buf.h"
#include "base/say.h"
#include "base/str.h"
#include "cli.h"
#include "core/json.h"
#include "core/schema.h"

static void error_line(const char *format, va_list args)
{
	AUTO(buf) text = { 0 };
	AUTO(buf) line = { 0 };
	buf_vprintf(&text, format, args);
	buf_add_lit(&line, APP_NAME ": ");
	/* a file name or a database text may hold anything; the terminal sees none of it */
	str_add_printable(&line, buf_text(&text), text.len);
	buf_add_char(&line, '\n');
	fflush(stdout);
	say(STDERR_FILENO, line.data, line.len, SAY_WAIT_MS);
}

void cli_error(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	error_line(format, args);
	va_end(args);
}

void cli_say(const char *format, ...)
{
	AUTO(buf) text = { 0 };
	AUTO(buf) line = { 0 };
	va_list args;
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	str_add_printable(&line, buf_text(&text), text.len);
	buf_add_char(&line, '\n');
	cli_print(&line);
}

int cli_usage_error(const struct cli *cli, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	error_line(format, args);
	va_end(args);
	if (cli->command)
		cli_error("'" APP_NAME " help %s' explains the command", cli->command->name);
	else
		cli_error("'" APP_NAME " help' lists the commands");
	return CLI_USAGE;
}

/* ["body","tags",0] → tags.0: on the command line all input is one object. */
static void add_location(struct buf *out, const char *loc)
{
	if (str_starts(loc, "[\"body\","))
		loc += strlen("[\"body\",");
	/* no member: where JSON is broken */
	if (isdigit((unsigned char)*loc))
		buf_add_lit(out, "at character ");
	for (; *loc; loc++) {
		if (*loc == ',')
			buf_add_char(out, '.');
		else if (!strchr("[]\"", *loc))
			buf_add_char(out, *loc);
	}
}

/* `whose` is "" or "line 7: ". */
static void report_field(const char *whose, const struct field_fault *fault)
{
	AUTO(buf) where = { 0 };
	add_location(&where, fault->loc);
	cli_error("  %s%s: %s", whose, buf_text(&where), fault->msg);
}

int cli_failure(const struct ctx *c, enum app_err err, const char *what)
{
	const char *text = c->failure.fields ? "the input is not valid" : ctx_failure_text(c, err);
	cli_error("%s failed: %s", what, text);
	for (const struct field_fault *fault = c->failure.fields; fault; fault = fault->next)
		report_field("", fault);
	if (c->failure.cause)
		cli_error("  because: %s", c->failure.cause);
	return CLI_FAILED;
}

void cli_line_fault(int64_t line, const struct field_fault *fields, const char *text)
{
	char whose[40];
	snprintf(whose, sizeof(whose), "line %" PRId64 ": ", line);
	if (!fields)
		cli_error("  %s%s", whose, text);
	for (; fields; fields = fields->next)
		report_field(whose, fields);
}

int cli_check_input(const char *json, size_t len)
{
	size_t at;
	const char *why;
	if (json_check(json, len, &at, &why))
		return 0;
	cli_error("the input is no JSON: at character %zu: %s. An object is written in single "
		  "quotes, such as '{\"page\": 2}'",
		  at, why);
	return CLI_FAILED;
}

void cli_print(struct buf *text)
{
	/* one to which nothing was added has no bytes */
	if (text->len)
		fwrite(text->data, 1, text->len, stdout);
}

const char *cli_nearest(const char *word, cli_name_at *name_at, const void *names)
{
	const char *nearest = NULL;
	/* a third of the word may be wrong, but one letter always */
	size_t best = strlen(word) / 3 + 2;
	const char *name;
	for (size_t i = 0; (name = name_at(names, i)); i++) {
		size_t distance = str_distance(word, name);
		if (distance < best) {
			best = distance;
			nearest = name;
		}
	}
	return nearest;
}
