/*
 * Where the keys that sign access tokens are: the test opens one as only who knows auth.secret can,
 * and looks for it in all that a server writes and answers, and in its memory. And an API key.
 */
#include "testing/rows.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "cli/database.h"
#include "support/memory.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/server.h"

#define SECRET "0v5dDqk3Zb8sWfYx1LmHtR6uCgJpNaEe"
#define PURPOSE(of) "\0croft purpose:\0" of

enum { KEY_BYTES = 32, SPELLED_ROOM = 2 * KEY_BYTES + 1, SEALED_ROOM = 128 };
/* of an API key, and of what is random of it */
enum { API_KEY_ROOM = 64, API_SECRET_LEN = 26 };

struct secret_key {
	unsigned char bytes[KEY_BYTES];
	/* in memory */
	size_t copies;
};

struct canary {
	struct server server;
	char sealed[SEALED_ROOM];
	/* what is drawn, and what Ed25519's pair is made of */
	struct secret_key keys[2];
	size_t key_count;
	/* what is random of the API key, or "" */
	char api_secret[API_SECRET_LEN + 1];
};

/* ---- a server with a key that was drawn ---- */

static void start(struct canary *k, const char *signing)
{
	char folder[128];
	memset(k, 0, sizeof(*k));
	server_folder(&k->server);
	snprintf(folder, sizeof(folder), "app.data_dir=%s", k->server.folder);
	/* see test_memory.c */
	server_start_bare(
		&k->server,
		(const char *const[]){ "--set", folder, "--set", signing, "--set", "server.port=0",
				       "--set", "app.debuggable=on", "--set", "log.format=json",
				       "--set", "auth.secret=" SECRET, "--set", "server.threads=2",
				       "--set", "first_superuser.password=" SERVER_PASSWORD, NULL },
		(const char *const[]){ "LD_BIND_NOW=1",
				       "ASAN_OPTIONS=max_free_fill_size=65536:free_fill_byte=0",
				       NULL });
}

static void rotate(const struct canary *k)
{
	struct program p;
	char folder[128];
	snprintf(folder, sizeof(folder), "app.data_dir=%s", k->server.folder);
	program_open(&p);
	program(&p, "auth", "rotate-keys", "--forget", "--set", folder, "--set",
		"auth.secret=" SECRET);
	program_assert_code(&p, 0);
	program_close(&p);
	AWAIT(server_logged(&k->server, "'event':'the keys that sign access tokens were changed'"));
}

static void read_sealed(struct canary *k)
{
	struct scene scene;
	scene_open(&scene);
	const struct db_options options = { .url = arena_printf(&scene.arena, "sqlite:%s/croft.db",
								k->server.folder) };
	assert_int_equal(db_open(&scene.c, &options, &scene.app.db), APP_OK);
	{
		AUTO(db_rows) rows = { 0 };
		bool has_row = false;
		assert_int_equal(db_query(&scene.c, "SELECT sealed FROM auth_keys", BIND(), &rows),
				 APP_OK);
		assert_int_equal(db_rows_next(&rows, &has_row), APP_OK);
		assert_true(has_row);
		snprintf(k->sealed, sizeof(k->sealed), "%s", db_column_text(&rows, 0, NULL));
	}
	db_close(scene.app.db);
	scene_close(&scene);
}

static void derive(const void *root, size_t root_len, const char *purpose, size_t purpose_len,
		   unsigned char ret[KEY_BYTES])
{
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, root, root_len);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose, purpose_len);
	crypto_auth_hmacsha256_final(&state, ret);
}

#define DERIVE(root, len, of, ret) derive(root, len, PURPOSE(of), sizeof(PURPOSE(of)) - 1, ret)

static void open_sealed(struct canary *k)
{
	unsigned char key[KEY_BYTES], sealed[SEALED_ROOM];
	size_t len;
	DERIVE(SECRET, strlen(SECRET), "seal of a token key", key);
	assert_true(
		str_base64url_decode(k->sealed, strlen(k->sealed), sealed, sizeof(sealed), &len));
	assert_int_equal(len, crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + KEY_BYTES);
	assert_int_equal(crypto_secretbox_open_easy(k->keys[0].bytes,
						    sealed + crypto_secretbox_NONCEBYTES,
						    len - crypto_secretbox_NONCEBYTES, sealed, key),
			 0);
	DERIVE(k->keys[0].bytes, KEY_BYTES, "token key ed25519", k->keys[1].bytes);
	k->key_count = COUNT_OF(k->keys);
}

/* ---- where it may be ---- */

static bool has(const char *text, size_t len, const void *piece, size_t piece_len)
{
	return memmem(text, len, piece, piece_len) != NULL;
}

static void assert_has_none(const struct canary *k, const char *where, const char *text, size_t len)
{
	static const int variants[] = { sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
					sodium_base64_VARIANT_URLSAFE_NO_PADDING };
	for (size_t i = 0; i < k->key_count; i++) {
		const unsigned char *key = k->keys[i].bytes;
		char spelled[SPELLED_ROOM];
		bool is_there = has(text, len, key, KEY_BYTES);
		for (size_t v = 0; v < COUNT_OF(variants); v++) {
			sodium_bin2base64(spelled, sizeof(spelled), key, KEY_BYTES, variants[v]);
			is_there = is_there || has(text, len, spelled, strlen(spelled));
		}
		str_hex(key, KEY_BYTES, spelled);
		is_there = is_there || has(text, len, spelled, strlen(spelled));
		for (char *at = spelled; *at; at++)
			*at = str_upper(*at);
		if (is_there || has(text, len, spelled, strlen(spelled)))
			fail_msg("key %zu is in %s", i, where);
	}
	if (has(text, len, SECRET, strlen(SECRET)))
		fail_msg("auth.secret is in %s", where);
	if (*k->api_secret && has(text, len, k->api_secret, API_SECRET_LEN))
		fail_msg("the API key is in %s", where);
}

static bool look_into(const struct canary *k, const char *name)
{
	char path[512];
	size_t len = 0, room = 64 * 1024 * 1024;
	snprintf(path, sizeof(path), "%s/%s", k->server.folder, name);
	FILE *file = fopen(path, "r");
	char *text = malloc(room);
	assert_non_null(text);
	if (file) {
		len = fread(text, 1, room, file);
		assert_true(feof(file));
		fclose(file);
	}
	assert_has_none(k, name, text, len);
	bool is_sealed_there = has(text, len, k->sealed, strlen(k->sealed));
	free(text);
	return is_sealed_there;
}

/* The database has it sealed. */
static void look_into_files(const struct canary *k)
{
	DIR *folder = opendir(k->server.folder);
	int sealed = 0;
	assert_non_null(folder);
	for (struct dirent *at; (at = readdir(folder));)
		if (at->d_type == DT_REG)
			sealed += look_into(k, at->d_name);
	closedir(folder);
	assert_true(sealed > 0);
}

static void look_into_answer(const struct canary *k, const char *target, const char *headers,
			     const char *token)
{
	struct reply reply;
	client_call(&k->server,
		    &(struct request){
			    .method = "GET", .target = target, .headers = headers, .token = token },
		    &reply);
	assert_has_none(k, target, reply.body, reply.body_len);
	reply_done(&reply);
}

static void look_into_answers(struct canary *k)
{
	char wrong[sizeof(k->server.token)];
	server_sign_in(&k->server);
	snprintf(wrong, sizeof(wrong), "%.*sAAAA", (int)strlen(k->server.token) - 4,
		 k->server.token);
	assert_has_none(k, "a token", k->server.token, strlen(k->server.token));
	look_into_answer(k, "/.well-known/jwks.json", NULL, NULL);
	look_into_answer(k, "/api/v1/users/me", NULL, k->server.token);
	look_into_answer(k, "/api/v1/users/me", NULL, wrong);
	look_into_answer(k, "/api/v1/users/me", "Accept: text/html\r\n", wrong);
}

/* The log says that a key was taken in when no copy of it is left. */
static void look_into_memory(const struct canary *k)
{
	for (size_t i = 0; i < COUNT_OF(k->keys); i++) {
		const struct secret_key *key = &k->keys[i];
		size_t found = memory_count_bytes(k->server.pid, key->bytes, KEY_BYTES);
		if (found == key->copies)
			continue;
		memory_show_bytes(k->server.pid, key->bytes, KEY_BYTES);
		fail_msg("key %zu is in memory %zu times", i, found);
	}
}

static void a_key_is_nowhere(void **state)
{
	struct canary k;
	bool is_eddsa = !strcmp(*state, "auth.signing=eddsa");
	start(&k, *state);
	rotate(&k);
	read_sealed(&k);
	open_sealed(&k);
	/* libsodium keeps what it signs with behind the public key */
	k.keys[1].copies = is_eddsa;
	look_into_memory(&k);
	look_into_answers(&k);
	look_into_memory(&k);
	look_into_files(&k);
	assert_int_equal(server_stop(&k.server), 0);
	look_into_files(&k);
	server_end(&k.server);
}

/* ---- an API key ---- */

/* What the database has of it is found as what is sealed is. */
static void make_api_key(struct canary *k, char ret[API_KEY_ROOM])
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	struct reply reply = client_ask(&k->server, "POST", "/api/v1/api-keys", "{'name':'k'}");
	assert_int_equal(reply.status, 201);
	reply_text(&reply, "key", ret, API_KEY_ROOM);
	reply_done(&reply);
	memcpy(k->api_secret, ret + strlen(APP_NAME "_1_"), API_SECRET_LEN);
	crypto_hash_sha256(digest, (const unsigned char *)k->api_secret, API_SECRET_LEN);
	str_hex(digest, sizeof(digest), k->sealed);
}

/* Good, twice, where it does not belong, and in all that tells of keys. */
static void show_api_key(const struct canary *k, const char *key)
{
	char own[128], query[128];
	snprintf(own, sizeof(own), "X-API-Key: %s\r\n", key);
	snprintf(query, sizeof(query), "/api/v1/users/me?access_token=%s", key);
	look_into_answer(k, "/api/v1/users/me", own, NULL);
	look_into_answer(k, "/api/v1/users/me", own, key);
	look_into_answer(k, query, NULL, NULL);
	look_into_answer(k, "/api/v1/api-keys", NULL, key);
	look_into_answer(k, "/api/v1/audit", NULL, k->server.token);
}

static void an_api_key_is_nowhere(void **state)
{
	struct canary k;
	char key[API_KEY_ROOM];
	start(&k, *state);
	server_sign_in(&k.server);
	make_api_key(&k, key);
	show_api_key(&k, key);
	AWAIT(server_logged(&k.server, "'key_id':1"));
	look_into_files(&k);
	assert_int_equal(server_stop(&k.server), 0);
	look_into_files(&k);
	server_end(&k.server);
}

static const struct CMUnitTest rows[] = {
	ROW_OF("S65 a key that signs is sealed in the database, and in no log, answer or memory",
	       a_key_is_nowhere, "auth.signing=hs256"),
	ROW_OF("S65 nor is one of EdDSA, but for the one copy in memory that is locked",
	       a_key_is_nowhere, "auth.signing=eddsa"),
	ROW_OF("S65 an API key that was shown is in no file, log or later answer",
	       an_api_key_is_nowhere, "log.access=true"),
};

int main(void)
{
	return rows_run("app/serve_canary", rows, COUNT_OF(rows));
}
