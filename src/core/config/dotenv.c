/*
 * The .env file: KEY=value lines, `export ` allowed, '#' comment lines, single or double quotes. A
 * # behind a blank begins a comment unless it is quoted, as python-dotenv and its kin have it.
 * Lines of other programs are skipped: ours are CROFT_ names, and what others call the same. No
 * variables are expanded and a value takes one line.
 */
#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "internal.h"

enum { DOTENV_FILE_MAX = 1024 * 1024 };

static char *skip_blanks(char *at)
{
	return at + strspn(at, " \t");
}

static void cut_blanks(char *text)
{
	size_t len = strlen(text);
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		text[--len] = '\0';
}

/* Whether only blanks, or blanks and a comment, follow the closing quote. */
static const char *end_fault(const char *after)
{
	size_t blanks = strspn(after, " \t");
	if (!after[blanks] || (blanks && after[blanks] == '#'))
		return NULL;
	return "nothing but a comment may follow the closing quote";
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

/* Also the comment right behind the blanks at the beginning, which leaves nothing. */
static void cut_comment(char *text, bool behind_blank)
{
	for (char *at = text; *at; at++) {
		if (*at == '#' && (at > text ? is_blank(at[-1]) : behind_blank)) {
			*at = '\0';
			return;
		}
	}
}

static const char *read_single_quoted(char *text, char **ret_value)
{
	char *end = strchr(text, '\'');
	if (!end)
		return "the closing quote ' is missing";
	*end = '\0';
	*ret_value = text;
	return end_fault(end + 1);
}

static char unescape(char byte)
{
	switch (byte) {
	case 'n': return '\n';
	case '"': return '"';
	case '\\': return '\\';
	default: return '\0';
	}
}

/* Unescapes in place: the result is never longer. */
static const char *read_double_quoted(char *text, char **ret_value)
{
	char *out = text;
	const char *at = text;
	for (; *at && *at != '"'; at++) {
		if (*at != '\\') {
			*out++ = *at;
			continue;
		}
		at++;
		char plain = unescape(*at);
		if (!plain)
			return "only \\n, \\\" and \\\\ are known in double quotes";
		*out++ = plain;
	}
	if (!*at)
		return "the closing quote \" is missing";
	const char *fault = end_fault(at + 1);
	*out = '\0';
	*ret_value = text;
	return fault;
}

static const char *read_value(char *text, char **ret_value)
{
	const char *before = text;
	if (config_has_control(text))
		return "the value holds a control character";
	text = skip_blanks(text);
	if (*text == '\'')
		return read_single_quoted(text + 1, ret_value);
	if (*text == '"')
		return read_double_quoted(text + 1, ret_value);
	cut_comment(text, text > before);
	cut_blanks(text);
	*ret_value = text;
	return NULL;
}

/*
 * Cuts the line into name and the text after '='. Faults never quote the line: it may hold a
 * secret.
 */
static const char *split_line(char *line, char **ret_name, char **ret_rest)
{
	char *name = line;
	if (str_starts(name, "export ") || str_starts(name, "export\t"))
		name = skip_blanks(name + strlen("export "));
	char *equals = strchr(name, '=');
	if (!equals)
		return "expected KEY=value";
	*equals = '\0';
	cut_blanks(name);
	bool is_name = str_is_alpha(*name) || *name == '_';
	for (const char *at = name; *at; at++)
		is_name &= str_is_alpha(*at) || str_is_digit(*at) || *at == '_';
	if (!is_name)
		return "expected KEY=value, the key of letters, digits and _";
	*ret_name = name;
	*ret_rest = equals + 1;
	return NULL;
}

/* False: the line is blank, a comment, or wrong, which is told. */
static bool line_name(struct config_loader *loader, const char *origin, char *line, char **ret_name,
		      char **ret_rest)
{
	line = skip_blanks(line);
	if (!*line || *line == '#')
		return false;
	const char *fault = split_line(line, ret_name, ret_rest);
	if (fault)
		config_fault(loader, origin, "%s", fault);
	return !fault;
}

static void read_ours(struct config_loader *loader, const char *origin, char *line)
{
	char *name, *rest, *value = NULL;
	if (!line_name(loader, origin, line, &name, &rest) ||
	    config_refuse_lower(loader, origin, name) || !str_starts(name, APP_PREFIX))
		return;
	const char *fault = read_value(rest, &value);
	if (fault)
		config_fault(loader, origin, "%s", fault);
	else
		config_give_env(loader, CONFIG_FROM_DOTENV, origin, name, value);
}

/* Of a line that was looked at before. */
static void read_also(struct config_loader *loader, const char *origin, char *line)
{
	char *name, *rest, *value = NULL;
	if (!(line = skip_blanks(line))[0] || *line == '#' || split_line(line, &name, &rest))
		return;
	struct config_setting *setting = config_setting_find_also(loader->config, name);
	const char *fault = setting ? read_value(rest, &value) : NULL;
	if (fault)
		config_fault(loader, origin, "%s", fault);
	if (!setting || fault)
		return;
	config_file_gave(loader->config, setting->option, value);
	config_give_also(loader, setting, origin, value);
}

typedef void read_line(struct config_loader *loader, const char *origin, char *line);

static void read_lines(struct config_loader *loader, const char *path, const char *text,
		       read_line *read)
{
	char *at = arena_strdup(loader->scratch, text); /* lines are cut to pieces */
	int number = 0;
	for (char *line; (line = config_file_line(&at));)
		read(loader, arena_printf(&loader->config->arena, "%s:%d", path, ++number), line);
}

void config_read_dotenv(struct config_loader *loader, const char *path, bool required)
{
	const char *why;
	bool missing;
	char *text = config_file_text(loader, path, DOTENV_FILE_MAX, &why, &missing);
	if (!text && missing && !required)
		return;
	if (!text) {
		config_fault(loader, path, "cannot be read: %s", why);
		return;
	}
	read_lines(loader, path, text, read_ours);
	read_lines(loader, path, text, read_also);
}
