/* long */
/*
 * q of models with a full-text index: words mean the same on both databases, and none is an error.
 * The index is made as docs/search.md tells module authors to. Runs from the repository.
 */
#include "shelf_list.h"

#include "base/buf.h"
#include "base/str.h"
#include "testing/program.h"

static struct model searched;

/* The functions that the migration of posts makes for all tables. */
static void functions_make(void)
{
	char *text = program_read(".", "sql/postgres/0006_posts_words.sql");
	assert_non_null(text);
	char *from = strstr(text, "CREATE OR REPLACE FUNCTION"), *to = strstr(text, "CREATE TABLE");
	assert_true(from && to && from < to);
	*to = '\0';
	store_do(&store, from);
	free(text);
}

static const char SQL_INDEX_POSTGRES[] =
	"ALTER TABLE books ADD COLUMN words tsvector NOT NULL;"
	"CREATE TABLE books_words_todo (id bigint PRIMARY KEY);"
	"CREATE VIEW books_words_source AS SELECT id, title AS text FROM books;"
	"CREATE FUNCTION books_words_fill() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN"
	" NEW.words := search_vector(NEW.title);"
	" INSERT INTO books_words_todo (id) VALUES (NEW.id) ON CONFLICT DO NOTHING;"
	" RETURN NEW; END $body$;"
	"CREATE TRIGGER books_words_insert BEFORE INSERT ON books FOR EACH ROW"
	" WHEN (NEW.words IS NULL) EXECUTE FUNCTION books_words_fill();"
	"CREATE TRIGGER books_words_update BEFORE UPDATE OF title ON books FOR EACH ROW"
	" WHEN (NEW.words IS NOT DISTINCT FROM OLD.words AND NEW.title <> OLD.title)"
	" EXECUTE FUNCTION books_words_fill();"
	"CREATE INDEX books_words_idx ON books USING gin (words)";
static const char SQL_INDEX[] =
	"CREATE VIRTUAL TABLE books_fts USING fts5 (words, tokenize = 'ascii', detail = 'none',"
	" columnsize = 0, prefix = '1 2 3');"
	"CREATE TABLE books_fts_words (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
	"CREATE TABLE books_fts_todo (id INTEGER PRIMARY KEY) STRICT;"
	"CREATE VIEW books_fts_source AS SELECT id, title AS text FROM books;"
	"CREATE TRIGGER books_fts_insert AFTER INSERT ON books BEGIN"
	" INSERT INTO books_fts_todo (id) VALUES (new.id) ON CONFLICT DO NOTHING; END;"
	"CREATE TRIGGER books_fts_delete AFTER DELETE ON books BEGIN"
	" INSERT INTO books_fts_todo (id) VALUES (old.id) ON CONFLICT DO NOTHING; END;"
	"CREATE TRIGGER books_fts_update AFTER UPDATE OF id, title ON books BEGIN"
	" INSERT INTO books_fts_todo (id) VALUES (old.id), (new.id) ON CONFLICT DO NOTHING; END";

static int index_open(void **state)
{
	shelf_open(state);
	searched = book_model;
	searched.fts_table = "books_fts";
	searched.fts_column = "words";
	if (store_is_postgres)
		functions_make();
	store_do(&store, store_either(SQL_INDEX, SQL_INDEX_POSTGRES));
	return 0;
}

/* Ids of the rows that q finds. */
static const char *found_by(const char *q)
{
	struct list_query query = query_new();
	struct page page = { 0 };
	query.q = q;
	query.per_page = 100;
	ctx_recover(c);
	if (model_list(c, &searched, &query, NULL, &page))
		fail_msg("'%s': %s", q, c->failure.cause ? c->failure.cause : c->failure.text);
	assert_int_equal(page.total.value, page.items.count);
	return ids_of(&page.items);
}

/* ---- words ---- */

struct word_case {
	const char *title, *q;
	bool found;
};

static enum app_err searched_insert(struct ctx *ctx, void *arg)
{
	struct book book;
	const struct book_input in = { .title = arg };
	return model_insert(ctx, &searched, &book_input_schema, &in, &book);
}

static void searched_add(const char *title)
{
	ctx_recover(c);
	must(db_write(c, searched_insert, (void *)(uintptr_t)title));
}

/* Once the index has it, and not only the list of what it is to have. */
static void index_wait(void)
{
	if (!store_is_postgres)
		AWAIT(!store_int(&store, "SELECT count(*) FROM books_fts_todo"));
}

/*
 * The last is what a program that is not croft writes: there the database finds the words by
 * itself.
 */
static void word_finds(void **state)
{
	const struct word_case *k = *state;
	book_add("something else");
	searched_add(k->title);
	assert_string_equal(found_by(k->q), k->found ? "2" : "");
	index_wait();
	assert_string_equal(found_by(k->q), k->found ? "2" : "");
	store_do(&store, "DELETE FROM books WHERE id = 2");
	assert_string_equal(found_by(k->q), "");
	book_add(k->title);
	assert_string_equal(found_by(k->q), k->found ? "3" : "");
	index_wait();
	assert_string_equal(found_by(k->q), k->found ? "3" : "");
}

/* What the database cannot fold as croft does is folded once croft has seen the row. */
static void listed_rows_are_indexed(void **state)
{
	(void)state;
	book_add("\uAB70\uAB71 one"); /* small letters of Cherokee: folding makes them capitals */
	searched_add("\uAB70\uAB71 two");
	if (store_is_postgres)
		assert_int_equal(store_int(&store, "SELECT count(*) FROM books_words_todo"), 1);
	must(db_search_finish(c));
	assert_string_equal(found_by("\u13A0\u13A1"), "1 2");
	if (store_is_postgres)
		assert_int_equal(store_int(&store, "SELECT count(*) FROM books_words_todo"), 0);
}

static enum app_err searched_change(struct ctx *ctx, void *arg)
{
	struct book book;
	const struct book_input in = { .title = arg };
	return model_update(ctx, &searched, 1, &book_input_schema, &in, NULL, &book);
}

static void updates_are_found(void **state)
{
	(void)state;
	searched_add("Alpha");
	must(db_write(c, searched_change, (void *)(uintptr_t) "Beta"));
	assert_string_equal(found_by("alpha"), "");
	assert_string_equal(found_by("beta"), "1");
	store_do(&store, "UPDATE books SET title = 'Gamma'");
	assert_string_equal(found_by("beta"), "");
	assert_string_equal(found_by("gamma"), "1");
	must(db_search_finish(c));
	assert_string_equal(found_by("gamma"), "1");
}

/* ---- nothing is an error ---- */

static const char *const pieces[] = {
	"alpha",
	"ALP",
	"beta",
	"AND",
	"OR",
	"NOT",
	"NEAR(",
	"\"",
	"'",
	"''",
	"\\",
	"*",
	":*",
	"^",
	"title:",
	"{a b} :",
	"-",
	"--",
	"(",
	")",
	"&",
	"|",
	"!",
	"<->",
	"<2>",
	"%",
	"_",
	"+",
	"$1",
	";",
	"\x01",
	"\t",
	"\x7f",
	"\xC2\xA0",
	"\xC2\xAD",
	"\xF0\x9F\x98\x80",
	"\xE2\x80\x99",
	"\xE2\x80\x8B",
	"\xEF\xBB\xBF",
	"/a/b",
	"a@b.c",
};

/* Each with every fifth of the others: there are 42, so each comes first and last. */
enum { PAIRS = COUNT_OF(pieces) * COUNT_OF(pieces), PAIR_STEP = 5 };

/* What each pair found on the first database, for the second to find too. */
static char first_ids[PAIRS][16];

static void pairs_find_the_same(void **state)
{
	(void)state;
	static const char *const titles[] = { "alpha", "beta", "alpha and beta", "a b, not or c" };
	for (size_t i = 0; i < COUNT_OF(titles); i++)
		searched_add(titles[i]);
	for (size_t i = 0; i < PAIRS; i += PAIR_STEP) {
		char q[64];
		snprintf(q, sizeof(q), "%s%s%s", pieces[i / COUNT_OF(pieces)], i % 2 ? " " : "",
			 pieces[i % COUNT_OF(pieces)]);
		const char *ids = found_by(q);
		if (!store_is_postgres)
			snprintf(first_ids[i], sizeof(first_ids[i]), "%s", ids);
		else if (strcmp(ids, first_ids[i]) != 0)
			fail_msg("'%s' finds '%s', before it was '%s'", q, ids, first_ids[i]);
	}
}

/* Up to 200 characters of any kind, the same in each run. */
static const char *random_text(uint32_t *seed)
{
	struct buf out;
	buf_init(&out, &store.scene.arena);
	size_t length = 1 + (*seed >> 8) % 200;
	for (size_t i = 0; i < length; i++) {
		*seed = *seed * 1664525u + 1013904223u;
		uint32_t kind = *seed >> 29, point = *seed >> 8;
		point = kind < 4 ? point % 0x80 : kind < 6 ? point % 0x3000 : point % 0x110000;
		if (point && (point < 0xD800 || point > 0xDFFF))
			str_utf8_add(&out, point);
	}
	return buf_text(&out);
}

static void any_text_is_taken(void **state)
{
	(void)state;
	uint32_t seed = 7;
	for (int i = 0; i < 150; i++) {
		const char *text = random_text(&seed);
		searched_add(arena_printf(&store.scene.arena, "%d %s", i, text));
		found_by(text);
		found_by(arena_printf(&store.scene.arena, "\"%s'", text));
	}
}

static void any_character_is_taken(void **state)
{
	(void)state;
	searched_add("alpha");
	for (uint32_t point = 1; point < 0x3100; point += point < 0x100 ? 1 : 37) {
		struct buf q;
		buf_init(&q, &store.scene.arena);
		str_utf8_add(&q, point);
		buf_add_text(&q, "alpha");
		found_by(buf_text(&q));
	}
}

static void long_texts_are_taken(void **state)
{
	(void)state;
	char many[401] = "", one[201] = "";
	for (size_t i = 0; i < 200; i++) {
		memcpy(many + 2 * i, i % 3 ? "a " : "b ", 3);
		one[i] = 'x';
	}
	searched_add("Apples and bees");
	searched_add(one);
	assert_string_equal(found_by(many), "1");
	assert_string_equal(found_by(one), "2");
}

/* ---- lists ---- */

static void pages_follow_the_words(void **state)
{
	const char *sort = *state;
	struct list_query query = query_new();
	store_do(&store, SQL_SIX);
	store_do(&store, "UPDATE books SET title = 'other' WHERE id = 3");
	query.q = "a";
	query.per_page = 1;
	query_sort(&query, sort);
	store_do(&store, "INSERT INTO books (title, created_at, updated_at)"
			 " VALUES ('a seventh', 70, 70), ('an eighth', 5, 5)");
	const char *ids = "";
	for (int pages = 0; pages < 9; pages++) {
		struct page page = { 0 };
		ctx_recover(c);
		must(model_list(c, &searched, &query, NULL, &page));
		assert_int_equal(page.total.value, 3);
		ids = arena_printf(&store.scene.arena, "%s %s", ids, ids_of(&page.items));
		if (page.next_cursor.is != GIVEN)
			break;
		query.cursor = page.next_cursor.value;
	}
	const char *want = !strcmp(sort, "id")           ? " 1 7 8"
			   : !strcmp(sort, "-id")        ? " 8 7 1"
			   : !strcmp(sort, "created_at") ? " 8 1 7"
							 : " 7 1 8";
	assert_string_equal(ids, want);
}

struct total {
	int64_t n;
};
SCHEMA(total, FIELD(struct total, n));

static void aggregates_follow_the_words(void **state)
{
	(void)state;
	static const struct model_aggregate aggregates[] = { { MODEL_COUNT, .as = "n" }, { 0 } };
	struct list_query query = query_new();
	struct total total = { 0 };
	searched_add("alpha");
	searched_add("beta");
	query.q = "alp";
	const struct model_aggregation what = {
		.model = &searched, .query = &query, .aggregates = aggregates, .out = &total_schema
	};
	must(model_aggregate(c, &what, &total));
	assert_int_equal(total.n, 1);
}

#define SEARCH(sentence, fn, data) \
	{ \
		sentence, fn, index_open, shelf_close, (void *)(uintptr_t)(data) \
	}
#define FINDS(title, q) \
	SEARCH("'" q "' finds '" title "'", word_finds, (&(struct word_case){ title, q, true }))
#define MISSES(title, q) \
	SEARCH("'" q "' does not find '" title "'", word_finds, \
	       (&(struct word_case){ title, q, false }))
#define COMBINING_ACUTE "\xCC\x81"

int main(void)
{
	const struct CMUnitTest rows[] = {
		FINDS("Analytical engines", "engin"),
		FINDS("Analytical engines", "ENGINES"),
		FINDS("Analytical engines", "eng ana"),
		FINDS("Analytical engines", "eng engines e"),
		MISSES("Analytical engines", "gines"),
		MISSES("Analytical engines", "engines steam"),
		MISSES("Analytical engines", "analyticalengines"),
		FINDS("a well-known fact", "well-known"),
		FINDS("a well-known fact", "known"),
		MISSES("a well-known fact", "wellknown"),
		FINDS("don't", "don't"),
		FINDS("don’t", "don't"),
		FINDS("don't", "don’t"),
		MISSES("don't", "dont"),
		FINDS("the max_len of it", "len"),
		FINDS("the max_len of it", "max_len"),
		FINDS("100% done", "100%"),
		MISSES("100% done", "0%"),
		FINDS("ada@example.com", "example"),
		FINDS("see http://example.org/path?q=1", "path"),
		FINDS("tests/core/model.c", "model"),
		FINDS("v2.0.1", "v2.0"),
		FINDS("v2.0.1", "1"),
		FINDS("about 3.14", "3.1"),
		FINDS("at -5 degrees", "5"),
		FINDS("1e5 and 0x1f and 12abc", "0x1 12a 1e"),
		FINDS("<b>bold</b> &amp; more", "bold"),
		FINDS("Hello 😀 world", "😀 wor"),
		MISSES("Hello 😀 world", "😀"),
		MISSES("alpha", "\"' -- % _ \\ ()"),
		MISSES("alpha", "alpha OR beta"),
		MISSES("alpha beta", "alpha NOT gamma"),
		MISSES("alpha", "title:alpha"),
		FINDS("alpha", "^alpha*"),
		FINDS("alpha", "\"alpha"),
		MISSES("alpha", "'; DROP TABLE books; --"),
		FINDS("Größe", "GRÖ"),
		FINDS("Москва", "МОСК"),
		FINDS("λόγος", "ΛΌΓΟΣ"),
		FINDS("Café Łódź", "cafe łodz"),
		FINDS("Cafe", "café"),
		FINDS("Cafe" COMBINING_ACUTE, "café"),
		FINDS("Café", "cafe" COMBINING_ACUTE),
		MISSES("Йод", "иод"),
		FINDS("日本語テスト", "日本"),
		MISSES("日本語テスト", "語"),
		FINDS("हिन्दी", "हिन्"),
		MISSES("हिन्दी", "दी"),
		FINDS("ที่นี่", "ที่"),
		MISSES("ที่นี่", "นี่"),
		FINDS("שָׁלוֹם", "שָׁ"),
		FINDS("שָׁלוֹם", "שלום"),
		MISSES("שָׁלוֹם", "לום"),
		FINDS("مُحَمَّد", "محمد"),
		FINDS("\u0439\u043E\u0434", "\u0438\u0306\u043E\u0434"),
		FINDS("\u0438\u0306\u043E\u0434", "\u0439\u043E\u0434"),
		MISSES("1e5abc", "abc"),
		FINDS("1e5abc", "1e5a"),
		MISSES("1.5e10abc", "abc"),
		MISSES("0x1fzz", "zz"),
		FINDS("Straße", "STRASSE"),
		FINDS("ﬁne", "fine"),
		FINDS("ｆｕｌｌ", "full"),
		FINDS("½ of it", "2"),
		FINDS("İstanbul", "istanbul"),
		SEARCH("a row that another program wrote is indexed anew by croft",
		       listed_rows_are_indexed, NULL),
		SEARCH("changed rows are found by their new words only", updates_are_found, NULL),
		SEARCH("no two pieces of nasty text are an error, and both databases find the same",
		       pairs_find_the_same, NULL),
		SEARCH("texts of any kind are taken, as titles and as q", any_text_is_taken, NULL),
		SEARCH("every kind of character is taken", any_character_is_taken, NULL),
		SEARCH("a long q of many words or of one is taken", long_texts_are_taken, NULL),
		SEARCH("pages and cursors by id", pages_follow_the_words, "id"),
		SEARCH("pages and cursors by id, downwards", pages_follow_the_words, "-id"),
		SEARCH("pages and cursors by time", pages_follow_the_words, "created_at"),
		SEARCH("pages and cursors by time, downwards", pages_follow_the_words,
		       "-created_at"),
		SEARCH("aggregates count what q finds", aggregates_follow_the_words, NULL),
	};
	return store_run("core/model/search", rows, COUNT_OF(rows), NULL, NULL);
}
