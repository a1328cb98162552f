/*
 * What q of a list finds. With a full-text index: rows that have all its words, each as the beginning of one, in any
 * order and case. Without: rows with the text in a field marked .search. Called by list.c, total.c and where.c.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/app.h"
#include "internal.h"

static bool is_sqlite(const struct ctx *c)
{
	return str_eq(db_driver(c->app->db), "sqlite");
}

/* The letters A to Z in lower case and no others, whatever the locale of a database says. */
static void add_lower(struct sql *sql, const char *column)
{
	sql_add(sql, "lower(");
	sql_add(sql, column);
	sql_add(sql, is_sqlite(sql->c) ? ")" : " COLLATE \"C\")");
}

/* What was written past core/model may lack its folded form: it is found by its ASCII letters at least. */
static void add_folded(struct sql *sql, const struct field *field)
{
	if (field->key) {
		sql_add(sql, field->key);
		return;
	}
	if (!field->folded) {
		add_lower(sql, field->name);
		return;
	}
	sql_add(sql, "coalesce(");
	sql_add(sql, field->folded);
	sql_add(sql, ", ");
	add_lower(sql, field->name);
	sql_add(sql, ")");
}

static struct db_value lower_value(struct ctx *c, struct db_value text)
{
	char *copy = arena_strndup(c->arena, text.bytes, text.len);
	for (size_t i = 0; i < text.len; i++)
		copy[i] = str_lower(copy[i]);
	text.bytes = copy;
	return text;
}

/*
 * No LIKE: so % and _ need no escape, and SQLite's bound on the length of a pattern does not cut what is looked for.
 * It is the one function whose name differs.
 */
void sql_contains(struct sql *sql, const struct field *field, struct db_value text)
{
	sql_add(sql, is_sqlite(sql->c) ? "instr(" : "strpos(");
	add_folded(sql, field);
	sql_add(sql, ", ");
	sql_bind(sql, fold_column(field) ? fold_value(sql->c, text) : lower_value(sql->c, text));
	sql_add(sql, ") > 0");
}

/* ---- the words of q, for FTS5; on PostgreSQL the function search_query() does this ---- */

/* What stands between words: the same as in search_words() of sql/postgres/0003_posts_search.sql. */
static bool is_separator(uint32_t code_point)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x2F },     { 0x3A, 0x40 },     { 0x5B, 0x60 },     { 0x7B, 0xA9 },
		{ 0xAB, 0xB1 },     { 0xB4, 0xB4 },     { 0xB6, 0xB8 },     { 0xBB, 0xBB },
		{ 0xBF, 0xBF },     { 0xD7, 0xD7 },     { 0xF7, 0xF7 },     { 0x2000, 0x206F },
		{ 0x3000, 0x3003 }, { 0x3008, 0x3020 }, { 0xFE00, 0xFE0F },
	};
	for (size_t i = 0; i < COUNT_OF(ranges); i++)
		if (code_point >= ranges[i].first && code_point <= ranges[i].last)
			return true;
	return false;
}

struct words {
	const char **at;
	size_t count;
};

static struct words words_split(struct arena *arena, const char *q)
{
	struct words words = { 0 };
	size_t len = strlen(q), begin = 0, step;
	words.at = arena_raw(arena, (len / 2 + 1) * sizeof(*words.at));
	for (size_t at = 0; at <= len; at += step) {
		uint32_t code_point = 0;
		step = str_utf8_next(q + at, len - at, &code_point);
		if (step && !is_separator(code_point))
			continue;
		if (at > begin)
			words.at[words.count++] = arena_strndup(arena, q + begin, at - begin);
		step = step ? step : 1;
		begin = at + step;
	}
	return words;
}

/* A row with "engines" has "eng" too. Looking for it again would only cost, and "a a a a …" much. */
static bool is_implied(const struct words *words, size_t at)
{
	for (size_t i = 0; i < words->count; i++)
		if (i != at && str_starts_nocase(words->at[i], words->at[at]) &&
		    (i < at || !str_eq_nocase(words->at[i], words->at[at])))
			return true;
	return false;
}

/* "word"* "other"*: as texts, so that none is an operator. A text without words finds nothing. */
static const char *fts5_match(struct ctx *c, const char *q)
{
	struct buf out;
	struct words words = words_split(c->arena, q);
	buf_init(&out, c->arena);
	for (size_t i = 0; i < words.count; i++)
		if (!is_implied(&words, i))
			buf_printf(&out, "%s\"%s\"*", out.len ? " " : "", words.at[i]);
	return out.len ? buf_text(&out) : "\"\"";
}

/* ---- SQL ---- */

static bool has_fts5(const struct ctx *c, const struct model *model, const struct list_query *query)
{
	return query && query->q && model->fts_table && is_sqlite(c);
}

const char *search_id(const struct ctx *c, const struct model *model,
		      const struct list_query *query)
{
	return has_fts5(c, model, query) ? "fts_rowid" : "id";
}

/*
 * The index leads, and gives its rows by id one at a time: a page ordered by id needs only the first few of a common
 * word. As `id IN (SELECT …)` all of them would be gathered first.
 */
void search_from(struct sql *sql, const struct model *model, const struct list_query *query)
{
	sql_add(sql, " FROM ");
	if (has_fts5(sql->c, model, query)) {
		sql_add(sql, "(SELECT rowid AS fts_rowid FROM ");
		sql_add(sql, model->fts_table);
		sql_add(sql, " WHERE ");
		sql_add(sql, model->fts_table);
		sql_add(sql, " MATCH ");
		sql_bind(sql, db_bind_text(fts5_match(sql->c, query->q)));
		sql_add(sql, ") CROSS JOIN ");
	}
	sql_add(sql, model->table);
	if (has_fts5(sql->c, model, query))
		sql_add(sql, " ON id = fts_rowid");
}

/*
 * Said twice: PostgreSQL takes a word it has no numbers of for one in every two hundred rows, and would walk through the
 * table in the order of the page to meet them. Of both together it expects next to none, and asks the index.
 */
static void add_tsquery(struct sql *sql, const struct model *model, const char *q)
{
	for (int i = 0; i < 2; i++) {
		sql_and(sql);
		sql_add(sql, model->fts_column);
		sql_add(sql, " @@ search_query(");
		sql_bind(sql, db_bind_text(q));
		sql_add(sql, ")");
	}
}

static void add_search_fields(struct sql *sql, const struct model *model, const char *q)
{
	const char *glue = "(";
	sql_and(sql);
	for (size_t i = 0; i < model->row->count; i++) {
		const struct field *field = &model->row->fields[i];
		if (!field->search || !field_is_column(field))
			continue;
		sql_add(sql, glue);
		sql_contains(sql, field, db_bind_text(q));
		glue = " OR ";
	}
	/* A model without such fields finds nothing. */
	sql_add(sql, *glue == '(' ? "1 = 0" : ")");
}

void search_where(struct sql *sql, const struct model *model, const struct list_query *query)
{
	if (!query || !query->q || has_fts5(sql->c, model, query))
		return;
	if (model->fts_column && !is_sqlite(sql->c))
		add_tsquery(sql, model, query->q);
	else
		add_search_fields(sql, model, query->q);
}
