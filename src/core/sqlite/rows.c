/*
 * Running a query and reading its result set. The hot path of every read: no allocation, no lock.
 */
#include "rows.h"
#include "internal.h"

/* Gives the statement back as soon as the rows end: an open read holds up the log's checkpoint. */
static void rows_end(struct db_rows *rows)
{
	sqlite_statement_give(rows->connection, rows->statement);
	rows->statement = NULL;
	rows->done = true;
}

static enum app_err rows_step(struct db_rows *rows, bool *ret_row)
{
	struct sqlite_conn *conn = rows->connection;
	struct sqlite_statement *statement = rows->statement;
	int code = sqlite_conn_step(conn, statement->stmt, &statement->watch);
	if (code == SQLITE_ROW) {
		statement->rows++;
		*ret_row = true;
		return APP_OK;
	}
	enum app_err err = APP_OK;
	if (code != SQLITE_DONE)
		err = sqlite_fail(rows->c, conn, code, statement->entry.sql);
	rows_end(rows);
	if (!err)
		*ret_row = false;
	return err;
}

/*
 * Steps ahead at once, so that a query that changes something does so whether or not its rows are
 * read.
 */
enum app_err sqlite_query(struct ctx *c, const char *sql, struct db_binds binds,
			  struct db_rows *ret_rows)
{
	struct sqlite_conn *conn;
	enum app_err err = sqlite_conn_of(c, &conn);
	if (err)
		return err;
	struct sqlite_statement *statement;
	err = sqlite_statement_take(c, conn, sql, &statement);
	if (err)
		return err;
	struct db_rows rows = { .c = c, .statement = statement, .connection = conn };
	err = sqlite_statement_bind(c, conn, statement, binds);
	if (err) {
		rows_end(&rows);
		return err;
	}
	err = rows_step(&rows, &rows.primed);
	if (err)
		return err;
	*ret_rows = rows;
	return APP_OK;
}

enum app_err sqlite_rows_next(struct db_rows *rows, bool *ret_row)
{
	if (rows->done) {
		*ret_row = false;
		return APP_OK;
	}
	if (rows->primed) {
		rows->primed = false;
		*ret_row = true;
		return APP_OK;
	}
	return rows_step(rows, ret_row);
}

/*
 * A change whose rows were not all read goes on to its end. A reset would end it too, but when a
 * trigger of the table feeds an FTS5 index, that fails and takes the transaction along.
 */
static void change_finish(struct sqlite_conn *conn, struct sqlite_statement *statement)
{
	int code = SQLITE_ROW;
	while (code == SQLITE_ROW)
		code = sqlite_conn_step(conn, statement->stmt, &statement->watch);
	if (code != SQLITE_DONE)
		conn->unfinished = code;
}

void sqlite_rows_close(struct db_rows *rows)
{
	struct sqlite_conn *conn = rows->connection;
	struct sqlite_statement *statement = rows->statement;
	if (conn->writes && !sqlite3_stmt_readonly(statement->stmt))
		change_finish(conn, statement);
	rows_end(rows);
}

void sqlite_rows_auto(struct db_rows *rows)
{
	if (rows->statement)
		sqlite_rows_close(rows);
}
