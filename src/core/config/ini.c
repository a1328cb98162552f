/*
 * app.ini through libinih. The file is handed to it line by line, after a look at each line: what
 * inih 55 would silently cut, join or skip is a fault with its line here, so a setting is never
 * half read.
 */
#include <assert.h>
#include <ini.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "internal.h"

enum {
	INI_LINE_ROOM = 4000, /* of inih's line buffer */
	INI_LINE_MAX = INI_LINE_ROOM - 4,
	INI_SECTION_MAX = 49, /* inih cuts longer section names */
	INI_FILE_MAX = 1024 * 1024,
};

struct ini_stream {
	struct config_loader *loader;
	const char *path;
	/* the rest of the file */
	char *at;
	int line;
};

static const char *line_origin(struct ini_stream *in)
{
	return arena_printf(&in->loader->config->arena, "%s:%d", in->path, in->line);
}

static const char *section_fault(const char *line)
{
	size_t len = strcspn(line + 1, "]");
	const char *rest = line + 1 + len;
	if (!*rest)
		return "the section's name has no closing ]";
	if (len > INI_SECTION_MAX)
		return "the section's name is too long";
	if (rest[1 + strspn(rest + 1, " \t")])
		return "nothing may follow the ] of a section";
	return NULL;
}

/* What is wrong with the line, or NULL. Never quotes it: it may hold a secret. */
static const char *line_fault(const char *line)
{
	if (strlen(line) > INI_LINE_MAX)
		return "the line is too long (at most 3996 bytes)";
	const char *start = line + strspn(line, " \t\r\f\v");
	if (!*start || *start == '#' || *start == ';')
		return NULL;
	if (start > line)
		return "the line is indented: a setting starts in the first column, and its value "
		       "takes one line";
	if (*line == '[')
		return section_fault(line);
	if (*line == '=' || *line == ':' || !line[strcspn(line, "=:")])
		return "expected \"key = value\" or \"[section]\"";
	if (config_has_control(line + strcspn(line, "=:")))
		return "the value holds a control character";
	return NULL;
}

/*
 * An fgets() for inih. A line with a fault is handed on empty, so that the lines after it are read
 * too.
 */
static char *next_line(char *out, int room, void *stream)
{
	struct ini_stream *in = stream;
	const char *line = config_file_line(&in->at);
	if (!line) {
		mem_wipe(out, (size_t)room); /* which inih frees with the last lines in it */
		return NULL;
	}
	in->line++;
	const char *fault = line_fault(line);
	if (fault)
		config_fault(in->loader, line_origin(in), "%s", fault);
	size_t len = fault ? 0 : strlen(line);
	assert(len + 2 <= (size_t)room);
	memcpy(out, line, len);
	memcpy(out + len, "\n", 2);
	return out;
}

static int take_pair(void *user, const char *section, const char *key, const char *value)
{
	struct ini_stream *in = user;
	struct config_loader *loader = in->loader;
	const char *origin = line_origin(in);
	if (!*section) {
		const struct config_setting *meant = config_setting_meant(loader->config, key);
		if (meant)
			config_fault(
				loader, origin,
				"%.60s stands before the first [section]: write [%s] above it, and "
				"%s = …",
				key, meant->group->section, meant->option->key);
		else
			config_fault(loader, origin, "%.60s stands before the first [section]",
				     key);
		return 1;
	}
	const char *name = arena_printf(loader->scratch, "%s.%s", section, key);
	config_give_name(loader, CONFIG_FROM_INI, origin, name, value);
	return 1;
}

/*
 * The library is configured by variables of its own; its defaults cut long lines and passwords that
 * hold " ;".
 */
static void prepare_inih(void)
{
	ini_use_stack = false;
	ini_allow_realloc = true;
	ini_initial_alloc = INI_LINE_ROOM;
	ini_max_line = INI_LINE_ROOM;
	ini_allow_inline_comments = false;
	ini_allow_multiline = false;
	ini_allow_no_value = false;
	ini_stop_on_first_error = false;
}

void config_read_ini(struct config_loader *loader, const char *path, bool required)
{
	const char *why;
	bool missing;
	char *text = config_file_text(loader, path, INI_FILE_MAX, &why, &missing);
	if (!text && missing && !required)
		return;
	if (!text) {
		config_fault(loader, path, "cannot be read: %s", why);
		return;
	}
	prepare_inih();
	struct ini_stream in = { .loader = loader, .path = path, .at = text };
	int rc = ini_parse_stream(next_line, &in, take_pair, &in);
	if (rc > 0)
		config_fault(loader, arena_printf(loader->scratch, "%s:%d", path, rc),
			     "the line cannot be understood");
	else if (rc < 0)
		config_fault(loader, path, "cannot be read: out of memory");
}
