/* long */
/*
 * A day under `make dev` in a copy of the tree (tests/tools/dev-day): sources, pages and settings
 * change, and break.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "testing/folder.h"
#include "testing/program.h"

/* What the day has said. */
static char day[1 << 16];

static int live_the_day(void **state)
{
	char folder[] = "/tmp/croft-dev-XXXXXX", command[512];
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(command, sizeof(command), "tests/tools/try-dev %s \"$(realpath '%s')\" 2>&1",
		 folder, program_binary());
	FILE *run = popen(command, "r");
	if (!run)
		return -1;
	size_t len = fread(day, 1, sizeof(day) - 1, run);
	day[len] = '\0';
	pclose(run);
	folder_remove(folder);
	return 0;
}

static void goes_well(void **state)
{
	char line[64];
	snprintf(line, sizeof(line), "ok %s\n", (const char *)*state);
	const char *found = strstr(day, line);
	if (!found || (found != day && found[-1] != '\n'))
		fail_msg("%s", day);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("the server is built and runs", goes_well, "starts"),
		ROW_OF("a changed module is served by another, and no client is refused meanwhile",
		       goes_well, "changes"),
		ROW_OF("a build that fails leaves the server as it is, and is told to browsers, "
		       "too",
		       goes_well, "fails"),
		ROW_OF("pages look for what is told, and the log does not say so", goes_well,
		       "shows"),
		ROW_OF("a changed style is served", goes_well, "styles"),
		ROW_OF("a changed setting is in force, and a wrong one is told", goes_well,
		       "settings"),
		ROW_OF("who comes when the server has ended is told, and the next change starts it",
		       goes_well, "ends"),
		ROW_OF("Ctrl-C ends all of it", goes_well, "stops"),
		ROW_OF("on a terminal the log is for reading", goes_well, "reads"),
	};
	return rows_run_with("tools/dev", rows, COUNT_OF(rows), live_the_day, NULL);
}
