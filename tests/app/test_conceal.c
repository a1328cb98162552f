/* The memory of croft is nobody else's: no core files, no debugger of the same user. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/conceal.h"
#include "base/attr.h"
#include "testing/program.h"
#include "testing/rows.h"
#include "testing/server.h"

static char *limits_of(const struct server *server)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d", (int)server->pid);
	char *limits = program_read(path, "limits");
	assert_non_null(limits);
	return limits;
}

/* The limits on core files as /proc has them, soft and hard. */
static void core_limits_of(const struct server *server, char ret_soft[32], char ret_hard[32])
{
	char *limits = limits_of(server);
	const char *line = strstr(limits, "Max core file size");
	assert_non_null(line);
	assert_int_equal(sscanf(line, "Max core file size %31s %31s", ret_soft, ret_hard), 2);
	free(limits);
}

static uid_t owner_in_proc(const struct server *server)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)server->pid);
	assert_int_equal(stat(path, &st), 0);
	return st.st_uid;
}

static void a_server_leaves_no_core(void **state)
{
	(void)state;
	struct rlimit limit, all;
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	all = (struct rlimit){ limit.rlim_max, limit.rlim_max };
	setrlimit(RLIMIT_CORE, &all);
	struct server server;
	char soft[32], hard[32];
	server_start(&server, NULL);
	setrlimit(RLIMIT_CORE, &limit);
	core_limits_of(&server, soft, hard);
	assert_string_equal(soft, "0");
	assert_string_equal(hard, "0");
	assert_int_equal(owner_in_proc(&server), 0); /* says something unless root runs this */
	server_end(&server);
}

static void a_server_that_may_be_debugged(void **state)
{
	(void)state;
	struct rlimit limit;
	char expected[32], soft[32], hard[32];
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	if (limit.rlim_cur == RLIM_INFINITY)
		strcpy(expected, "unlimited");
	else
		snprintf(expected, sizeof(expected), "%llu", (unsigned long long)limit.rlim_cur);
	struct server server;
	const char *const sets[] = { "app.debuggable=true", NULL };
	server_start(&server, sets);
	core_limits_of(&server, soft, hard);
	assert_string_equal(soft, expected);
	assert_int_equal(owner_in_proc(&server), getuid());
	server_end(&server);
}

/* In a process of its own; the exit status tells which of the three is not so. */
static int flags_in_child(void)
{
	struct rlimit limit;
	conceal_begin();
	if (prctl(PR_GET_DUMPABLE) != 0)
		return 1;
	if (getrlimit(RLIMIT_CORE, &limit) || limit.rlim_cur != 0)
		return 2;
	conceal_end();
	return prctl(PR_GET_DUMPABLE) == 1 ? 0 : 3;
}

static void a_process_is_not_dumpable(void **state)
{
	(void)state;
	int status = 0;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(flags_in_child());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a server writes no core file, whatever limit it was given",
		    a_server_leaves_no_core),
		ROW("app.debuggable leaves core files and debuggers as they were",
		    a_server_that_may_be_debugged),
		ROW("no process may look into one that conceals itself", a_process_is_not_dumpable),
	};
	return rows_run("app/conceal", rows, COUNT_OF(rows));
}
