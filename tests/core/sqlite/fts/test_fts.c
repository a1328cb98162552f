/* long */
/*
 * Full-text indexes that the writer keeps: rows are indexed many at a time, found before and after,
 * also those of other programs; an index that is damaged or not that of its table is made anew.
 * What words are is in tests/core/text.
 */
#include "core/sqlite/notes.h"

#include <sqlite3.h>

#include "base/budget.h"
#include "core/trace.h"

/* Another program: its own connection, none of the functions of croft. */
static void other_program(const char *sql)
{
	sqlite3 *handle;
	char *why = NULL;
	assert_int_equal(sqlite3_open(scene_path(&store.scene, "t.db"), &handle), SQLITE_OK);
	sqlite3_busy_timeout(handle, 30000);
	if (sqlite3_exec(handle, sql, NULL, NULL, &why))
		fail_msg("%s: %s", sql, why);
	sqlite3_close(handle);
}

static void index_is_true(void)
{
	AWAIT(!todo());
	store_do(&store, "INSERT INTO notes_fts (notes_fts, rank) VALUES ('integrity-check', 0)");
}

static int64_t segments(void)
{
	return store_int(&store, "SELECT count(DISTINCT segid) FROM notes_fts_idx");
}

/* ---- rows ---- */

static void many_rows_share_a_segment(void **state)
{
	(void)state;
	for (int i = 0; i < 1200; i++) {
		note_add(i, "alpha");
		if (i % 100 == 0)
			assert_int_equal(found("alp"), i + 1);
	}
	assert_int_equal(found("alpha num"), 1200);
	AWAIT(!todo());
	assert_int_equal(found("alpha num"), 1200);
	assert_int_equal(found("number119"), 11);
	assert_in_range(segments(), 1, 64);
	index_is_true();
}

/* What a search costs: the last page of a word in each segment. */
static void few_segments_of_small_pages_are_left(void **state)
{
	(void)state;
	other_program("INSERT INTO notes_fts (notes_fts, rank) VALUES ('automerge', 0)");
	for (int i = 0; i < 50; i++)
		store_do(&store, "INSERT INTO notes (text) WITH RECURSIVE n (i) AS (SELECT 1 UNION"
				 " ALL SELECT i + 1 FROM n WHERE i < 100) SELECT 'alpha' FROM n");
	AWAIT(!todo() && segments() <= 4);
	assert_in_range(store_int(&store, "SELECT max(length(block)) FROM notes_fts_data"), 500,
			1100);
	assert_int_equal(found("alpha"), 5000);
	index_is_true();
}

static void few_rows_are_indexed_in_a_pause(void **state)
{
	(void)state;
	note_add(1, "alpha");
	assert_int_equal(found("alpha"), 1);
	AWAIT(!todo());
	assert_int_equal(found("alpha"), 1);
}

static void changes_before_and_after_are_found(void **state)
{
	(void)state;
	note_add(1, "alpha");
	store_do(&store, "UPDATE notes SET text = 'beta'");
	assert_int_equal(found("alpha"), 0);
	assert_int_equal(found("beta"), 1);
	AWAIT(!todo());
	store_do(&store, "UPDATE notes SET text = 'gamma'");
	assert_int_equal(found("beta"), 0);
	assert_int_equal(found("gamma"), 1);
	AWAIT(!todo());
	assert_int_equal(found("beta"), 0);
	store_do(&store, "UPDATE notes SET id = 9");
	assert_int_equal(found("gamma"), 1);
	AWAIT(!todo());
	store_do(&store, "DELETE FROM notes");
	assert_int_equal(found("gamma"), 0);
	AWAIT(!todo());
	assert_int_equal(found("gamma"), 0);
	index_is_true();
}

static void what_is_undone_is_not_indexed(void **state)
{
	(void)state;
	note_add(1, "alpha");
	AWAIT(!todo());
	assert_int_not_equal(store_try(&store, "UPDATE notes SET text = 'beta';"
					       "INSERT INTO notes VALUES (1, 'twice')"),
			     APP_OK);
	assert_int_equal(found("beta"), 0);
	assert_int_equal(found("alpha"), 1);
	assert_int_equal(todo(), 0);
}

static void other_programs_are_found(void **state)
{
	(void)state;
	note_add(1, "alpha");
	AWAIT(!todo());
	other_program("INSERT INTO notes (text) VALUES ('Beta by hand')");
	assert_int_equal(found("beta"), 1);
	AWAIT(!todo());
	assert_int_equal(found("beta"), 1);
	other_program(
		"UPDATE notes SET text = 'gamma' WHERE id = 1; DELETE FROM notes WHERE id = 2");
	assert_int_equal(found("alpha"), 0);
	assert_int_equal(found("beta"), 0);
	assert_int_equal(found("gamma"), 1);
	index_is_true();
}

static void what_is_left_is_done_by_the_next(void **state)
{
	(void)state;
	db_close(store.db);
	other_program("INSERT INTO notes (text) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		      " SELECT i + 1 FROM n WHERE i < 3000) SELECT 'alpha ' || i FROM n");
	const struct db_options options = { .url = store_url(&store.scene, "t.db") };
	must(db_open(&store.scene.c, &options, &store.db));
	store.scene.app.db = store.db;
	assert_int_equal(found("alpha"), 3000);
	AWAIT(!todo());
	assert_int_equal(found("alpha"), 3000);
	index_is_true();
}

static void a_long_word_has_many_completions(void **state)
{
	(void)state;
	store_do(&store, "INSERT INTO notes (text) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
			 " SELECT i + 1 FROM n WHERE i < 300) SELECT 'prefix' || i FROM n");
	AWAIT(!todo());
	assert_int_equal(found("prefix"), 300);
	assert_int_equal(found("prefix29"), 11);
	assert_int_equal(found("prefixes"), 0);
}

/* ---- what a search costs ---- */

struct plan_case {
	bool counts, descending;
};

/*
 * The index or the list leads, and rows of the table are looked up; a page in the order of ids
 * sorts nothing.
 */
static void no_search_reads_the_table(void **state)
{
	const struct plan_case *k = *state;
	struct ctx *c = &store.scene.c;
	struct list_query query;
	struct page page = { 0 };
	note_add(1, "alpha");
	list_query_init(&query, &note_schema);
	query.q = "alpha num";
	query.with_total = false;
	query.sorts[0] = (struct list_sort){ &note_schema.fields[0], k->descending };
	query.sort_count = 1;
	struct trace *trace = trace_begin(c);
	if (k->counts)
		assert_int_equal(found("alpha"), 1);
	else
		must(model_list(c, &note_model, &query, NULL, &page));
	const struct trace_statement *at = trace_statements(trace);
	assert_non_null(at);
	for (; at; at = at->next) {
		if (strstr(at->plan, "SCAN notes\n") ||
		    strstr(at->plan, "SEARCH notes USING INTEGER PRIMARY KEY (rowid>?)") ||
		    strstr(at->plan, "FOR ORDER BY"))
			fail_msg("%s\n%s", at->sql, at->plan);
		assert_non_null(strstr(at->plan, "notes_fts VIRTUAL TABLE"));
	}
	trace_end(trace);
}

/* Each row is inside of a write that is undone, so that the writer indexes nothing meanwhile. */
static void in_a_write(db_write_fn *run)
{
	struct ctx *c = &store.scene.c;
	assert_int_equal(db_write_slow(c, run, NULL), APP_CONFLICT);
	ctx_recover(c);
}

static enum app_err search_long_texts(struct ctx *c, void *arg)
{
	(void)arg;
	must(db_exec(c,
		     "INSERT INTO notes (text) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		     " SELECT i + 1 FROM n WHERE i < 300)"
		     " SELECT printf('alpha number%d %100000d', i, i) FROM n",
		     BIND(), NULL));
	assert_in_range(found("alpha"), 80, 90);
	assert_int_equal(found("number300"), 1);
	assert_int_equal(found("number1 1"), 0);
	return ctx_fail(c, APP_CONFLICT, "undo it");
}

static void long_texts_of_the_list_are_bounded(void **state)
{
	(void)state;
	in_a_write(search_long_texts);
}

/* Ten rows, half of what a search looks through; *arg: how many waited before. */
static enum app_err add_long_texts(struct ctx *c, void *arg)
{
	*(int64_t *)arg = todo();
	return db_exec(c,
		       "INSERT INTO notes (text) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		       " SELECT i + 1 FROM n WHERE i < 10) SELECT printf('alpha %419430d', i)"
		       " FROM n",
		       BIND(), NULL);
}

/* While others write; or the newest of them hide the others from searches. */
static void few_long_texts_wait(void **state)
{
	enum { WRITES_MOST = 40, IN_A_ROW = 6 };
	int64_t waited = 0;
	int few = 0;
	(void)state;
	/* the first steps have yet to learn how long the texts are */
	for (int i = 0; i < WRITES_MOST && few < IN_A_ROW; i++) {
		must(db_write_slow(&store.scene.c, add_long_texts, &waited));
		few = i && waited <= 10 ? few + 1 : 0;
	}
	assert_int_equal(few, IN_A_ROW);
	AWAIT(!todo());
}

/* Steps have learned that a hundred short ones are good for one. */
static void few_long_texts_after_short_ones_wait_no_longer(void **state)
{
	enum { SHORT = 300, WRITES = 12 };
	int64_t waited = 0;
	(void)state;
	for (int i = 0; i < SHORT; i++)
		note_add(i, "alpha");
	AWAIT(!todo());
	for (int i = 0; i < WRITES; i++) {
		must(db_write_slow(&store.scene.c, add_long_texts, &waited));
		assert_in_range(waited, 0, 50);
	}
	AWAIT(!todo());
}

/* Each look at the clock takes 0.1 ms of CPU time, too. */
static int64_t ticking_us(const struct clock *clock)
{
	static int64_t now_us;
	(void)clock;
	return now_us += 100;
}

static enum app_err search_one_text(struct ctx *c, void *arg)
{
	static const struct clock ticking = { .monotonic_us = ticking_us, .thread_us = ticking_us };
	struct budget budget;
	(void)arg;
	must(db_exec(c, "INSERT INTO notes (text) SELECT printf('alpha %60000d', 1)", BIND(),
		     NULL));
	budget_begin(&budget, &ticking, 500);
	c->budget = &budget;
	assert_int_equal(found("alpha"), -1);
	assert_true(budget.is_over);
	c->budget = NULL;
	assert_int_equal(found("alpha"), 1);
	return ctx_fail(c, APP_CONFLICT, "undo it");
}

static void a_search_is_stopped_within_a_text(void **state)
{
	(void)state;
	in_a_write(search_one_text);
}

static void many_long_words_spend_the_budget(void **state)
{
	(void)state;
	assert_false(spends_its_budget("alpha beta gamma delta zeta theta iota kappa a b c d e"));
	assert_true(spends_its_budget("alpha beta gamma delta zeta theta iota kappa lambda"));
}

/* ---- damage ---- */

static void damage(const char *sql)
{
	for (int i = 0; i < 20; i++)
		note_add(i, "alpha");
	AWAIT(!todo());
	other_program(sql);
}

static void a_damaged_index_is_made_anew(void **state)
{
	damage(*state);
	AWAIT(found("alpha number") == 20 && !todo());
	index_is_true();
}

static void an_index_of_another_table_is_made_anew(void **state)
{
	damage(*state);
	db_close(store.db);
	const struct db_options options = { .url = store_url(&store.scene, "t.db") };
	must(db_open(&store.scene.c, &options, &store.db));
	store.scene.app.db = store.db;
	AWAIT(found("alpha number") ==
	      store_int_soon(&store, "SELECT count(*) FROM notes WHERE text LIKE 'alpha%'"));
	index_is_true();
}

static enum app_err renew(struct ctx *c, void *arg)
{
	(void)arg;
	return db_search_renew(c);
}

static void it_can_be_asked_for(void **state)
{
	struct ctx *c = &store.scene.c;
	damage(*state);
	ctx_recover(c);
	must(db_write_slow(c, renew, NULL));
	must(db_search_finish(c));
	assert_int_equal(todo(), 0);
	assert_int_equal(found("alpha number"), 20);
	index_is_true();
}

static void outside_a_write_it_is_refused(void **state)
{
	(void)state;
	struct ctx *c = &store.scene.c;
	int64_t rows;
	assert_int_equal(db_search_step(c, &rows), APP_INTERNAL);
	ctx_recover(c);
	assert_int_equal(db_search_renew(c), APP_INTERNAL);
}

#define NOTES(sentence, fn, data) \
	{ \
		sentence, fn, notes_open, notes_close, (void *)(uintptr_t)(data) \
	}

int main(void)
{
	static const char zeroes[] = "UPDATE notes_fts_data SET block = zeroblob(length(block))"
				     " WHERE id > 10";
	static const char cut[] = "UPDATE notes_fts_data SET block = substr(block, 1, 9)"
				  " WHERE id > 10";
	static const char lost[] = "DELETE FROM notes_fts_data WHERE id > 10";
	static const char older[] = "DROP TRIGGER notes_fts_insert;"
				    "INSERT INTO notes (text) VALUES ('alpha number again')";
	const struct CMUnitTest rows[] = {
		NOTES("rows are indexed many at a time, and found all the while",
		      many_rows_share_a_segment, NULL),
		NOTES("once nobody writes few segments of small pages are left, also of an index "
		      "of before",
		      few_segments_of_small_pages_are_left, NULL),
		NOTES("a few rows are indexed once nobody writes", few_rows_are_indexed_in_a_pause,
		      NULL),
		NOTES("changes of rows that are indexed, and that are to be, are found",
		      changes_before_and_after_are_found, NULL),
		NOTES("what is undone is not indexed", what_is_undone_is_not_indexed, NULL),
		NOTES("rows of other programs are found at once, and indexed soon",
		      other_programs_are_found, NULL),
		NOTES("what was left on the list is done by the next process",
		      what_is_left_is_done_by_the_next, NULL),
		NOTES("a beginning of very many words finds all", a_long_word_has_many_completions,
		      NULL),
		NOTES("a search reads neither the whole table nor sorts it",
		      no_search_reads_the_table, (&(struct plan_case){ false, false })),
		NOTES("a search downwards reads neither the whole table nor sorts it",
		      no_search_reads_the_table, (&(struct plan_case){ false, true })),
		NOTES("counting what is found does not read the whole table",
		      no_search_reads_the_table, (&(struct plan_case){ true, false })),
		NOTES("of very long texts that are not indexed yet the newest are looked through",
		      long_texts_of_the_list_are_bounded, NULL),
		NOTES("no more than half of them wait while others write", few_long_texts_wait,
		      NULL),
		NOTES("after many short ones, either",
		      few_long_texts_after_short_ones_wait_no_longer, NULL),
		NOTES("a search for many long words is one for another thread",
		      many_long_words_spend_the_budget, NULL),
		NOTES("a search is stopped within a text that takes long",
		      a_search_is_stopped_within_a_text, NULL),
		NOTES("an index whose pages were cut is made anew", a_damaged_index_is_made_anew,
		      cut),
		NOTES("an index without its pages is made anew", a_damaged_index_is_made_anew,
		      lost),
		NOTES("an index that lacks rows of its table is made anew",
		      an_index_of_another_table_is_made_anew, older),
		NOTES("an index is made anew when that is asked for", it_can_be_asked_for, zeroes),
		NOTES("outside a write nothing is indexed", outside_a_write_it_is_refused, NULL),
	};
	return rows_run("core/sqlite fts", rows, COUNT_OF(rows));
}
