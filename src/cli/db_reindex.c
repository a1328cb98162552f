/*
 * `croft db reindex`: makes the full-text indexes anew from their tables. A server may go on
 * meanwhile: rows are found as they are indexed. A stop leaves the rest to the next server, or to
 * the same command.
 */
#include "base/buf.h"
#include "core/db.h"
#include "db.h"

static enum app_err renew(struct ctx *c, void *arg)
{
	(void)arg;
	return db_search_renew(c);
}

static int reindex(struct boot *boot, void *arg)
{
	(void)arg;
	struct ctx *c = boot_ctx(boot);
	enum app_err err = db_write_slow(c, renew, NULL);
	if (!err)
		err = db_search_finish(c);
	if (err)
		return cli_failure(c, err, "db reindex");
	AUTO(buf) text = { 0 };
	buf_add_lit(&text, "The full-text indexes are made anew.\n");
	cli_print(&text);
	return CLI_OK;
}

int cli_db_reindex(struct cli *cli, const void *arg)
{
	(void)arg;
	int code = cli_take_arguments(cli, 0);
	return code ? code : cli_with_boot(cli, BOOT_READY, reindex, NULL);
}
