/* Looks after a cluster whose test program has died; see cluster_guard.h. */
#include "cluster_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/folder.h"
#include "testing/rows.h"

static struct {
	pid_t pid;
	int life; /* the end of a pipe that nobody writes to: it is closed when the program ends */
} guard;

void cluster_signal(pid_t server, int signal)
{
	char path[64], *text = NULL;
	size_t room = 0;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", server, server);
	if (signal == SIGSTOP)
		kill(server, signal);
	FILE *file = fopen(path, "re");
	if (file && getline(&text, &room, file) > 0)
		for (char *at = text, *end; strtol(at, &end, 10) > 0; at = end)
			kill((pid_t)strtol(at, NULL, 10), signal);
	if (file)
		fclose(file);
	free(text);
	if (signal != SIGSTOP)
		kill(server, signal);
}

/* The server of a data directory, as its lock file tells; 0: none runs. */
static pid_t server_of(const char *folder, const char *data)
{
	char path[128];
	int pid = 0;
	snprintf(path, sizeof(path), "%s/%s/postmaster.pid", folder, data);
	FILE *file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%d", &pid) != 1)
		pid = 0;
	fclose(file);
	return pid;
}

static void server_end(const char *folder, const char *data)
{
	pid_t server = server_of(folder, data);
	if (!server)
		return;
	kill(server, SIGQUIT);
	cluster_signal(server, SIGCONT);
	for (struct await await = { 0 }; server_of(folder, data) && await_more(&await);)
		;
}

static void watch(const char *folder, int life)
{
	char byte;
	/* What ends the program, as Ctrl-C or who cleans up behind it, is not meant for this. */
	setsid();
	dup2(life, STDIN_FILENO);
	closefrom(STDIN_FILENO + 1);
	while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
		;
	server_end(folder, "replica");
	server_end(folder, "data");
	folder_remove(folder);
	_exit(0);
}

void cluster_guard_start(const char *folder)
{
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	guard.life = ends[1];
	guard.pid = fork();
	assert_true(guard.pid >= 0);
	if (!guard.pid) {
		close(ends[1]);
		watch(folder, ends[0]);
	}
	close(ends[0]);
}

void cluster_guard_stop(void)
{
	kill(guard.pid, SIGKILL);
	waitpid(guard.pid, NULL, 0);
	close(guard.life);
}
