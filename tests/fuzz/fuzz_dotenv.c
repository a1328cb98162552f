/*
 * Fuzz target of .env. Besides what holds for all settings: a value without quotes loses what
 * stands behind a blank and a #, and no blank is left at its ends; the same value in single quotes
 * is what it is.
 */
#include "fuzz/settings.h"

static char *value_of(const char *text)
{
	char path[64], *copy;
	AUTO(arena) arena = { 0 };
	AUTO(buf) faults = { 0 };
	struct config *config = NULL;
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	int fd = fuzz_file((const uint8_t *)text, strlen(text), path);
	enum app_err err = config_load(
		&c, fuzz_groups, &(struct config_sources){ .env_path = path }, &faults, &config);
	close(fd);
	if (err)
		return NULL;
	copy = strdup(((const struct fuzz_settings *)config_group(config, &fuzz_group))->name);
	config_drop(config);
	return copy;
}

static char *value_in(const char *quote, const char *value)
{
	char *line = NULL, *read;
	assert(asprintf(&line, "CROFT_APP_NAME=%s%s%s\n", quote, value, quote) > 0);
	read = value_of(line);
	free(line);
	return read;
}

static void check_quotes(const char *value)
{
	char *plain = value_in("", value), *quoted = value_in("'", value);
	if (quoted)
		assert(str_eq(quoted, value));
	if (plain && *value != '\'' && *value != '"') {
		size_t len = strlen(plain);
		assert(!len || (!strchr(" \t", plain[0]) && !strchr(" \t", plain[len - 1])));
		assert(!strstr(plain, " #") && !strstr(plain, "\t#"));
		assert(strstr(value, plain));
	}
	free(plain);
	free(quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = fuzz_file(data, size, path);
	fuzz_load(&(struct config_sources){ .env_path = path });
	close(fd);
	char *value = strndup((const char *)data, size);
	value[strcspn(value, "\r\n")] = '\0';
	if (!strchr(value, '\''))
		check_quotes(value);
	free(value);
	return 0;
}
