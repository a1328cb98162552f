/* Runs the real binary; see program.h. */
#include "testing/program.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/app_name.h"
#include "testing/child.h"
#include "testing/folder.h"
#include "testing/json.h"
#include "testing/rows.h"

enum { ARGS_MAX = 32, TALK_ROOM = 65536 };

const char *program_binary(void)
{
	const char *binary = getenv("CROFT_BINARY");
	return binary ? binary : "build/" APP_NAME;
}

void program_open(struct program *p)
{
	memset(p, 0, sizeof(*p));
	const char *binary = program_binary();
	if (!realpath(binary, p->binary) || access(p->binary, X_OK))
		fail_msg("there is no program %s: %s", binary, strerror(errno));
	assert_non_null(getcwd(p->root, sizeof(p->root)));
	strcpy(p->folder, "/tmp/croft-test-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
}

void program_close(struct program *p)
{
	free(p->out);
	free(p->err);
	folder_remove(p->folder);
}

/* ---- files ---- */

static void path_of(char path[8192], const char *folder, const char *name)
{
	snprintf(path, 8192, "%s/%s", folder, name);
}

void program_write(const struct program *p, const char *name, const char *text)
{
	char path[8192];
	path_of(path, p->folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

char *program_read(const char *folder, const char *name)
{
	char path[8192], *text = NULL;
	size_t size = 0;
	path_of(path, folder, name);
	FILE *file = fopen(path, "re");
	if (!file)
		return NULL;
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(file);
	return text;
}

/* ---- processes ---- */

static void redirect(int to, const char *path, int flags)
{
	int fd = open(path, flags, 0600);
	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
	close(fd);
}

static void execute(const struct program *p, const char *const *args, const char *const *environ_)
{
	static const char *const nothing[] = { NULL };
	char *argv[ARGS_MAX + 2] = { (char *)(uintptr_t)APP_NAME };
	for (size_t i = 0; i < ARGS_MAX && args[i]; i++)
		argv[i + 1] = json_operand(args[i]);
	execve(p->binary, argv, (char *const *)(uintptr_t)(environ_ ? environ_ : nothing));
	_exit(127);
}

static void child(const struct program *p, const struct program_run *run)
{
	if (chdir(p->folder))
		_exit(126);
	setsid(); /* so that there is no terminal to ask on */
	redirect(STDIN_FILENO, run->stdin_path ? run->stdin_path : ".stdin", O_RDONLY);
	redirect(STDOUT_FILENO, run->stdout_path ? run->stdout_path : ".stdout",
		 O_WRONLY | O_CREAT | O_TRUNC);
	redirect(STDERR_FILENO, ".stderr", O_WRONLY | O_CREAT | O_TRUNC);
	execute(p, run->args, run->environ);
}

static int wait_for(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void forget(struct program *p)
{
	free(p->out);
	free(p->err);
	p->out = p->err = NULL;
}

void program_run(struct program *p, const struct program_run *run)
{
	forget(p);
	char *input = json_operand(run->input ? run->input : "");
	program_write(p, ".stdin", input);
	free(input);
	program_write(p, ".stdout", "");
	pid_t pid = child_fork(SIGKILL);
	if (!pid)
		child(p, run);
	p->code = wait_for(pid);
	p->out = program_read(p->folder, ".stdout");
	p->err = program_read(p->folder, ".stderr");
	/* a row that expects failure must not take this for it */
	text_assert_lacks(p->err, "Sanitizer");
	text_assert_lacks(p->err, "runtime error: ");
}

/* ---- on a terminal ---- */

/* Behind all that the program wrote. */
#define TALK_END "\004"

/*
 * The first process on the terminal. When that one ends the kernel throws away what the terminal
 * holds, so it is not the program itself: it waits for that, and then until `read_all` is closed.
 */
static void lead(const struct program *p, const char *const *args, int read_all)
{
	int status;
	sigset_t keys, before;
	sigemptyset(&keys);
	sigaddset(&keys, SIGINT);
	sigprocmask(SIG_BLOCK, &keys, &before);
	pid_t pid = fork();
	if (!pid) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		if (!chdir(p->folder))
			execute(p, args, NULL);
		_exit(126);
	}
	if (waitpid(pid, &status, 0) != pid || write(STDOUT_FILENO, TALK_END, 1) != 1)
		_exit(126);
	while (read(read_all, &(char){ 0 }, 1) > 0)
		;
	if (!WIFEXITED(status))
		raise(SIGKILL);
	_exit(WEXITSTATUS(status));
}

/* Reads until `wanted` is on the screen; false: the program ends without. */
static bool screen_read(int terminal, char *screen, size_t *at, const char *wanted)
{
	size_t start = *at;
	while (*at < TALK_ROOM - 1) {
		if (strstr(screen + start, wanted))
			return true;
		ssize_t got = strstr(screen, TALK_END)
				      ? 0
				      : read(terminal, screen + *at, TALK_ROOM - 1 - *at);
		if (got <= 0)
			return false;
		*at += (size_t)got;
		screen[*at] = '\0';
	}
	return false;
}

void program_talk(struct program *p, const char *const *args, const char *const *prompts,
		  const char *const *lines)
{
	int terminal, all[2];
	size_t at = 0;
	forget(p);
	p->out = calloc(1, TALK_ROOM);
	assert_non_null(p->out);
	assert_int_equal(pipe2(all, O_CLOEXEC), 0);
	pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
	assert_true(pid >= 0);
	if (!pid) {
		close(all[1]);
		lead(p, args, all[0]);
	}
	close(all[0]);
	for (size_t i = 0; prompts[i]; i++) {
		if (!screen_read(terminal, p->out, &at, prompts[i]))
			break;
		if (write(terminal, lines[i], strlen(lines[i])) < 0)
			break;
	}
	screen_read(terminal, p->out, &at, TALK_END);
	p->out[strcspn(p->out, TALK_END)] = '\0';
	close(all[1]);
	p->code = wait_for(pid);
	close(terminal);
}

/* ---- assertions ---- */

void program_assert_code(const struct program *p, int code)
{
	if (p->code != code)
		fail_msg("exit code %d, not %d\nstdout: %s\nstderr: %s", p->code, code, p->out,
			 p->err);
}

void text_assert_has(const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("missing: %s\nin: %s", piece, text);
}

void text_assert_lacks(const char *text, const char *piece)
{
	if (strstr(text, piece))
		fail_msg("there is: %s\nin: %s", piece, text);
}
