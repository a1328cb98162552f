/*
 * What `croft new` writes, built and tested in a copy of the tree.
 */
/* long */
#include "testing/program.h"
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { OUTPUT_MAX = 1 << 20, SHOWN_MAX = 900 };

/* `*state`: the script that makes it. */
static void what_is_written_holds(void **state)
{
	char command[8192];
	static char output[OUTPUT_MAX];
	struct program p;
	program_open(&p);
	snprintf(command, sizeof(command), "%s '%s' '%s' 2>&1", (const char *)*state, p.folder,
		 p.binary);
	FILE *run = popen(command, "r");
	assert_non_null(run);
	size_t len = fread(output, 1, OUTPUT_MAX - 1, run);
	int status = pclose(run);
	if (status != 0)
		fail_msg("status %d: %s", WEXITSTATUS(status),
			 output + (len > SHOWN_MAX ? len - SHOWN_MAX : 0));
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("modules of every type, and operations, build without a warning and pass "
		       "their tests at once",
		       what_is_written_holds, "tests/cli/make-modules"),
		ROW_OF("a project of one's own builds under its name, and takes in a later version",
		       what_is_written_holds, "tests/cli/make-app"),
	};
	return rows_run("cli/new tree", rows, sizeof(rows) / sizeof(rows[0]));
}
