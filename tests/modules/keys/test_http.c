/*
 * API keys over HTTP: how they are shown, and that a key that was shown is neither in the log nor
 * in the database.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/app_name.h"
#include "core/security.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

static struct server server;
/* Of root. */
static char key[128];

static void make_key(void)
{
	struct reply reply = client_ask(&server, "POST", "/api/v1/api-keys", "{'name':'k'}");
	assert_int_equal(reply.status, 201);
	reply_text(&reply, "key", key, sizeof(key));
	reply_done(&reply);
}

static int open_server(void **state)
{
	(void)state;
	server_start(&server, (const char *const[]){ "log.access=true", NULL });
	server_sign_in(&server);
	make_key();
	return 0;
}

static int close_server(void **state)
{
	(void)state;
	server_end(&server);
	return 0;
}

struct shown_case {
	const char *target;
	/* what stands before the key in headers, or in the target; NULL: not there */
	const char *own, *authorization, *query;
	/* behind it */
	const char *more;
	/* of a POST; NULL: it is a GET */
	const char *body;
	int status;
};

static void add_key(char *text, size_t room, const char *before, const char *behind)
{
	size_t len = strlen(text);
	if (before)
		snprintf(text + len, room - len, "%s%s%s", before, key, behind);
}

static struct reply ask(const struct shown_case *k)
{
	char headers[512] = "", target[256] = "", behind[16] = "\r\n";
	struct reply reply;
	if (k->more)
		snprintf(behind, sizeof(behind), "%s\r\n", k->more);
	snprintf(target, sizeof(target), "%s", k->target);
	add_key(headers, sizeof(headers), k->own, behind);
	add_key(headers, sizeof(headers), k->authorization, behind);
	add_key(target, sizeof(target), k->query, "");
	client_call(&server,
		    &(struct request){ .method = k->body ? "POST" : "GET",
				       .target = target,
				       .headers = headers,
				       .body = k->body },
		    &reply);
	return reply;
}

static void is_answered(void **state)
{
	const struct shown_case *k = *state;
	struct reply reply = ask(k);
	assert_int_equal(reply.status, k->status);
	reply_done(&reply);
}

/* No request waits for the log, so it is read when the server has ended. */
static void the_log_has_its_number(void **state)
{
	(void)state;
	assert_int_equal(server_stop(&server), 0);
	char *log = server_log(&server);
	assert_json_has(log, "'user_id':1,'key_id':1}");
	/* what is secret of it */
	assert_null(strstr(log, key + strlen(APP_NAME "_1_")));
	free(log);
	server_restart(&server, NULL);
}

/* What was used before the row above is written as its server stops. */
static void last_use_is_kept(void **state)
{
	(void)state;
	struct reply reply = client_ask(&server, "GET", "/api/v1/api-keys/1", NULL);
	assert_int_equal(reply.status, 200);
	assert_json_lacks(reply.body, "'last_used_at':null");
	reply_done(&reply);
	reply = client_ask(&server, "POST", "/api/v1/api-keys", "{'name':'other'}");
	assert_int_equal(reply.status, 201);
	assert_json_has(reply.body, "'last_used_at':null");
	reply_done(&reply);
}

/* ---- as a client of OAuth2 ---- */

struct client_case {
	/* a whole line */
	const char *header;
	/* behind the type of the grant */
	const char *form;
	const char *challenge;
};

static struct reply grant(const struct client_case *k)
{
	char headers[256], body[256];
	struct reply reply;
	snprintf(headers, sizeof(headers), "Content-Type: application/x-www-form-urlencoded\r\n%s",
		 k->header ? k->header : "");
	snprintf(body, sizeof(body), "grant_type=client_credentials%s", k->form ? k->form : "");
	client_call(&server,
		    &(struct request){ .method = "POST",
				       .target = "/api/v1/auth/token",
				       .headers = headers,
				       .body = body },
		    &reply);
	return reply;
}

#define CLIENT "&client_id=" APP_NAME "_1&client_secret="

static void a_client_acts_by_its_token(void **state)
{
	(void)state;
	char token[TOKEN_ROOM], form[192];
	snprintf(form, sizeof(form), CLIENT "%s", key);
	struct reply reply = grant(&(struct client_case){ .form = form });
	assert_int_equal(reply.status, 200);
	assert_json_lacks(reply.body, "refresh");
	assert_string_equal(reply_header(&reply, "Cache-Control"), "no-store");
	reply_text(&reply, "access_token", token, sizeof(token));
	reply_done(&reply);
	client_call(
		&server,
		&(struct request){ .method = "GET", .target = "/api/v1/users/me", .token = token },
		&reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	client_call(&server,
		    &(struct request){ .method = "POST",
				       .target = "/api/v1/api-keys",
				       .body = "{'name':'other'}",
				       .token = token },
		    &reply);
	assert_int_equal(reply.status, 403);
	reply_done(&reply);
}

static void a_client_is_refused(void **state)
{
	const struct client_case *k = *state;
	struct reply reply = grant(k);
	assert_int_equal(reply.status, 401);
	assert_json_has(reply.body, "'error':'invalid_client'");
	assert_string_equal(reply_header(&reply, "WWW-Authenticate"), k->challenge);
	reply_done(&reply);
}

#define REFUSED(sentence, ...) \
	ROW_OF(sentence, a_client_is_refused, (&(struct client_case){ __VA_ARGS__ }))
#define ANSWERED(sentence, ...) ROW_OF(sentence, is_answered, (&(struct shown_case){ __VA_ARGS__ }))
#define ME .target = "/api/v1/users/me"
#define OWN .own = "X-API-Key: "
#define BEARER .authorization = "Authorization: Bearer "

int main(void)
{
	const struct CMUnitTest rows[] = {
		ANSWERED("a key is taken in its header", ME, OWN, .status = 200),
		ANSWERED("so it is as a bearer token", ME, BEARER, .status = 200),
		ANSWERED("it is no password of Basic", ME, .authorization = "Authorization: Basic ",
			 .status = 401),
		ANSWERED("one with a letter too many is refused", ME, OWN, .more = "a",
			 .status = 401),
		ANSWERED("S08 two credentials are refused", ME, OWN, BEARER, .status = 400),
		ANSWERED("S08 a key in the query is none", ME,
			 .query = "?access_token=", .status = 401),
		ANSWERED("a key writes", .target = "/api/v1/posts", OWN, .body = "{'title':'T'}",
			 .status = 201),
		ANSWERED("a key makes no key", .target = "/api/v1/api-keys", OWN,
			 .body = "{'name':'other'}", .status = 403),
		ANSWERED("a superuser's key may not what is for superusers alone",
			 .target = "/api/v1/audit", OWN, .status = 403),
		ROW("S18 a client gets a token and no other, and it acts as the key",
		    a_client_acts_by_its_token),
		REFUSED("S18 a wrong secret in the form is refused", .form = CLIENT "wrong",
			.challenge = "Bearer"),
		REFUSED("S18 one by Basic is told so, with what it came by",
			.header = "Authorization: Basic Y3JvZnRfMTp3cm9uZw==\r\n",
			.challenge = "Basic realm=\"" APP_NAME "\""),
		ROW("S65 the log has the number of a key and nothing else", the_log_has_its_number),
		ROW("when a key was used last is kept when the server stops", last_use_is_kept),
	};
	return rows_run_with("modules/keys http", rows, COUNT_OF(rows), open_server, close_server);
}
