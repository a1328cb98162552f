/* What a browser shows under `make dev`. Skipped where there is no Chromium. */
#include "testing/rows.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"
#include "support/browser.h"
#include "testing/await.h"
#include "testing/server.h"

static struct {
	struct server server;
	struct browser browser;
	bool can;
} stage;

/* What tools/dev says to the pages of the server's folder. */
static void tell(int run, const char *errors)
{
	char command[512];
	snprintf(command, sizeof(command),
		 "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tools /usr/bin/python3 -c '"
		 "from dev_page import Page; page = Page(\"%s\"); page.lay_out(\"static\"); "
		 "page.run = %d; page.tell(\"%s\")'",
		 stage.server.folder, run, errors);
	assert_int_equal(system(command), 0);
}

static int open_stage(void **state)
{
	(void)state;
	char folder[128];
	stage.can = browser_is_installed();
	/* tools/run-test shows it */
	if (!stage.can) {
		printf("# skipped: Chromium is not installed\n");
		return 0;
	}
	server_folder(&stage.server);
	tell(1, "");
	snprintf(folder, sizeof(folder), "server.static_dir=%s/static", stage.server.folder);
	server_restart(&stage.server, (const char *const[]){ folder, NULL });
	browser_open(&stage.browser);
	return 0;
}

static int close_stage(void **state)
{
	(void)state;
	if (stage.can) {
		browser_close(&stage.browser);
		server_end(&stage.server);
	}
	return 0;
}

#define SEE(expression) AWAIT(browser_holds(&stage.browser, expression))

/* Until it has looked at what is told. */
static void visit(const char *path)
{
	char url[128];
	if (!stage.can)
		skip();
	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", stage.server.port, path);
	browser_visit(&stage.browser, url, 800, false);
	SEE("performance.getEntriesByName(location.origin + '/dev.json').length > 1");
}

static void shows_what_the_compiler_says(void **state)
{
	tell(1, "");
	visit(*state);
	tell(1, "posts.c:7: error: <b>&");
	SEE("document.getElementById('dev-errors')?.innerText === 'posts.c:7: error: <b>&'");
	tell(1, "");
	SEE("!document.getElementById('dev-errors')");
	assert_string_equal(browser_faults(&stage.browser), "");
}

static void loads_again(void **state)
{
	tell(1, "");
	visit(*state);
	SEE("(window.mark = 1) === 1");
	tell(2, "");
	SEE("window.mark === undefined && document.readyState === 'complete'");
	assert_string_equal(browser_faults(&stage.browser), "");
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("the front page shows what the compiler says until it is mended",
		       shows_what_the_compiler_says, "/"),
		ROW_OF("so does the page of the document", shows_what_the_compiler_says, "/docs"),
		ROW_OF("a page is loaded again when another server is there", loads_again, "/"),
	};
	return rows_run_with("tools/dev_page", rows, COUNT_OF(rows), open_stage, close_stage);
}
