/* The rules of an author on a declared table: hooks, and who may. */
#include "books.h"
#include "testing/store.h"

#include <string.h>

#include "core/trace.h"

static struct {
	int creates, updates, deletes, restores;
	int64_t year_before, year_after;
} told;

static enum app_err before_create(struct ctx *c, void *in)
{
	struct book_create *book = in;
	if (strcmp(book->title, "Untitled") == 0)
		return schema_fault(c, "body", "title", "a book has a title");
	if (book->year.is != GIVEN)
		book->year = (struct maybe_int){ GIVEN, 2026 };
	return APP_OK;
}

static enum app_err before_update(struct ctx *c, const void *row, void *set)
{
	const struct book *book = row;
	struct book_set *change = set;
	if (book->is_out)
		return ctx_fail(c, APP_CONFLICT, "The book is out");
	if (change->is_out.is == GIVEN && change->is_out.value)
		change->due_at = (struct maybe_instant){ GIVEN, ctx_now(c) };
	return APP_OK;
}

static enum app_err after_write(struct ctx *c, enum crud_verb verb, const void *before,
				const void *after)
{
	const struct book *was = before, *is = after;
	assert_true((verb == CRUD_CREATE) == !was);
	assert_true((verb == CRUD_DELETE) == !is);
	told.creates += verb == CRUD_CREATE;
	told.updates += verb == CRUD_UPDATE;
	told.deletes += verb == CRUD_DELETE;
	told.restores += verb == CRUD_RESTORE;
	told.year_before = was ? was->year.value : 0;
	told.year_after = is ? is->year.value : 0;
	if (is && is->year.is == GIVEN && is->year.value == 1666)
		return ctx_fail(c, APP_CONFLICT, "That year is over");
	return APP_OK;
}

static void visible(struct ctx *c, struct model_where *ret)
{
	if (c->actor.kind == ACTOR_USER && c->actor.is_superuser)
		return;
	ret->sql = "shelf <> 'other'";
	ret->or_else = "shelf = 'other' AND keeper_id = $1";
	ret->binds = model_where_binds(c, BIND(c->actor.user_id));
}

/* An author who says only the second. */
static void visible_by_the_second(struct ctx *c, struct model_where *ret)
{
	ret->or_else = "keeper_id = $1";
	ret->binds = model_where_binds(c, BIND(c->actor.user_id));
}

CRUD_OPERATIONS(second, book, ACCESS_USER, ACCESS_USER, .model = &book_model,
		.visible = visible_by_the_second);

/* Whoever sees science may change it. */
static bool may_change(const struct actor *actor, const void *row)
{
	const struct book *book = row;
	return actor->user_id == book->keeper_id || strcmp(book->shelf, "science") == 0;
}

CRUD_OPERATIONS(ruled, book, ACCESS_USER, ACCESS_USER, .model = &book_model,
		.before_create = before_create, .before_update = before_update,
		.after_write = after_write, .visible = visible, .may_change = may_change);

PERMISSION(books_manage, "books.manage", "See and change the books of others");
CRUD_OPERATIONS(managed, book, ACCESS_USER, ACCESS_USER, .model = &book_model, .is_private = true,
		.manage = &books_manage);

static void open_stage(struct stage *s)
{
	books_open(s);
	memset(&told, 0, sizeof(told));
}

static void expect(struct stage *s, int who, const struct operation *op, const char *json,
		   enum app_err err, const char *part)
{
	const char *answer;
	enum app_err got = stage_call(s, who, op, json, &answer);
	if (got != err || !strstr(answer, part))
		fail_msg("%s %s: %s, %s", op->name, json, app_err_slug(got), answer);
}

static void fills_in_and_refuses(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	expect(&s, AS_ADA, &ruled_create, "{'title':'Emma'}", APP_OK, "'year':2026");
	expect(&s, AS_ADA, &ruled_create, "{'title':'Untitled'}", APP_INVALID,
	       "'loc':['body','title'],'msg':'Value error, a book has a title'");
	expect(&s, AS_ADA, &ruled_batch, "{'items':[{'title':'a'},{'title':'Untitled'}]}",
	       APP_INVALID, "'loc':['body','items',1,'title']");
	expect(&s, AS_ADA, &ruled_batch, "{'items':[{'title':'a'},{'title':'b','year':2000}]}",
	       APP_OK, "'count':2");
	expect(&s, AS_ADA, &ruled_replace, "{'id':1,'title':'Emma','is_out':true}", APP_OK,
	       "'due_at':'" STAGE_TIME "'");
	expect(&s, AS_ADA, &ruled_replace, "{'id':1,'title':'Emma'}", APP_CONFLICT,
	       "The book is out");
	stage_exec(&s,
		   store_either("UPDATE books SET is_out = 0", "UPDATE books SET is_out = FALSE"));
	expect(&s, AS_ADA, &ruled_update, "{'id':1,'is_out':true}", APP_OK,
	       "'due_at':'" STAGE_TIME "'");
	expect(&s, AS_ADA, &ruled_update, "{'id':1,'year':2000}", APP_CONFLICT, "The book is out");
	expect(&s, AS_ADA, &ruled_bulk, "{'ids':[2,1],'do':'update','set':{'year':2000}}",
	       APP_INVALID, "'loc':['body','ids',1],'msg':'Value error, The book is out'");
	stage_close(&s);
}

/* Of ada, which bob asks for. */
static void shows_those_of_others_to_who_manages(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	*books_manage.number = 3;
	expect(&s, AS_ADA, &managed_create, "{'title':'Emma'}", APP_OK, "'id':1");
	expect(&s, AS_BOB, &managed_get, "{'id':1}", APP_NOT_FOUND, "Book not found");
	s.scene.c.actor.may.bits[0] = 4;
	buf_init(&s.out, &s.scene.arena);
	ctx_recover(&s.scene.c);
	stage_ok(&s, stage_run(&s.scene.c, &managed_get, "{'id':1}", &s.out));
	expect(&s, AS_ROOT, &managed_get, "{'id':1}", APP_OK, "'title':'Emma'");
	stage_close(&s);
}

static void keeps_what_no_client_sends(void **state)
{
	(void)state;
	struct stage s;
	books_open(&s);
	expect(&s, AS_ADA, &books_create, "{'title':'Emma'}", APP_OK, "'loans':0");
	stage_exec(&s, "UPDATE books SET loans = 7");
	expect(&s, AS_ADA, &books_replace, "{'id':1,'title':'E'}", APP_OK, "'loans':7");
	expect(&s, AS_ADA, &books_update, "{'id':1,'title':'F'}", APP_OK, "'loans':7");
	stage_close(&s);
}

/* The column has a default, so that it is seen whether null is stored. */
static void left_out_is_null(void **state)
{
	(void)state;
	struct stage s;
	books_open(&s);
	expect(&s, AS_ADA, &books_create, "{'title':'Emma'}", APP_OK, "'year':null");
	expect(&s, AS_ADA, &books_batch, "{'items':[{'title':'a'}]}", APP_OK, "'ids':[2]");
	expect(&s, AS_ADA, &books_get, "{'id':2}", APP_OK, "'year':null");
	stage_close(&s);
}

static int64_t inserts_of(const struct trace *trace)
{
	int64_t runs = 0;
	for (const struct trace_statement *at = trace_statements(trace); at; at = at->next)
		if (strstr(at->sql, "INSERT INTO books"))
			runs += at->runs;
	return runs;
}

static void batch_takes_few_statements(void **state)
{
	(void)state;
	struct stage s;
	struct buf json;
	books_open(&s);
	buf_init(&json, &s.scene.arena);
	for (int i = 0; i < 64; i++)
		buf_printf(&json, "%s{'title':'t'%s}", i ? "," : "{'items':[",
			   i % 2 ? ",'year':1815,'notes':[]" : "");
	buf_add_lit(&json, "]}");
	struct trace *trace = trace_begin(&s.scene.c);
	expect(&s, AS_ADA, &books_batch, buf_text(&json), APP_OK, "'count':64");
	trace_end(trace);
	assert_true(inserts_of(trace) >= 1);
	assert_true(inserts_of(trace) <= 2);
	stage_close(&s);
}

static void tells_of_each_write(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	expect(&s, AS_ADA, &ruled_create, "{'title':'Emma','year':1815}", APP_OK, "'id':1");
	assert_int_equal(told.year_after, 1815);
	expect(&s, AS_ADA, &ruled_batch, "{'items':[{'title':'a'},{'title':'b'}]}", APP_OK, "");
	assert_int_equal(told.creates, 3);
	expect(&s, AS_ADA, &ruled_update, "{'id':1,'year':1816}", APP_OK, "");
	assert_int_equal(told.year_before, 1815);
	assert_int_equal(told.year_after, 1816);
	expect(&s, AS_ADA, &ruled_replace, "{'id':1,'title':'Emma'}", APP_OK, "");
	expect(&s, AS_ADA, &ruled_bulk, "{'ids':[2,3],'do':'delete'}", APP_OK, "");
	expect(&s, AS_ADA, &ruled_delete, "{'id':1}", APP_OK, "");
	expect(&s, AS_ADA, &ruled_restore, "{'id':1}", APP_OK, "");
	assert_int_equal(told.updates, 2);
	assert_int_equal(told.deletes, 3);
	assert_int_equal(told.restores, 1);
	stage_close(&s);
}

static void undoes_what_the_hook_refuses(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	expect(&s, AS_ADA, &ruled_create, "{'title':'Emma','year':1666}", APP_CONFLICT,
	       "That year is over");
	expect(&s, AS_ADA, &ruled_batch, "{'items':[{'title':'a'},{'title':'b','year':1666}]}",
	       APP_CONFLICT, "That year is over");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM books"), 0);
	stage_close(&s);
}

static void shows_what_is_visible(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	expect(&s, AS_ADA, &ruled_create, "{'title':'Own'}", APP_OK, "'id':1");
	expect(&s, AS_ADA, &ruled_create, "{'title':'All','shelf':'fiction'}", APP_OK, "'id':2");
	expect(&s, AS_ADA, &ruled_create, "{'title':'Open','shelf':'science'}", APP_OK, "'id':3");
	expect(&s, AS_ADA, &ruled_list, "{}", APP_OK, "'total':3");
	expect(&s, AS_BOB, &ruled_list, "{}", APP_OK, "'total':2");
	expect(&s, AS_ROOT, &ruled_list, "{}", APP_OK, "'total':3");
	expect(&s, AS_BOB, &ruled_get, "{'id':1}", APP_NOT_FOUND, "Book not found");
	expect(&s, AS_BOB, &ruled_update, "{'id':1,'year':2000}", APP_NOT_FOUND, "Book not found");
	expect(&s, AS_BOB, &ruled_update, "{'id':2,'year':2000}", APP_FORBIDDEN, "You may not");
	expect(&s, AS_BOB, &ruled_update, "{'id':3,'year':2000}", APP_OK, "'year':2000");
	expect(&s, AS_BOB, &ruled_delete, "{'id':1}", APP_NOT_FOUND, "Book not found");
	expect(&s, AS_ADA, &ruled_delete, "{'id':1}", APP_OK, "");
	expect(&s, AS_BOB, &ruled_restore, "{'id':1}", APP_NOT_FOUND, "Book not found");
	stage_close(&s);
}

/* ---- rules of the columns ---- */

#define BAD_ISBN "'msg':'Value error, its last digit does not fit the others'"

static void columns_have_their_rules(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	expect(&s, AS_ADA, &ruled_create, "{'title':'  Emma '}", APP_OK, "'title':'Emma'");
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM books WHERE title = 'Emma'"), 1);
	expect(&s, AS_ADA, &ruled_list, "{'title':' Emma'}", APP_OK, "'total':1");
	expect(&s, AS_ADA, &ruled_update, "{'id':1,'title':'Emma 2 '}", APP_OK, "'title':'Emma 2'");
	expect(&s, AS_ADA, &ruled_update, "{'id':1,'isbn':'9780807083698'}", APP_INVALID,
	       "'loc':['body','isbn']," BAD_ISBN ",'input':'9780807083698'");
	expect(&s, AS_ADA, &ruled_batch, "{'items':[{'title':'a','isbn':'9780807083698'}]}",
	       APP_INVALID, "'loc':['body','items',0,'isbn']," BAD_ISBN);
	expect(&s, AS_ADA, &ruled_bulk, "{'ids':[1],'do':'update','set':{'isbn':'9780807083698'}}",
	       APP_INVALID, "'loc':['body','set','isbn']," BAD_ISBN);
	expect(&s, AS_ADA, &ruled_replace, "{'id':1,'title':' ','isbn':'9780807083698'}",
	       APP_INVALID, "'loc':['body','isbn']," BAD_ISBN);
	expect(&s, AS_ADA, &ruled_create, "{'title':' b','isbn':'9780807083697'}", APP_OK,
	       "'isbn':'9780807083697'");
	stage_close(&s);
}

static void second_condition_hides_the_rest(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	expect(&s, AS_ADA, &second_create, "{'title':'Own'}", APP_OK, "'id':1");
	expect(&s, AS_ADA, &second_list, "{}", APP_OK, "'total':1");
	expect(&s, AS_BOB, &second_list, "{}", APP_OK, "'total':0");
	expect(&s, AS_ADA, &second_get, "{'id':1}", APP_OK, "'id':1");
	expect(&s, AS_BOB, &second_get, "{'id':1}", APP_NOT_FOUND, "Book not found");
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("before a row is stored it is filled in or refused, in its place",
		    fills_in_and_refuses),
		ROW("who has the permission to manage them sees what is another's",
		    shows_those_of_others_to_who_manages),
		ROW("what no client sends stays as it is", keeps_what_no_client_sends),
		ROW("what is left out is null, whatever default the table has", left_out_is_null),
		ROW("a batch whose items differ in what they leave out takes few statements",
		    batch_takes_few_statements),
		ROW("each write is told of, with the row as it was and as it is",
		    tells_of_each_write),
		ROW("a write is undone when the one who is told refuses it",
		    undoes_what_the_hook_refuses),
		ROW("what is not visible is not there, and what is may be changed by who may",
		    shows_what_is_visible),
		ROW("one who says only the second of two conditions hides what does not meet it",
		    second_condition_hides_the_rest),
		ROW("a column's spelling and check hold in every input", columns_have_their_rules),
	};
	return store_run("core/crud/rules", rows, COUNT_OF(rows), NULL, NULL);
}
