/* What SQL says in SQLite's own words. */
#include "core/dialect.h"

#include "internal.h"

static const char SQL_CHILDREN[] =
	"SELECT printf('\"%w\"', t.name) AS table_name, printf('\"%w\"', f.\"from\") AS column_name"
	" FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f"
	" WHERE t.schema = 'main' AND t.type = 'table' AND NOT t.wr"
	" AND lower(f.\"table\") = lower($1) AND f.on_delete = 'CASCADE' AND f.seq = 0"
	" AND coalesce(f.\"to\", 'id') = 'id' AND NOT EXISTS (SELECT 1 FROM"
	" pragma_foreign_key_list(t.name) AS more WHERE more.id = f.id AND more.seq > 0)";

const struct db_dialect sqlite_dialect = {
	.by_code_point = "",
	.position = "instr",
	.row_lock = "",
	.children = SQL_CHILDREN,
	.row_id = "rowid",
	.row_among = { "rowid IN (", ")" },
	.explain = "EXPLAIN QUERY PLAN ",
	.search_from = sqlite_search_from,
};
