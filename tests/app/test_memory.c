/*
 * What a server keeps of secrets: nothing that can be read in its memory, wherever they came from, once they were used. Each
 * row looks through all that the process may write to.
 */
#include "support/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "support/await.h"
#include "support/client.h"
#include "support/memory.h"
#include "support/program.h"
#include "support/server.h"

/* No part of one is in another. */
#define SECRET "s4bW0vQeD1xJkL7mZr93TtNaGpYc58HfUiOoE2dKjRwXqBzV6MnPgShCyAlIu1F3"
#define FIRST "f7Hq2LmZx9RtWc4VbNgJ8sKdYp3EuAaQ6oTiX1rCzMvBhU5j"
#define WRONG "w9KzQ3xVt6BnRm1HcJpL8gFdSy4AuEeZ2oWiTq7XrCbNvM5h"
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

/* The libraries of a sanitizer are else bound at first calls, which saves registers on the stack. */
#define BIND_NOW "LD_BIND_NOW=1"

enum { VARS_MAX = 6, SETTINGS_ROOM = 2048 };

/* Where the two secrets of a server that starts come from; %s is its folder. */
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
		len += *at == '@' ? snprintf(text + len, sizeof(text) - (size_t)len, "%s",
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
	const char *args[8] = { "--config" }, *environ_[VARS_MAX + 2] = { BIND_NOW };
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
		const char *at = strchr(source->vars[i], '@');
		snprintf(vars[i], sizeof(vars[i]), "%.*s%s%s",
			 (int)(at ? at - source->vars[i] : 511), source->vars[i],
			 at ? server->folder : "", at ? at + 1 : "");
		environ_[i + 1] = vars[i];
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
	snprintf(body, sizeof(body), "{\"login\":\"admin\",\"password\":\"%s\"}", password);
	client_call(
		server,
		&(struct request){ .method = "POST", .target = "/api/v1/auth/login", .body = body },
		&reply);
	int status = reply.status;
	if (status == 200)
		assert_non_null(reply_text(&reply, "\"access_token\":\"", server->token,
					   sizeof(server->token)));
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
			  (const char *const[]){ BIND_NOW, NULL });
	is_gone(&server, "the signing secret", secret, 0);
	free(secret);
	free(log);
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
		     .ini = "secret_file = @/secret-key\n[first_superuser]\npassword_file = "
			    "@/password\n"),
		FROM("in files named in the environment", .files = true,
		     .vars = { "CROFT_AUTH_SECRET_FILE=@/secret-key",
			       "CROFT_FIRST_SUPERUSER_PASSWORD_FILE=@/password" }),
	};
	return rows_run("app/memory", rows, COUNT_OF(rows));
}
