/*
 * Whether a project can be called so: as a program, as the folder beside the tree, and as what its
 * variables begin with. The rest is tools/new-app, for it is a matter of git and files.
 */
#include "app.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/str.h"
#include "new.h"

/* What else there is in build/. */
static const char build_words[] =
	" bench check coverage dev fuzz gen flags members obj results test vendor ";
/*
 * With "_" behind them they begin variables of others, which would be taken for settings: of
 * systemd and Kubernetes, of shells and desktops, of what builds and tests, of other servers.
 */
static const char others_words[] =
	" all apt asan aws azure bash cache ccache ci configuration container"
	" credentials database dbus debian desktop docker dpkg exit ftp gcc git github"
	" gitlab gnome gpg gtk home http https invocation java journal kde kubernetes lc"
	" ld less listen logs long ls lsan make malloc man memory monitor mysql no node"
	" notify npm pg postgres python qt redis remote runner runtime service session"
	" ssh ssl state sudo systemd term time trigger tsan ubsan watchdog wayland xdg ";

static enum app_err name_check(struct ctx *c, const char *name)
{
	enum app_err err = new_form_check(c, "a project", name);
	if (err)
		return err;
	const char *word = arena_printf(c->arena, " %s ", name);
	if (str_eq(name, APP_NAME))
		return ctx_fail(c, APP_INVALID, "a project of one's own is not called %s, too",
				name);
	if (strstr(build_words, word))
		return ctx_fail(c, APP_INVALID,
				"'%s' cannot be the name of a project: build/%s is something else; "
				"choose another",
				name, name);
	if (strstr(others_words, word))
		return ctx_fail(c, APP_INVALID,
				"'%s' cannot be the name of a project: its variables would begin "
				"as those of others do; choose another",
				name);
	return APP_OK;
}

enum app_err new_app_make(struct ctx *c, const char *name, int *ret_status)
{
	char script[] = "tools/new-app", program[] = APP_NAME;
	pid_t pid;
	int status;
	enum app_err err = name_check(c, name);
	if (!err)
		err = new_root_enter(c);
	if (err)
		return err;
	char *const argv[] = { script, arena_strdup(c->arena, name), program, NULL };
	int cause = posix_spawn(&pid, script, NULL, NULL, argv, environ);
	if (cause)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot start %s: %s", script, strerror(cause));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return ctx_fail(c, APP_UNAVAILABLE, "cannot wait for %s: %s", script,
					strerror(errno));
	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return APP_OK;
}
