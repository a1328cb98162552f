/*
 * Names that `croft new module` lets through are names on both databases: each word that one of
 * them knows is tried as a table and as a column, in what migrations and models say.
 */
#include "core/db/store.h"

#include "base/buf.h"
#include "base/str.h"
#include "cli/new/new.h"

/* What SQLite knows and PostgreSQL does not. */
static const char *const sqlite_words[] = {
	"abort",  "attach",   "autoincrement", "database", "detach",  "exclusive", "fail",
	"glob",   "ignore",   "indexed",       "match",    "plan",    "pragma",    "query",
	"raise",  "regexp",   "reindex",       "rename",   "replace", "rowid",     "virtual",
	"vacuum", "tableoid", "xmin",          "cmin",     "xmax",    "cmax",      "ctid",
};

static const char SQL_USE[] =
	"CREATE TABLE a_table (id INTEGER, %s TEXT CHECK (length(%s) BETWEEN 1 AND 9));"
	"CREATE INDEX an_index ON a_table (%s, id);"
	"INSERT INTO a_table (id, %s) VALUES (1, 'one') RETURNING id, %s;"
	"UPDATE a_table SET %s = 'two' WHERE %s = 'one' RETURNING %s;"
	"SELECT id, %s FROM a_table WHERE %s IS NOT NULL ORDER BY %s;"
	"DROP TABLE a_table";
static const char SQL_USE_TABLE[] =
	"CREATE TABLE %s (id INTEGER); CREATE INDEX an_index ON %s (id);"
	"INSERT INTO %s (id) VALUES (1); SELECT %s.id FROM %s WHERE %s.id = 1;"
	"UPDATE %s SET id = 2; DELETE FROM %s; DROP TABLE %s";

/* `sql` with the word in all its places. */
static bool is_good_for(struct store *s, const char *sql, const char *word)
{
	struct buf text;
	buf_init(&text, &s->scene.arena);
	for (const char *at = sql; *at; at++) {
		if (str_starts(at, "%s"))
			buf_add_text(&text, word), at++;
		else
			buf_add_char(&text, *at);
	}
	return store_try(s, buf_text(&text)) == APP_OK;
}

static void try_word(struct store *s, const char *word)
{
	ctx_recover(&s->scene.c);
	if (new_column_name_check(&s->scene.c, word) == APP_OK && !is_good_for(s, SQL_USE, word))
		fail_msg("%s is let through as a column", word);
	ctx_recover(&s->scene.c);
	if (new_name_check(&s->scene.c, "a module", word) == APP_OK &&
	    !is_good_for(s, SQL_USE_TABLE, word))
		fail_msg("%s is let through as a table", word);
}

/* All that PostgreSQL knows, one after the other, with blanks between. */
static char *postgres_words(void)
{
	struct store s;
	bool here = store_is_postgres;
	store_is_postgres = true;
	store_open(&s);
	char *words = strdup(store_text(
		&s, "SELECT string_agg(word, ' ' ORDER BY word) FROM pg_get_keywords()"));
	store_close(&s);
	store_is_postgres = here;
	return words;
}

static void no_word_is_let_through(void **state)
{
	(void)state;
	struct store s;
	char *words = postgres_words();
	store_open(&s);
	/* or nothing of this would be seen */
	assert_false(is_good_for(&s, SQL_USE, "select"));
	assert_true(is_good_for(&s, SQL_USE, "title"));
	assert_true(is_good_for(&s, SQL_USE_TABLE, "books"));
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		try_word(&s, word);
	for (size_t i = 0; i < COUNT_OF(sqlite_words); i++)
		try_word(&s, sqlite_words[i]);
	free(words);
	store_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("no name is let through that a database takes for a word of its own",
		    no_word_is_let_through),
	};
	return store_run("cli/new words", rows, COUNT_OF(rows), NULL, NULL);
}
