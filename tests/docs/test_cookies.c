/* threaded */
/* The module of docs/cookies.md in a server: what a browser is told to keep, and sends back. */
#include "core/http/house.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "docs/theme.h"
#include "testing/client.h"

enum { COOKIE_ROOM = 512 };

#define DARK "{'name':'dark'}"

/* As a browser with this header Cookie; NULL: it has none. */
static void ask(const char *method, const char *body, const char *cookie, struct reply *ret)
{
	char headers[2 * COOKIE_ROOM + 32];
	snprintf(headers, sizeof(headers), "Cookie: %s\r\n", cookie ? cookie : "");
	client_call(&house_server,
		    &(struct request){ .method = method,
				       .target = "/api/v1/theme",
				       .body = body,
				       .headers = cookie ? headers : NULL },
		    ret);
}

/* What a browser sends back of Set-Cookie. */
static void keep(const struct reply *reply, char ret[COOKIE_ROOM])
{
	const char *set = reply_header(reply, "Set-Cookie");
	assert_non_null(set);
	snprintf(ret, COOKIE_ROOM, "%.*s", (int)strcspn(set, ";"), set);
}

static void choose_dark(char ret[COOKIE_ROOM])
{
	struct reply reply;
	ask("PUT", DARK, NULL, &reply);
	assert_int_equal(reply.status, 200);
	keep(&reply, ret);
	reply_done(&reply);
}

static void is_told(const char *cookie, const char *want)
{
	struct reply reply;
	ask("GET", NULL, cookie, &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.body, want);
	assert_null(reply_header(&reply, "Set-Cookie"));
	reply_done(&reply);
}

static void is_kept(void **state)
{
	char cookie[COOKIE_ROOM];
	(void)state;
	is_told(NULL, "{\"name\":null}");
	choose_dark(cookie);
	assert_non_null(strstr(cookie, "__Host-theme="));
	is_told(cookie, "{\"name\":\"dark\"}");
}

static void is_as_none_when_changed(void **state)
{
	char cookie[COOKIE_ROOM];
	(void)state;
	choose_dark(cookie);
	cookie[strlen(cookie) - 10] ^= 1;
	is_told(cookie, "{\"name\":null}");
}

static void is_as_none_when_twice(void **state)
{
	char cookie[COOKIE_ROOM], twice[2 * COOKIE_ROOM + 2];
	(void)state;
	choose_dark(cookie);
	snprintf(twice, sizeof(twice), "%s; %s", cookie, cookie);
	is_told(twice, "{\"name\":null}");
}

static void is_forgotten(void **state)
{
	char cookie[COOKIE_ROOM];
	struct reply reply;
	(void)state;
	choose_dark(cookie);
	ask("PUT", "{'name':null}", cookie, &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply_header(&reply, "Set-Cookie"),
			    "__Host-theme=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
	reply_done(&reply);
}

static void is_not_set_by_a_refusal(void **state)
{
	struct reply reply;
	(void)state;
	ask("PUT", "{'name':'pink'}", NULL, &reply);
	assert_int_equal(reply.status, 422);
	assert_null(reply_header(&reply, "Set-Cookie"));
	reply_done(&reply);
}

int main(void)
{
	static const struct module *const modules[] = { &theme_module, NULL };
	const struct CMUnitTest rows[] = {
		ROW("what was chosen comes back with the cookie", is_kept),
		ROW("one that was changed is as none", is_as_none_when_changed),
		ROW("two of them are as none", is_as_none_when_twice),
		ROW("it is forgotten when nothing is chosen", is_forgotten),
		ROW("a refusal sets none", is_not_set_by_a_refusal),
	};
	house_open(modules, NULL);
	/* where browsers come by https */
	house_stage.options.environment = ENV_TESTING;
	int failed = rows_run("docs/cookies", rows, COUNT_OF(rows));
	house_close(NULL);
	return failed;
}
