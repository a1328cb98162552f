/* What SQL says in PostgreSQL's own words. */
#include "core/dialect.h"

#include <string.h>

#include "core/text.h"
#include "internal.h"
#include "rows.h"

static const char SQL_CHILDREN[] =
	"SELECT CAST(CAST(k.conrelid AS regclass) AS text) AS table_name,"
	" quote_ident(a.attname) AS column_name FROM pg_constraint AS k"
	" JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
	" JOIN pg_attribute AS r ON r.attrelid = k.confrelid AND r.attnum = k.confkey[1]"
	" WHERE k.contype = 'f' AND k.confdeltype = 'c' AND cardinality(k.conkey) = 1"
	" AND r.attname = 'id' AND k.confrelid = to_regclass(CAST($1 AS text))";

/* Named as it is, or as SQL would name it. */
#define TABLE_OF_1 "coalesce(to_regclass(quote_ident($1)), to_regclass(CAST($1 AS text)))"

/*
 * What postgres_column_type() makes of a value, and a column takes; of a domain, by the type that
 * it is made of. Others are read as texts, but a text that is given does not become one.
 */
static const char SQL_TYPES[] =
	"SELECT a.attname, CASE WHEN t.typtype = 'd' OR t.typname = 'numeric' THEN ''"
	" WHEN t.typname = 'bool' THEN 'boolean'"
	" WHEN t.typname IN ('int2', 'int4', 'int8', 'oid') THEN 'integer'"
	" WHEN t.typname IN ('float4', 'float8') THEN 'real'"
	" WHEN t.typname = 'bytea' THEN 'blob' WHEN t.typname = 'date' THEN 'date'"
	" WHEN t.typname IN ('json', 'jsonb') THEN 'json'"
	" WHEN t.typname IN ('text', 'varchar', 'bpchar', 'name', 'citext') THEN 'text'"
	" ELSE CAST(t.typname AS text) END, a.attnotnull,"
	" a.atthasdef OR a.attidentity <> '', r.relkind NOT IN ('r', 'p')"
	" FROM pg_attribute AS a JOIN pg_class AS r ON r.oid = a.attrelid"
	" JOIN pg_type AS d ON d.oid = a.atttypid"
	" JOIN pg_type AS t ON t.oid = CASE d.typtype WHEN 'd' THEN d.typbasetype ELSE d.oid END"
	" WHERE a.attrelid = " TABLE_OF_1
	" AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

/* ---- ids ---- */

static const char SQL_LAST_ID[] =
	"SELECT pg_sequence_last_value(pg_get_serial_sequence(quote_ident($1), $2)::regclass)";
static const char SQL_SET_ID[] =
	"SELECT setval(pg_get_serial_sequence(quote_ident($1), $2)::regclass, $3)";

static enum app_err last_id(struct ctx *c, const char *table, const char *column, int64_t *ret_id)
{
	return db_query_int(c, SQL_LAST_ID, BIND(table, column), ret_id);
}

static enum app_err last_id_set(struct ctx *c, const char *table, const char *column, int64_t id)
{
	return db_exec(c, SQL_SET_ID, BIND(table, column, id), NULL);
}

/* ---- what tables are made of ---- */

static const char SQL_CHECKS[] =
	"SELECT k.conname, a.attname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k"
	" JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
	" WHERE k.contype = 'c' AND cardinality(k.conkey) = 1 AND k.conrelid = " TABLE_OF_1
	" ORDER BY k.conname";
static const char SQL_INDEXES[] =
	"SELECT n.relname, CAST(x.indisunique AS int),"
	" coalesce(pg_get_expr(x.indpred, x.indrelid), ''), coalesce(a.attname, ''),"
	/* 1: it descends; 2: nulls are the first */
	" CAST((k.coll = 0 OR o.collname = 'C') AND k.options IN (0, 3) AS int), 0,"
	" k.options & 1 FROM pg_index AS x"
	" JOIN pg_class AS n ON n.oid = x.indexrelid"
	" CROSS JOIN LATERAL unnest(CAST(x.indkey AS int2[]), CAST(x.indcollation AS oid[]),"
	" CAST(x.indoption AS int2[])) WITH ORDINALITY AS k (attnum, coll, options, at)"
	" LEFT JOIN pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = k.attnum"
	" AND k.attnum > 0 LEFT JOIN pg_collation AS o ON o.oid = k.coll"
	" WHERE x.indisvalid AND k.at <= x.indnkeyatts AND x.indrelid = " TABLE_OF_1
	" ORDER BY n.relname, k.at";
static const char SQL_KEYS[] =
	"SELECT a.attname, r.relname FROM pg_constraint AS k"
	" JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
	" JOIN pg_class AS r ON r.oid = k.confrelid"
	" WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 AND k.conrelid = " TABLE_OF_1;
static const struct db_make make = {
	.checks = SQL_CHECKS,
	.indexes = SQL_INDEXES,
	.keys = SQL_KEYS,
};

/* ---- full text ---- */

/* 'word':* & 'other':*. Words have neither quotes nor backslashes in them. */
static const char *tsquery_of(struct ctx *c, const char *q)
{
	struct db_words words = db_words_of(c, q);
	struct buf out;
	buf_init(&out, c->arena);
	for (size_t i = 0; i < words.count; i++)
		buf_printf(&out, "%s'%s':*", i ? " & " : "", words.at[i]);
	return words.count ? buf_text(&out) : NULL;
}

/*
 * Said twice: PostgreSQL takes a word it has no numbers of for one in every two hundred rows, and
 * would walk through the table in the order of the page to meet them. Of both together it expects
 * next to none, and asks the index.
 */
static void search_where(struct sql *sql, const char *column, const char *q)
{
	const char *query = tsquery_of(sql->c, q);
	if (!query) {
		sql_and(sql);
		sql_add(sql, "1 = 0");
		return;
	}
	for (int i = 0; i < 2; i++) {
		sql_and(sql);
		sql_add(sql, column);
		sql_add(sql, " @@ CAST(CAST(");
		sql_bind(sql, db_bind_text(query));
		sql_add(sql, " AS text) AS tsquery)");
	}
}

static void search_value(struct sql *sql, const char *text)
{
	sql_add(sql, "CAST(CAST(");
	sql_bind(sql, db_bind_text(text_words_quoted(sql->c->arena, text, strlen(text))));
	sql_add(sql, " AS text) AS tsvector)");
}

const struct db_dialect postgres_dialect = {
	.by_code_point = " COLLATE \"C\"",
	.position = "strpos",
	/* as an update of columns that are no key takes it: what refers to the row need not wait */
	.row_lock = " FOR NO KEY UPDATE",
	.has_default = true,
	.bounds_parts = true,
	.children = SQL_CHILDREN,
	.row_id = "ctid",
	.row_among = { "ctid = ANY (ARRAY(", "))" },
	.gives_ids = "OVERRIDING SYSTEM VALUE ",
	.last_id = last_id,
	.last_id_set = last_id_set,
	.column_types = SQL_TYPES,
	.make = &make,
	.has_booleans = true,
	.has_dates = true,
	.explain = "EXPLAIN ",
	.search_where = search_where,
	.search_value = search_value,
};
