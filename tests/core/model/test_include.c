/* Relations: what is embedded, in what order and bound, and that it takes one statement each. */
#include "shelf.h"

#define SQL_PEOPLE \
	"INSERT INTO teams VALUES (1, 'red'), (2, 'blue');" \
	"INSERT INTO authors VALUES (1, 'Ann', 1), (2, 'Bob', 2), (3, 'Cid', NULL);" \
	"INSERT INTO tags VALUES (1, 'new'), (2, 'old'), (3, 'rare');" \
	"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 40)" \
	" INSERT INTO books (title, author_id, price, created_at, updated_at, deleted_at)" \
	" SELECT 'b' || x, CASE x % 4 WHEN 3 THEN NULL ELSE x % 4 + 1 END," \
	" CASE x WHEN 5 THEN 100 ELSE 1 END, x, x, CASE x WHEN 9 THEN 1 END FROM n;" \
	"INSERT INTO book_tags VALUES (1, 3), (1, 1), (1, 2), (2, 2)"

static const struct field *field_in(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (!strcmp(schema->fields[i].name, name))
			return &schema->fields[i];
	fail_msg("no field %s", name);
	return NULL;
}

static void query_include(struct list_query *query, const char *one, const char *two)
{
	struct list_include *include = &query->includes[query->include_count++];
	include->path[0] = field_in(query->row, one);
	include->depth = two ? 2 : 1;
	if (two)
		include->path[1] = field_in(include->path[0]->object, two);
}

static struct page list_with(const struct model *model, struct list_query *query, int64_t per_page)
{
	struct page page;
	query->per_page = per_page;
	query->with_total = false;
	ctx_recover(c);
	enum app_err err = model_list(c, model, query, NULL, &page);
	if (err)
		fail_msg("%s", c->failure.cause ? c->failure.cause : c->failure.text);
	return page;
}

static void assert_lacks(struct relation relation, const char *sentence)
{
	const struct field fields[] = {
		FIELD(struct author, id),
		FIELD(struct author, name),
		FIELD(struct author, team, .object = &team_schema, .relation = &relation),
	};
	const struct schema row = { .name = "author", .fields = fields, .count = 3 };
	const char *fault = model_relation_fault(c, &row);
	if (!sentence)
		assert_null(fault);
	else
		assert_string_equal(fault, sentence);
}

static void what_a_relation_lacks_is_named(void **state)
{
	(void)state;
#define OF_TEAM "relation 'team' of schema 'author' "
#define TEAM_WITH(...) ((struct relation){ .model = &team_model, __VA_ARGS__ })
	assert_lacks(TEAM_WITH(.key = "id"), NULL);
	assert_lacks((struct relation){ .key = "id" }, OF_TEAM "has no .model");
	assert_lacks(TEAM_WITH(.kind = BELONGS_TO), OF_TEAM "has no .key");
	assert_lacks(TEAM_WITH(.kind = HAS_MANY), OF_TEAM "has no .key");
	assert_lacks(TEAM_WITH(.kind = MANY_TO_MANY), OF_TEAM "has no .through");
	assert_lacks(TEAM_WITH(.kind = MANY_TO_MANY, .through = "t"),
		     OF_TEAM "has no .through_ours");
	assert_lacks(TEAM_WITH(.kind = MANY_TO_MANY, .through = "t", .through_ours = "o"),
		     OF_TEAM "has no .through_theirs");
	assert_lacks(TEAM_WITH(.key = "name"), OF_TEAM
		     "needs an integer field 'name' there, and a pointer of structs as member");
	assert_lacks(TEAM_WITH(.key = "other"), OF_TEAM
		     "needs an integer field 'other' there, and a pointer of structs as member");
	assert_lacks(TEAM_WITH(.kind = HAS_MANY, .key = "id"),
		     OF_TEAM "needs an integer field 'id' there, and a list of structs as member");
	assert_null(model_relation_fault(c, &book_schema));
}

static void no_key_of_what_is_always_embedded_is_null(void **state)
{
	(void)state;
	struct relation relation = { .kind = BELONGS_TO, .model = &team_model, .key = "team_id" };
	struct field fields[] = {
		FIELD(struct author, id),
		FIELD(struct author, team_id),
		FIELD(struct author, team, .object = &team_schema, .relation = &relation),
	};
	const struct schema row = { .name = "author", .fields = fields, .count = 3 };
	fields[1].nullable = fields[1].maybe = true;
	assert_null(model_relation_fault(c, &row));
	fields[2].required = true;
	assert_string_equal(model_relation_fault(c, &row),
			    OF_TEAM "is .required, and its key 'team_id' may be null: leave out "
				    ".required, or let no key be null");
	fields[1].nullable = fields[1].maybe = false;
	assert_null(model_relation_fault(c, &row));
}

static void an_id_that_lists_go_by_is_never_null(void **state)
{
	(void)state;
	struct field fields[] = { author_schema.fields[0], author_schema.fields[4] };
	const struct schema row = { .name = "author", .fields = fields, .count = 2 };
	assert_int_equal(fields[1].type, FIELD_ARRAY);
	assert_null(model_relation_fault(c, &row));
	fields[0].nullable = true;
	assert_non_null(strstr(model_relation_fault(c, &row),
			       "goes by the field 'id' there, which may be null"));
}

static void belongs_to_is_a_pointer(void **state)
{
	(void)state;
	store_do(&store, SQL_PEOPLE);
	struct list_query query;
	list_query_init(&query, &book_schema);
	query_include(&query, "author", NULL);
	struct page page = list_with(&book_model, &query, 4);
	const struct book *books = page.items.items;
	assert_string_equal(books[0].author->name, "Bob");
	assert_string_equal(books[1].author->name, "Cid");
	assert_null(books[2].author);
	assert_string_equal(books[3].author->name, "Ann");
	assert_null(books[0].author->team);
	assert_null(books[0].tags.items);
}

static void has_many_is_bounded_and_newest_first(void **state)
{
	(void)state;
	store_do(&store, SQL_PEOPLE);
	struct list_query query;
	list_query_init(&query, &author_schema);
	query_include(&query, "books", NULL);
	struct page page = list_with(&author_model, &query, 10);
	const struct author *authors = page.items.items;
	assert_int_equal(page.items.count, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(authors[i].books.count, 3);
		const struct book *books = authors[i].books.items;
		assert_int_equal(books[0].author_id.value, i + 1);
		assert_true(books[0].id > books[1].id && books[1].id > books[2].id);
		assert_true(books[0].id >= 37);
	}
}

static void deleted_and_unwanted_are_left_out(void **state)
{
	(void)state;
	store_do(&store, SQL_PEOPLE "; DELETE FROM books WHERE id > 9 OR id = 1");
	struct author bob = { .id = 2 };
	struct list_query query;
	list_query_init(&query, &author_schema);
	query_include(&query, "books", NULL);
	must(model_include(c, &author_model, &query, &bob, 1));
	assert_non_null(bob.books.items);
	assert_int_equal(bob.books.count, 0);
}

static void many_to_many_goes_through_links(void **state)
{
	(void)state;
	store_do(&store, SQL_PEOPLE);
	struct list_query query;
	list_query_init(&query, &book_schema);
	query_include(&query, "tags", NULL);
	struct page page = list_with(&book_model, &query, 3);
	const struct book *books = page.items.items;
	assert_int_equal(books[0].tags.count, 2);
	assert_string_equal(((const struct tag *)books[0].tags.items)[0].label, "new");
	assert_string_equal(((const struct tag *)books[0].tags.items)[1].label, "old");
	assert_int_equal(books[1].tags.count, 1);
	assert_int_equal(books[2].tags.count, 0);
	assert_non_null(books[2].tags.items);
}

static void nested_is_loaded_into_what_was_loaded(void **state)
{
	(void)state;
	store_do(&store, SQL_PEOPLE);
	struct list_query query;
	list_query_init(&query, &book_schema);
	query_include(&query, "author", NULL);
	query_include(&query, "author", "team");
	query_include(&query, "author", "books");
	struct page page = list_with(&book_model, &query, 4);
	const struct book *books = page.items.items;
	assert_string_equal(books[0].author->team->title, "blue");
	assert_null(books[1].author->team);
	assert_int_equal(books[0].author->books.count, 3);
	uint64_t hidden = books[0].author->books.hidden;
	assert_true(hidden & HIDDEN_MASK);
	assert_true(hidden & (uint64_t)1 << (field_in(&book_schema, "tags") - book_schema.fields));
	assert_false(hidden & 1);
}

struct counted {
	const char *paths[4][2];
	int64_t per_page;
	int statements;
};

static void statements_do_not_grow_with_rows(void **state)
{
	const struct counted *k = *state;
	store_do(&store, SQL_PEOPLE);
	struct list_query query;
	list_query_init(&query, &book_schema);
	for (size_t i = 0; i < 4 && k->paths[i][0]; i++)
		query_include(&query, k->paths[i][0], k->paths[i][1]);
	statements_count();
	list_with(&book_model, &query, k->per_page);
	statements_are(k->statements);
}

static void no_rows_need_no_statement(void **state)
{
	(void)state;
	struct list_query query;
	list_query_init(&query, &book_schema);
	query_include(&query, "author", "team");
	query_include(&query, "tags", NULL);
	statements_count();
	list_with(&book_model, &query, 5);
	statements_are(1);
}

/* More different keys than one statement takes. */
static void thousands_of_owners_are_served(void **state)
{
	(void)state;
	enum { COUNT = 1200 };
	store_do(&store,
		 "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1200)"
		 " INSERT INTO authors SELECT x, 'a' || x, NULL FROM n");
	struct book *books = arena_zero(&store.scene.arena, COUNT * sizeof(*books));
	for (int i = 0; i < COUNT; i++)
		books[i].author_id = (struct maybe_int){ GIVEN, COUNT - i };
	struct list_query query;
	list_query_init(&query, &book_schema);
	query_include(&query, "author", NULL);
	statements_count();
	must(model_include(c, &book_model, &query, books, COUNT));
	statements_are(3);
	for (int i = 0; i < COUNT; i++)
		assert_int_equal(books[i].author->id, COUNT - i);
}

static void one_row_gets_all_that_it_relates_to(void **state)
{
	(void)state;
	store_do(&store, SQL_PEOPLE);
	struct book book;
	must(model_get(c, &book_model, 1, &book));
	statements_count();
	must(model_embed(c, &book_model, &book));
	statements_are(2);
	assert_string_equal(book.author->name, "Bob");
	assert_null(book.author->team);
	assert_int_equal(book.tags.count, 2);
	must(model_get(c, &book_model, 3, &book));
	must(model_embed(c, &book_model, &book));
	assert_null(book.author);
	assert_int_equal(book.tags.count, 0);
	assert_null(schema_unloaded(&book_schema, &book));
}

#define COUNTED(sentence, ...) \
	CASE_OF(sentence, statements_do_not_grow_with_rows, counted, __VA_ARGS__)

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("what a relation lacks is named", what_a_relation_lacks_is_named),
		CASE("no key of what is always embedded is null",
		     no_key_of_what_is_always_embedded_is_null),
		CASE("an id that lists go by is never null", an_id_that_lists_go_by_is_never_null),
		CASE("belongs-to is a pointer, null without a key", belongs_to_is_a_pointer),
		CASE("has-many is bounded for each owner, newest first",
		     has_many_is_bounded_and_newest_first),
		CASE("deleted rows and those the relation does not want are left out",
		     deleted_and_unwanted_are_left_out),
		CASE("many-to-many goes through the links", many_to_many_goes_through_links),
		CASE("a relation of a relation is loaded", nested_is_loaded_into_what_was_loaded),
		CASE("one row gets all that it relates to", one_row_gets_all_that_it_relates_to),
		COUNTED("one relation of two rows: two statements", .paths = { { "author" } },
			.per_page = 2, .statements = 2),
		COUNTED("one relation of forty rows: two statements", .paths = { { "author" } },
			.per_page = 40, .statements = 2),
		COUNTED("two relations: three statements", .paths = { { "author" }, { "tags" } },
			.per_page = 40, .statements = 3),
		COUNTED("three paths below one another: four statements",
			.paths = { { "author" }, { "author", "team" }, { "author", "books" } },
			.per_page = 40, .statements = 4),
		COUNTED("a path given twice costs nothing more",
			.paths = { { "author", "team" }, { "author", "team" }, { "author" } },
			.per_page = 40, .statements = 3),
		CASE("without rows nothing is asked for", no_rows_need_no_statement),
		CASE("thousands of owners are served in few statements",
		     thousands_of_owners_are_served),
	};
	return store_run("core/model/include", rows, COUNT_OF(rows), NULL, NULL);
}
