/* long */
/*
 * A real browser that is signed in by cookie: what pages of this server do with it, and what those
 * of elsewhere do not. Skipped where there is no Chromium.
 */
#include "support/browser.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/child.h"
#include "testing/rows.h"
#include "testing/server.h"

static struct {
	struct server server;
	struct browser browser;
	bool can;
	/* A page of somebody else, on another port. */
	pid_t foreign_pid;
	int foreign_port;
} stage;

/* ---- somebody else's page ---- */

/* Nothing keeps its scripts from asking whom they want. */
static const char foreign_page[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
				   "Content-Length: 27\r\nConnection: close\r\n\r\n"
				   "<!doctype html><p>Elsewhere";

static void answer_foreign(int client)
{
	char request[4096];
	if (read(client, request, sizeof(request)) > 0 &&
	    write(client, foreign_page, sizeof(foreign_page) - 1) < 0)
		perror("write");
}

/* Each by a process of its own: browsers open connections ahead, and send nothing on them. */
static void serve_foreign(int fd)
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int client = accept(fd, NULL, NULL);
		if (client < 0)
			continue;
		if (child_fork(SIGKILL) == 0) {
			answer_foreign(client);
			_exit(0);
		}
		close(client);
	}
}

static void open_foreign(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	stage.foreign_port = ntohs(at.sin_port);
	stage.foreign_pid = child_fork(SIGKILL);
	if (stage.foreign_pid == 0)
		serve_foreign(fd);
	close(fd);
}

/* ---- the stage ---- */

static int open_stage(void **state)
{
	(void)state;
	stage.can = browser_is_installed();
	/* tools/run-test shows it */
	if (!stage.can) {
		printf("# skipped: Chromium is not installed\n");
		return 0;
	}
	server_start(&stage.server, (const char *const[]){ "auth.cookies=true", NULL });
	open_foreign();
	browser_open(&stage.browser);
	return 0;
}

static int close_stage(void **state)
{
	(void)state;
	if (!stage.can)
		return 0;
	browser_close(&stage.browser);
	kill(stage.foreign_pid, SIGKILL);
	waitpid(stage.foreign_pid, NULL, 0);
	server_end(&stage.server);
	return 0;
}

/* ---- what a page does ---- */

#define SEE(expression) AWAIT(browser_holds(&stage.browser, expression))

/* Once something of the page is there, its scripts may be spoken to. */
static void visit(const char *host, int port, const char *sign)
{
	char url[128], there[128];
	if (!stage.can)
		skip();
	snprintf(url, sizeof(url), "http://%s:%d/", host, port);
	browser_visit(&stage.browser, url, 800, false);
	snprintf(there, sizeof(there), "document.body?.innerText.includes('%s')", sign);
	SEE(there);
}

static void visit_ours(void)
{
	visit("127.0.0.1", stage.server.port, "environment");
}

static void answers(const char *expression, const char *want)
{
	char *text = browser_ask(&stage.browser, expression);
	if (strcmp(text, want) != 0)
		fail_msg("%s: %s, not %s", expression, text, want);
	free(text);
}

/* The status of what a page of ours asks. */
#define ASK(method, path, headers, body) \
	"fetch('/api/v1" path "', { method: '" method "', headers: { " headers " }, body: " body \
	" }).then((answer) => answer.status)"
#define WORD "'X-CSRF-Token': word"
#define JSON "'Content-Type': 'application/json'"
#define POST_BODY "JSON.stringify({ title: 'T' })"
#define READ_ME ASK("GET", "/users/me", "", "undefined")

/* The page has its word from then on. */
static void sign_in(void)
{
	visit_ours();
	answers("fetch('/api/v1/auth/cookie', { method: 'POST', headers: { " JSON " },"
		" body: JSON.stringify({ login: 'admin', password: '" SERVER_PASSWORD
		"' }) }).then(async (answer) => { window.word = (await answer.json()).csrf_token;"
		" return answer.status; })",
		"200");
}

/* Sends a form there, as a page of its own, from whatever page is there now; sees the answer. */
static void send_form(const char *path, const char *fields, const char *sign)
{
	char expression[1024];
	snprintf(expression, sizeof(expression),
		 "(() => { const form = document.createElement('form'); form.method = 'post';"
		 "form.action = 'http://127.0.0.1:%d/api/v1%s';"
		 "for (const [name, value] of Object.entries(%s)) {"
		 "  const field = document.createElement('input');"
		 "  field.name = name; field.value = value; form.append(field); }"
		 "document.body.append(form); form.submit(); return true; })()",
		 stage.server.port, path, fields);
	answers(expression, "true");
	snprintf(expression, sizeof(expression), "document.body?.innerText.includes('%s')", sign);
	SEE(expression);
}

/* Whatever others have tried. */
static void is_still_in(void)
{
	visit_ours();
	answers(READ_ME, "200");
}

/* ---- rows ---- */

static void reads_and_changes(void **state)
{
	(void)state;
	sign_in();
	answers(READ_ME, "200");
	answers("document.cookie", "");
	answers(ASK("POST", "/posts", JSON ", " WORD, POST_BODY), "201");
	answers(ASK("POST", "/auth/introspect", "",
		    "new URLSearchParams({ token: 'x', _csrf: word })"),
		"200");
	answers(ASK("POST", "/posts", JSON, POST_BODY), "403");
}

static void is_told_the_word_again(void **state)
{
	(void)state;
	sign_in();
	visit_ours();
	answers("fetch('/api/v1/auth/cookie').then(async (answer) => {"
		" window.word = (await answer.json()).csrf_token; return answer.status; })",
		"200");
	answers(ASK("POST", "/posts", JSON ", " WORD, POST_BODY), "201");
}

/* The cookie goes with it, since ports are no sites; so it is for us to refuse. */
static void a_neighbour_is_refused(void **state)
{
	(void)state;
	sign_in();
	visit("127.0.0.1", stage.foreign_port, "Elsewhere");
	send_form("/auth/logout", "{}", "foreign_page");
	visit("127.0.0.1", stage.foreign_port, "Elsewhere");
	send_form("/auth/introspect", "{ token: 'x', _csrf: 'AAAAAAAAAAAAAAAAAAAAAA' }",
		  "foreign_page");
	is_still_in();
}

/* The browser itself keeps the cookie back. */
static void a_page_of_elsewhere_is_nobody(void **state)
{
	(void)state;
	sign_in();
	visit("localhost", stage.foreign_port, "Elsewhere");
	send_form("/auth/logout", "{}", "unauthenticated");
	is_still_in();
}

static void no_page_of_elsewhere_reads(void **state)
{
	char expression[512];
	(void)state;
	sign_in();
	visit("127.0.0.1", stage.foreign_port, "Elsewhere");
	snprintf(expression, sizeof(expression),
		 "fetch('http://127.0.0.1:%d/api/v1/auth/cookie', { credentials: 'include' })"
		 ".then((answer) => answer.text(), () => 'nothing')",
		 stage.server.port);
	answers(expression, "nothing");
}

static void signs_out(void **state)
{
	(void)state;
	sign_in();
	answers(ASK("POST", "/auth/logout", WORD, "undefined"), "204");
	answers(READ_ME, "401");
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("S57 a page of ours reads and changes, and its scripts see no cookie",
		    reads_and_changes),
		ROW("a page that is opened again is told its word", is_told_the_word_again),
		ROW("S57 the form of a page on another port is refused", a_neighbour_is_refused),
		ROW("S57 that of another site comes without the cookie",
		    a_page_of_elsewhere_is_nobody),
		ROW("S57 neither reads the word", no_page_of_elsewhere_reads),
		ROW("who signs out is out", signs_out),
	};
	return rows_run_with("modules/auth/browser", rows, sizeof(rows) / sizeof(rows[0]),
			     open_stage, close_stage);
}
