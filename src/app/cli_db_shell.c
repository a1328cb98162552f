/*
 * `croft db shell`: the database's own program in place of this one, sqlite3 for reading only, or psql. A password
 * goes to psql through its environment, where other users of the machine do not see it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli_db.h"
#include "core/backup.h"

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
	enum app_err err = backup_database_path(c, url, &path);
	if (!err && access(path, R_OK))
		err = app_fail(c, APP_NOT_FOUND, "cannot read the database '%s': %s", path,
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
 * postgresql://user:password@host/name or postgres://… → the same without the password, which is returned; NULL: there is
 * none.
 */
static const char *password_take(struct arena *arena, const char *url, const char **ret_url)
{
	const char *user = strstr(url, "://");
	*ret_url = url;
	if (!user)
		return NULL;
	user += 3;
	size_t authority = strcspn(user, "/?#");
	const char *at = memrchr(user, '@', authority);
	const char *colon = at ? memchr(user, ':', (size_t)(at - user)) : NULL;
	if (!colon)
		return NULL;
	size_t len;
	const char *password = str_percent_decode(arena, colon + 1, (size_t)(at - colon - 1), false,
						  &len);
	*ret_url = arena_printf(arena, "%.*s%s", (int)(colon - url), url, at);
	return password;
}

/* …?password=…: the same, as a parameter. */
static const char *parameter_take(struct arena *arena, const char *url, const char **ret_url)
{
	static const char name[] = "password=";
	const char *at = strchr(url, '?');
	while (at && !str_starts(at + 1, name))
		at = strchr(at + 1, '&');
	if (!at)
		return NULL;
	const char *value = at + 1 + strlen(name);
	size_t len = strcspn(value, "&");
	/* what comes next takes the sign that stood before it */
	*ret_url = arena_printf(arena, "%.*s%s", (int)(at + (value[len] ? 1 : 0) - url), url,
				value + len + (value[len] ? 1 : 0));
	return str_percent_decode(arena, value, len, false, &len);
}

static int shell_postgres(struct ctx *c, const char *url)
{
	const char *plain;
	const char *password = password_take(c->arena, url, &plain);
	const char *parameter = parameter_take(c->arena, plain, &plain);
	password = parameter ? parameter : password;
	if (password && setenv("PGPASSWORD", password, 1)) {
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
	code = boot_up(&cli->boot, BOOT_CONFIG, &boot);
	if (code)
		return code;
	const char *url = boot_database_url(boot);
	code = exposure_check_data(boot_ctx(boot), url, false);
	if (!code)
		code = str_starts(url, "sqlite:") ? shell_sqlite(boot_ctx(boot), url)
						  : shell_postgres(boot_ctx(boot), url);
	boot_down(boot);
	return code;
}
