/*
 * What a page of elsewhere may do in the name of who is signed in here by cookie: nothing. Of each
 * route that changes something and is not for everybody there is a row, those of modules to come
 * too: root, who may all, asks as his browser would.
 */
#include "modules/routes.h"

enum { LINE_ROOM = 256 };

#define OURS "Sec-Fetch-Site: same-origin\r\n"
#define FOREIGN "Sec-Fetch-Site: cross-site\r\nOrigin: https://evil.example\r\n"
#define NEIGHBOUR "Sec-Fetch-Site: same-site\r\nOrigin: https://evil.localhost\r\n"
#define OLD "Origin: https://evil.example\r\n"
#define OF_ANOTHER "X-CSRF-Token: AAAAAAAAAAAAAAAAAAAAAA\r\n"
#define LOGIN "{'login':'admin','password':'" SERVER_PASSWORD "'}"

/* Header lines that the browser of root sends on a gate; empty: he is not signed in yet. */
static struct browser {
	char cookie[LINE_ROOM], word[LINE_ROOM];
} browsers[GATES];

static struct browser *browser_of(struct gate *gate)
{
	struct browser *browser = &browsers[gate - gates];
	char word[LINE_ROOM / 2];
	if (*browser->word)
		return browser;
	struct reply reply = gate_must(
		gate, BY_NOBODY,
		&(struct request){ "POST", "/api/v1/auth/cookie", NULL, LOGIN, NULL }, 200);
	const char *set = reply_header(&reply, "Set-Cookie");
	snprintf(browser->cookie, LINE_ROOM, "Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
	snprintf(browser->word, LINE_ROOM, "X-CSRF-Token: %s\r\n",
		 reply_text(&reply, "csrf_token", word, sizeof(word)));
	reply_done(&reply);
	return browser;
}

/* Whether that is why it was refused. */
static bool is_foreign(const struct reply *reply)
{
	return reply->status == 403 && strstr(reply->body, "\"code\":\"foreign_page\"");
}

/* `word`: the header line of it. */
static struct reply ask(struct gate *gate, const struct request *request, const char *page,
			const char *word)
{
	struct request whole = *request;
	whole.headers = arena_printf(gate->stage.scene.c.arena, "%s%s%s%s",
				     browser_of(gate)->cookie, page, word,
				     request->headers ? request->headers : "");
	return gate_ask(gate, BY_NOBODY, &whole);
}

static bool is_change(const struct router_entry *entry)
{
	return entry->route->method != GET && route_access(entry->route) != ACCESS_PUBLIC;
}

static void changes_nothing(struct gate *gate, const struct router_entry *entry)
{
	const char *word = browser_of(gate)->word;
	const struct {
		const char *page, *word;
	} tries[] = {
		{ OURS, "" },      { OURS, OF_ANOTHER }, { "", word },
		{ FOREIGN, word }, { NEIGHBOUR, word },  { OLD, word },
	};
	struct request request = route_request(gate, entry);
	struct gate_rows before = gate_rows(gate);
	for (size_t i = 0; i < COUNT_OF(tries); i++) {
		struct reply reply = ask(gate, &request, tries[i].page, tries[i].word);
		if (!is_foreign(&reply))
			fail_msg("%s: %s %s: try %zu: %d: %s", gate->database, request.method,
				 request.target, i, reply.status, reply.body);
		reply_done(&reply);
	}
	gate_same(gate, &before, request.target);
}

/* Else the rows above say nothing. It is tried, and not done. */
static void is_let_in_with_it(struct gate *gate, const struct router_entry *entry)
{
	const char *word = browser_of(gate)->word;
	struct request request = route_request(gate, entry);
	request.headers = "Prefer: dry-run\r\n";
	struct reply reply = ask(gate, &request, OURS, word);
	if (reply.status == 401 || is_foreign(&reply))
		fail_msg("%s: %s %s: %d: %s", gate->database, request.method, request.target,
			 reply.status, reply.body);
	reply_done(&reply);
}

int main(void)
{
	static const struct route_rows kinds[] = {
		{ is_change, "S57 %s %s: by cookie alone it changes nothing", changes_nothing },
		{ is_change, "S57 %s %s: a page of ours with its word is let in",
		  is_let_in_with_it },
	};
	return routes_run("modules/foreign", kinds, COUNT_OF(kinds));
}
