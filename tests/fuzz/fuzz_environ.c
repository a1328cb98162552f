/*
 * Fuzz target of variables and of --set, a line each: "NAME=value" and "-section.key=value". A link
 * to a service is never a setting, and a setting that is a text is never a link.
 */
#include "fuzz/settings.h"

enum { LINES_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *rest = text, *line;
	char *environment[LINES_MAX + 1] = { NULL };
	const char *sets[LINES_MAX + 1] = { NULL };
	for (int i = 0, k = 0; i < LINES_MAX && k < LINES_MAX && (line = strsep(&rest, "\n"));)
		if (*line == '-')
			sets[k++] = line + 1;
		else
			environment[i++] = line;
	/* a file that a fuzzer names is none of ours */
	for (int i = 0; environment[i]; i++)
		if (strstr(environment[i], "_FILE"))
			environment[i][0] = 'X';
	for (int i = 0; sets[i]; i++)
		if (strstr(sets[i], "_file"))
			sets[i] = "=";
	fuzz_load(&(struct config_sources){ .environ = environment, .sets = sets });
	free(text);
	return 0;
}
