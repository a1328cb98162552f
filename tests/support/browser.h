/*
 * A real Chromium without a window, for rows about pages: it is told what to do by the DevTools
 * protocol (https://chromedevtools.github.io/devtools-protocol/) over two pipes. Nothing hangs:
 * what does not come within PATIENCE_S of testing/await.h fails the row.
 */
#ifndef CROFT_TESTS_SUPPORT_BROWSER_H
#define CROFT_TESTS_SUPPORT_BROWSER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

struct browser {
	pid_t pid;
	int to, from;
	int asked;         /* number of the last command */
	char folder[64];   /* the profile */
	char session[128]; /* of the one page; empty: none yet */
	struct buf unread; /* what came and was not looked at yet */
	struct buf faults; /* a line for each error that the console would show */
};

bool browser_is_installed(void);
void browser_open(struct browser *browser);
void browser_close(struct browser *browser);

/*
 * Opens an address in the page, on a screen so many pixels wide, and forgets earlier faults. Below
 * 600 it is a phone.
 */
void browser_visit(struct browser *browser, const char *url, int width, bool dark);

/* Makes the screen of the page that is there so many pixels wide. */
void browser_resize(struct browser *browser, int width);

/*
 * From the next visit on nothing comes from addresses that match, with * for anything; "" takes
 * that back.
 */
void browser_block(struct browser *browser, const char *pattern);

/*
 * What a JavaScript expression of the page is, as text; a promise is waited for. The caller frees
 * it.
 */
char *browser_ask(struct browser *browser, const char *expression);
/* Whether it is true; false as well while the page is not there yet. For AWAIT(). */
bool browser_holds(struct browser *browser, const char *expression);

/*
 * Errors of scripts, refused by the policy or said on the console since the page was visited; ""
 * when there were none.
 */
const char *browser_faults(struct browser *browser);

#endif
