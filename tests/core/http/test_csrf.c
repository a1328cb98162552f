/* threaded */
/* Who is known by a cookie, and which changes pages of elsewhere try in his name. */
#include "house.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "core/authenticator.h"
#include "core/csrf.h"
#include "testing/client.h"

/* ---- a module, and who signs in: a number is the session's, and the account's ---- */

static enum app_err tell(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

OPERATION_FN(tell, struct nothing, struct nothing)

static const struct operation mine = {
	.name = "things.mine",
	.summary = "Mine",
	.kind = QUERY,
	.access = ACCESS_USER,
	RUN(tell),
};

static const struct operation change = {
	.name = "things.change",
	.summary = "Change",
	.kind = COMMAND,
	.access = ACCESS_USER,
	RUN(tell),
};

struct words {
	const char *title;
};

SCHEMA(words, FIELD(struct words, title, .in = IN_FORM, .required = true));

static enum app_err say(struct ctx *c, const struct words *in, struct nothing *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

OPERATION_FN(say, struct words, struct nothing)

static const struct operation form = {
	.name = "things.form",
	.summary = "Form",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.in = &words_schema,
	RUN(say),
};

static const struct operation open_form = {
	.name = "things.open_form",
	.summary = "Form of anyone",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &words_schema,
	RUN(say),
};

static const struct operation anyone = {
	.name = "things.anyone",
	.summary = "Anyone",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	RUN(tell),
};

static const struct route routes[] = ROUTES(
	{ GET, "/things", &mine, .status = 204 }, { POST, "/things", &change, .status = 204 },
	{ DELETE, "/things", &change, .status = 204 }, { POST, "/open", &anyone, .status = 204 },
	{ POST, "/form", &form, .status = 204 }, { POST, "/open-form", &open_form, .status = 204 });

static const struct module things = { .name = "things", .doc = "Things.", .routes = routes };

static enum app_err screen(struct ctx *c, const struct credentials *credentials)
{
	(void)c, (void)credentials;
	return APP_OK;
}

static enum app_err authenticate(struct ctx *c, const struct credentials *credentials,
				 struct actor *ret)
{
	if (!credentials->len || credentials->scheme == CREDENTIALS_OTHER)
		return ctx_fail(c, APP_UNAUTHENTICATED, "nobody's");
	int number = atoi(credentials->text);
	*ret = (struct actor){ .kind = ACTOR_USER, .user_id = number, .session_id = number };
	return APP_OK;
}

static enum app_err confirm(struct ctx *c)
{
	(void)c;
	return APP_OK;
}

static atomic_bool takes_cookies = true;

static const char *cookie_name(const struct app *app)
{
	(void)app;
	return takes_cookies ? "__Host-sid" : NULL;
}

static const struct authenticator by_cookie = { screen, authenticate, confirm, cookie_name };

/* ---- asking ---- */

#define COOKIE "Cookie: a=b; __Host-sid=7\r\n"
#define BEARER "Authorization: Bearer 7\r\n"
#define OURS "Sec-Fetch-Site: same-origin\r\n"
#define OUR_ORIGIN "Origin: https://app.example\r\n"
#define EVIL "Origin: https://evil.example\r\n"
#define FOREIGN "Sec-Fetch-Site: cross-site\r\n" EVIL
#define NEIGHBOUR "Sec-Fetch-Site: same-site\r\nOrigin: https://x.app.example\r\n"
#define BODY "Content-Length: 2\r\nContent-Type: application/json\r\n"

enum word { NO_WORD, ITS_WORD, ANOTHERS_WORD };

struct ask_case {
	/* method and path */
	const char *request, *headers;
	enum word word;
	int status;
};

static void is_answered(void **state)
{
	const struct ask_case *k = *state;
	char text[1024], token[CSRF_ROOM] = "";
	struct reply reply;
	if (k->word)
		csrf_token(&house_stage.scene.c, k->word == ITS_WORD ? 7 : 8, token);
	snprintf(text, sizeof(text), "%s HTTP/1.1\r\nHost: app.example\r\n%s%s%s%s\r\n%s",
		 k->request, k->headers, k->word ? "X-CSRF-Token: " : "", token,
		 k->word ? "\r\n" : "", strstr(k->headers, BODY) ? "{}" : "");
	client_raw(&house_server, text, strlen(text), &reply);
	assert_int_equal(reply.status, k->status);
	if (k->status == 403)
		assert_non_null(strstr(reply.body, "\"code\":\"foreign_page\""));
	reply_done(&reply);
}

struct form_case {
	const char *target, *headers;
	/* %s is the word */
	const char *body;
	int status;
	bool no_cookies;
};

static void form_is_answered(void **state)
{
	const struct form_case *k = *state;
	char text[1024], body[512], token[CSRF_ROOM];
	struct reply reply;
	csrf_token(&house_stage.scene.c, 7, token);
	snprintf(body, sizeof(body), k->body, token, token);
	snprintf(text, sizeof(text),
		 "POST /api/v1%s HTTP/1.1\r\nHost: app.example\r\n%sContent-Length: %zu\r\n"
		 "Content-Type: application/x-www-form-urlencoded\r\n\r\n%s",
		 k->target, k->headers, strlen(body), body);
	takes_cookies = !k->no_cookies;
	client_raw(&house_server, text, strlen(text), &reply);
	takes_cookies = true;
	assert_int_equal(reply.status, k->status);
	if (k->status == 403)
		assert_non_null(strstr(reply.body, "\"code\":\"foreign_page\""));
	reply_done(&reply);
}

#define FORM_WHERE(sentence, target, headers, body, status, no_cookies) \
	ROW_OF(sentence, form_is_answered, \
	       (&(struct form_case){ target, headers, body, status, no_cookies }))
#define FORM(sentence, target, headers, body, status) \
	FORM_WHERE(sentence, target, headers, body, status, false)
#define ASK(sentence, request, headers, word, status) \
	ROW_OF(sentence, is_answered, (&(struct ask_case){ request, headers, word, status }))
#define READ "GET /api/v1/things"
#define CHANGE "POST /api/v1/things"
#define REMOVE "DELETE /api/v1/things"
#define OPEN "POST /api/v1/open"

int main(void)
{
	static const struct module *const modules[] = { &things, NULL };
	const struct CMUnitTest rows[] = {
		ASK("without credentials nobody is known", READ, OURS, NO_WORD, 401),
		ASK("a cookie of another name is nobody's", READ, "Cookie: sid=7\r\n", NO_WORD,
		    401),
		ASK("by cookie he reads", READ, COOKIE, NO_WORD, 204),
		ASK("and follows a link of another page", READ,
		    "Sec-Fetch-Site: cross-site\r\n" COOKIE, NO_WORD, 204),
		ASK("two cookies of that name are none", READ,
		    "Cookie: __Host-sid=7; __Host-sid=8\r\n", NO_WORD, 401),
		ASK("two headers of them are refused", READ, COOKIE "Cookie: c=d\r\n", NO_WORD,
		    400),
		ASK("S57 the script of another page reads nothing", READ, COOKIE FOREIGN, NO_WORD,
		    403),
		ASK("S57 a change of our page with its word", CHANGE, COOKIE OURS, ITS_WORD, 204),
		ASK("S57 the same with a body", CHANGE, COOKIE OURS BODY, ITS_WORD, 204),
		ASK("S57 of an old browser", CHANGE, COOKIE OUR_ORIGIN, ITS_WORD, 204),
		ASK("S57 without the word", CHANGE, COOKIE OURS, NO_WORD, 403),
		ASK("S57 without it, with a body", CHANGE, COOKIE OURS BODY, NO_WORD, 403),
		ASK("S57 with the word of another session", CHANGE, COOKIE OURS, ANOTHERS_WORD,
		    403),
		ASK("S57 a page of elsewhere that has got the word", CHANGE, COOKIE FOREIGN,
		    ITS_WORD, 403),
		ASK("S57 a neighbour of the same domain", CHANGE, COOKIE NEIGHBOUR, ITS_WORD, 403),
		ASK("S57 an old browser on a page of elsewhere", CHANGE, COOKIE EVIL, ITS_WORD,
		    403),
		ASK("S57 nobody says which page", CHANGE, COOKIE, ITS_WORD, 403),
		ASK("S57 every method that changes", REMOVE, COOKIE OURS, NO_WORD, 403),
		ASK("S57 and that one with the word", REMOVE, COOKIE OURS, ITS_WORD, 204),
		ASK("a header that no page can send is not asked", CHANGE, BEARER, NO_WORD, 204),
		ASK("it counts, too, beside a cookie", CHANGE, BEARER COOKIE FOREIGN, NO_WORD, 204),
		ASK("another scheme does not make the cookie count", CHANGE,
		    "Authorization: Basic x\r\n" COOKIE OURS, ITS_WORD, 401),
		ASK("where anyone may call no cookie is looked at", OPEN, COOKIE FOREIGN, NO_WORD,
		    204),
		FORM("a form has the word in a field", "/form", COOKIE OURS, "title=T&_csrf=%s",
		     204),
		FORM("wherever that stands", "/form", COOKIE OUR_ORIGIN, "_csrf=%s&title=T", 204),
		FORM("S57 a form without it", "/form", COOKIE OURS, "title=T", 403),
		FORM("S57 with an empty one", "/form", COOKIE OURS, "title=T&_csrf=", 403),
		FORM("S57 with another one", "/form", COOKIE OURS, "title=T&_csrf=%sA", 403),
		FORM("S57 with two", "/form", COOKIE OURS, "title=T&_csrf=%s&_csrf=%s", 403),
		FORM("S57 with the word in the query", "/form?_csrf=AAAAAAAAAAAAAAAAAAAAAA",
		     COOKIE OURS, "title=T", 403),
		FORM("S57 a page of elsewhere that has got it", "/form", COOKIE FOREIGN,
		     "title=T&_csrf=%s", 403),
		FORM("S57 a wrong header is not made good by the field", "/form",
		     COOKIE OURS "X-CSRF-Token: AAAAAAAAAAAAAAAAAAAAAA\r\n", "title=T&_csrf=%s",
		     403),
		FORM("a form that cannot be read is told so", "/form", COOKIE OURS,
		     "title=%%zz&_csrf=%s", 400),
		FORM("the rest of it is held to the schema", "/form", COOKIE OURS,
		     "title=T&_csrf=%s&more=1", 422),
		FORM("it is no fault with a token", "/form", BEARER, "title=T&_csrf=%s", 204),
		FORM("nor where anyone may call", "/open-form", COOKIE OURS, "title=T&_csrf=%s",
		     204),
		FORM_WHERE("where no cookies are taken it is a field that nobody knows", "/form",
			   BEARER, "title=T&_csrf=%s", 422, true),
	};
	house_open(modules, NULL);
	house_stage.scene.app.authenticator = &by_cookie;
	int failed = rows_run("core/http/csrf", rows, COUNT_OF(rows));
	house_close(NULL);
	return failed;
}
