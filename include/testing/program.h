/*
 * Runs the real binary in a scratch folder of its own, for tests of the command line. The binary is
 * the one in the environment variable CROFT_BINARY, else build/croft; the tests run from the
 * repository root.
 */
#ifndef CROFT_TESTING_PROGRAM_H
#define CROFT_TESTING_PROGRAM_H

#include <stddef.h>

struct program {
	/* absolute */
	char binary[4096];
	/* where the test was started: the repository */
	char root[4096];
	/* under /tmp; the working directory of the binary */
	char folder[64];
	/* of the last run */
	/* exit status, or -1 when a signal ended it */
	int code;
	char *out, *err;
};

struct program_run {
	/* after the program's name; NULL-terminated; JSON as json_operand() takes it */
	const char *const *args;
	/* standard input, likewise; NULL: empty */
	const char *input;
	/* a file that is standard input instead, byte for byte */
	const char *stdin_path;
	/* "NAME=value", NULL-terminated; NULL: none. Nothing else is inherited. */
	const char *const *environ;
	/* NULL: into .out */
	const char *stdout_path;
};

/* The path of the binary, as it was said. */
const char *program_binary(void);
/* Fails the test when the binary is missing. */
void program_open(struct program *p);
void program_close(struct program *p);

/* Runs it, without a terminal, to its end. */
void program_run(struct program *p, const struct program_run *run);
/* program(&p, "migrate", "up"); */
#define program(p, ...) \
	program_run((p), \
		    &(struct program_run){ .args = (const char *const[]){ __VA_ARGS__, NULL } })

/*
 * The same on a terminal: sends each of `lines` once `prompts` of the same index is seen. .out is
 * all the terminal shows.
 */
void program_talk(struct program *p, const char *const *args, const char *const *prompts,
		  const char *const *lines);

/* Fails the test, showing what the last run said, unless it exited with `code`. */
void program_assert_code(const struct program *p, int code);
/* Fail the test, showing the text, unless the piece is in it (is not in it). */
void text_assert_has(const char *text, const char *piece);
void text_assert_lacks(const char *text, const char *piece);

/* A file in the scratch folder. */
void program_write(const struct program *p, const char *name, const char *text);
/*
 * The whole of a file, by its path in `folder` (p->folder or p->root); NULL when there is none. The
 * caller frees it.
 */
char *program_read(const char *folder, const char *name);

#endif
