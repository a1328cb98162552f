/*
 * Rows that must fail: each runs in a process of its own, whose words nobody reads. On SQLite: what
 * such a process makes in a cluster its parent does not know of.
 */
#ifndef CROFT_TESTS_TESTING_FAILING_H
#define CROFT_TESTS_TESTING_FAILING_H

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/child.h"
#include "testing/folder.h"
#include "testing/rows.h"
#include "testing/stage.h"

/* On which they play; nobody closes it. */
static struct stage failing_stage;

struct failing {
	CMUnitTestFunction row;
};

static inline void row_must_fail(void **state)
{
	const struct failing *failing = *state;
	const struct CMUnitTest rows[] = { ROW("must fail", failing->row) };
	int status;
	fflush(NULL);
	pid_t child = child_fork(SIGKILL);
	if (!child) {
		int nowhere = open("/dev/null", O_WRONLY);
		dup2(nowhere, STDOUT_FILENO);
		dup2(nowhere, STDERR_FILENO);
		bool failed = rows_run("failing", rows, 1) == 1;
		if (*failing_stage.scene.folder)
			folder_remove(failing_stage.scene.folder);
		_exit(failed ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

#define ROW_FAILS(sentence, fn) \
	ROW_OF(sentence, row_must_fail, (&(const struct failing){ .row = fn }))

#endif
