/* The processes of the cluster of a test program, and its folder; see postgres.h. */
#include "cluster.h"

#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child_follow.h"
#include "cluster_guard.h"
#include "testing/await.h"
#include "testing/child.h"
#include "testing/folder.h"
#include "testing/port.h"
#include "testing/postgres.h"
#include "testing/rows.h"

enum { ARGS_MAX = 32 };

static struct {
	char folder[64], bin[256];
	int port;
	pid_t pid; /* of the server; 0: not running */
	bool made, is_frozen;
	int replica_port;
	pid_t replica_pid;
} cluster;

/* The newest version that is installed. */
static void binaries_find(void)
{
	glob_t found;
	if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) || !found.gl_pathc)
		fail_msg("there is no PostgreSQL server here: run tools/deps check");
	const char *path = found.gl_pathv[found.gl_pathc - 1];
	snprintf(cluster.bin, sizeof(cluster.bin), "%.*s", (int)(strrchr(path, '/') - path), path);
	globfree(&found);
}

static const struct passwd *server_user(void)
{
	const struct passwd *user = getpwnam("postgres");
	return user ? user : getpwnam("nobody");
}

static void become_server_user(void)
{
	if (geteuid() != 0)
		return;
	const struct passwd *user = server_user();
	if (!user || setgroups(0, NULL) || setgid(user->pw_gid) || setuid(user->pw_uid))
		_exit(126);
}

static void child(pid_t parent, const char *const *args)
{
	char path[512], log[128];
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	become_server_user();
	/* Shuts the server down when the test program is killed. */
	child_follow(parent, SIGQUIT);
	snprintf(path, sizeof(path), "%s/%s", cluster.bin, args[0]);
	snprintf(log, sizeof(log), "%s/log", cluster.folder);
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0 ||
	    chdir(cluster.folder))
		_exit(126);
	closefrom(3);
	if (!strcmp(args[0], "postgres"))
		await_start_delay();
	/* They look for each other by the path they were started with. */
	const char *argv[ARGS_MAX] = { path };
	for (size_t i = 1; i < ARGS_MAX - 1 && args[i]; i++)
		argv[i] = args[i];
	execve(path, (char *const *)(uintptr_t)argv,
	       (char *[]){ (char *)(uintptr_t) "LC_ALL=C.UTF-8", NULL });
	_exit(127);
}

static pid_t start(const char *const *args)
{
	pid_t parent = getpid(), pid = child_fork(SIGKILL);
	if (!pid)
		child(parent, args);
	return pid;
}

static void stop(pid_t *pid, int signal)
{
	if (!*pid)
		return;
	kill(*pid, signal);
	waitpid(*pid, NULL, 0);
	*pid = 0;
}

static void cluster_remove(void)
{
	postgres_thaw();
	stop(&cluster.replica_pid, SIGQUIT);
	stop(&cluster.pid, SIGQUIT);
	if (cluster.made)
		folder_remove(cluster.folder);
	cluster.made = false;
	cluster_guard_stop();
}

static void cluster_make(void)
{
	binaries_find();
	strcpy(cluster.folder, "/tmp/croft-test-XXXXXX");
	assert_non_null(mkdtemp(cluster.folder));
	cluster.made = true;
	cluster_guard_start(cluster.folder);
	atexit(cluster_remove);
	const struct passwd *user = server_user();
	if (geteuid() == 0 && user)
		assert_int_equal(chown(cluster.folder, user->pw_uid, user->pw_gid), 0);
	const char *const args[] = { "initdb",    "-D",    "data", "-U",   "croft",
				     "-A",        "trust", "-E",   "UTF8", "--locale=C.UTF-8",
				     "--no-sync", NULL };
	int status = 0;
	pid_t pid = start(args);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status)
		fail_msg("initdb failed: see %s/log", cluster.folder);
	cluster.port = port_free();
}

static void wait_until_it_answers(pid_t pid, int at_port)
{
	char url[POSTGRES_URL_ROOM];
	snprintf(url, sizeof(url), "postgresql://croft@127.0.0.1:%d/postgres", at_port);
	for (struct await await = { 0 }; await_more(&await);) {
		if (PQping(url) == PQPING_OK)
			return;
		if (waitpid(pid, NULL, WNOHANG) == pid)
			break;
	}
	fail_msg("PostgreSQL does not answer: see %s/log", cluster.folder);
}

void cluster_url(char url[POSTGRES_URL_ROOM], const char *name)
{
	snprintf(url, POSTGRES_URL_ROOM, "postgresql://croft@127.0.0.1:%d/%s", cluster.port, name);
}

static pid_t server_start(const char *data, int at_port)
{
	char port[16];
	snprintf(port, sizeof(port), "%d", at_port);
	const char *const args[] = { "postgres",
				     "-D",
				     data,
				     "-p",
				     port,
				     "-k",
				     cluster.folder,
				     "-c",
				     "listen_addresses=127.0.0.1",
				     "-c",
				     "fsync=off",
				     "-c",
				     "shared_buffers=16MB",
				     "-c",
				     "jit=off",
				     NULL };
	pid_t pid = start(args);
	wait_until_it_answers(pid, at_port);
	return pid;
}

void postgres_start(void)
{
	if (!cluster.made)
		cluster_make();
	/* a row that failed may have left it so */
	postgres_thaw();
	if (!cluster.pid)
		cluster.pid = server_start("data", cluster.port);
}

void postgres_stop_immediately(void)
{
	stop(&cluster.pid, SIGQUIT);
}

/* ---- a standby ---- */

static void replica_make(void)
{
	char source[POSTGRES_URL_ROOM];
	cluster_url(source, "postgres");
	const char *const args[] = { "pg_basebackup", "-D", "replica", "-d",
				     source,          "-R", "-c",      "fast",
				     "--no-sync",     NULL };
	int status = 0;
	pid_t pid = start(args);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status)
		fail_msg("pg_basebackup failed: see %s/log", cluster.folder);
	cluster.replica_port = port_free();
}

void postgres_replica_start(void)
{
	if (!cluster.replica_port)
		replica_make();
	if (!cluster.replica_pid)
		cluster.replica_pid = server_start("replica", cluster.replica_port);
}

void postgres_replica_stop(void)
{
	stop(&cluster.replica_pid, SIGQUIT);
}

void postgres_replica_url(const char *url, char ret_url[POSTGRES_URL_ROOM])
{
	snprintf(ret_url, POSTGRES_URL_ROOM, "postgresql://croft@127.0.0.1:%d%s",
		 cluster.replica_port, strrchr(url, '/'));
}

const char *postgres_folder(void)
{
	return cluster.folder;
}

void postgres_freeze(void)
{
	cluster_signal(cluster.pid, SIGSTOP);
	cluster.is_frozen = true;
}

void postgres_thaw(void)
{
	if (cluster.is_frozen)
		cluster_signal(cluster.pid, SIGCONT);
	cluster.is_frozen = false;
}
