/*
 * Foreign keys, while a table is made anew (https://sqlite.org/lang_altertable.html, "Making Other
 * Kinds Of Table Schema Changes"): dropping a table deletes its rows first, and with them what
 * refers to them. The pragma is deaf within a transaction, which a migration is; the switch of the
 * connection is not. Each write leaves no reference broken, so none is under way when it is turned.
 */
#include "internal.h"

static const char SQL_BROKEN[] =
	"SELECT \"table\", coalesce(rowid, 0), parent FROM pragma_foreign_key_check LIMIT 1";

static void keys_enforce(const struct sqlite_conn *conn, bool is_on)
{
	sqlite3_db_config(conn->handle, SQLITE_DBCONFIG_ENABLE_FKEY, (int)is_on, NULL);
}

static enum app_err keys_look(struct ctx *c)
{
	AUTO(db_rows) rows = { 0 };
	bool is_broken = false;
	enum app_err err = db_query_first(c, SQL_BROKEN, BIND(), &rows, &is_broken);
	if (err || !is_broken)
		return err;
	return ctx_fail(
		c, APP_CONFLICT,
		"row %lld of %s refers to a row of %s that is not there; nothing was changed",
		(long long)db_column_int(&rows, 1), db_column_text(&rows, 0, NULL),
		db_column_text(&rows, 2, NULL));
}

enum app_err sqlite_keys_last(struct ctx *c, db_write_fn *run, void *arg)
{
	const struct sqlite_conn *conn = c->db->connection;
	keys_enforce(conn, false);
	enum app_err err = run(c, arg);
	keys_enforce(conn, true);
	return err ? err : keys_look(c);
}
