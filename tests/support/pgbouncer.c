/* See pgbouncer.h. */
#include "support/pgbouncer.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/child.h"
#include "testing/port.h"
#include "testing/rows.h"

#define BINARY "/usr/sbin/pgbouncer"

static struct {
	pid_t pid;
	int port;
} bouncer;

static void config_write(const char *path, int server_port)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
		"[databases]\n* = host=127.0.0.1 port=%d user=croft\n"
		"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\n"
		"auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n"
		"logfile = /dev/null\n",
		server_port, bouncer.port);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0644), 0);
}

static void child(const char *config)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	closefrom(3);
	if (geteuid() == 0)
		execl(BINARY, BINARY, "-q", "-u", "nobody", config, (char *)NULL);
	else
		execl(BINARY, BINARY, "-q", config, (char *)NULL);
	_exit(127);
}

void pgbouncer_start(const char *url, char ret_url[POSTGRES_URL_ROOM])
{
	const char *port = strrchr(url, ':') + 1;
	bool start = !bouncer.pid;
	if (!bouncer.port)
		bouncer.port = port_free();
	snprintf(ret_url, POSTGRES_URL_ROOM, "postgresql://croft@127.0.0.1:%d%s", bouncer.port,
		 strchr(port, '/'));
	if (!start)
		return;
	if (access(BINARY, X_OK))
		fail_msg("there is no pgbouncer here: run tools/deps check");
	char config[160];
	snprintf(config, sizeof(config), "%s/pgbouncer.ini", postgres_folder());
	assert_int_equal(chmod(postgres_folder(), 0711), 0);
	config_write(config, atoi(port));
	bouncer.pid = child_fork(SIGKILL);
	if (!bouncer.pid)
		child(config);
	atexit(pgbouncer_stop);
	AWAIT(PQping(ret_url) == PQPING_OK);
}

void pgbouncer_stop(void)
{
	if (!bouncer.pid)
		return;
	kill(bouncer.pid, SIGKILL);
	waitpid(bouncer.pid, NULL, 0);
	bouncer.pid = 0;
}
