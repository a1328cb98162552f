/*
 * `croft db shell`: the database's own program in place of this one, sqlite3 for reading only, or
 * psql. A password goes to psql through its environment, where other users of the machine do not
 * see it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/exposure.h"
#include "args.h"
#include "base/arena.h"
#include "base/buf.h"
#include "core/db.h"
#include "core/sqlite_backup.h"
#include "db.h"

/* Returns only when the program cannot be started. */
static int become(const char *program, const char *package, char *const *argv)
{
	fflush(stdout);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	execvp(program, argv);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (errno == ENOENT)
		cli_error("the program %s is not installed; on Debian: apt-get install %s", program,
			  package);
	else
		cli_error("cannot start %s: %s", program, strerror(errno));
	return CLI_FAILED;
}

static int shell_sqlite(struct ctx *c, const char *url)
{
	const char *path;
	enum app_err err = sqlite_backup_database_path(c, url, &path);
	if (!err && access(path, R_OK))
		err = ctx_fail(c, APP_NOT_FOUND, "cannot read the database '%s': %s", path,
			       strerror(errno));
	if (err)
		return cli_failure(c, err, "db shell");
	cli_error("%s is opened for reading only. Never write to it with sqlite3 while a server "
		  "runs, and leave no transaction open: the server's log would grow",
		  path);
	char *const argv[] = { arena_strdup(c->arena, "sqlite3"),
			       arena_strdup(c->arena, "-readonly"), arena_strdup(c->arena, path),
			       NULL };
	return become("sqlite3", "sqlite3", argv);
}

/*
 * The file of services is one that only the program's own descriptor leads to. A URL or an
 * environment that has a service of its own keeps it: psql then asks.
 */
static bool service_hand_over(struct buf *service)
{
	char path[64];
	if (!service->len || getenv("PGSERVICE"))
		return true;
	int fd = memfd_create("croft-service", 0); /* stays open in psql, which may read it again */
	if (fd < 0 || write(fd, service->data, service->len) != (ssize_t)service->len)
		return false;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return !setenv("PGSERVICEFILE", path, 1) && !setenv("PGSERVICE", "croft", 1);
}

static int shell_postgres(struct ctx *c, const char *url)
{
	AUTO(buf) service = { 0 };
	const char *password, *plain = args_url_plain(c->arena, url, &password, &service);
	if ((password && setenv("PGPASSWORD", password, 1)) || !service_hand_over(&service)) {
		cli_error("cannot hand the password over: %s", strerror(errno));
		return CLI_FAILED;
	}
	char *const argv[] = { arena_strdup(c->arena, "psql"), arena_strdup(c->arena, plain),
			       NULL };
	return become("psql", "postgresql-client", argv);
}

int cli_db_shell(struct cli *cli)
{
	int code = cli_take_arguments(cli, 0);
	if (code)
		return code;
	struct boot *boot = NULL;
	code = cli_boot_up(cli, BOOT_CONFIG, &boot);
	if (code)
		return code;
	const char *url = boot_database_url(boot);
	code = cli_exit_of(exposure_check_data(boot));
	if (!code)
		code = db_place_of(url, NULL) == DB_PLACE_SERVER
			       ? shell_postgres(boot_ctx(boot), url)
			       : shell_sqlite(boot_ctx(boot), url);
	boot_down(boot);
	return code;
}
