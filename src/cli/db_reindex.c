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

static int reindex(struct ctx *c)
{
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

int cli_db_reindex(struct cli *cli)
{
	int code = cli_take_arguments(cli, 0);
	if (code)
		return code;
	struct boot *boot = NULL;
	code = cli_boot_up(cli, BOOT_READY, &boot);
	if (code)
		return code;
	code = reindex(boot_ctx(boot));
	boot_down(boot);
	return code;
}
