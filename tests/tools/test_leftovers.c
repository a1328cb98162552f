/*
 * What is left of a test program that ends in the middle of a row: nothing that it started.
 */
#include "testing/rows.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/folder.h"
#include "testing/postgres.h"
#include "testing/program.h"
#include "testing/server.h"

/* What a program that is about to die has started. */
struct left {
	pid_t pid; /* 0: see the folder */
	char folder[64];
};

static void server_begun(struct left *left)
{
	struct server server;
	server_start(&server, NULL);
	left->pid = server.pid;
	strcpy(left->folder, server.folder);
}

static void cluster_frozen(struct left *left)
{
	char url[POSTGRES_URL_ROOM];
	postgres_database(url);
	postgres_freeze();
	strcpy(left->folder, postgres_folder());
}

/* Starts something in a program of its own, which then dies as one that was stopped by force. */
static struct left die_with(void (*start)(struct left *left))
{
	int ends[2];
	struct left left = { 0 };
	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		start(&left);
		if (write(ends[1], &left, sizeof(left)) == (ssize_t)sizeof(left))
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &left, sizeof(left)), (ssize_t)sizeof(left));
	close(ends[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return left;
}

static void a_server_ends(void **state)
{
	(void)state;
	struct left left = die_with(server_begun);
	AWAIT(waitpid(left.pid, NULL, WNOHANG) == left.pid);
	folder_remove(left.folder);
}

static void a_frozen_cluster_ends(void **state)
{
	(void)state;
	struct left left = die_with(cluster_frozen);
	AWAIT(access(left.folder, F_OK) != 0);
	/* the server, its processes and who looked after them */
	AWAIT(waitpid(-1, NULL, WNOHANG) < 0);
}

/* Those whose parent has died become ours, so that their end is seen. */
static int adopt(void **state)
{
	(void)state;
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static const struct CMUnitTest rows[] = {
	ROW("a server ends with the test program that started it", a_server_ends),
	ROW("a frozen cluster wakes, ends and goes with its test program", a_frozen_cluster_ends),
};

int main(void)
{
	return rows_run_with("tools/leftovers", rows, sizeof(rows) / sizeof(rows[0]), adopt, NULL);
}
