/*
 * PostgreSQL's own programs: psql as `croft db shell`, and which ones back it up. A password goes
 * to psql through its environment, where other users of the machine do not see it.
 */
#include "tools.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/buf.h"

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

static enum app_err postgres_shell(struct ctx *c, const char *url, struct db_shell *ret)
{
	AUTO(buf) service = { 0 };
	const char *password, *plain = postgres_url_plain(c->arena, url, &password, &service);
	if ((password && setenv("PGPASSWORD", password, 1)) || !service_hand_over(&service))
		return ctx_fail(c, APP_UNAVAILABLE, "cannot hand the password over: %s",
				strerror(errno));
	*ret = (struct db_shell){ .package = "postgresql-client",
				  .argv = { arena_strdup(c->arena, "psql"),
					    arena_strdup(c->arena, plain) } };
	return APP_OK;
}

const struct db_tools postgres_tools = {
	.backup = "back PostgreSQL up with pg_dump, such as pg_dump --format=custom "
		  "--file=" APP_NAME ".dump",
	.restore = "restore PostgreSQL with pg_restore, from what pg_dump wrote",
	.copy = "between PostgreSQL servers use pg_dump and pg_restore",
	.shell = postgres_shell,
};
