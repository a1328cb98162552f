/*
 * The files that a URL of PostgreSQL names, or libpq takes by itself: who else can read or change
 * them is asked before libpq does, which passes over a password that others can read and so fails
 * later, with other words.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "internal.h"

/* What the URL says, else what the environment says, as libpq has it. */
static const char *named(const PQconninfoOption *list, const char *keyword, const char *variable)
{
	const char *value = postgres_url_value(list, keyword);
	if (!value)
		value = getenv(variable);
	return value && *value ? value : NULL;
}

static const char *password_file(struct ctx *c, const PQconninfoOption *list)
{
	const char *home = getenv("HOME");
	const char *path = named(list, "passfile", "PGPASSFILE");
	if (named(list, "password", "PGPASSWORD"))
		return NULL;
	return path || !home || !*home ? path : arena_printf(c->arena, "%s/.pgpass", home);
}

/* libpq lets root's key be read by its group, and no other. */
static enum exposure_kind key_kind(const char *path)
{
	struct stat st;
	return !stat(path, &st) && st.st_uid == 0 ? EXPOSURE_SECRET : EXPOSURE_OWN;
}

static void url_files(struct ctx *c, const char *url, db_file_fn *tell, void *arg)
{
	PQconninfoOption *list = postgres_url_parse(url);
	if (!list)
		return;
	const char *key = named(list, "sslkey", "PGSSLKEY");
	const char *root = named(list, "sslrootcert", "PGSSLROOTCERT");
	const char *passwords = password_file(c, list);
	if (key)
		tell(arg, key, key_kind(key));
	if (root)
		tell(arg, root, EXPOSURE_SETTINGS);
	if (passwords)
		tell(arg, passwords, EXPOSURE_OWN);
	postgres_url_drop(list);
}

void postgres_files(struct ctx *c, const struct db_options *options, const char *place,
		    db_file_fn *tell, void *arg)
{
	(void)place;
	url_files(c, options->url, tell, arg);
	if (options->replica_url && *options->replica_url)
		url_files(c, options->replica_url, tell, arg);
}
