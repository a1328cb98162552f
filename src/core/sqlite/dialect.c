/* What SQL says in SQLite's own words. */
#include "core/dialect.h"

#include "base/mem.h"
#include "fts/fts.h"
#include "internal.h"

static const char SQL_CHILDREN[] =
	"SELECT printf('\"%w\"', t.name) AS table_name, printf('\"%w\"', f.\"from\") AS column_name"
	" FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f"
	" WHERE t.schema = 'main' AND t.type = 'table' AND NOT t.wr"
	" AND lower(f.\"table\") = lower($1) AND f.on_delete = 'CASCADE' AND f.seq = 0"
	" AND coalesce(f.\"to\", 'id') = 'id' AND NOT EXISTS (SELECT 1 FROM"
	" pragma_foreign_key_list(t.name) AS more WHERE more.id = f.id AND more.seq > 0)";

static const char SQL_TABLES[] =
	"SELECT name FROM pragma_table_list AS t WHERE schema = 'main' AND type = 'table' "
	"AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'croft_migrations' "
	"AND NOT EXISTS (SELECT 1 FROM pragma_table_list AS v WHERE v.type = 'virtual' "
	"AND t.name IN (v.name || '_todo', v.name || '_words')) ORDER BY name";
static const char SQL_COLUMNS[] = "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid";
static const char SQL_PARENTS[] = "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list($1)";
static const struct db_catalog catalog = {
	.tables = SQL_TABLES,
	.columns = SQL_COLUMNS,
	.parents = SQL_PARENTS,
};

/* ---- ids ---- */

static const char SQL_NUMBERED[] =
	"SELECT count(*) FROM sqlite_schema WHERE name = $1 AND sql LIKE '%AUTOINCREMENT%'";
static const char SQL_LAST_ID[] = "SELECT seq FROM sqlite_sequence WHERE name = $1";
static const char SQL_SET_ID[] = "UPDATE sqlite_sequence SET seq = $2 WHERE name = $1";
static const char SQL_ADD_ID[] = "INSERT INTO sqlite_sequence (name, seq) SELECT $1, $2 "
				 "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = $1)";

/* Whether the table keeps an account of its ids, so that none comes twice. */
static enum app_err is_numbered(struct ctx *c, const char *table, bool *ret)
{
	int64_t count = 0;
	enum app_err err = db_query_int(c, SQL_NUMBERED, BIND(table), &count);
	if (!err)
		*ret = count > 0;
	return err;
}

static enum app_err last_id(struct ctx *c, const char *table, const char *column, int64_t *ret_id)
{
	bool numbered = false;
	enum app_err err = is_numbered(c, table, &numbered);
	if (err)
		return err;
	if (numbered)
		return db_query_int(c, SQL_LAST_ID, BIND(table), ret_id);
	char *sql = sqlite3_mprintf("SELECT max(\"%w\") FROM \"%w\"", column, table);
	if (!sql)
		mem_out(0);
	err = db_query_int(c, sql, BIND(), ret_id);
	sqlite3_free(sql);
	return err;
}

static enum app_err last_id_set(struct ctx *c, const char *table, const char *column, int64_t id)
{
	(void)column;
	bool numbered = false;
	enum app_err err = is_numbered(c, table, &numbered);
	if (err || !numbered)
		return err;
	err = db_exec(c, SQL_SET_ID, BIND(table, id), NULL);
	return err ? err : db_exec(c, SQL_ADD_ID, BIND(table, id), NULL);
}

/*
 * INTEGER PRIMARY KEY, which is the number of the row: SQLite makes it, and it is never null. Other
 * primary keys have an index, and each column of them may be null that does not say NOT NULL
 * (https://sqlite.org/lang_createtable.html#the_primary_key).
 */
#define IS_NUMBER "(pk AND NOT EXISTS (SELECT 1 FROM pragma_index_list($1) WHERE origin = 'pk'))"

/* By the rules of affinity (https://sqlite.org/datatype3.html#determination_of_column_affinity). */
static const char SQL_TYPES[] =
	"SELECT name, CASE WHEN type LIKE '%INT%' THEN 'integer'"
	" WHEN type LIKE '%CHAR%' OR type LIKE '%CLOB%' OR type LIKE '%TEXT%' THEN 'text'"
	" WHEN type LIKE '%REAL%' OR type LIKE '%FLOA%' OR type LIKE '%DOUB%' THEN 'real'"
	" WHEN type LIKE '%BLOB%' THEN 'blob' ELSE '' END,"
	" \"notnull\" OR " IS_NUMBER ", dflt_value IS NOT NULL OR hidden > 1 OR " IS_NUMBER ","
	" EXISTS (SELECT 1 FROM sqlite_schema AS s WHERE s.name = $1 AND s.type = 'view')"
	" FROM pragma_table_xinfo($1) WHERE hidden <> 1 ORDER BY cid";

/* ---- what tables are made of ---- */

static const char SQL_TEXT[] = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = $1";
static const char SQL_INDEXES[] =
	"SELECT l.name, l.\"unique\", CASE WHEN l.partial THEN s.sql ELSE '' END,"
	" coalesce(i.name, ''), i.coll = 'BINARY', EXISTS (SELECT 1 FROM"
	" pragma_index_xinfo(l.name) AS r WHERE NOT r.key AND CASE r.cid WHEN -1 THEN EXISTS"
	" (SELECT 1 FROM pragma_table_info($1) WHERE name = 'id' AND " IS_NUMBER ")"
	" ELSE r.name = 'id' AND r.seqno = (SELECT count(*) FROM pragma_index_info(l.name)) END),"
	" i.\"desc\" FROM pragma_index_list($1) AS l"
	" JOIN pragma_index_xinfo(l.name) AS i"
	" LEFT JOIN sqlite_schema AS s ON s.type = 'index' AND s.name = l.name"
	" WHERE i.key ORDER BY l.name, i.seqno";
static const char SQL_KEYS[] = "SELECT \"from\", \"table\" FROM pragma_foreign_key_list($1) AS k "
			       "WHERE seq = 0 AND NOT EXISTS"
			       " (SELECT 1 FROM pragma_foreign_key_list($1) AS more WHERE more.id "
			       "= k.id AND more.seq > 0)";
static const struct db_make make = {
	.text = SQL_TEXT,
	.indexes = SQL_INDEXES,
	.keys = SQL_KEYS,
};

static const char *const search_tables[] = { "", "_words", "_todo", "_source", NULL };

const struct db_dialect sqlite_dialect = {
	.by_code_point = "",
	.position = "instr",
	.row_lock = "",
	.children = SQL_CHILDREN,
	.row_id = "rowid",
	.row_among = { "rowid IN (", ")" },
	.catalog = &catalog,
	.gives_ids = "",
	.last_id = last_id,
	.last_id_set = last_id_set,
	.column_types = SQL_TYPES,
	.make = &make,
	.explain = "EXPLAIN QUERY PLAN ",
	.search_from = sqlite_search_from,
	.search_tables = search_tables,
};
