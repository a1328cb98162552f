/* Draws one line on stderr again and again; see progress.h. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/say.h"
#include "base/str.h"

/* A terminal that takes nothing now is not waited for: the work goes on. */
enum { BAR_CELLS = 30, DRAW_EVERY_MS = 100, LINE_ROOM = 256 };

void progress_start(struct progress *progress)
{
	progress->shown = isatty(STDERR_FILENO);
	progress->drawn_us = 0;
}

void progress_tell(void *arg, int64_t done, int64_t total)
{
	struct progress *progress = arg;
	if (!progress->shown)
		return;
	int64_t at_us = clock_monotonic_us();
	if (at_us - progress->drawn_us < MILLISECONDS_US(DRAW_EVERY_MS) && done < total)
		return;
	progress->drawn_us = at_us;
	int64_t part = total > 0 ? (done < total ? done : total) : 0;
	int cells = total > 0 ? (int)(part * BAR_CELLS / total) : 0;
	char bar[BAR_CELLS + 1];
	memset(bar, '.', BAR_CELLS);
	memset(bar, '#', (size_t)cells);
	bar[BAR_CELLS] = '\0';
	char line[LINE_ROOM];
	AUTO(buf) what = { 0 }; /* a table's name may hold anything */
	str_add_printable(&what, progress->what, strlen(progress->what));
	int len = snprintf(line, sizeof(line),
			   "\r\033[K%-20.60s [%s] %3d%%  %" PRId64 " of %" PRId64 " %.30s",
			   buf_text(&what), bar, total > 0 ? (int)(part * 100 / total) : 0, done,
			   total, progress->unit);
	say(STDERR_FILENO, line, (size_t)len, 0);
}

void progress_end(struct progress *progress)
{
	if (progress->shown && progress->drawn_us)
		say(STDERR_FILENO, "\r\033[K", strlen("\r\033[K"), 0);
	progress->shown = false;
}
