/* One row: reading, inserting, changing under If-Match, deleting softly and bringing back. */
#include "shelf.h"

#include "core/model/internal.h"

static void insert_reads_the_new_row(void **state)
{
	(void)state;
	struct act act = {
		.what = INSERT,
		.in = { .title = "Emma", .rank = { GIVEN, 7 }, .sold = { GIVEN, true } }
	};
	must(act_try(&act));
	assert_int_equal(act.out.id, 1);
	assert_string_equal(act.out.title, "Emma");
	assert_int_equal(act.out.rank.value, 7);
	assert_true(act.out.sold);
	assert_true(act.out.price == 1.5);
	assert_int_equal(act.out.author_id.is, IS_NULL);
	assert_int_equal(act.out.created_at.us, now_is);
	assert_int_equal(act.out.updated_at.us, now_is);
}

static void get_and_find_read(void **state)
{
	(void)state;
	struct book added = book_add("Emma"), book = { 0 };
	must(model_get(c, &book_model, added.id, &book));
	assert_string_equal(book.title, "Emma");
	memset(&book, 0, sizeof(book));
	must(model_find(c, &book_model, "title", db_bind_text("Emma"), &book));
	assert_int_equal(book.id, added.id);
}

static void nobody_is_not_found(void **state)
{
	(void)state;
	struct book book = { .id = 5 };
	assert_int_equal(model_get(c, &book_model, 9, &book), APP_NOT_FOUND);
	store_says_text(&store, APP_NOT_FOUND, "Book not found");
	ctx_recover(c);
	assert_int_equal(model_find(c, &book_model, "title", db_bind_text("x"), &book),
			 APP_NOT_FOUND);
	store_says_text(&store, APP_NOT_FOUND, "Book not found");
	assert_int_equal(book.id, 5);
}

struct broken {
	struct book_input in;
	enum app_err err;
	const char *text;
};

static void broken_rule_names_the_field(void **state)
{
	const struct broken *k = *state;
	book_add("Emma");
	struct act act = { .what = INSERT, .in = k->in };
	assert_int_equal(act_try(&act), k->err);
	store_says_text(&store, k->err, k->text);
}

static void update_changes_what_is_present(void **state)
{
	(void)state;
	struct book book = book_add("Emma");
	struct act act = { .what = UPDATE,
			   .id = book.id,
			   .in = { .title = "Emma", .rank = { GIVEN, 3 } } };
	must(act_try(&act));
	assert_int_equal(act.out.rank.value, 3);
	act = (struct act){ .what = UPDATE,
			    .id = book.id,
			    .in = { .title = "Persuasion", .price = { GIVEN, 9.0 } } };
	must(act_try(&act));
	assert_string_equal(act.out.title, "Persuasion");
	assert_int_equal(act.out.rank.value, 3);
	act = (struct act){ .what = UPDATE,
			    .id = book.id,
			    .in = { .title = "Persuasion", .rank = { .is = IS_NULL } } };
	must(act_try(&act));
	assert_int_equal(act.out.rank.is, IS_NULL);
	assert_true(act.out.price == 9.0);
}

static void updated_at_always_grows(void **state)
{
	(void)state;
	struct book book = book_add("Emma");
	struct act act = { .what = UPDATE, .id = book.id, .in.title = "Emma" };
	must(act_try(&act));
	assert_int_equal(act.out.updated_at.us, now_is + 1);
	now_is -= 50;
	must(act_try(&act));
	assert_int_equal(act.out.updated_at.us, now_is + 52);
	now_is += 1000;
	must(act_try(&act));
	assert_int_equal(act.out.updated_at.us, now_is);
	assert_int_equal(act.out.created_at.us, book.created_at.us);
}

static void deleted_is_seen_nowhere(void **state)
{
	(void)state;
	struct book book = book_add("Emma"), read;
	struct act gone = { .what = DELETE, .id = book.id };
	must(act_try(&gone));
	assert_int_equal(model_get(c, &book_model, book.id, &read), APP_NOT_FOUND);
	ctx_recover(c);
	assert_int_equal(model_find(c, &book_model, "id", db_bind_int(book.id), &read),
			 APP_NOT_FOUND);
	ctx_recover(c);
	const struct model_where all = { .with_deleted = true };
	must(model_get_where(c, &book_model, book.id, &all, &read));
	assert_true(read.updated_at.us > book.updated_at.us);
	struct act again = { .what = DELETE, .id = book.id };
	assert_int_equal(act_try(&again), APP_NOT_FOUND);
	struct act change = { .what = UPDATE, .id = book.id, .in.title = "x" };
	assert_int_equal(act_try(&change), APP_NOT_FOUND);
	store_says_text(&store, APP_NOT_FOUND, "Book not found");
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 1);
}

static void restored_is_back_once(void **state)
{
	(void)state;
	struct book book = book_add("Emma"), read;
	struct act gone = { .what = DELETE, .id = book.id },
		   back = { .what = RESTORE, .id = book.id };
	assert_int_equal(act_try(&back), APP_NOT_FOUND);
	must(act_try(&gone));
	must(act_try(&back));
	assert_string_equal(back.out.title, "Emma");
	must(model_get(c, &book_model, book.id, &read));
	assert_int_equal(act_try(&back), APP_NOT_FOUND);
}

static void taken_meanwhile_is_a_conflict(void **state)
{
	(void)state;
	struct book book = book_add("Emma");
	struct act gone = { .what = DELETE, .id = book.id },
		   back = { .what = RESTORE, .id = book.id };
	must(act_try(&gone));
	book_add("EMMA");
	assert_int_equal(act_try(&back), APP_CONFLICT);
	store_says_text(&store, APP_CONFLICT, "title is already taken");
}

static void outside_a_write_is_a_mistake(void **state)
{
	(void)state;
	struct model hard = book_model;
	hard.soft_delete = false;
	struct act act = { .what = INSERT, .in.title = "Emma" };
	must(act_try(&act));
	assert_int_equal(model_delete(c, &hard, act.out.id, NULL), APP_INTERNAL);
	store_says_cause(&store, "outside a write");
}

/* ---- If-Match ---- */

struct match_case {
	const char *header; /* with its quotes swapped; %s stands for the row's tag */
	const char *suffix; /* what a proxy put into the tag */
	bool stale, deletes;
	enum app_err err;
	const char *code; /* NULL: the error's own */
};

static void if_match_decides(void **state)
{
	const struct match_case *k = *state;
	struct book book = book_add("Emma");
	char etag[MODEL_ETAG_ROOM], header[200];
	model_etag(&book_schema, &book, etag);
	if (k->suffix)
		snprintf(strrchr(etag, '"'), sizeof(etag) / 4, "%s\"", k->suffix);
	snprintf(header, sizeof(header), json_swapped(c->arena, k->header), etag);
	if (k->stale) {
		struct act other = { .what = UPDATE, .id = book.id, .in.title = "Other" };
		must(act_try(&other));
	}
	struct act act = { .what = k->deletes ? DELETE : UPDATE,
			   .id = book.id,
			   .in.title = "New",
			   .match.if_match = header };
	assert_int_equal(act_try(&act), k->err);
	assert_string_equal(ctx_failure_code(&store.scene.c, k->err),
			    k->code ? k->code : app_err_slug(k->err));
	int64_t changed = store_int(&store, "SELECT count(*) FROM books WHERE title = 'New'"
					    " OR deleted_at IS NOT NULL");
	assert_int_equal(changed, k->err == APP_OK);
}

static void missing_row_is_not_found_first(void **state)
{
	(void)state;
	struct act act = { .what = UPDATE, .id = 4, .in.title = "x", .match.if_match = "*" };
	assert_int_equal(act_try(&act), APP_NOT_FOUND);
}

static enum app_err author_delete(struct ctx *ctx, void *arg)
{
	struct author author = { .id = 1 };
	(void)arg;
	return model_delete(ctx, &author_model, author.id,
			    &(struct model_match){ .if_match = "\"1-abc\"", .before = &author });
}

static void a_row_without_a_tag_is_a_mistake(void **state)
{
	(void)state;
	assert_int_equal(db_write(c, author_delete, NULL), APP_INTERNAL);
	assert_non_null(strstr(c->failure.cause, "if_match of 'author' needs"));
	assert_int_equal(etag_match("\"1-abc\"", ""), ETAG_OTHER);
}

static void etag_tells_id_and_time(void **state)
{
	(void)state;
	char etag[MODEL_ETAG_ROOM];
	struct book book = { .id = 42, .updated_at = { 255 } };
	model_etag(&book_schema, &book, etag);
	assert_json_equal(etag, "'42-ff'");
	book.id = INT64_MIN;
	book.updated_at.us = -1;
	model_etag(&book_schema, &book, etag);
	assert_json_equal(etag, "'-9223372036854775808-ffffffffffffffff'");
	model_etag(&author_schema, &(struct author){ .id = 1 }, etag);
	assert_string_equal(etag, "");
	model_etag(NULL, NULL, etag);
	assert_string_equal(etag, "");
}

#define BROKEN(sentence, ...) CASE_OF(sentence, broken_rule_names_the_field, broken, __VA_ARGS__)
#define MATCH(sentence, ...) CASE_OF(sentence, if_match_decides, match_case, __VA_ARGS__)

/* ---- a struct of another table ---- */

struct act_into {
	enum { GET_INTO, FIND_INTO, RESTORE_INTO, ONE_INTO } what;
};

/* Each would write a whole book over what is behind a tag. */
static enum app_err into_a_tag(struct ctx *ctx, void *arg)
{
	const struct act_into *act = arg;
	struct tag tag;
	switch (act->what) {
	case GET_INTO: return model_get(ctx, &book_model, 1, &tag);
	case FIND_INTO: return model_find(ctx, &book_model, "id", db_bind_int(1), &tag);
	case RESTORE_INTO: return model_restore(ctx, &book_model, 1, &tag);
	case ONE_INTO: return model_one(ctx, "SELECT 1 AS id", BIND(), &book_schema, &tag);
	}
	return APP_OK;
}

static void another_struct_is_told(void **state)
{
	ctx_recover(c);
	assert_int_equal(db_write(c, into_a_tag, *state), APP_INTERNAL);
	store_says_cause(&store,
			 "a row of the schema 'book' was to be read into a struct of 16 bytes, "
			 "and it is struct book, of ");
}

#define INTO(sentence, act) CASE_OF(sentence, another_struct_is_told, act_into, act)

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("an insert reads the new row, defaults and times included",
		     insert_reads_the_new_row),
		CASE("a row is read by id and by another column", get_and_find_read),
		CASE("what is not there is not found, by its name", nobody_is_not_found),
		BROKEN("a taken value is a conflict", .in.title = "EMMA", .err = APP_CONFLICT,
		       .text = "title is already taken"),
		BROKEN("a check is invalid", .in = { .title = "x", .rank = { GIVEN, 13 } },
		       .err = APP_INVALID, .text = "rank has a value"),
		BROKEN("null where there must be a value is invalid", .in.title = NULL,
		       .err = APP_INVALID, .text = "title must not be null"),
		BROKEN("a reference to nothing is a conflict",
		       .in = { .title = "x", .author_id = { GIVEN, 99 } }, .err = APP_CONFLICT,
		       .text = "does not exist"),
		CASE("an update changes the members that are present",
		     update_changes_what_is_present),
		CASE("updated_at grows even when the clock does not", updated_at_always_grows),
		CASE("a softly deleted row is seen nowhere", deleted_is_seen_nowhere),
		CASE("a deleted row comes back, once", restored_is_back_once),
		CASE("coming back to a taken value is a conflict", taken_meanwhile_is_a_conflict),
		CASE("a delete outside a write is a mistake", outside_a_write_is_a_mistake),
		MATCH("the row's tag matches", .header = "%s", .err = APP_OK),
		MATCH("one of several tags matches", .header = "'a' , ,\t%s,'b,c'", .err = APP_OK),
		MATCH("a star matches what is there", .header = " * ", .err = APP_OK),
		MATCH("a tag of before does not match", .header = "%s", .stale = true,
		      .err = APP_PRECONDITION_FAILED),
		MATCH("a weak tag does not match, in words of its own", .header = "W/%s",
		      .err = APP_PRECONDITION_FAILED, .code = "altered_etag"),
		MATCH("a weak tag of before is a tag of before", .header = "W/%s", .stale = true,
		      .err = APP_PRECONDITION_FAILED),
		MATCH("a tag with the suffix of a proxy does not match, in the same words",
		      .header = "%s", .suffix = "-gzip", .err = APP_PRECONDITION_FAILED,
		      .code = "altered_etag"),
		MATCH("and so in a list", .header = "W/%s, 'a'", .err = APP_PRECONDITION_FAILED,
		      .code = "altered_etag"),
		MATCH("an empty list does not match", .header = "", .err = APP_PRECONDITION_FAILED,
		      .code = "broken_etag"),
		MATCH("a tag without quotes does not match", .header = "1-ff",
		      .err = APP_PRECONDITION_FAILED, .code = "broken_etag"),
		MATCH("an unfinished tag spoils the list", .header = "%s, 'a",
		      .err = APP_PRECONDITION_FAILED, .code = "broken_etag"),
		MATCH("tags without a comma spoil the list", .header = "%s 'a'",
		      .err = APP_PRECONDITION_FAILED, .code = "broken_etag"),
		MATCH("a star in a list spoils it", .header = "*, %s",
		      .err = APP_PRECONDITION_FAILED, .code = "broken_etag"),
		MATCH("a weak tag is written with a capital W", .header = "w/%s",
		      .err = APP_PRECONDITION_FAILED, .code = "broken_etag"),
		MATCH("one that an altered tag stands before is spoiled all the same",
		      .header = "W/%s, a", .err = APP_PRECONDITION_FAILED, .code = "broken_etag"),
		MATCH("a star with a tag before it, too", .header = "%s, *",
		      .err = APP_PRECONDITION_FAILED, .code = "broken_etag"),
		MATCH("a delete is conditional too", .header = "%s", .stale = true, .deletes = true,
		      .err = APP_PRECONDITION_FAILED),
		MATCH("and goes on when it matches", .header = "%s", .deletes = true,
		      .err = APP_OK),
		CASE("a row that is not there is not found first", missing_row_is_not_found_first),
		CASE("a row without a tag under If-Match is a mistake of the program",
		     a_row_without_a_tag_is_a_mistake),
		CASE("an ETag tells id and time of change", etag_tells_id_and_time),
		INTO("a row is not read into another struct", GET_INTO),
		INTO("nor one that is looked for", FIND_INTO),
		INTO("nor one that is restored", RESTORE_INTO),
		INTO("nor that of SQL of one's own", ONE_INTO),
	};
	return store_run("core/model/one", rows, COUNT_OF(rows), NULL, NULL);
}
