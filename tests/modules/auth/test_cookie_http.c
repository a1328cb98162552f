/* threaded */
/* A browser that signs in by cookie, changes something, and signs out. */
#include "testing/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/attr.h"
#include "testing/rows.h"
#include "testing/server.h"

enum { LINE_ROOM = 256 };

#define OURS "Sec-Fetch-Site: same-origin\r\n"
#define FOREIGN "Sec-Fetch-Site: cross-site\r\nOrigin: https://evil.example\r\n"
#define LOGIN "{'login':'admin','password':'" SERVER_PASSWORD "'}"

static struct server server;

/* What a browser has: header lines to send. */
struct browser {
	char cookie[LINE_ROOM], word[LINE_ROOM];
};

static int open_server(void **state)
{
	(void)state;
	server_start(&server,
		     (const char *const[]){ "auth.cookies=true", "limits.apply=off",
					    "server.cors_origins=https://evil.example", NULL });
	return 0;
}

static int close_server(void **state)
{
	(void)state;
	server_end(&server);
	return 0;
}

/* As a page of ours or another's. */
static void ask(const struct browser *b, const char *page, const char *method, const char *target,
		const char *body, struct reply *ret)
{
	char headers[3 * LINE_ROOM];
	snprintf(headers, sizeof(headers), "%s%s%s", page, b->cookie, b->word);
	client_call(&server,
		    &(struct request){
			    .method = method, .target = target, .headers = headers, .body = body },
		    ret);
}

static int status_of(const struct browser *b, const char *page, const char *method,
		     const char *target, const char *body)
{
	struct reply reply;
	ask(b, page, method, target, body, &reply);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

static void sign_in(struct browser *ret)
{
	struct reply reply;
	char word[LINE_ROOM / 2];
	*ret = (struct browser){ 0 };
	ask(ret, OURS, "POST", "/api/v1/auth/cookie", LOGIN, &reply);
	assert_int_equal(reply.status, 200);
	const char *set = reply_header(&reply, "Set-Cookie");
	assert_non_null(set);
	snprintf(ret->cookie, LINE_ROOM, "Cookie: a=b; %.*s\r\n", (int)strcspn(set, ";"), set);
	snprintf(ret->word, LINE_ROOM, "X-CSRF-Token: %s\r\n",
		 reply_text(&reply, "csrf_token", word, sizeof(word)));
	assert_string_equal(reply_header(&reply, "Cache-Control"), "no-store");
	reply_done(&reply);
}

#define ME "/api/v1/users/me"
#define POSTS "/api/v1/posts"
#define POST_BODY "{'title':'T'}"

static void reads_and_changes(void **state)
{
	(void)state;
	struct browser b;
	sign_in(&b);
	assert_int_equal(status_of(&b, OURS, "GET", ME, NULL), 200);
	assert_int_equal(status_of(&b, OURS, "POST", POSTS, POST_BODY), 201);
	assert_int_equal(status_of(&b, OURS, "POST", "/api/v1/auth/cookie/renew", NULL), 200);
}

static void is_told_its_word(void **state)
{
	(void)state;
	struct browser b;
	struct reply reply;
	char word[LINE_ROOM], line[2 * LINE_ROOM];
	sign_in(&b);
	ask(&b, OURS, "GET", "/api/v1/auth/cookie", NULL, &reply);
	assert_int_equal(reply.status, 200);
	snprintf(line, sizeof(line), "X-CSRF-Token: %s\r\n",
		 reply_text(&reply, "csrf_token", word, sizeof(word)));
	assert_string_equal(line, b.word);
	assert_null(reply_header(&reply, "Set-Cookie"));
	reply_done(&reply);
}

static void another_page_changes_nothing(void **state)
{
	const char *page = *state;
	struct browser b;
	sign_in(&b);
	assert_int_equal(status_of(&b, page, "POST", POSTS, POST_BODY), 403);
	assert_int_equal(status_of(&b, page, "POST", "/api/v1/auth/logout", NULL), 403);
	b.word[0] = '\0';
	assert_int_equal(status_of(&b, OURS, "POST", POSTS, POST_BODY), 403);
	assert_int_equal(status_of(&b, OURS, "GET", ME, NULL), 200);
}

static void signs_out(void **state)
{
	const char *target = *state;
	struct browser b;
	struct reply reply;
	sign_in(&b);
	ask(&b, OURS, "POST", target, NULL, &reply);
	assert_int_equal(reply.status, 204);
	assert_string_equal(reply_header(&reply, "Set-Cookie"),
			    "croft=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
	reply_done(&reply);
	assert_int_equal(status_of(&b, OURS, "GET", ME, NULL), 401);
}

/* Somebody signs out by a token, whose browser has the cookie of another sign-in. */
static void is_not_signed_out_with_a_token(void **state)
{
	(void)state;
	struct browser b;
	struct reply reply;
	sign_in(&b);
	server_sign_in(&server);
	client_call(&server,
		    &(struct request){ .method = "POST",
				       .target = "/api/v1/auth/logout",
				       .headers = b.cookie,
				       .token = server.token },
		    &reply);
	assert_int_equal(reply.status, 204);
	assert_null(reply_header(&reply, "Set-Cookie"));
	reply_done(&reply);
	assert_int_equal(status_of(&b, OURS, "GET", ME, NULL), 200);
}

/* The device stays known when somebody signs out there. */
static void keeps_its_device(void **state)
{
	(void)state;
	struct browser b;
	struct reply reply;
	ask(&(struct browser){ 0 }, OURS, "POST", "/api/v1/auth/cookie", LOGIN, &reply);
	assert_non_null(strstr(reply.head, "\r\nSet-Cookie: croft="));
	assert_non_null(strstr(reply.head, "\r\nSet-Cookie: croft-device="));
	reply_done(&reply);
	sign_in(&b);
	ask(&b, OURS, "POST", "/api/v1/auth/logout", NULL, &reply);
	assert_null(strstr(reply.head, "croft-device"));
	reply_done(&reply);
}

static void a_wrong_password_sets_none(void **state)
{
	(void)state;
	struct browser b = { 0 };
	struct reply reply;
	ask(&b, OURS, "POST", "/api/v1/auth/cookie", "{'login':'admin','password':'wrong one'}",
	    &reply);
	assert_int_equal(reply.status, 401);
	assert_null(reply_header(&reply, "Set-Cookie"));
	reply_done(&reply);
}

/* The database, what is beside it, and the log. */
static void is_in_no_file(void **state)
{
	(void)state;
	struct browser b;
	char command[2 * LINE_ROOM];
	sign_in(&b);
	assert_int_equal(status_of(&b, OURS, "GET", ME, NULL), 200);
	const char *secret = strchr(strstr(b.cookie, "croft="), '.') + 1;
	assert_int_equal(strcspn(secret, "\r"), 43);
	snprintf(command, sizeof(command), "grep -raF -e %.43s %s", secret, server.folder);
	/* of grep: nothing was found */
	assert_int_equal(WEXITSTATUS(system(command)), 1);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("who is signed in by cookie reads and changes", reads_and_changes),
		ROW("a page that is opened again is told its word", is_told_its_word),
		ROW_OF("S57 another page changes nothing in his name", another_page_changes_nothing,
		       FOREIGN),
		ROW_OF("S57 nor one that the browser does not tell", another_page_changes_nothing,
		       ""),
		ROW_OF("signing out takes the cookie back", signs_out, "/api/v1/auth/logout"),
		ROW_OF("and so does signing out everywhere", signs_out, "/api/v1/auth/logout-all"),
		ROW("a token that is signed out leaves the cookie of another session",
		    is_not_signed_out_with_a_token),
		ROW("signing in marks the device, and signing out leaves that", keeps_its_device),
		ROW("a wrong password sets none", a_wrong_password_sets_none),
		ROW("S65 its secret is in no file", is_in_no_file),
	};
	return rows_run_with("modules/auth/cookie_http", rows, COUNT_OF(rows), open_server,
			     close_server);
}
