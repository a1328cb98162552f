/*
 * Drives Chromium by the DevTools protocol: JSON texts, each ended by a NUL, on the pipes 3 and 4
 * of the browser.
 */
#include "support/browser.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/folder.h"
#include "testing/json.h"
#include "testing/rows.h"

static const char program[] = "/usr/bin/chromium";

bool browser_is_installed(void)
{
	return access(program, X_OK) == 0;
}

/* ---- its life ---- */

enum { TO_BROWSER = 3, FROM_BROWSER = 4, SPARE_FD = 10 };

static void browser_exec(const struct browser *browser, int commands, int answers)
{
	char profile[96];
	snprintf(profile, sizeof(profile), "--user-data-dir=%s", browser->folder);
	int null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	/* Out of the way first: one of them may be 3 or 4 itself. */
	commands = fcntl(commands, F_DUPFD, SPARE_FD);
	answers = fcntl(answers, F_DUPFD, SPARE_FD);
	dup2(commands, TO_BROWSER);
	dup2(answers, FROM_BROWSER);
	close(commands);
	close(answers);
	/* Its sandbox needs rights that a container lacks; the pages are our own. */
	execl(program, program, "--headless", "--no-sandbox", "--disable-gpu",
	      "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
	      "--disable-component-update", "--remote-debugging-pipe", profile, NULL);
	_exit(127);
}

static void browser_start(struct browser *browser)
{
	int commands[2], answers[2];
	assert_int_equal(pipe2(commands, O_CLOEXEC), 0);
	assert_int_equal(pipe2(answers, O_CLOEXEC), 0);
	browser->pid = fork();
	assert_true(browser->pid >= 0);
	if (browser->pid == 0)
		browser_exec(browser, commands[0], answers[1]);
	close(commands[0]);
	close(answers[1]);
	browser->to = commands[1];
	browser->from = answers[0];
}

void browser_close(struct browser *browser)
{
	/* It ends when nobody is left who could tell it anything. */
	close(browser->to);
	close(browser->from);
	AWAIT(waitpid(browser->pid, NULL, WNOHANG) == browser->pid);
	/* Its helpers may still write for a moment. */
	AWAIT(folder_remove(browser->folder) || access(browser->folder, F_OK) != 0);
	buf_done(&browser->unread);
	buf_done(&browser->faults);
}

/* ---- commands and what comes back ---- */

/* A page with all its operations open takes a busy machine minutes to lay out. */
enum { SILENCE_S = 5 * PATIENCE_S };

/* The next text, whole; the caller deletes it. */
static cJSON *next_message(struct browser *browser)
{
	struct buf *in = &browser->unread;
	char *end;
	while (!in->len || !(end = memchr(in->data, '\0', in->len))) {
		struct pollfd wait = { .fd = browser->from, .events = POLLIN };
		if (poll(&wait, 1, SILENCE_S * 1000) != 1)
			fail_msg("the browser says nothing");
		ssize_t count = read(browser->from, buf_reserve(in, 65536), 65536);
		if (count <= 0)
			fail_msg("the browser has ended");
		in->len += (size_t)count;
	}
	cJSON *message = cJSON_Parse(in->data);
	assert_non_null(message);
	size_t used = (size_t)(end - in->data) + 1;
	memmove(in->data, in->data + used, in->len - used);
	in->len -= used;
	return message;
}

static const cJSON *at(const cJSON *from, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(from, name);
}

static bool is(const cJSON *item, const char *text)
{
	return cJSON_IsString(item) && strcmp(item->valuestring, text) == 0;
}

static void note_fault(struct browser *browser, const cJSON *what)
{
	char *text = cJSON_PrintUnformatted(what);
	buf_printf(&browser->faults, "%s\n", text);
	cJSON_free(text);
}

static void note_event(struct browser *browser, const cJSON *event)
{
	const cJSON *method = at(event, "method"), *params = at(event, "params");
	const cJSON *type = at(params, "type");
	if (is(method, "Runtime.exceptionThrown") ||
	    (is(method, "Runtime.consoleAPICalled") && (is(type, "error") || is(type, "warning"))))
		note_fault(browser, params);
	if (is(method, "Log.entryAdded") && !is(at(at(params, "entry"), "level"), "info") &&
	    !is(at(at(params, "entry"), "level"), "verbose"))
		note_fault(browser, at(params, "entry"));
}

static void send_text(struct browser *browser, const char *text)
{
	size_t left = strlen(text) + 1;
	while (left > 0) {
		ssize_t count = write(browser->to, text, left);
		assert_true(count > 0);
		text += count;
		left -= (size_t)count;
	}
}

/*
 * Takes `params` over. Events that come before the answer are noted. The caller deletes the answer.
 */
static cJSON *call(struct browser *browser, const char *method, cJSON *params)
{
	cJSON *command = cJSON_CreateObject();
	cJSON_AddNumberToObject(command, "id", ++browser->asked);
	cJSON_AddStringToObject(command, "method", method);
	cJSON_AddItemToObject(command, "params", params);
	if (*browser->session)
		cJSON_AddStringToObject(command, "sessionId", browser->session);
	char *text = cJSON_PrintUnformatted(command);
	send_text(browser, text);
	cJSON_free(text);
	cJSON_Delete(command);
	for (;;) {
		cJSON *message = next_message(browser);
		const cJSON *id = at(message, "id");
		if (cJSON_IsNumber(id) && id->valueint == browser->asked)
			return message;
		note_event(browser, message);
		cJSON_Delete(message);
	}
}

/* JSON with its quotes swapped. */
static cJSON *parse(const char *swapped)
{
	char *text = json_swap(strdup(swapped));
	cJSON *parsed = cJSON_Parse(text);
	free(text);
	return parsed;
}

/* The same, with the parameters as swapped JSON, for commands that must succeed. */
static cJSON *command(struct browser *browser, const char *method, const char *params)
{
	cJSON *answer = call(browser, method, parse(params));
	if (!at(answer, "result"))
		fail_msg("%s: %s", method, cJSON_PrintUnformatted(answer));
	return answer;
}

static void tell(struct browser *browser, const char *method, const char *params)
{
	cJSON_Delete(command(browser, method, params));
}

void browser_open(struct browser *browser)
{
	static const char *const domains[] = { "Page.enable", "Runtime.enable", "Log.enable",
					       "Network.enable" };
	char params[256];

	memset(browser, 0, sizeof(*browser));
	strcpy(browser->folder, "/tmp/croft-browser-XXXXXX");
	assert_non_null(mkdtemp(browser->folder));
	buf_init(&browser->unread, NULL);
	buf_init(&browser->faults, NULL);
	browser_start(browser);
	cJSON *target = command(browser, "Target.createTarget", "{'url':'about:blank'}");
	snprintf(params, sizeof(params), "{'flatten':true,'targetId':'%s'}",
		 at(at(target, "result"), "targetId")->valuestring);
	cJSON *session = command(browser, "Target.attachToTarget", params);
	snprintf(browser->session, sizeof(browser->session), "%s",
		 at(at(session, "result"), "sessionId")->valuestring);
	cJSON_Delete(target);
	cJSON_Delete(session);
	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
		tell(browser, domains[i], "{}");
}

/* ---- pages ---- */

void browser_resize(struct browser *browser, int width)
{
	char params[128];
	snprintf(params, sizeof(params),
		 "{'width':%d,'height':844,'deviceScaleFactor':1,'mobile':%s}", width,
		 width < 600 ? "true" : "false");
	tell(browser, "Emulation.setDeviceMetricsOverride", params);
}

void browser_visit(struct browser *browser, const char *url, int width, bool dark)
{
	char params[512];
	browser_resize(browser, width);
	snprintf(params, sizeof(params),
		 "{'features':[{'name':'prefers-color-scheme','value':'%s'}]}",
		 dark ? "dark" : "light");
	tell(browser, "Emulation.setEmulatedMedia", params);
	/* The page before may still say something: from here on only the new one does. */
	tell(browser, "Page.navigate", "{'url':'about:blank'}");
	AWAIT(browser_holds(browser, "location.href == 'about:blank'"));
	buf_clear(&browser->faults);
	snprintf(params, sizeof(params), "{'url':'%s'}", url);
	tell(browser, "Page.navigate", params);
	AWAIT(browser_holds(browser, "document.readyState == 'complete' && location.href != "
				     "'about:blank'"));
}

void browser_block(struct browser *browser, const char *pattern)
{
	char params[256];
	snprintf(params, sizeof(params), *pattern ? "{'urls':['%s']}" : "{'urls':[]}", pattern);
	tell(browser, "Network.setBlockedURLs", params);
}

char *browser_ask(struct browser *browser, const char *expression)
{
	cJSON *params = parse("{'returnByValue':true,'awaitPromise':true}");
	cJSON_AddStringToObject(params, "expression", expression);
	cJSON *answer = call(browser, "Runtime.evaluate", params);
	const cJSON *value = at(at(at(answer, "result"), "result"), "value");
	bool is_sound = value && !at(at(answer, "result"), "exceptionDetails");
	char *text = !is_sound               ? cJSON_PrintUnformatted(answer)
		     : cJSON_IsString(value) ? strdup(value->valuestring)
					     : cJSON_PrintUnformatted(value);
	cJSON_Delete(answer);
	return text;
}

bool browser_holds(struct browser *browser, const char *expression)
{
	char *text = browser_ask(browser, expression);
	bool holds = strcmp(text, "true") == 0;
	free(text);
	return holds;
}

const char *browser_faults(struct browser *browser)
{
	/* Whatever the page has said by now comes before this answer. */
	free(browser_ask(browser, "new Promise((done) => setTimeout(done))"));
	return buf_text(&browser->faults);
}
