/*
 * What q finds in an index of FTS5, as SQL: each of its words as the beginning of one, in what is
 * indexed and in what is still to be (fts.h).
 */
#include <string.h>

#include "base/arena.h"
#include "base/budget.h"
#include "base/str.h"
#include "core/app.h"
#include "core/dialect.h"
#include "core/sqlite/internal.h"
#include "fts.h"

enum {
	/* letters of the beginnings that the index of FTS5 has by themselves */
	BEGINNING_INDEXED = 3,
	WORDS_COMPLETED = 8,  /* of q, by the list of all words */
	COMPLETIONS_MAX = 64, /* more words with one beginning: FTS5 gathers them */
	/* rows that are not indexed yet and looked through, and bytes of their text */
	PENDING_MAX = 5000,
	PENDING_TEXT = 8 * 1024 * 1024,
};

/* Adds the name of what belongs to the index, such as posts_fts_todo. */
static void add_name(struct sql *sql, const char *index, const char *part)
{
	sql_add(sql, index);
	sql_add(sql, part);
}

/*
 * FTS5 gathers all rows of a beginning before it gives the first, unless it is a short one that is
 * indexed by itself. Of whole words it reads the rows one after the other, so the beginning is
 * completed to those there are.
 */
static void add_completed(struct sql *sql, const char *index, const char *word)
{
	struct ctx *c = sql->c;
	sql_add(sql, arena_printf(c->arena,
				  "coalesce((SELECT CASE WHEN count(*) <= %d THEN '(' || "
				  "group_concat('\"' || word || '\"', ' OR ') || ')' END FROM "
				  "(SELECT word FROM ",
				  COMPLETIONS_MAX));
	add_name(sql, index, "_words");
	sql_add(sql, " WHERE word >= ");
	sql_bind(sql, db_bind_text(word));
	sql_add(sql, " AND word < ");
	sql_bind(sql, db_bind_text(arena_printf(c->arena, "%s\xF4\x8F\xBF\xBF", word)));
	sql_add(sql, arena_printf(c->arena, " LIMIT %d)), ", COMPLETIONS_MAX + 1));
	sql_bind(sql, db_bind_text(arena_printf(c->arena, "\"%s\"*", word)));
	sql_add(sql, ")");
}

static void add_text(struct sql *sql, struct buf *text)
{
	sql_bind(sql, db_bind_text(arena_strndup(sql->c->arena, text->data, text->len)));
	buf_clear(text);
}

/*
 * One value for what stands between two words that are completed: SQLite bounds how many can be
 * joined.
 */
static void add_match(struct sql *sql, const char *index, const struct db_words *words)
{
	struct buf text;
	size_t completed = 0;
	buf_init(&text, sql->c->arena);
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->at[i];
		buf_add_text(&text, i ? " AND " : " ");
		bool is_short = str_utf8_count(word, strlen(word)) <= BEGINNING_INDEXED;
		/* FTS5 gathers all rows of it without looking at the clock */
		if (!is_short && completed == WORDS_COMPLETED)
			budget_spend(sql->c->budget);
		if (is_short || completed == WORDS_COMPLETED) {
			buf_printf(&text, "\"%s\"*", word);
			continue;
		}
		completed++;
		add_text(sql, &text);
		sql_add(sql, " || ");
		add_completed(sql, index, word);
		sql_add(sql, " || ");
	}
	buf_add_char(&text, ' ');
	add_text(sql, &text);
}

/* Rows that the index has, without those whose words have changed since. */
static void add_indexed(struct sql *sql, const char *index, const struct db_words *words)
{
	sql_add(sql, "SELECT rowid AS fts_rowid FROM ");
	sql_add(sql, index);
	sql_add(sql, " WHERE ");
	sql_add(sql, index);
	sql_add(sql, " MATCH (");
	add_match(sql, index, words);
	sql_add(sql, ") AND rowid NOT IN (SELECT id FROM ");
	add_name(sql, index, "_todo)");
}

/*
 * The oldest of the newest rows of the list that are looked through: upwards until there are so
 * many, or so much text. NULL when the list is empty.
 */
static void add_oldest(struct sql *sql, const char *index)
{
	struct ctx *c = sql->c;
	sql_add(sql, "(WITH RECURSIVE near (id, bytes, n) AS (SELECT max(id), 0, 1 FROM ");
	add_name(sql, index, "_todo UNION ALL SELECT (SELECT max(t.id) FROM ");
	add_name(sql, index,
		 "_todo AS t WHERE t.id < near.id), bytes + coalesce((SELECT "
		 "length(CAST(s.text AS BLOB)) FROM ");
	add_name(sql, index, "_source AS s WHERE s.id = near.id), 0), n + 1 FROM near WHERE ");
	sql_add(sql, arena_printf(c->arena,
				  "near.id IS NOT NULL AND bytes < %d AND n < %d) "
				  "SELECT min(id) FROM near)",
				  PENDING_TEXT, PENDING_MAX));
}

/*
 * Rows that are to be indexed, the newest of them. The list leads: it is short, and SQLite does not
 * know.
 */
static void add_pending(struct sql *sql, const char *index, const struct db_words *words)
{
	sql_add(sql, "SELECT t.id FROM ");
	add_name(sql, index, "_todo AS t CROSS JOIN ");
	add_name(sql, index, "_source AS s ON s.id = t.id WHERE t.id >= ");
	add_oldest(sql, index);
	sql_add(sql, " AND search_has(s.text, ");
	sql_bind(sql, db_bind_text(words->text));
	sql_add(sql, ")");
}

/*
 * The index leads, and gives its rows by id one at a time: a page ordered by id needs only the
 * first few of a common word. As `id IN (SELECT …)` all of them would be gathered first.
 */
void sqlite_search_from(struct sql *sql, const char *index, const char *q)
{
	struct db_words words = db_words_of(sql->c, q);
	const struct sqlite *s = sql->c->app->db->state;
	if (s->fts_waits)
		budget_spend(sql->c->budget);
	if (!words.count) {
		sql_add(sql, "(SELECT NULL AS fts_rowid WHERE 1 = 0)");
		return;
	}
	sql_add(sql, "(");
	add_indexed(sql, index, &words);
	sql_add(sql, " UNION ALL ");
	add_pending(sql, index, &words);
	sql_add(sql, ")");
}
