/* Rows that are a script: what `croft new` writes, built and tested in a copy of the tree. */
#ifndef CROFT_TESTS_CLI_NEW_SCRIPT_H
#define CROFT_TESTS_CLI_NEW_SCRIPT_H

#include "testing/program.h"
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { OUTPUT_MAX = 1 << 20, SHOWN_MAX = 900 };

/* `*state`: the script that makes it. */
static inline void script_holds(void **state)
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

#endif
