/*
 * Reads a password from a pipe or from the terminal, where typing is not shown. Ctrl-C and the like
 * give the terminal its echo back before they end the process. Judges no password.
 */
#include "password.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/str.h"
#include "cli.h"

/* Signals that would leave the terminal silent. */
static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

enum line_result { LINE_READ, LINE_ENDED, LINE_TOO_LONG, LINE_NO_TEXT, LINE_INTERRUPTED };

/*
 * Takes a password as it is or not at all; without the byte order mark and the '\r' of a file
 * written on Windows.
 */
static enum line_result line_finish(char line[PASSWORD_LINE_ROOM], size_t len)
{
	static const char mark[] = "\xEF\xBB\xBF";
	if (len && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	if (memchr(line, '\0', len) || !str_is_utf8(line, len))
		return LINE_NO_TEXT;
	if (str_starts(line, mark))
		memmove(line, line + strlen(mark), len - strlen(mark) + 1);
	return LINE_READ;
}

/*
 * One byte at a time: what follows the line is not ours. Signals come through only while ppoll()
 * waits, so none slips in before it.
 */
static enum line_result read_line(int fd, const sigset_t *while_waiting,
				  char line[PASSWORD_LINE_ROOM])
{
	size_t len = 0;
	for (;;) {
		char byte;
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		if (ppoll(&wait, 1, NULL, while_waiting) < 0)
			return LINE_INTERRUPTED;
		ssize_t got = read(fd, &byte, 1);
		if (got <= 0 && !len)
			return LINE_ENDED;
		if (got <= 0 || byte == '\n')
			break;
		if (len == PASSWORD_LINE_ROOM - 1)
			return LINE_TOO_LONG;
		line[len++] = byte;
	}
	return line_finish(line, len);
}

static int explain(enum line_result result)
{
	switch (result) {
	case LINE_READ: return 0;
	case LINE_ENDED: cli_error("there is no password to read"); break;
	case LINE_TOO_LONG: cli_error("the password is too long"); break;
	case LINE_NO_TEXT: cli_error("the password is not text in UTF-8"); break;
	case LINE_INTERRUPTED: cli_error("interrupted"); break;
	}
	return CLI_FAILED;
}

/* Enough to end the waiting: the terminal is made whole again before anything else happens. */
static void ignore(int number)
{
	(void)number;
}

/* How signals were before. */
struct signals {
	struct sigaction actions[COUNT_OF(caught)];
	sigset_t mask;
};

static void signals_hold(struct signals *before)
{
	struct sigaction action = { .sa_handler = ignore };
	sigset_t held;
	sigemptyset(&action.sa_mask);
	sigemptyset(&held);
	for (size_t i = 0; i < COUNT_OF(caught); i++) {
		sigaddset(&held, caught[i]);
		sigaction(caught[i], &action, &before->actions[i]);
	}
	sigprocmask(SIG_BLOCK, &held, &before->mask);
}

static void signals_restore(const struct signals *before)
{
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
	for (size_t i = 0; i < COUNT_OF(caught); i++)
		sigaction(caught[i], &before->actions[i], NULL);
}

static void say(int fd, const char *text)
{
	/* a prompt that cannot be shown hinders nothing */
	ssize_t written = write(fd, text, strlen(text));
	(void)written;
}

static enum line_result prompt(int terminal, const char *text, char line[PASSWORD_LINE_ROOM])
{
	struct signals signals;
	struct termios before, silent;
	if (tcgetattr(terminal, &before))
		return LINE_ENDED;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	signals_hold(&signals);
	tcsetattr(terminal, TCSAFLUSH, &silent);
	say(terminal, text);
	enum line_result result = read_line(terminal, &signals.mask, line);
	tcsetattr(terminal, TCSAFLUSH, &before);
	say(terminal, "\n");
	signals_restore(&signals);
	return result;
}

static int ask_twice(int terminal, char ret_password[PASSWORD_LINE_ROOM])
{
	char again[PASSWORD_LINE_ROOM];
	int code = explain(prompt(terminal, "Password: ", ret_password));
	if (!code)
		code = explain(prompt(terminal, "The same again: ", again));
	if (!code && !str_eq(ret_password, again)) {
		cli_error("the two passwords differ");
		code = CLI_FAILED;
	}
	explicit_bzero(again, sizeof(again));
	return code;
}

int password_ask(bool from_stdin, char ret_password[PASSWORD_LINE_ROOM])
{
	if (from_stdin)
		return explain(read_line(STDIN_FILENO, NULL, ret_password));
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (terminal < 0) {
		cli_error("there is no terminal to ask for the password on; use --password-stdin");
		return CLI_USAGE;
	}
	int code = ask_twice(terminal, ret_password);
	close(terminal);
	return code;
}
