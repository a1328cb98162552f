/*
 * A bar on the terminal for commands that take a while. Shows nothing when stderr is no terminal.
 */
#ifndef CROFT_SRC_CLI_PROGRESS_H
#define CROFT_SRC_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	/* "users" */
	const char *what;
	/* "rows" */
	const char *unit;
	/* the rest is progress_start()'s */
	bool shown;
	int64_t drawn_us;
};

void progress_start(struct progress *progress);
/* Draws the bar, not too often. `arg` is the struct progress; total 0: not known. */
void progress_tell(void *arg, int64_t done, int64_t total);
/* Clears the line. */
void progress_end(struct progress *progress);

#endif
