/*
 * The server and whoever reads its log, or does not: a pipe that is full, that is read again, that
 * is closed, and no standard error at all. Neither answers nor the end depend on it.
 */
#include "testing/rows.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/port.h"
#include "testing/program.h"
#include "testing/server.h"

enum {
	PATH_LEN = 1900,
	REQUESTS = 9000, /* times PATH_LEN: twice what the log holds back */
	A_FEW = 50,
};

/* ---- a server whose log is a pipe ---- */

struct piped {
	struct server server;
	FILE *log; /* our end */
};

/* Reads the log until the server listens, and no further. */
static void piped_start(struct piped *p, const char *const *sets)
{
	int fds[2];
	memset(p, 0, sizeof(*p));
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	server_spawn(&p->server, sets, fds[1]);
	close(fds[1]);
	p->log = fdopen(fds[0], "r");
	assert_non_null(p->log);
	char line[4096];
	while (!p->server.port && fgets(line, sizeof(line), p->log)) {
		if (json_has(line, "'event':'listening'"))
			p->server.port = (int)json_int(line, "port");
	}
	assert_true(p->server.port > 0);
}

static void piped_end(struct piped *p)
{
	if (p->log)
		fclose(p->log);
	server_end(&p->server);
}

/*
 * Whether the process ends within the patience, and how; it does not hang the test when it does
 * not.
 */
static int end_status(struct server *server)
{
	struct await await = { 0 };
	int status;
	do {
		if (waitpid(server->pid, &status, WNOHANG) == server->pid) {
			server->pid = 0;
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		}
	} while (await_more(&await));
	server_kill(server);
	return -1;
}

/* Each makes a line of the log of some two thousand bytes. */
static void requests_answer(const struct server *server, int count)
{
	char target[PATH_LEN + 1], request[PATH_LEN + 100];
	memset(target, 'x', PATH_LEN);
	target[0] = '/';
	target[PATH_LEN] = '\0';
	int len = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target);
	int fd = client_open(server);
	for (int i = 0; i < count; i++) {
		struct reply reply;
		client_send(fd, request, (size_t)len);
		client_read(fd, false, &reply);
		int status = reply.status;
		reply_done(&reply);
		assert_int_equal(status, 404);
	}
	close(fd);
}

/* ---- rows ---- */

static void a_full_log_stops_neither_answers_nor_the_end(void **state)
{
	(void)state;
	struct piped p;
	piped_start(&p, NULL);
	requests_answer(&p.server, REQUESTS);
	/* warnings and errors do not wait either */
	server_sign_in(&p.server);
	assert_int_equal(client_status(&p.server, "/health/ready"), 200);
	kill(p.server.pid, SIGTERM);
	assert_int_equal(end_status(&p.server), 0);
	piped_end(&p);
}

static void a_log_that_is_read_again_says_what_is_missing(void **state)
{
	(void)state;
	struct piped p;
	piped_start(&p, NULL);
	requests_answer(&p.server, REQUESTS);
	kill(p.server.pid, SIGTERM);
	long lines = 0, dropped = 0;
	bool stopped = false;
	char line[8192], event[256];
	while (fgets(line, sizeof(line), p.log)) {
		json_text(line, "event", event, sizeof(event));
		assert_string_not_equal(event, "");
		if (strstr(event, "lines were dropped")) {
			dropped += strtol(event, NULL, 10);
			assert_json_has(line, "'level':'warn'");
		}
		lines += strcmp(event, "request") == 0;
		stopped = stopped || strcmp(event, "stopped") == 0;
	}
	assert_true(dropped > 0);
	/* the last words may be among the dropped, or not */
	assert_true(lines + dropped >= REQUESTS);
	assert_true(lines + dropped <= REQUESTS + 2);
	assert_int_equal(end_status(&p.server), 0);
	piped_end(&p);
}

static void a_reader_that_went_away_stops_nothing(void **state)
{
	(void)state;
	struct piped p;
	piped_start(&p, NULL);
	fclose(p.log);
	p.log = NULL;
	requests_answer(&p.server, A_FEW);
	assert_int_equal(client_status(&p.server, "/health/live"), 200);
	assert_int_equal(server_stop(&p.server), 0);
	piped_end(&p);
}

static bool listens(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
	close(fd);
	return connected;
}

/* A server that cannot tell its port is given one. */
static void mute_start(struct server *server, int log_fd)
{
	char port[32];
	int number = port_free();
	snprintf(port, sizeof(port), "server.port=%d", number);
	server_spawn(server, (const char *const[]){ port, NULL }, log_fd);
	AWAIT(listens(number) || waitpid(server->pid, NULL, WNOHANG) == server->pid);
	assert_true(listens(number));
	server->port = number;
}

static void a_full_disk_for_the_log_stops_nothing(void **state)
{
	(void)state;
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	if (full < 0)
		skip();
	struct server server = { 0 };
	mute_start(&server, full);
	close(full);
	requests_answer(&server, A_FEW);
	assert_int_equal(server_stop(&server), 0);
	server_end(&server);
}

static void without_standard_error_nothing_is_written_into_other_files(void **state)
{
	(void)state;
	struct server server = { 0 };
	mute_start(&server, -1);
	server_sign_in(&server);
	requests_answer(&server, A_FEW);
	assert_int_equal(server_stop(&server), 0);
	static const char *const names[] = { "croft.db", "croft.db-lock", "secret" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char command[256];
		snprintf(command, sizeof(command), "grep -qa .event.: %s/%s", server.folder,
			 names[i]);
		assert_int_equal(WEXITSTATUS(system(command)), 1);
	}
	server_end(&server);
}

static void what_a_client_did_wrong_is_no_error_of_ours(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "log.level=debug", NULL });
	struct reply reply;
	static const char unknown[] = "BREW / HTTP/1.1\r\nHost: a\r\n\r\n";
	static const char coded[] = "POST /api/v1/users HTTP/1.1\r\nHost: a\r\n"
				    "Transfer-Encoding: gzip, chunked\r\n\r\n";
	client_raw(&server, unknown, strlen(unknown), &reply);
	assert_int_equal(reply.status, 501);
	reply_done(&reply);
	client_raw(&server, coded, strlen(coded), &reply);
	assert_int_equal(reply.status, 501);
	reply_done(&reply);
	assert_int_equal(client_status(&server, "/nowhere"), 404);
	reply = client_ask(&server, "DELETE", "/health/live", NULL);
	assert_int_equal(reply.status, 405);
	reply_done(&reply);
	assert_int_equal(server_stop(&server), 0);
	char *log = server_log(&server);
	assert_json_has(log, "'status':404");
	assert_json_lacks(log, "'level':'error'");
	assert_json_lacks(log, "'level':'warn'");
	free(log);
	server_end(&server);
}

static char *log_of_agent(const char *line)
{
	struct server server;
	struct reply reply;
	char text[2048];
	server_start(&server, NULL);
	snprintf(text, sizeof(text), "GET /health/live HTTP/1.1\r\nHost: a\r\n%s\r\n", line);
	client_raw(&server, text, strlen(text), &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	assert_int_equal(server_stop(&server), 0);
	char *log = server_log(&server);
	server_end(&server);
	return log;
}

static void the_line_of_a_request_says_the_client(void **state)
{
	(void)state;
	char *log = log_of_agent("User-Agent:  curl/8 \"x\"\\\xff\r\n");
	assert_json_has(log, "'peer':'127.0.0.1','user_agent':'curl/8 \\'x\\'\\\\\xEF\xBF\xBD'");
	free(log);
	char agent[600] = "User-Agent: ", want[300] = "'user_agent':'";
	memset(agent + strlen(agent), 'a', 500);
	strcat(agent, "\r\n");
	memset(want + strlen(want), 'a', 200);
	strcat(want, "'");
	log = log_of_agent(agent);
	assert_json_has(log, want);
	free(log);
	log = log_of_agent("");
	assert_json_has(log, "'event':'request'");
	assert_json_lacks(log, "user_agent");
	free(log);
}

/* ---- in a file ---- */

static char *text_of(const struct server *server, const char *name)
{
	char *text = program_read(server->folder, name);
	return text ? text : strdup("");
}

static bool has(const struct server *server, const char *name, const char *piece)
{
	char *text = text_of(server, name);
	bool found = json_has(text, piece);
	free(text);
	return found;
}

/* Its standard error stays empty, and commands use theirs. */
static void a_log_may_be_a_file(void **state)
{
	(void)state;
	struct server server = { 0 };
	char set[128];
	server_folder(&server);
	snprintf(set, sizeof(set), "log.file=%s/croft.log", server.folder);
	server_begin(&server, (const char *const[]){ set, NULL });
	AWAIT(has(&server, "croft.log", "'event':'listening'"));
	assert_int_equal(server_stop(&server), 0);
	assert_true(has(&server, "croft.log", "'event':'stopped'"));
	assert_false(has(&server, "log", "'event'"));
	server_end(&server);
}

static void a_signal_opens_it_anew(void **state)
{
	static const int signals[] = { SIGUSR1, SIGHUP };
	(void)state;
	struct server server = { 0 };
	char set[128], path[128], old[128];
	/* a terminal's own stops it */
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	bool has_terminal = tty >= 0;
	close(tty);
	server_folder(&server);
	snprintf(set, sizeof(set), "log.file=%s/croft.log", server.folder);
	snprintf(path, sizeof(path), "%s/croft.log", server.folder);
	snprintf(old, sizeof(old), "%s/old.log", server.folder);
	server_begin(&server, (const char *const[]){ set, NULL });
	for (size_t i = 0; i < (has_terminal ? 1 : COUNT_OF(signals)); i++) {
		const char *name = i ? "'signal':'SIGHUP'" : "'signal':'SIGUSR1'";
		AWAIT(has(&server, "croft.log", i ? "opened anew" : "listening"));
		assert_int_equal(rename(path, old), 0);
		kill(server.pid, signals[i]);
		AWAIT(has(&server, "croft.log", name));
		assert_false(has(&server, "old.log", name));
	}
	assert_int_equal(server_stop(&server), 0);
	server_end(&server);
}

static void a_file_that_cannot_be_is_told(void **state)
{
	const char *const *file = *state;
	struct program p;
	char set[64], says[128];
	program_open(&p);
	snprintf(set, sizeof(set), "log.file=%s", file[0]);
	snprintf(says, sizeof(says), "croft: log.file: cannot log to %s: %s\n", file[0], file[1]);
	program(&p, "serve", "--set", set, "--set", "server.port=0");
	program_assert_code(&p, 3);
	assert_string_equal(p.err, says);
	program(&p, "config", "check", "--set", set);
	program_assert_code(&p, 3);
	assert_string_equal(p.err, says);
	program(&p, "migrate", "status", "--set", set);
	program_assert_code(&p, 0);
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a log may be a file", a_log_may_be_a_file),
		ROW("a signal opens it anew", a_signal_opens_it_anew),
		ROW_OF("a file that cannot be is told, to the server alone, and by its check",
		       a_file_that_cannot_be_is_told,
		       ((const char *const[]){ "none/croft.log", "No such file or directory" })),
		ROW_OF("a folder is none", a_file_that_cannot_be_is_told,
		       ((const char *const[]){ ".", "Is a directory" })),
		ROW("the line of a request says what the client is, cut and escaped",
		    the_line_of_a_request_says_the_client),
		ROW("a log that nobody reads stops neither answers nor the end",
		    a_full_log_stops_neither_answers_nor_the_end),
		ROW("a log that is read again says how many lines are missing",
		    a_log_that_is_read_again_says_what_is_missing),
		ROW("a reader of the log that went away stops nothing",
		    a_reader_that_went_away_stops_nothing),
		ROW("a full disk for the log stops nothing", a_full_disk_for_the_log_stops_nothing),
		ROW("without standard error nothing is written into other files",
		    without_standard_error_nothing_is_written_into_other_files),
		ROW("what a client did wrong is no error of ours",
		    what_a_client_did_wrong_is_no_error_of_ours),
	};
	return rows_run("app/serve log", rows, COUNT_OF(rows));
}
