/* long */
/*
 * What a server keeps of secrets: nothing that can be read in its memory, wherever they came from,
 * once they were used. Each row looks through all that the process may write to.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/str.h"
#include "cli/database.h"
#include "support/memory.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/postgres.h"
#include "testing/program.h"
#include "testing/server.h"

/* No part of one is in another. */
#define SECRET "s4bW0vQeD1xJkL7mZr93TtNaGpYc58HfUiOoE2dKjRwXqBzV6MnPgShCyAlIu1F3"
#define FIRST "f7Hq2LmZx9RtWc4VbNgJ8sKdYp3EuAaQ6oTiX1rCzMvBhU5j"
#define WRONG "w9KzQ3xVt6BnRm1HcJpL8gFdSy4AuEeZ2oWiTq7XrCbNvM5h"
/* "x:" and that in base64, as Basic has it */
#define WRONG_OF_X "eDp3OUt6UTN4VnQ2Qm5SbTFIY0pwTDhnRmRTeTRBdUVlWjJvV2lUcTdYckNiTnZNNWg="
#define NEXT "n3RvXk8CtWq5ZmJb1LgPd7HsYf9UaEo2QiTu4KxBrMzNcV6j"
#define OTHER "e5XcVb8NmQw1Rt3YpLk7JhGf2DsAzEu9IoTi4KxWrMzCnB6v"

/* AddressSanitizer has a copy of the environment. */
#if defined(__SANITIZE_ADDRESS__)
#define OF_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OF_SANITIZER 1
#endif
#endif
#ifndef OF_SANITIZER
#define OF_SANITIZER 0
#endif

/*
 * The libraries of a sanitizer are else bound at first calls, which saves registers on the stack.
 */
#define BIND_NOW "LD_BIND_NOW=1"

/* Its allocator in place of glibc's. */
#define FILL "ASAN_OPTIONS=max_free_fill_size=65536:free_fill_byte=0"

enum { VARS_MAX = 6, SETTINGS_ROOM = 2048 };

/* Where the two secrets of a server that starts come from; ~ is its folder. */
struct source {
	const char *ini, *env, *sets[3];
	const char *vars[VARS_MAX];
	bool files;  /* secret and password, in the folder */
	size_t most; /* how often they may be found */
};

static void put(const struct server *server, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", server->folder, name);
	FILE *file = fopen(path, "wx");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void put_settings(const struct server *server, const struct source *source)
{
	char text[SETTINGS_ROOM];
	int len = snprintf(
		text, sizeof(text),
		"[app]\ndata_dir = %s\ndebuggable = true\n[server]\nport = 0\nthreads = 2\n"
		"header_seconds = 5m\nbody_seconds = 5m\ntotal_seconds = 5m\n[log]\nformat = "
		"json\n[auth]\nhash_memory_kib = 1024\nhash_passes = 1\n",
		server->folder);
	const char *at = source->ini ? source->ini : "";
	for (; *at && len < SETTINGS_ROOM; at++)
		len += *at == '~' ? snprintf(text + len, sizeof(text) - (size_t)len, "%s",
					     server->folder)
				  : snprintf(text + len, sizeof(text) - (size_t)len, "%c", *at);
	put(server, "app.ini", text);
	if (source->env)
		put(server, ".env", source->env);
	if (source->files) {
		put(server, "secret-key", SECRET "\n");
		put(server, "password", FIRST "\n");
	}
}

static const char *config_of(const struct server *server)
{
	static char path[128];
	snprintf(path, sizeof(path), "%s/app.ini", server->folder);
	return path;
}

static void start(struct server *server, const struct source *source)
{
	char vars[VARS_MAX][512];
	const char *args[8] = { "--config" }, *environ_[VARS_MAX + 3] = { BIND_NOW, FILL };
	size_t count = 2;
	memset(server, 0, sizeof(*server));
	server_folder(server);
	put_settings(server, source);
	args[1] = config_of(server);
	for (size_t i = 0; source->sets[i]; i++) {
		args[count++] = "--set";
		args[count++] = source->sets[i];
	}
	for (size_t i = 0; source->vars[i]; i++) {
		const char *at = strchr(source->vars[i], '~');
		snprintf(vars[i], sizeof(vars[i]), "%.*s%s%s",
			 (int)(at ? at - source->vars[i] : 511), source->vars[i],
			 at ? server->folder : "", at ? at + 1 : "");
		environ_[i + 2] = vars[i];
	}
	server_start_bare(server, args, environ_);
}

/* Threads still end what they did when the answer is out already. */
static void is_gone(const struct server *server, const char *what, const char *text, size_t most)
{
	struct await await = { 0 };
	size_t found;
	while ((found = memory_count(server->pid, text)) > most)
		if (!await_more(&await)) {
			memory_show(server->pid, text);
			fail_msg("%s is in memory %zu times", what, found);
		}
}

static int ask(struct server *server, const struct request *request)
{
	struct reply reply;
	client_call(server, request, &reply);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

static int sign_in(struct server *server, const char *password)
{
	char body[256];
	struct reply reply;
	snprintf(body, sizeof(body), "{'login':'admin','password':'%s'}", password);
	client_call(
		server,
		&(struct request){ .method = "POST", .target = "/api/v1/auth/login", .body = body },
		&reply);
	int status = reply.status;
	if (status == 200)
		assert_string_not_equal(
			reply_text(&reply, "access_token", server->token, sizeof(server->token)),
			"");
	reply_done(&reply);
	return status;
}

/* ---- the secrets of the settings ---- */

static void secrets_of_the_settings_are_gone(void **state)
{
	const struct source *source = *state;
	struct server server;
	start(&server, source);
	is_gone(&server, "the signing secret", SECRET, source->most);
	is_gone(&server, "another signing secret", NEXT, source->most);
	is_gone(&server, "the first password", FIRST, source->most);
	is_gone(&server, "another first password", WRONG, source->most);
	assert_int_equal(sign_in(&server, FIRST), 200);
	assert_int_equal(ask(&server, &(struct request){ .method = "GET",
							 .target = "/api/v1/users/me",
							 .token = server.token }),
			 200);
	is_gone(&server, "the signing secret", SECRET, source->most);
	is_gone(&server, "the first password", FIRST, source->most);
	server_end(&server);
}

#define FROM(sentence, ...) \
	ROW_OF("of secrets " sentence " nothing is left in memory", \
	       secrets_of_the_settings_are_gone, (&(struct source){ __VA_ARGS__ }))

/* Up to the end of the line. */
static void cut_line(char *text)
{
	text[strcspn(text, "\n")] = '\0';
}

/* The password is shown once, on standard error, and the secret kept in a file. */
static void secrets_that_are_made_up_are_gone(void **state)
{
	(void)state;
	struct server server;
	start(&server, &(struct source){ 0 });
	char *secret = program_read(server.folder, "secret"), *log = server_log(&server);
	assert_non_null(secret);
	char *password = strstr(log, "password  ");
	assert_non_null(password);
	password += strlen("password  ");
	cut_line(password);
	is_gone(&server, "the signing secret", secret, 0);
	is_gone(&server, "the first password", password, 0);
	assert_int_equal(sign_in(&server, password), 200);
	is_gone(&server, "the first password", password, 0);
	server_stop(&server);
	server_start_bare(&server, (const char *const[]){ "--config", config_of(&server), NULL },
			  (const char *const[]){ BIND_NOW, FILL, NULL });
	is_gone(&server, "the signing secret", secret, 0);
	free(secret);
	free(log);
	server_end(&server);
}

/* ---- what clients send ---- */

/*
 * Requests whose bytes are sent in so many pieces, as they are; the connection is closed behind the
 * answer or before it.
 */
struct sent {
	const char *head, *body; /* the body with its quotes swapped */
	int status;              /* 0: the client goes away without an answer */
	bool kept;               /* the connection is still open when memory is looked at */
	bool whole;              /* head and body in one piece; else in pieces of 7 bytes */
	bool signed_in;
	const char *hash; /* what is stored of the password FIRST, by another system; or NULL */
};

/* Of other systems, of FIRST. */
#define BCRYPT "$2b$04$5eqfro2i0dNwVsZD9zIEiexKN2/RH7avixRhG0Kc4e3TzxSbGZ0Gq"
#define DIGESTED_BCRYPT "bcrypt_sha256$$2b$04$3BzGKf1ZWdNg77SR4LwDtOE4NDo0eBRis3AP3HRTno8pMscdNCdbi"
#define SHA256_CRYPT "$5$rounds=1000$abcdefgh$octQHJBcgm59c6DcE50odNs.WCD7F8vo.Wkpe0WtQU7"
#define SHA512_CRYPT \
	"$6$rounds=1000$w.1PEpVIfCk0xoqt$5zGXJX95uLVHeSCKJiUkRurLHVRDXKQPSmK9acNl2lf4zBQ4Ddb6b4tR" \
	"DEj/34Jh6rBScklForY9S8tnof8iR/"
#define YESCRYPT "$y$j75$abcdefgh1234$p9FsfwXVNxU.bi8b.MN0QmcR2GEopWfX2JoMI5PZoq6"
#define PBKDF2_SHA256 "pbkdf2_sha256$1000$eWG4QYPy85by$gEQTStbRPiA8ay05hyF7IWDpMFFQuhshHq9us2W93Qk="
#define PBKDF2_SHA512 \
	"$pbkdf2-sha512$1000$tpYSIgTAGOPcW4uR8j6nNA$A1dy.Qzid1d8YoCm9X7Tek8AcaCZl2w1d5MilRNsL8feO" \
	"btnoAMF2O1CzkG/VPLZz76FULXPemCThFoz0IMVpA"

#define HEAD(method, target, type) \
	method " " target " HTTP/1.1\r\nHost: a\r\nContent-Type: " type "\r\n"
#define JSON(method, target) HEAD(method, target, "application/json")
#define LOGIN JSON("POST", "/api/v1/auth/login")
#define FORM HEAD("POST", "/api/v1/auth/token", "application/x-www-form-urlencoded")

static void send_pieces(int fd, const char *bytes, size_t len, bool whole)
{
	size_t piece = whole ? len : 7;
	for (size_t at = 0; at < len; at += piece)
		client_send(fd, bytes + at, len - at < piece ? len - at : piece);
}

static void send_request(const struct server *server, const struct sent *sent, int fd)
{
	char bytes[4096];
	int len = snprintf(bytes, sizeof(bytes), "%s", sent->head);
	if (sent->signed_in)
		len += snprintf(bytes + len, sizeof(bytes) - (size_t)len,
				"Authorization: Bearer %s\r\n", server->token);
	if (sent->body && !strstr(sent->head, "chunked"))
		len += snprintf(bytes + len, sizeof(bytes) - (size_t)len, "Content-Length: %zu\r\n",
				strlen(sent->body) + (sent->status ? 0 : 100));
	len += snprintf(bytes + len, sizeof(bytes) - (size_t)len, "\r\n%s",
			sent->body ? sent->body : "");
	if (sent->body)
		json_swap(bytes + len - strlen(sent->body));
	send_pieces(fd, bytes, (size_t)len, sent->whole);
}

static void store_hash(const struct server *server, const char *hash)
{
	struct program folder = { 0 };
	char sql[512];
	snprintf(folder.folder, sizeof(folder.folder), "%s", server->folder);
	snprintf(sql, sizeof(sql), "UPDATE users SET password_hash = '%s'", hash);
	change(&folder, "croft.db", sql);
}

static void nothing_is_left(const struct server *server, const char *token)
{
	is_gone(server, "the right password", FIRST, 0);
	is_gone(server, "the wrong password", WRONG, 0);
	is_gone(server, "the new password", NEXT, 0);
	is_gone(server, "what is no token", OTHER, 0);
	is_gone(server, "the token", token, 0);
}

static void of_a_request_nothing_is_left(void **state)
{
	const struct sent *sent = *state;
	struct server server;
	struct reply reply;
	char token[512];
	start(&server, &(struct source){ .ini = "secret = " SECRET
						"\n[first_superuser]\npassword = " FIRST "\n" });
	assert_int_equal(sign_in(&server, FIRST), 200);
	strcpy(token, strrchr(server.token, '.') + 1);
	if (sent->hash)
		store_hash(&server, sent->hash);
	int fd = client_open(&server);
	send_request(&server, sent, fd);
	if (sent->status) {
		client_read(fd, false, &reply);
		if (reply.status != sent->status)
			fail_msg("%d %s", reply.status, reply.body);
		reply_done(&reply);
	}
	if (!sent->kept)
		close(fd);
	memset(server.token, 0, sizeof(server.token));
	nothing_is_left(&server, token);
	if (sent->kept)
		close(fd);
	server_end(&server);
}

#define SENT(sentence, ...) \
	ROW_OF(sentence ": nothing is left in memory", of_a_request_nothing_is_left, \
	       (&(struct sent){ __VA_ARGS__ }))

/* A wrong one, behind which nothing else is hashed that would go over the same stack. */
#define FOREIGN(kind, stored) \
	SENT("a wrong password by a hash of " kind, .head = LOGIN, .status = 401, .whole = true, \
	     .kept = true, .body = "{'login':'admin','password':'" WRONG "'}", .hash = (stored))

/* ---- PostgreSQL ---- */

/* With a password that the server does not ask for. */
static const char *with_password(const char *url, const char *password)
{
	static char made[2][256];
	static int turn;
	const char *at = strchr(url, '@');
	assert_non_null(at);
	turn = !turn;
	snprintf(made[turn], sizeof(made[0]), "%.*s:%s%s", (int)(at - url), url, password, at);
	return made[turn];
}

/* For the connections that are opened later. */
static void of_the_database_s_password_one_copy_is_left(void **state)
{
	const char *way = *state;
	struct server server;
	char url[POSTGRES_URL_ROOM], given[320], replica[320];
	postgres_database(url);
	snprintf(given, sizeof(given), "%s%s", way, with_password(url, OTHER));
	snprintf(replica, sizeof(replica), "database.replica_url=%s", with_password(url, NEXT));
	bool in_ini = str_starts(way, "["), in_set = str_starts(way, "database");
	start(&server, &(struct source){ .ini = in_ini ? given : NULL,
					 .sets = { replica, in_set ? given : NULL },
					 .vars = { in_ini || in_set ? NULL : given } });
	is_gone(&server, "the database's password", OTHER, 1 + OF_SANITIZER);
	is_gone(&server, "the replica's password", NEXT, 1);
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	is_gone(&server, "the database's password", OTHER, 1 + OF_SANITIZER);
	is_gone(&server, "the replica's password", NEXT, 1);
	server_end(&server);
}

static void what_is_there_is_found(void **state)
{
	(void)state;
	struct server server;
	start(&server, &(struct source){ .vars = { "OTHER=" OTHER } });
	assert_true(memory_count(server.pid, OTHER) > 0);
	assert_int_equal(memory_count(server.pid, NEXT), 0);
	server_end(&server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("what is in memory is found", what_is_there_is_found),
		ROW("of secrets that are made up nothing is left in memory",
		    secrets_that_are_made_up_are_gone),
		FROM("in app.ini",
		     .ini = "secret = " SECRET "\n[first_superuser]\npassword = " FIRST "\n"),
		FROM("in .env", .env = "CROFT_AUTH_SECRET=" SECRET
				       "\nexport CROFT_FIRST_SUPERUSER_PASSWORD=\"" FIRST "\"\n"),
		FROM("in the environment", .most = OF_SANITIZER,
		     .vars = { "CROFT_AUTH_SECRET=" SECRET,
			       "CROFT_FIRST_SUPERUSER_PASSWORD=" FIRST }),
		FROM("on the command line",
		     .sets = { "auth.secret=" SECRET, "first_superuser.password=" FIRST }),
		FROM("in several places, of which one counts,", .most = OF_SANITIZER,
		     .ini = "secret = " SECRET "\n[first_superuser]\npassword = " WRONG "\n",
		     .env = "CROFT_AUTH_SECRET=" SECRET "\n",
		     .vars = { "CROFT_AUTH_SECRET=" NEXT,
			       "CROFT_FIRST_SUPERUSER_PASSWORD=" FIRST }),
		FROM("in files named in app.ini", .files = true,
		     .ini = "secret_file = ~/secret-key\n[first_superuser]\npassword_file = "
			    "~/password\n"),
		SENT("a wrong password", .head = LOGIN, .status = 401, .whole = true,
		     .body = "{'login':'admin','password':'" WRONG "'}"),
		SENT("a wrong password on a connection that stays", .head = LOGIN, .status = 401,
		     .whole = true, .kept = true,
		     .body = "{'login':'admin','password':'" WRONG "'}"),
		SENT("a wrong password on a connection that is closed",
		     .head = LOGIN "Connection: close\r\n", .status = 401,
		     .body = "{'login':'admin','password':'" WRONG "'}"),
		SENT("a wrong password byte by byte", .head = LOGIN, .status = 401,
		     .body = "{'login':'admin','password':'" WRONG "'}"),
		SENT("a right password on a connection that stays", .head = LOGIN, .status = 200,
		     .kept = true, .body = "{'login':'admin','password':'" FIRST "'}"),
		SENT("a right password in chunks", .head = LOGIN "Transfer-Encoding: chunked\r\n",
		     .status = 200,
		     .body = "4d\r\n{'login':'admin','password':'" FIRST
			     "\r\n2\r\n'}\r\n0\r\n\r\n"),
		SENT("a password in a form", .head = FORM, .status = 200,
		     .body = "grant_type=password&username=admin&password=" FIRST),
		SENT("a wrong password in a form", .head = FORM, .status = 400, .whole = true,
		     .body = "grant_type=password&username=admin&password=" WRONG),
		SENT("the secret of a client in a form", .head = FORM, .status = 401, .whole = true,
		     .body = "grant_type=client_credentials&client_id=x&client_secret=" WRONG),
		SENT("one by Basic", .head = FORM "Authorization: Basic " WRONG_OF_X "\r\n",
		     .status = 401, .body = "grant_type=client_credentials"),
		SENT("a password in a body that is no JSON", .head = LOGIN, .status = 422,
		     .body = "{'login':'admin','password':'" WRONG "'"),
		SENT("a password in a body with a fault", .head = LOGIN, .status = 422,
		     .body = "{'login':7,'password':'" WRONG "'}"),
		SENT("a password at a place that takes none", .head = LOGIN, .status = 422,
		     .body = "{'login':'admin','pass':'" WRONG "'}"),
		SENT("a password of which the rest never comes", .head = LOGIN,
		     .body = "{'login':'admin','password':'" WRONG "'"),
		SENT("a password sent to nobody", .head = JSON("POST", "/api/v1/nothing"),
		     .status = 404, .kept = true, .body = "{'password':'" WRONG "'}"),
		SENT("a password sent as another type",
		     .head = HEAD("POST", "/api/v1/auth/login", "text/plain"), .status = 415,
		     .kept = true, .whole = true, .body = "{'password':'" WRONG "'}"),
		SENT("a change of the password", .head = JSON("POST", "/api/v1/users/me/password"),
		     .status = 204, .signed_in = true,
		     .body = "{'current_password':'" FIRST "','new_password':'" NEXT "'}"),
		FOREIGN("bcrypt", BCRYPT),
		FOREIGN("bcrypt behind SHA-256", DIGESTED_BCRYPT),
		FOREIGN("sha256-crypt", SHA256_CRYPT),
		FOREIGN("sha512-crypt", SHA512_CRYPT),
		FOREIGN("yescrypt", YESCRYPT),
		FOREIGN("PBKDF2", PBKDF2_SHA256),
		FOREIGN("PBKDF2 with SHA-512", PBKDF2_SHA512),
		SENT("an account with a password", .head = JSON("POST", "/api/v1/users"),
		     .status = 201, .signed_in = true,
		     .body = "{'username':'bob','email':'bob@example.com','password':'" NEXT "'}"),
		SENT("another password for an account", .head = JSON("PATCH", "/api/v1/users/1"),
		     .status = 200, .signed_in = true, .body = "{'password':'" NEXT "'}"),
		SENT("a token", .head = JSON("GET", "/api/v1/users/me"), .status = 200,
		     .signed_in = true),
		SENT("a token on a connection that stays", .head = JSON("GET", "/api/v1/users/me"),
		     .status = 200, .signed_in = true, .whole = true, .kept = true),
		SENT("a token on a connection that is closed",
		     .head = JSON("GET", "/api/v1/users/me") "Connection: close\r\n", .status = 200,
		     .signed_in = true),
		SENT("a token that is none",
		     .head = JSON("GET", "/api/v1/users/me") "Authorization: Bearer " OTHER "\r\n",
		     .status = 401),
		SENT("a token in a head that never ends",
		     .head = "GET / HTTP/1.1\r\nAuthorization: Bearer " OTHER "\r\nX:"),
		SENT("a token in a head that is refused",
		     .head = "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nAuthorization: Bearer " OTHER
			     "\r\n",
		     .status = 400),
		ROW_OF("the database's password in app.ini: one copy is left",
		       of_the_database_s_password_one_copy_is_left,
		       "[database]\npool_min = 3\nurl = "),
		ROW_OF("the database's password in the environment: one copy is left",
		       of_the_database_s_password_one_copy_is_left, "CROFT_DATABASE_URL="),
		ROW_OF("the database's password on the command line: one copy is left",
		       of_the_database_s_password_one_copy_is_left, "database.url="),
		FROM("in files named in the environment", .files = true,
		     .vars = { "CROFT_AUTH_SECRET_FILE=~/secret-key",
			       "CROFT_FIRST_SUPERUSER_PASSWORD_FILE=~/password" }),
	};
	return rows_run("app/memory", rows, COUNT_OF(rows));
}
