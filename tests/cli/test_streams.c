/*
 * Commands whose output nobody reads, and commands without standard streams: the work is done all
 * the same.
 */
#include "testing/rows.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "testing/child.h"
#include "testing/json.h"
#include "testing/program.h"

enum { ARGS_MAX = 16 };

/* What the three descriptors are for a run. */
enum stream { STREAM_PLAIN, STREAM_CLOSED, STREAM_NO_READER };

struct stream_case {
	enum stream in, out, err;
	int code;
	const char *says; /* on standard error; NULL: nothing may be there */
	const char *args[ARGS_MAX];
};

/* A pipe whose reader has gone. */
static int broken_pipe(void)
{
	int fds[2];
	if (pipe(fds))
		_exit(126);
	close(fds[0]);
	return fds[1];
}

static void stream_set(int fd, enum stream what, const char *path)
{
	close(fd);
	int to = what == STREAM_CLOSED      ? -1
		 : what == STREAM_NO_READER ? broken_pipe()
					    : open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (to >= 0 && to != fd) {
		dup2(to, fd);
		close(to);
	}
}

static void run_with(struct program *p, const struct stream_case *given)
{
	pid_t pid = child_fork(SIGKILL);
	if (!pid) {
		char *argv[ARGS_MAX + 2] = { (char *)(uintptr_t) "croft" };
		for (size_t i = 0; i < ARGS_MAX && given->args[i]; i++)
			argv[i + 1] = json_operand(given->args[i]);
		signal(SIGPIPE, SIG_DFL);
		if (chdir(p->folder))
			_exit(126);
		stream_set(STDERR_FILENO, given->err, "err");
		stream_set(STDOUT_FILENO, given->out, "out");
		stream_set(STDIN_FILENO, given->in, "/dev/null");
		execv(p->binary, argv);
		_exit(127);
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	p->code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
	free(p->err);
	p->err = given->err == STREAM_PLAIN ? program_read(p->folder, "err") : NULL;
}

/* The database is one, and what the command was to do is in it. */
static void work_is_done(struct program *p)
{
	static const char ADA[] = "'username':'ada'";
	program(p, "run", "users.list", "{}");
	program_assert_code(p, 0);
	assert_json_has(p->out, ADA);
	/* no message went into what was opened in the place of a stream */
	char command[256];
	snprintf(command, sizeof(command), "grep -qaE '.event.:|croft: ' %s/data/*", p->folder);
	assert_int_equal(WEXITSTATUS(system(command)), 1);
}

static void a_command_does_its_work(void **state)
{
	const struct stream_case *given = *state;
	struct program p;
	program_open(&p);
	program(&p, "migrate", "up");
	run_with(&p, given);
	assert_int_equal(p.code, given->code);
	if (given->err == STREAM_PLAIN && given->says)
		text_assert_has(p.err, given->says);
	else if (given->err == STREAM_PLAIN)
		text_assert_lacks(p.err, "croft: ");
	work_is_done(&p);
	program_close(&p);
}

#define CREATE_ADA "run", "users.create", "{'username':'ada','email':'ada@example.com'}"

static void a_backup_is_whole_without_readers(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, CREATE_ADA);
	program_assert_code(&p, 0);
	run_with(&p, &(struct stream_case){ .out = STREAM_NO_READER,
					    .err = STREAM_NO_READER,
					    .args = { "backup", "copy.db" } });
	assert_int_equal(p.code, 1);
	program(&p, "restore", "copy.db");
	program_assert_code(&p, 0);
	work_is_done(&p);
	program_close(&p);
}

static void long_output_for_nobody_is_no_message(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	run_with(&p, &(struct stream_case){ .out = STREAM_NO_READER, .args = { "openapi" } });
	assert_int_equal(p.code, 1);
	text_assert_lacks(p.err, "croft: ");
	program_close(&p);
}

static void first_starts_at_once_make_one_secret(void **state)
{
	(void)state;
	struct program p;
	char command[9000];
	program_open(&p);
	snprintf(command, sizeof(command),
		 "cd %s && for i in 1 2 3 4 5 6 7 8; do %s run users.list '{}' >/dev/null & "
		 "done; wait; test \"$(ls -d data/secret*)\" = data/secret && "
		 "test \"$(wc -c <data/secret)\" -eq 64",
		 p.folder, p.binary);
	assert_int_equal(system(command), 0);
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("the reader of the output has gone: done, said by the exit code alone",
		       a_command_does_its_work,
		       (&(struct stream_case){
			       .out = STREAM_NO_READER, .code = 1, .args = { CREATE_ADA } })),
		ROW_OF("the reader of the errors has gone", a_command_does_its_work,
		       (&(struct stream_case){
			       .err = STREAM_NO_READER, .code = 0, .args = { CREATE_ADA } })),
		ROW_OF("no standard output: done, and told", a_command_does_its_work,
		       (&(struct stream_case){ .out = STREAM_CLOSED,
					       .code = 1,
					       .says = "croft: cannot write the output: Bad file "
						       "descriptor",
					       .args = { CREATE_ADA } })),
		ROW_OF("no standard input, output and error", a_command_does_its_work,
		       (&(struct stream_case){ .in = STREAM_CLOSED,
					       .out = STREAM_CLOSED,
					       .err = STREAM_CLOSED,
					       .code = 1,
					       .args = { CREATE_ADA } })),
		ROW("a backup is whole when nobody reads what it says",
		    a_backup_is_whole_without_readers),
		ROW("a long output that nobody wants is no message",
		    long_output_for_nobody_is_no_message),
		ROW("first starts at once make one secret and leave nothing beside it",
		    first_starts_at_once_make_one_secret),
	};
	return rows_run("cli/streams", rows, COUNT_OF(rows));
}
