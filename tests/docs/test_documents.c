/* long */
/*
 * The pages of an API of three versions, in a real browser: links to the document of each stand
 * above them, and lead there. Skipped where there is no Chromium, or where the build had no npm to
 * bring the bundles.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/http/house.h"
#include "core/router/notes.h"
#include "support/browser.h"
#include "testing/await.h"
#include "testing/child.h"
#include "testing/client.h"

static struct browser browser;
static bool can;

/* While it is open, the server runs. */
static int server_end_fd;

static void server_run(int port_fd, int end_fd)
{
	char byte;
	house_open(notes_modules, NULL);
	if (write(port_fd, &house_server.port, sizeof(int)) != sizeof(int))
		abort();
	while (read(end_fd, &byte, 1) < 0 && errno == EINTR)
		;
	house_close(NULL);
	exit(0);
}

/*
 * A process of its own: where a server is, nobody else uses the JSON library, which the browser is
 * spoken to with.
 */
static void server_fork(void)
{
	int port[2], end[2];
	assert_int_equal(pipe2(port, O_CLOEXEC), 0);
	assert_int_equal(pipe2(end, O_CLOEXEC), 0);
	house_server.pid = child_fork(SIGKILL);
	if (house_server.pid == 0) {
		close(end[1]);
		server_run(port[1], end[0]);
	}
	close(port[1]);
	close(end[0]);
	server_end_fd = end[1];
	assert_int_equal(read(port[0], &house_server.port, sizeof(int)), sizeof(int));
	close(port[0]);
}

static void server_join(void)
{
	int status;
	close(server_end_fd);
	assert_int_equal(waitpid(house_server.pid, &status, 0), house_server.pid);
	assert_int_equal(status, 0);
}

static int open_stage(void **state)
{
	(void)state;
	struct reply reply;
	server_fork();
	client_call(&house_server,
		    &(struct request){ .method = "HEAD",
				       .target = "/vendor/redoc/redoc.standalone.js" },
		    &reply);
	can = browser_is_installed() && reply.status == 200;
	reply_done(&reply);
	/* tools/run-test shows it */
	if (!can)
		printf("# skipped: %s\n", browser_is_installed() ? "this build has no /redoc"
								 : "Chromium is not installed");
	if (can)
		browser_open(&browser);
	return 0;
}

static int close_stage(void **state)
{
	(void)state;
	if (can)
		browser_close(&browser);
	server_join();
	return 0;
}

static void visit(const char *path)
{
	char url[256];
	if (!can)
		skip();
	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", house_server.port, path);
	browser_visit(&browser, url, 1200, false);
}

#define SEE(expression) AWAIT(browser_holds(&browser, expression))
#define LINKS "[...document.querySelectorAll('#documents a')]"
#define CURRENT "document.querySelector('#documents a[aria-current=page]')?.textContent"

static void shows(const char *piece)
{
	char expression[256];
	snprintf(expression, sizeof(expression),
		 "document.querySelector('#docs').textContent.includes('%s')", piece);
	SEE(expression);
	assert_string_equal(browser_faults(&browser), "");
}

static void offers_each_version(void **state)
{
	const char *path = *state;
	visit(path);
	SEE(LINKS ".map((a) => a.textContent).join() == 'v1,v2,v3'");
	SEE(CURRENT " == 'v1'");
	shows("/api/v1/notes");
}

static void a_link_leads_to_its_document(void **state)
{
	const char *path = *state;
	visit(path);
	SEE(LINKS ".length == 3");
	assert_true(browser_holds(&browser, "(" LINKS "[1].click(), true)"));
	SEE(CURRENT " == 'v2'");
	shows("/api/v2/notes");
}

static void what_is_not_there_is_the_first(void **state)
{
	(void)state;
	visit("/docs?of=v9");
	SEE(CURRENT " == 'v1'");
	shows("/api/v1/notes");
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("/docs offers each version", offers_each_version, "/docs"),
		ROW_OF("/redoc, too", offers_each_version, "/redoc"),
		ROW_OF("a link of /docs leads to its document", a_link_leads_to_its_document,
		       "/docs"),
		ROW_OF("one of /redoc, too", a_link_leads_to_its_document, "/redoc"),
		ROW("a version that is not there is the first one", what_is_not_there_is_the_first),
	};
	return rows_run_with("docs/documents", rows, COUNT_OF(rows), open_stage, close_stage);
}
