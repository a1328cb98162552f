/* Which signals stop a server, with and without a terminal, and that no other ends it. */
#include "testing/rows.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "testing/await.h"
#include "testing/child.h"
#include "testing/json.h"
#include "testing/port.h"
#include "testing/program.h"

enum { TEXT_ROOM = 65536 };

struct running {
	struct program program;
	pid_t pid;
	int port; /* 0: any */
	int out;  /* what it says: a pipe, or the terminal */
	char text[TEXT_ROOM];
	size_t len;
};

static void execute(const struct running *r)
{
	char port[32];
	const char *const args[] = { "croft", "serve", "--set",
				     port,    "--set", "server.shutdown_seconds=60",
				     NULL };
	const char *const nothing[] = { NULL };
	snprintf(port, sizeof(port), "server.port=%d", r->port);
	if (chdir(r->program.folder))
		_exit(126);
	await_start_delay();
	execve(r->program.binary, (char **)(void *)args, (char **)(void *)nothing);
	_exit(127);
}

/* Whether it says so, sooner or later; "" reads to the end, and is never there. */
static bool says(struct running *r, const char *wanted)
{
	struct pollfd fd = { .fd = r->out, .events = POLLIN };
	while (!*wanted || !json_has(r->text, wanted)) {
		if (r->len == TEXT_ROOM - 1 || poll(&fd, 1, PATIENCE_S * 1000) <= 0)
			return false;
		ssize_t got = read(r->out, r->text + r->len, TEXT_ROOM - 1 - r->len);
		if (got <= 0)
			return false;
		r->len += (size_t)got;
	}
	return true;
}

static void must_say(struct running *r, const char *wanted)
{
	if (!says(r, wanted))
		fail_msg("missing: %s\nin: %s", wanted, r->text);
}

static void start_on_terminal(struct running *r)
{
	memset(r, 0, sizeof(*r));
	program_open(&r->program);
	r->pid = forkpty(&r->out, NULL, NULL, NULL);
	assert_true(r->pid >= 0);
	if (!r->pid)
		execute(r);
	must_say(r, "stop with Ctrl-C");
}

static void start_without_terminal(struct running *r)
{
	int ends[2];
	memset(r, 0, sizeof(*r));
	program_open(&r->program);
	assert_int_equal(pipe(ends), 0);
	r->pid = child_fork(SIGKILL);
	if (!r->pid) {
		setsid();
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execute(r);
	}
	close(ends[1]);
	r->out = ends[0];
	must_say(r, "'event':'listening'");
}

static void must_end_well(struct running *r)
{
	int status;
	says(r, "");
	assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail_msg("it ended with status %#x after: %s", (unsigned)status, r->text);
	close(r->out);
	program_close(&r->program);
}

struct told {
	int number; /* from 100: SIGRTMIN and what is above */
	const char *name;
};

#define TOLD(...) (&(struct told){ __VA_ARGS__ })

static void it_is_logged_and_nothing_ends(void **state)
{
	const struct told *told = *state;
	char says_so[64];
	struct running r;
	start_without_terminal(&r);
	snprintf(says_so, sizeof(says_so), "'signal':'%s'", told->name);
	kill(r.pid, told->number < 100 ? told->number : SIGRTMIN + told->number - 100);
	must_say(&r, says_so);
	assert_json_lacks(r.text, "'event':'stopping'");
	kill(r.pid, SIGTERM);
	must_say(&r, "'event':'stopped'");
	must_end_well(&r);
}

static void it_stops_in_good_order(void **state)
{
	struct running r;
	start_without_terminal(&r);
	kill(r.pid, ((const struct told *)*state)->number);
	must_say(&r, "'event':'stopping'");
	must_say(&r, "'event':'stopped'");
	must_end_well(&r);
}

static void on_a_terminal_hup_stops_it(void **state)
{
	(void)state;
	struct running r;
	start_on_terminal(&r);
	kill(r.pid, SIGHUP);
	must_say(&r, "stopping");
	kill(r.pid, SIGHUP); /* by the shell, too */
	must_say(&r, "stopped");
	must_end_well(&r);
}

static void a_key_of_the_terminal_stops_it(void **state)
{
	struct running r;
	start_on_terminal(&r);
	assert_int_equal(write(r.out, *state, 1), 1);
	must_say(&r, "stopped");
	must_end_well(&r);
}

/* What it says then is lost with the terminal; a default action would show in its status. */
static void a_closed_terminal_stops_it(void **state)
{
	(void)state;
	struct running r;
	int status;
	start_on_terminal(&r);
	close(r.out);
	assert_int_equal(waitpid(r.pid, &status, 0), r.pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	program_close(&r.program);
}

/* SIGHUP has the lower number: it would be taken before the other. */
static void nohup_is_heeded(void **state)
{
	(void)state;
	struct running r;
	signal(SIGHUP, SIG_IGN);
	start_on_terminal(&r);
	signal(SIGHUP, SIG_DFL);
	kill(r.pid, SIGHUP);
	kill(r.pid, SIGUSR1);
	must_say(&r, "SIGUSR1");
	text_assert_lacks(r.text, "stopping");
	text_assert_lacks(r.text, "SIGHUP");
	kill(r.pid, SIGTERM);
	must_end_well(&r);
}

static bool answers(int port)
{
	const struct sockaddr_in at = { .sin_family = AF_INET,
					.sin_port = htons((uint16_t)port),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is_there = !connect(fd, (const struct sockaddr *)&at, sizeof(at));
	close(fd);
	return is_there;
}

/*
 * The output is stopped, as by Ctrl-S, before anything is said; returns the terminal's other side.
 */
static int start_on_stopped_terminal(struct running *r)
{
	int side;
	memset(r, 0, sizeof(*r));
	program_open(&r->program);
	r->port = port_free();
	assert_int_equal(openpty(&r->out, &side, NULL, NULL, NULL), 0);
	assert_int_equal(tcflow(side, TCOOFF), 0);
	r->pid = child_fork(SIGKILL);
	if (!r->pid) {
		close(r->out);
		login_tty(side);
		execute(r);
	}
	AWAIT(answers(r->port));
	return side;
}

static void a_stopped_terminal_holds_no_signal(void **state)
{
	(void)state;
	int status;
	struct running r;
	int side = start_on_stopped_terminal(&r);
	kill(r.pid, SIGTERM);
	AWAIT(waitpid(r.pid, &status, WNOHANG) == r.pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(side);
	close(r.out);
	program_close(&r.program);
}

static void a_terminal_that_goes_on_is_greeted(void **state)
{
	(void)state;
	struct running r;
	int side = start_on_stopped_terminal(&r);
	assert_int_equal(tcflow(side, TCOON), 0);
	close(side);
	must_say(&r, "stop with Ctrl-C");
	kill(r.pid, SIGTERM);
	must_say(&r, "stopped");
	must_end_well(&r);
}

#define IGNORED(number, name) \
	ROW_OF(name " is logged and ignored", it_is_logged_and_nothing_ends, TOLD(number, name))
#define STOPS(number, name) \
	ROW_OF(name " stops the server in good order", it_stops_in_good_order, TOLD(number, name))

int main(void)
{
	const struct CMUnitTest rows[] = {
		IGNORED(SIGHUP, "SIGHUP"),
		IGNORED(SIGUSR1, "SIGUSR1"),
		IGNORED(SIGUSR2, "SIGUSR2"),
		IGNORED(SIGALRM, "SIGALRM"),
		IGNORED(SIGVTALRM, "SIGVTALRM"),
		IGNORED(SIGPROF, "SIGPROF"),
		IGNORED(SIGPOLL, "SIGPOLL"),
		IGNORED(SIGPWR, "SIGPWR"),
		IGNORED(SIGSTKFLT, "SIGSTKFLT"),
		IGNORED(100, "SIGRTMIN+0"),
		IGNORED(103, "SIGRTMIN+3"),
		STOPS(SIGTERM, "SIGTERM"),
		STOPS(SIGINT, "SIGINT"),
		STOPS(SIGQUIT, "SIGQUIT"),
		STOPS(SIGXCPU, "SIGXCPU"),
		ROW("SIGHUP on a terminal stops the server", on_a_terminal_hup_stops_it),
		ROW_OF("Ctrl-C stops the server", a_key_of_the_terminal_stops_it, "\003"),
		ROW_OF("Ctrl-\\ stops the server", a_key_of_the_terminal_stops_it, "\034"),
		ROW("a terminal that is closed stops the server", a_closed_terminal_stops_it),
		ROW("a terminal whose output is stopped holds no signal back",
		    a_stopped_terminal_holds_no_signal),
		ROW("one whose output goes on is greeted", a_terminal_that_goes_on_is_greeted),
		ROW("nohup keeps SIGHUP away", nohup_is_heeded),
	};
	return rows_run("app/serve_signals", rows, sizeof(rows) / sizeof(rows[0]));
}
