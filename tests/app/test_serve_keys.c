/* threaded */
/*
 * Servers and the keys that sign their tokens: a key that another process adds is taken in without
 * a restart, by all servers of the database.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>

#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/program.h"
#include "testing/server.h"

static int me(const struct server *server, const char *token)
{
	struct reply reply;
	client_call(
		server,
		&(struct request){ .method = "GET", .target = "/api/v1/users/me", .token = token },
		&reply);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

/* What `croft auth rotate-keys` says that another process of the same user runs. */
static void rotate(const struct server *server, const char *option)
{
	struct program p;
	char set[128];
	snprintf(set, sizeof(set), "app.data_dir=%s", server->folder);
	program_open(&p);
	program(&p, "auth", "rotate-keys", "--set", set, option);
	program_assert_code(&p, 0);
	program_close(&p);
}

struct pair {
	struct server first, second;
};

/* Two servers of one database. */
static void pair_open(struct pair *pair)
{
	server_start(&pair->first, NULL);
	memset(&pair->second, 0, sizeof(pair->second));
	memcpy(pair->second.folder, pair->first.folder, sizeof(pair->second.folder));
	server_begin(&pair->second, NULL);
	server_await(&pair->second);
	server_sign_in(&pair->first);
	assert_int_equal(me(&pair->second, pair->first.token), 200);
}

static void pair_close(struct pair *pair)
{
	assert_int_equal(server_stop(&pair->second), 0);
	server_end(&pair->first);
}

#define TAKEN_IN "'event':'the keys that sign access tokens were changed'"

static void a_key_is_taken_in_by_all(void **state)
{
	(void)state;
	struct pair pair;
	char before[sizeof(pair.first.token)];
	pair_open(&pair);
	memcpy(before, pair.first.token, sizeof(before));
	rotate(&pair.first, NULL);
	AWAIT(server_logged(&pair.second, TAKEN_IN));
	assert_int_equal(me(&pair.first, before), 200);
	assert_int_equal(me(&pair.second, before), 200);
	rotate(&pair.first, "--forget");
	AWAIT(me(&pair.first, before) == 401);
	AWAIT(me(&pair.second, before) == 401);
	server_sign_in(&pair.first);
	assert_int_equal(me(&pair.first, pair.first.token), 200);
	assert_int_equal(me(&pair.second, pair.first.token), 200);
	pair_close(&pair);
}

/* Sealed with a secret that the server does not have: it goes on as it was, and says so once. */
static void keys_of_another_secret_change_nothing(void **state)
{
	(void)state;
	struct server server;
	struct program p;
	char set[128];
	server_start(&server, NULL);
	server_sign_in(&server);
	snprintf(set, sizeof(set), "app.data_dir=%s", server.folder);
	program_open(&p);
	program(&p, "auth", "rotate-keys", "--forget", "--set", set, "--set",
		"auth.secret=another secret of more than 32 bytes");
	program_assert_code(&p, 0);
	AWAIT(server_logged(&server, "'event':'the keys that sign access tokens stay as they "
				     "were'"));
	assert_int_equal(me(&server, server.token), 200);
	server_sign_in(&server);
	assert_int_equal(me(&server, server.token), 200);
	server_stop(&server);
	program(&p, "serve", "--set", set, "--set", "server.port=0");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft: start failed: the keys that sign access tokens were sealed "
			       "with another auth.secret, or changed: set the secret from before, "
			       "or run `croft auth rotate-keys --forget`");
	program_close(&p);
	server_end(&server);
}

/* ---- public keys ---- */

static struct reply ask_public(const struct server *server)
{
	struct reply reply;
	client_call(server,
		    &(struct request){ .method = "GET", .target = "/.well-known/jwks.json" },
		    &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply_header(&reply, "Cache-Control"), "public, max-age=300");
	return reply;
}

static int count_public(const struct server *server)
{
	struct reply reply = ask_public(server);
	int count = json_count(reply.body, "{'kty':'OKP','crv':'Ed25519','alg':'EdDSA',"
					   "'use':'sig','kid':'");
	assert_json_lacks(reply.body, "'d':");
	reply_done(&reply);
	return count;
}

/* A key is public well before it signs, and is forgotten here as everywhere. */
static void public_keys_are_those_of_the_ring(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "auth.signing=eddsa", NULL });
	server_sign_in(&server);
	assert_int_equal(me(&server, server.token), 200);
	assert_int_equal(count_public(&server), 1);
	rotate(&server, NULL);
	AWAIT(count_public(&server) == 2);
	assert_int_equal(me(&server, server.token), 200);
	rotate(&server, "--forget");
	AWAIT(count_public(&server) == 1);
	assert_int_equal(me(&server, server.token), 401);
	server_end(&server);
}

static void secret_keys_are_not_public(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	struct reply reply = ask_public(&server);
	assert_string_equal(reply.body, "{\"keys\":[]}");
	reply_done(&reply);
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW("a key that another process adds is taken in by all servers, without a restart",
	    a_key_is_taken_in_by_all),
	ROW("keys of another secret change nothing in a server that runs, and end the next start",
	    keys_of_another_secret_change_nothing),
	ROW("the public keys of EdDSA are those of the ring, which others may keep for minutes",
	    public_keys_are_those_of_the_ring),
	ROW("of HS256 no key is public", secret_keys_are_not_public),
};

int main(void)
{
	return rows_run("app/serve_keys", rows, sizeof(rows) / sizeof(rows[0]));
}
