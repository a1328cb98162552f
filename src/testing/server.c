/* Starting and stopping the real binary for tests. */
#include "testing/server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/child.h"
#include "testing/client.h"
#include "testing/folder.h"
#include "testing/json.h"
#include "testing/program.h"

enum { ARGS_MAX = 96 };

/*
 * A machine that is slow must not meet a limit on time unless the row is about it and sets its own.
 */
#define PATIENT "5m"

static void fail(const char *what)
{
	perror(what);
	abort();
}

char *server_log(const struct server *server)
{
	char *text = program_read(server->folder, "log");
	return text ? text : strdup("");
}

int server_logged(const struct server *server, const char *piece)
{
	char *log = server_log(server);
	int count = json_count(log, piece);
	free(log);
	return count;
}

static void output_to(int log_fd)
{
	close(STDERR_FILENO);
	close(STDOUT_FILENO);
	if (log_fd >= 0) {
		dup2(log_fd, STDERR_FILENO);
		dup2(log_fd, STDOUT_FILENO);
	}
}

static void server_exec(const struct server *server, const char *const *sets, int log_fd)
{
	static char data_dir[128], url[128];
	const char *args[ARGS_MAX] = { program_binary(), "serve",      "--config",
				       "/dev/null",      "--env-file", "/dev/null" };
	size_t count = 6;
	snprintf(data_dir, sizeof(data_dir), "app.data_dir=%s", server->folder);
	snprintf(url, sizeof(url), "database.url=sqlite:%s/croft.db", server->folder);
	const char *own[] = { data_dir,
			      url,
			      "server.port=0",
			      "log.format=json",
			      "auth.hash_memory_kib=1024",
			      "auth.hash_passes=1",
			      "first_superuser.password=" SERVER_PASSWORD,
			      "server.header_seconds=" PATIENT,
			      "server.body_seconds=" PATIENT,
			      "server.total_seconds=" PATIENT,
			      "server.idle_seconds=" PATIENT,
			      "server.shutdown_seconds=" PATIENT,
			      "database.busy_ms=" PATIENT,
			      "database.query_ms=" PATIENT,
			      "database.write_ms=" PATIENT,
			      "database.acquire_ms=" PATIENT,
			      "database.lock_ms=" PATIENT,
			      "database.connect_ms=" PATIENT };
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		args[count++] = "--set";
		args[count++] = own[i];
	}
	for (; sets && *sets && count < ARGS_MAX - 3; sets++) {
		args[count++] = "--set";
		args[count++] = *sets;
	}
	output_to(log_fd);
	await_start_delay();
	execv(args[0], (char **)(void *)args);
	_exit(127);
}

static void server_exec_bare(const char *const *words, const char *const *environ_, int log_fd)
{
	const char *args[ARGS_MAX] = { program_binary(), "serve" };
	for (size_t count = 2; *words && count < ARGS_MAX - 1; count++)
		args[count] = *words++;
	output_to(log_fd);
	await_start_delay();
	execve(args[0], (char **)(void *)args, (char **)(void *)environ_);
	_exit(127);
}

static int port_in_log(const struct server *server)
{
	char *log = json_swap(server_log(server));
	int port = 0;
	const char *at = strstr(log, "'event':'listening'");
	const char *number = at ? strstr(at, "'port':") : NULL;
	/* of a line that is whole: the log may be looked at in the middle of a write */
	if (number && strchr(number, '\n'))
		port = atoi(number + strlen("'port':"));
	free(log);
	return port;
}

void server_folder(struct server *server)
{
	strcpy(server->folder, "/tmp/croft-http-XXXXXX");
	if (!mkdtemp(server->folder))
		fail("mkdtemp");
}

void server_spawn(struct server *server, const char *const *sets, int log_fd)
{
	if (!*server->folder)
		server_folder(server);
	server->port = 0;
	server->pid = child_fork(SIGKILL);
	if (server->pid == 0)
		server_exec(server, sets, log_fd);
}

static int log_open(const struct server *server)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/log", server->folder);
	char old[140];
	snprintf(old, sizeof(old), "%s.old", path);
	rename(path, old);
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void server_await(struct server *server)
{
	for (struct await await = { 0 }; !server->port && await_more(&await);) {
		bool ended = waitpid(server->pid, NULL, WNOHANG) == server->pid;
		server->port = port_in_log(server);
		if (ended)
			break;
	}
	if (!server->port) {
		char *log = server_log(server);
		fprintf(stderr, "the server did not start:\n%s\n", log);
		free(log);
		abort();
	}
}

void server_begin(struct server *server, const char *const *sets)
{
	if (!*server->folder)
		server_folder(server);
	int log_fd = log_open(server);
	server_spawn(server, sets, log_fd);
	close(log_fd);
}

void server_restart(struct server *server, const char *const *sets)
{
	server_begin(server, sets);
	server_await(server);
}

void server_start_bare(struct server *server, const char *const *args, const char *const *environ_)
{
	if (!*server->folder)
		server_folder(server);
	int log_fd = log_open(server);
	server->port = 0;
	server->pid = child_fork(SIGKILL);
	if (server->pid == 0)
		server_exec_bare(args, environ_, log_fd);
	close(log_fd);
	server_await(server);
}

void server_start(struct server *server, const char *const *sets)
{
	memset(server, 0, sizeof(*server));
	server_restart(server, sets);
}

static int server_wait(struct server *server)
{
	int status = 0;
	waitpid(server->pid, &status, 0);
	server->pid = 0;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int server_stop(struct server *server)
{
	kill(server->pid, SIGTERM);
	return server_wait(server);
}

void server_kill(struct server *server)
{
	kill(server->pid, SIGKILL);
	server_wait(server);
}

void server_end(struct server *server)
{
	int status = server->pid ? server_stop(server) : 0;
	char *log = server_log(server);
	bool bad = status != 0 || strstr(log, "Sanitizer") || strstr(log, "runtime error:");
	if (bad) {
		fprintf(stderr, "the server ended with status %d:\n%s\n", status, log);
		abort();
	}
	free(log);
	folder_remove(server->folder);
	*server->folder = '\0';
}

/* Whether it was answered, other than with the advice to come back. */
static bool signed_in(struct server *server)
{
	struct reply reply;
	client_call(
		server,
		&(struct request){ .method = "POST",
				   .target = "/api/v1/auth/login",
				   .body = "{'login':'admin','password':'" SERVER_PASSWORD "'}" },
		&reply);
	bool again = reply.status == 503;
	if (!again && !*reply_text(&reply, "access_token", server->token, sizeof(server->token))) {
		fprintf(stderr, "signing in failed: %d %s\n", reply.status, reply.body);
		abort();
	}
	reply_done(&reply);
	return !again;
}

void server_sign_in(struct server *server)
{
	AWAIT(signed_in(server));
}
