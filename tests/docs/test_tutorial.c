/*
 * The tutorials, followed to the letter in a copy of the tree: what a new author pastes must work.
 */
#include "testing/program.h"
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { OUTPUT_MAX = 1 << 20 };

static void works_to_the_letter(void **state)
{
	const char *page = *state;
	char folder[] = "/tmp/croft-tutorial-XXXXXX", command[8192];
	assert_non_null(mkdtemp(folder));
	snprintf(command, sizeof(command),
		 "tests/docs/follow-tutorial %s %s \"$(realpath '%s')\" 2>&1", page, folder,
		 program_binary());
	static char output[OUTPUT_MAX];
	FILE *run = popen(command, "r");
	assert_non_null(run);
	size_t len = fread(output, 1, OUTPUT_MAX - 1, run);
	int status = pclose(run);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
	if (status != 0)
		fail_msg("status %d: %s", WEXITSTATUS(status),
			 output + (len > 4000 ? len - 4000 : 0));
}

static const struct CMUnitTest rows[] = {
	ROW_OF("a first module works to the letter", works_to_the_letter, "docs/first-module.md"),
	ROW_OF("and so does one by hand", works_to_the_letter, "docs/tutorial.md"),
};

int main(void)
{
	return rows_run("docs/tutorial", rows, sizeof(rows) / sizeof(rows[0]));
}
