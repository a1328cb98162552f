/* `croft db shell`: the database's own program in place of this one. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/exposure.h"
#include "core/db_tools.h"
#include "db.h"

/* Returns only when the program cannot be started. */
static int become(const struct db_shell *shell)
{
	const char *program = shell->argv[0];
	if (shell->warning)
		cli_error("%s", shell->warning);
	fflush(stdout);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	execvp(program, shell->argv);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (errno == ENOENT)
		cli_error("the program %s is not installed; on Debian: apt-get install %s", program,
			  shell->package);
	else
		cli_error("cannot start %s: %s", program, strerror(errno));
	return CLI_FAILED;
}

static int shell_open(struct boot *boot, void *arg)
{
	(void)arg;
	struct ctx *c = boot_ctx(boot);
	const char *url = boot_database_url(boot);
	struct db_shell shell;
	int exposed = cli_exit_of(exposure_check_data(boot));
	if (exposed)
		return exposed;
	enum app_err err = boot_links_check(boot, url);
	if (!err)
		err = db_tools_of(url)->shell(c, url, &shell);
	return err ? cli_failure(c, err, "db shell") : become(&shell);
}

int cli_db_shell(struct cli *cli, const void *arg)
{
	(void)arg;
	int code = cli_take_arguments(cli, 0);
	return code ? code : cli_with_boot(cli, BOOT_CONFIG, shell_open, NULL);
}
