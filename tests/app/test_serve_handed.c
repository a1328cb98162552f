/* threaded */
/*
 * A server whose socket was opened by who started it, as systemd does: it serves that, nobody is
 * refused between one server and the next, and what is no such socket is told.
 */
#include "testing/rows.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/folder.h"
#include "testing/program.h"
#include "testing/server.h"

/* Where the descriptor waits for the script that puts it in its place. */
enum { HANDED = 9 };

struct handed {
	char folder[64], real[4096];
};

/* Those of the row; without a folder, with no process: none. */
static struct handed handed;
static struct server served;

/* From here on CROFT_BINARY is a script that hands HANDED on with these variables. */
static void handed_open(struct handed *h, const char *variables)
{
	char path[96];
	snprintf(h->real, sizeof(h->real), "%s", program_binary());
	strcpy(h->folder, "/tmp/croft-handed-XXXXXX");
	assert_non_null(mkdtemp(h->folder));
	snprintf(path, sizeof(path), "%s/serve", h->folder);
	FILE *script = fopen(path, "w");
	assert_non_null(script);
	fprintf(script, "#!/bin/sh\nexport %s\nexec \"%s\" \"$@\" 3<&%d %d<&-\n", variables,
		h->real, HANDED, HANDED);
	assert_int_equal(fclose(script), 0);
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(setenv("CROFT_BINARY", path, 1), 0);
}

static void handed_close(struct handed *h)
{
	setenv("CROFT_BINARY", h->real, 1);
	folder_remove(h->folder);
	*h->folder = '\0';
	close(HANDED);
}

/* After a row that failed: the others begin as if it had not. */
static int teardown(void **state)
{
	(void)state;
	if (*served.folder)
		server_end(&served);
	if (*handed.folder)
		handed_close(&handed);
	memset(&served, 0, sizeof(served));
	return 0;
}

/* Puts it at HANDED. */
static void hand_on(int fd)
{
	assert_true(fd >= 0);
	assert_int_equal(dup2(fd, HANDED), HANDED);
	close(fd);
}

/* A socket bound to loopback; its port. */
static int socket_bind(int type)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, type, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	hand_on(fd);
	return ntohs(address.sin_port);
}

static int socket_listen(void)
{
	int port = socket_bind(SOCK_STREAM);
	assert_int_equal(listen(HANDED, 16), 0);
	return port;
}

static void serves_what_was_handed_on(void **state)
{
	(void)state;
	int port = socket_listen();
	handed_open(&handed, "LISTEN_FDS=1 LISTEN_PID=$$");
	server_start(&served, NULL);
	assert_int_equal(served.port, port);
	assert_int_equal(server_logged(&served, "'host':'127.0.0.1'"), 1);
	assert_int_equal(client_status(&served, "/version"), 200);
	server_end(&served);
	handed_close(&handed);
}

static void leaves_alone_what_is_anothers(void **state)
{
	int port = socket_listen();
	handed_open(&handed, *state);
	server_start(&served, NULL);
	assert_int_not_equal(served.port, port);
	assert_int_equal(client_status(&served, "/version"), 200);
	server_end(&served);
	handed_close(&handed);
}

/* ---- from one server to the next ---- */

static bool accepts(const struct server *server)
{
	char path[64], name[32];
	snprintf(path, sizeof(path), "/proc/%d/task", server->pid);
	DIR *threads = opendir(path);
	bool found = false;
	for (struct dirent *at; threads && (at = readdir(threads));) {
		char comm[340];
		snprintf(comm, sizeof(comm), "%s/%s/comm", path, at->d_name);
		FILE *file = fopen(comm, "r");
		found |= file && fgets(name, sizeof(name), file) &&
			 !strcmp(name, "http-acceptor\n");
		if (file)
			fclose(file);
	}
	if (threads)
		closedir(threads);
	return found;
}

static const char version[] = "GET /version HTTP/1.1\r\nHost: x\r\n\r\n";

static void who_comes_while_it_stops_is_answered_by_the_next(void **state)
{
	(void)state;
	static const char half[] = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\n"
				   "Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
	struct reply reply;
	socket_listen();
	handed_open(&handed, "LISTEN_FDS=1 LISTEN_PID=$$");
	server_start(&served, NULL);
	assert_true(accepts(&served));
	int slow = client_open(&served);
	client_send(slow, half, strlen(half));
	AWAIT(client_status(&served, "/version") == 200);
	kill(served.pid, SIGTERM);
	AWAIT(!accepts(&served));
	int waits = client_open(&served);
	client_send(waits, version, strlen(version));
	close(slow);
	assert_int_equal(waitpid(served.pid, NULL, 0), served.pid);
	int comes = client_open(&served);
	client_send(comes, version, strlen(version));
	server_restart(&served, NULL);
	for (int *fd = (int[]){ waits, comes, -1 }; *fd >= 0; fd++) {
		client_read(*fd, false, &reply);
		assert_int_equal(reply.status, 200);
		reply_done(&reply);
		close(*fd);
	}
	server_end(&served);
	handed_close(&handed);
}

static int port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	return ntohs(address.sin_port);
}

/*
 * Whether the server has the other end of it, not only its listening socket: then that end has an
 * inode (proc(5), /proc/net/tcp).
 */
static bool is_accepted(const struct server *server, int fd)
{
	char line[512];
	bool found = false;
	FILE *ends = fopen("/proc/net/tcp", "r");
	assert_non_null(ends);
	while (fgets(line, sizeof(line), ends)) {
		unsigned local, remote;
		unsigned long inode;
		if (sscanf(line, " %*d: %*x:%x %*x:%x %*x %*s %*s %*s %*u %*u %lu", &local, &remote,
			   &inode) == 3)
			found |= (int)local == server->port && (int)remote == port_of(fd) && inode;
	}
	fclose(ends);
	return found;
}

/*
 * It is connected, and asks only when the server is told to stop. That waits for a moment, which
 * may be over on a slow machine: then it is cut, and told nothing wrong.
 */
static bool is_answered_at_the_end(struct server *server)
{
	struct reply reply;
	server_restart(server, NULL);
	int fd = client_open(server);
	AWAIT(is_accepted(server, fd));
	kill(server->pid, SIGTERM);
	client_send(fd, version, strlen(version));
	client_read(fd, false, &reply);
	close(fd);
	assert_int_equal(waitpid(server->pid, NULL, 0), server->pid);
	server->pid = 0;
	int status = reply.status;
	reply_done(&reply);
	assert_true(status == 200 || status == 0);
	return status == 200;
}

static void who_came_before_the_stop_is_answered(void **state)
{
	(void)state;
	socket_listen();
	handed_open(&handed, "LISTEN_FDS=1 LISTEN_PID=$$");
	AWAIT(is_answered_at_the_end(&served));
	server_end(&served);
	handed_close(&handed);
}

/* ---- what it cannot serve ---- */

struct refused {
	int (*make)(void);
	const char *variables, *why;
};

static int make_file(void)
{
	hand_on(open("/dev/null", O_RDWR));
	return 0;
}

static int make_datagrams(void)
{
	return socket_bind(SOCK_DGRAM);
}

static int make_deaf(void)
{
	return socket_bind(SOCK_STREAM);
}

static int make_local(void)
{
	hand_on(socket(AF_UNIX, SOCK_STREAM, 0));
	return 0;
}

static bool has_ended(struct server *server, int *ret_status)
{
	return waitpid(server->pid, ret_status, WNOHANG) == server->pid;
}

static void is_refused(void **state)
{
	const struct refused *want = *state;
	int status = 0;
	want->make();
	handed_open(&handed, want->variables);
	server_begin(&served, NULL);
	AWAIT(has_ended(&served, &status));
	served.pid = 0;
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
	char *log = server_log(&served);
	if (!strstr(log, want->why))
		fail_msg("missing: %s\nin: %s", want->why, log);
	free(log);
	server_end(&served);
	handed_close(&handed);
}

#define ONE "LISTEN_FDS=1 LISTEN_PID=$$"
#define REFUSED(sentence, ...) \
	ROW_OF(sentence, is_refused, (&(const struct refused){ __VA_ARGS__ }))

int main(void)
{
	struct CMUnitTest rows[] = {
		ROW("a server serves the socket that was handed on", serves_what_was_handed_on),
		ROW_OF("what is handed to another process is left alone",
		       leaves_alone_what_is_anothers, "LISTEN_FDS=1 LISTEN_PID=1"),
		ROW_OF("nothing is handed on without a number", leaves_alone_what_is_anothers,
		       "LISTEN_PID=$$"),
		ROW("who comes while it stops is answered by the next",
		    who_comes_while_it_stops_is_answered_by_the_next),
		ROW("who came before it stopped is answered by itself",
		    who_came_before_the_stop_is_answered),
		REFUSED("a file is no socket", make_file, ONE, "it is no socket"),
		REFUSED("a socket for datagrams is no TCP", make_datagrams, ONE,
			"it is no TCP socket"),
		REFUSED("a local socket is no TCP", make_local, ONE, "it is no TCP socket"),
		REFUSED("a socket has to listen", make_deaf, ONE, "it does not listen"),
		REFUSED("two sockets are one too many", socket_listen, "LISTEN_FDS=2 LISTEN_PID=$$",
			"a server listens on one socket"),
		REFUSED("a number is one", socket_listen, "LISTEN_FDS=one LISTEN_PID=$$",
			"LISTEN_FDS is not 1"),
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		rows[i].teardown_func = teardown;
	return rows_run("app/serve_handed", rows, COUNT_OF(rows));
}
