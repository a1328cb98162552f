/*
 * The pages of docs/ and the README: what they name is there, and each is short enough to be read.
 */
#include "testing/rows.h"

#include <stdio.h>

static void pages_hold(void **state)
{
	const char *rule = *state;
	char command[128], output[16384];
	snprintf(command, sizeof(command), "/usr/bin/python3 tests/docs/hold-pages %s 2>&1", rule);
	FILE *run = popen(command, "r");
	assert_non_null(run);
	size_t len = fread(output, 1, sizeof(output) - 1, run);
	output[len] = '\0';
	if (pclose(run) != 0)
		fail_msg("%s", output);
}

static const struct CMUnitTest rows[] = {
	ROW_OF("no page has more than 200 lines beside its code", pages_hold, "length"),
	ROW_OF("every file and folder that a page names is there", pages_hold, "paths"),
	ROW_OF("every link leads to a page and a heading", pages_hold, "links"),
	ROW_OF("every setting that a page names is one", pages_hold, "settings"),
	ROW_OF("every function and member that a page names is one", pages_hold, "functions"),
	ROW_OF("the table of folders has all of them, in the order of who may use whom", pages_hold,
	       "ladder"),
	ROW_OF("every library has its row", pages_hold, "libraries"),
	ROW_OF("every piece of a test that a page shows stands there", pages_hold, "pieces"),
	ROW_OF("every command is in the manual and in the README", pages_hold, "commands"),
};

int main(void)
{
	return rows_run("docs/prose", rows, sizeof(rows) / sizeof(rows[0]));
}
