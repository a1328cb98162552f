/*
 * A running server whose passwords are guessed: a thousand wrong ones for one account, while its
 * owner signs in. How many are looked at exactly is known where the clock stands still
 * (tests/modules/auth/test_attempts.c); here it is enough that they are few, however slow we are.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testing/client.h"
#include "testing/server.h"

enum { GUESSES = 1000, FEW = 200, LINE_ROOM = 256 };

#define LOGIN "/api/v1/auth/login"
#define BY_COOKIE "/api/v1/auth/cookie"
#define PROXIED "server.trusted_proxies=127.0.0.1"
#define OWNER "203.0.113.7"

static void begin(struct server *server, const char *more)
{
	server_start(server, (const char *const[]){ "limits.apply=on", "auth.hash_memory_kib=1024",
						    "auth.hash_passes=1", "auth.cookies=true", more,
						    NULL });
}

static struct reply sign_in(const struct server *server, const char *from, const char *password)
{
	char headers[128], body[128];
	struct reply reply;
	snprintf(headers, sizeof(headers), "X-Forwarded-For: %s\r\n", from);
	snprintf(body, sizeof(body), "{'login':'admin','password':'%s'}", password);
	client_call(server,
		    &(struct request){
			    .method = "POST", .target = LOGIN, .headers = headers, .body = body },
		    &reply);
	return reply;
}

/* Whether it was looked at; else it was told when to come again. */
static bool guess(const struct server *server, const char *from)
{
	struct reply reply = sign_in(server, from, "a wrong password");
	bool is_looked_at = reply.status == 401;
	if (!is_looked_at) {
		assert_int_equal(reply.status, 429);
		assert_true(atoi(reply_header(&reply, "Retry-After")) > 0);
	}
	reply_done(&reply);
	return is_looked_at;
}

static void owner_signs_in(const struct server *server)
{
	struct reply reply = sign_in(server, OWNER, SERVER_PASSWORD);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
}

/* From one address; NULL: from another each time. */
static int guess_often(const struct server *server, const char *address)
{
	int looked_at = 0;
	for (int i = 0; i < GUESSES; i++) {
		char from[64];
		snprintf(from, sizeof(from), "198.51.%d.%d", i / 100, i % 100);
		looked_at += guess(server, address ? address : from);
		if (i % 100 == 99)
			owner_signs_in(server);
	}
	return looked_at;
}

static void from_one_address(void **state)
{
	struct server server;
	(void)state;
	begin(&server, PROXIED);
	assert_in_range(guess_often(&server, "198.51.100.1"), 5, FEW);
	server_end(&server);
}

static void from_a_thousand(void **state)
{
	struct server server;
	(void)state;
	begin(&server, PROXIED);
	owner_signs_in(&server);
	assert_in_range(guess_often(&server, NULL), 100, FEW);
	server_end(&server);
}

/* What the browser keeps of its device. */
static void device_signs_in(const struct server *server, const char *from, char cookie[LINE_ROOM])
{
	char headers[2 * LINE_ROOM];
	struct reply reply;
	snprintf(headers, sizeof(headers), "X-Forwarded-For: %s\r\n%s", from, cookie);
	client_call(
		server,
		&(struct request){ .method = "POST",
				   .target = BY_COOKIE,
				   .headers = headers,
				   .body = "{'login':'admin','password':'" SERVER_PASSWORD "'}" },
		&reply);
	assert_int_equal(reply.status, 200);
	const char *kept = strstr(reply.head, "Set-Cookie: croft-device=");
	assert_non_null(kept);
	kept += strlen("Set-");
	snprintf(cookie, LINE_ROOM, "%.*s\r\n", (int)strcspn(kept, ";"), kept);
	reply_done(&reply);
}

/* He travels, too. */
static void from_a_thousand_on_his_device(void **state)
{
	struct server server;
	char cookie[LINE_ROOM] = "", from[64];
	int looked_at = 0;
	(void)state;
	begin(&server, PROXIED);
	device_signs_in(&server, OWNER, cookie);
	for (int i = 0; i < GUESSES; i++) {
		snprintf(from, sizeof(from), "198.51.%d.%d", i / 100, i % 100);
		looked_at += guess(&server, from);
		snprintf(from, sizeof(from), "192.0.2.%d", i / 100);
		if (i % 100 == 99)
			device_signs_in(&server, from, cookie);
	}
	assert_in_range(looked_at, 100, FEW);
	server_end(&server);
}

/* Who says of himself that he is many is one, when nobody trusts him. */
static void by_one_who_says_he_is_many(void **state)
{
	struct server server;
	int looked_at = 0;
	(void)state;
	begin(&server, NULL);
	for (int i = 0; i < FEW; i++) {
		char from[64];
		snprintf(from, sizeof(from), "198.51.100.%d", i);
		looked_at += guess(&server, from);
	}
	assert_in_range(looked_at, 5, FEW / 2);
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW("S27 S68 a thousand guesses from one address, and the owner signs in",
	    from_one_address),
	ROW("S27 S68 a thousand guesses from as many addresses, and the owner signs in",
	    from_a_thousand),
	ROW("S27 S68 the same, and the owner signs in on his device from wherever he is",
	    from_a_thousand_on_his_device),
	ROW("S27 addresses that nobody vouches for are one", by_one_who_says_he_is_many),
};

int main(void)
{
	return rows_run("app/serve, guesses", rows, sizeof(rows) / sizeof(rows[0]));
}
