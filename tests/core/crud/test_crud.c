/* The plain operations on a declared table: what is stored, what is refused, who may. */
#include <stdio.h>

#include "books.h"
#include "testing/store.h"

#define BOOK_AT(id, title, shelf, isbn, year, price, keeper, updated_at) \
	"{'id':" id ",'title':'" title "','shelf':'" shelf "','isbn':" isbn ",'year':" year \
	",'price':" price ",'is_out':false,'due_at':null,'bought_on':null,'notes':null,'loans':0," \
	"'keeper_id':" keeper ",'created_at':'" STAGE_TIME "','updated_at':'" updated_at "'}"
#define ADA "2,'keeper':{'id':2,'username':'Ada'}"
#define BOB "3,'keeper':{'id':3,'username':'bob'}"
#define CHANGED_TIME "2026-01-02T03:04:05.000001Z"

#define EMMA BOOK_AT("1", "Emma", "fiction", "null", "1815", "1.5", ADA, STAGE_TIME)
#define KINDRED BOOK_AT("2", "Kindred", "other", "'9780807083697'", "null", "9.5", BOB, STAGE_TIME)
#define ROW_EMMA BOOK_AT("1", "Emma", "fiction", "null", "1815", "1.5", "2", STAGE_TIME)
#define ROW_KINDRED \
	BOOK_AT("2", "Kindred", "other", "'9780807083697'", "null", "9.5", "3", STAGE_TIME)
#define PAGE(items, total) \
	"{'items':[" items "],'total':" total \
	",'page':1,'per_page':20,'pages':1,'next_cursor':null}"
#define ON_DAY(id, day) "{'id':" id ",'bought_on':" day "}"
#define VALUE_FAULT(loc, msg) \
	"{'type':'value_error','loc':['body'," loc "],'msg':'Value error, " msg \
	"','ctx':{'error':{}}}"

static const struct stage_case first_books[] = {
	{ AS_ADA, &books_create, "{'title':'Emma','shelf':'fiction','year':1815}", APP_OK, EMMA },
	{ AS_BOB, &books_create, "{'title':'Kindred','isbn':'9780807083697','price':9.5}", APP_OK,
	  KINDRED },
};

static void open_with_books(struct stage *s)
{
	books_open(s);
	for (size_t i = 0; i < COUNT_OF(first_books); i++)
		stage_expect(s, &first_books[i]);
}

/* A case on a stage with Emma, which is ada's, and Kindred, which is bob's. */
static void answers(void **state)
{
	struct stage s;
	open_with_books(&s);
	stage_expect(&s, *state);
	stage_close(&s);
}

/* What the table holds, as one number. */
static int64_t books_sum(struct stage *s)
{
	ctx_recover(&s->scene.c);
	return stage_int(s,
			 "SELECT coalesce(sum(id * 100003 + keeper_id * 1009 +"
			 " length(title) * 13 + length(shelf) * 7 + coalesce(year, 5) +"
			 " updated_at % 1000003 + coalesce(deleted_at, 3) % 1013), 0) FROM books");
}

/* One that is refused and leaves everything as it was. */
static void refuses_and_keeps(void **state)
{
	struct stage s;
	open_with_books(&s);
	stage_refuses(&s, *state, books_sum);
	stage_close(&s);
}

/* Rows of a megabyte: a bulk that names them is a few bytes. */
static void bulk_of_large_rows(void **state)
{
	static const char ids[] = "{'ids':[3,4,5,6,7,8,9,10,11,12],'do':";
	const char *verb = *state;
	char in[sizeof(ids) + 64];
	struct stage s;
	open_with_books(&s);
	for (int i = 0; i < 10; i++)
		stage_exec(&s,
			   store_either("INSERT INTO books (title, shelf, notes, price, is_out,"
					" loans, keeper_id, created_at, updated_at) VALUES ('L',"
					" 'other', '\"' || hex(zeroblob(500000)) || '\"', 1, 0, 0,"
					" 2, 1, 1)",
					"INSERT INTO books (title, shelf, notes, price, is_out,"
					" loans, keeper_id, created_at, updated_at) VALUES ('L',"
					" 'other', '\"' || repeat('0', 1000000) || '\"', 1, FALSE,"
					" 0, 2, 1, 1)"));
	snprintf(in, sizeof(in), "%s%s}", ids, verb);
	stage_refuses(&s,
		      &(struct stage_case){
			      AS_ADA, &books_bulk, in, APP_TOO_LARGE,
			      "These rows are too large for one bulk: send fewer ids at once" },
		      books_sum);
	stage_expect(&s, &(struct stage_case){ AS_ADA, &books_bulk, "{'ids':[3,4],'do':'delete'}",
					       APP_OK, "{'ids':[3,4],'count':2}" });
	stage_close(&s);
}

#define ANSWER(sentence, ...) ROW_OF(sentence, answers, (&(struct stage_case){ __VA_ARGS__ }))
#define REFUSED(sentence, ...) \
	ROW_OF(sentence, refuses_and_keeps, (&(struct stage_case){ __VA_ARGS__ }))

/* Cases one after the other on one stage; the last has no operation. */
static void in_turn(void **state)
{
	struct stage s;
	open_with_books(&s);
	for (const struct stage_case *at = *state; at->op; at++)
		stage_expect(&s, at);
	stage_close(&s);
}

static const struct stage_case there_and_back[] = {
	{ AS_ADA, &books_delete, "{'id':1}", APP_OK, "" },
	{ AS_ADA, &books_get, "{'id':1}", APP_NOT_FOUND, "Book not found" },
	{ AS_ADA, &books_update, "{'id':1,'title':'x'}", APP_NOT_FOUND, "Book not found" },
	{ AS_ADA, &books_replace, "{'id':1,'title':'x'}", APP_NOT_FOUND, "Book not found" },
	{ AS_ADA, &books_delete, "{'id':1}", APP_NOT_FOUND, "Book not found" },
	{ AS_ADA, &books_list, "{}", APP_OK, PAGE(ROW_KINDRED, "1") },
	{ AS_BOB, &books_restore, "{'id':1}", APP_NOT_FOUND, "Book not found" },
	{ AS_ADA, &books_restore, "{'id':1}", APP_OK,
	  BOOK_AT("1", "Emma", "fiction", "null", "1815", "1.5", ADA,
		  "2026-01-02T03:04:05.000002Z") },
	{ AS_ADA, &books_restore, "{'id':1}", APP_NOT_FOUND, "Book not found" },
	{ 0 },
};

static const struct stage_case many_at_once[] = {
	{ AS_BOB, &books_batch, "{'items':[{'title':'a'},{'title':'b','shelf':'science'}]}", APP_OK,
	  "{'ids':[3,4],'count':2}" },
	{ AS_BOB, &books_bulk, "{'ids':[4,3],'do':'update','set':{'shelf':'fiction'}}", APP_OK,
	  "{'ids':[4,3],'count':2}" },
	{ AS_BOB, &books_list, "{'shelf':'fiction','fields':'title'}", APP_OK,
	  PAGE("{'id':1,'title':'Emma'},{'id':3,'title':'a'},{'id':4,'title':'b'}", "3") },
	{ AS_BOB, &books_bulk, "{'ids':[3,4],'do':'delete'}", APP_OK, "{'ids':[3,4],'count':2}" },
	{ AS_BOB, &books_list, "{'shelf':'fiction','fields':'title'}", APP_OK,
	  PAGE("{'id':1,'title':'Emma'}", "1") },
	{ AS_BOB, &books_bulk, "{'ids':[3],'do':'restore'}", APP_OK, "{'ids':[3],'count':1}" },
	{ AS_BOB, &books_list, "{'shelf':'fiction','fields':'title'}", APP_OK,
	  PAGE("{'id':1,'title':'Emma'},{'id':3,'title':'a'}", "2") },
	{ 0 },
};

static const struct stage_case of_his_own[] = {
	{ AS_ADA, &own_list, "{}", APP_OK, PAGE(ROW_EMMA, "1") },
	{ AS_BOB, &own_list, "{}", APP_OK, PAGE(ROW_KINDRED, "1") },
	{ AS_ROOT, &own_list, "{}", APP_OK, PAGE(ROW_EMMA "," ROW_KINDRED, "2") },
	{ AS_ADA, &own_get, "{'id':2}", APP_NOT_FOUND, "Book not found" },
	{ AS_ADA, &own_update, "{'id':2,'title':'x'}", APP_NOT_FOUND, "Book not found" },
	{ AS_ADA, &own_replace, "{'id':2,'title':'x'}", APP_NOT_FOUND, "Book not found" },
	{ AS_ADA, &own_delete, "{'id':2}", APP_NOT_FOUND, "Book not found" },
	{ AS_ADA, &own_bulk, "{'ids':[1,2],'do':'delete'}", APP_INVALID,
	  "[" VALUE_FAULT("'ids',1", "Book not found") "]" },
	{ AS_ROOT, &own_get, "{'id':2}", APP_OK, KINDRED },
	{ AS_SYSTEM, &own_get, "{'id':2}", APP_OK, KINDRED },
	{ AS_BOB, &own_delete, "{'id':2}", APP_OK, "" },
	{ AS_ADA, &own_restore, "{'id':2}", APP_NOT_FOUND, "Book not found" },
	{ 0 },
};

/* Books that were bought on a day; those of the stage and the last were not. */
#define EMMA_DAY ON_DAY("1", "null")
#define KINDRED_DAY ON_DAY("2", "null")
#define DAY_2025 ON_DAY("3", "'2025-03-01'")
#define DAY_2024 ON_DAY("4", "'2024-02-29'")
#define DAY_2026 ON_DAY("5", "'2026-12-31'")
#define NO_DAY ON_DAY("6", "null")
#define DAYS(query, days, total) \
	{ \
		AS_ADA, &books_list, "{" query ",'fields':'bought_on'}", APP_OK, PAGE(days, total) \
	}

static const struct stage_case by_day[] = {
	{ AS_ADA, &books_batch,
	  "{'items':[{'title':'a','bought_on':'2025-03-01'},{'title':'b','bought_on':'2024-02-29'},"
	  "{'title':'c','bought_on':'2026-12-31T00:00:00Z'},{'title':'d'}]}",
	  APP_OK, "{'ids':[3,4,5,6],'count':4}" },
	DAYS("'bought_on':'2024-02-29'", DAY_2024, "1"),
	DAYS("'bought_on__gte':'2025-03-01'", DAY_2025 "," DAY_2026, "2"),
	DAYS("'bought_on__lt':'2025-03-01'", DAY_2024, "1"),
	DAYS("'bought_on__in':'2026-12-31,2024-02-29'", DAY_2024 "," DAY_2026, "2"),
	DAYS("'bought_on__isnull':true", EMMA_DAY "," KINDRED_DAY "," NO_DAY, "3"),
	DAYS("'bought_on__ne':'2024-02-29'",
	     EMMA_DAY "," KINDRED_DAY "," DAY_2025 "," DAY_2026 "," NO_DAY, "5"),
	DAYS("'sort':'bought_on'",
	     DAY_2024 "," DAY_2025 "," DAY_2026 "," EMMA_DAY "," KINDRED_DAY "," NO_DAY, "6"),
	DAYS("'sort':'-bought_on'",
	     DAY_2026 "," DAY_2025 "," DAY_2024 "," NO_DAY "," KINDRED_DAY "," EMMA_DAY, "6"),
	{ AS_ADA, &books_list, "{'bought_on':'2025-02-29'}", APP_INVALID,
	  "[{'type':'date_from_datetime_parsing','loc':['body','bought_on'],"
	  "'msg':'Input should be a valid date or datetime, day value is outside expected range',"
	  "'input':'2025-02-29','ctx':{'error':'day value is outside expected range'}}]" },
	{ 0 },
};

int main(void)
{
	const struct CMUnitTest rows[] = {
		ANSWER("a book is read by everyone signed in, with its keeper", AS_BOB, &books_get,
		       "{'id':1}", APP_OK, EMMA),
		ANSWER("a list leaves the keeper out", AS_ROOT, &books_list, "{}", APP_OK,
		       PAGE(ROW_EMMA "," ROW_KINDRED, "2")),
		ANSWER("a list is asked for nothing that its columns do not say", AS_ROOT,
		       &books_list, "{'year__isnull':true}", APP_INVALID,
		       "[{'type':'value_error','loc':['body','year__isnull'],"
		       "'msg':'Value error, year has no such filter; there are: year, year__ne,"
		       " year__gt, year__gte, year__lt, year__lte','input':true,"
		       "'ctx':{'error':{}}}]"),
		ANSWER("a list finds in any case", AS_ROOT, &books_list,
		       "{'q':'KIN','sort':'-title'}", APP_OK, PAGE(ROW_KINDRED, "1")),
		ANSWER("nobody who is not signed in", AS_NOBODY, &books_list, "{}",
		       APP_UNAUTHENTICATED, "Not authenticated"),

		REFUSED("all faults at once, by the rules of the columns", AS_ADA, &books_create,
			"{'title':'','year':9,'isbn':'1','keeper_id':3}", APP_INVALID,
			"[{'type':'string_too_short','loc':['body','title'],"
			"'msg':'String should have at least 1 character','input':'',"
			"'ctx':{'min_length':1}},"
			"{'type':'string_pattern_mismatch','loc':['body','isbn'],"
			"'msg':'String should match pattern \"^[0-9]{13}$\"','input':'1',"
			"'ctx':{'pattern':'^[0-9]{13}$'}},"
			"{'type':'greater_than_equal','loc':['body','year'],"
			"'msg':'Input should be greater than or equal to 1450','input':9,"
			"'ctx':{'ge':1450}},"
			"{'type':'extra_forbidden','loc':['body','keeper_id'],"
			"'msg':'Extra inputs are not permitted','input':3}]"),
		REFUSED("what has an owner is made by somebody", AS_SYSTEM, &books_create,
			"{'title':'x'}", APP_CONFLICT,
			"A book needs an owner: sign in as a user to make one"),
		REFUSED("a name is unique in any form", AS_ADA, &books_create,
			"{'title':'x','isbn':'9780807083697'}", APP_CONFLICT,
			"isbn is already taken"),

		ANSWER("a change leaves alone what is left out", AS_ADA, &books_update,
		       "{'id':1,'year':null}", APP_OK,
		       BOOK_AT("1", "Emma", "fiction", "null", "null", "1.5", ADA, CHANGED_TIME)),
		ANSWER("a superuser changes what is another's, who stays its owner", AS_ROOT,
		       &books_update, "{'id':2,'title':'K'}", APP_OK,
		       BOOK_AT("2", "K", "other", "'9780807083697'", "null", "9.5", BOB,
			       CHANGED_TIME)),
		REFUSED("nobody else", AS_BOB, &books_update, "{'id':1,'title':'x'}", APP_FORBIDDEN,
			"You may not change this book"),
		REFUSED("a change of another version", AS_ADA, &books_update,
			"{'id':1,'title':'x','if_match':'\\'1-1\\''}", APP_PRECONDITION_FAILED,
			"this book was changed since you read it: read it again"),
		REFUSED("a change of what is not there", AS_ADA, &books_update,
			"{'id':9,'title':'x'}", APP_NOT_FOUND, "Book not found"),

		ANSWER("a replacement sets what is left out to its preset, or null", AS_ADA,
		       &books_replace, "{'id':1,'title':'Emma 2'}", APP_OK,
		       BOOK_AT("1", "Emma 2", "other", "null", "null", "1.5", ADA, CHANGED_TIME)),
		ANSWER("who replaces another's does not become its owner", AS_ROOT, &books_replace,
		       "{'id':2,'title':'K'}", APP_OK,
		       BOOK_AT("2", "K", "other", "null", "null", "1.5", BOB, CHANGED_TIME)),
		REFUSED("a replacement without what is required", AS_ADA, &books_replace,
			"{'id':1,'year':1815}", APP_INVALID,
			"[{'type':'missing','loc':['body','title'],'msg':'Field required',"
			"'input':{'id':1,'year':1815}}]"),
		REFUSED("a replacement of another's", AS_BOB, &books_replace,
			"{'id':1,'title':'x'}", APP_FORBIDDEN, "You may not change this book"),
		REFUSED("a deletion of another's", AS_BOB, &books_delete, "{'id':1}", APP_FORBIDDEN,
			"You may not change this book"),

		ROW_OF("what is deleted is not there until it is restored", in_turn,
		       there_and_back),
		ROW_OF("where rows are private, others are not there", in_turn, of_his_own),
		ROW_OF("a column of days is written, filtered and sorted by", in_turn, by_day),
		ROW_OF("many are created, changed, deleted and restored at once", in_turn,
		       many_at_once),
		REFUSED("of a batch nothing is stored when one is refused", AS_ADA, &books_batch,
			"{'items':[{'title':'a'},{'title':'b','isbn':'9780807083697'}]}",
			APP_INVALID,
			"[" VALUE_FAULT("'items',1,'isbn'", "isbn is already taken") "]"),
		REFUSED("of a bulk nothing is changed when one is refused, and each is named",
			AS_ADA, &books_bulk, "{'ids':[1,2,9],'do':'update','set':{'year':2000}}",
			APP_INVALID,
			"[" VALUE_FAULT("'ids',1", "You may not change this book") "," VALUE_FAULT(
				"'ids',2", "Book not found") "]"),
		ROW_OF("a bulk reads no more than a batch may bring", bulk_of_large_rows,
		       "'delete'"),
		ROW_OF("nor does it write more", bulk_of_large_rows,
		       "'update','set':{'year':2000}"),
		REFUSED("a bulk that updates nothing", AS_ADA, &books_bulk,
			"{'ids':[1],'do':'update'}", APP_INVALID,
			"[" VALUE_FAULT("'set'", "to update, it needs a member at least") "]"),
		REFUSED("a bulk that deletes has nothing to set", AS_ADA, &books_bulk,
			"{'ids':[1],'do':'delete','set':{'year':2000}}", APP_INVALID,
			"[" VALUE_FAULT("'set'", "it is for do=update") "]"),
		REFUSED("a bulk keeps the rules of the columns", AS_ADA, &books_bulk,
			"{'ids':[1],'do':'update','set':{'year':1}}", APP_INVALID,
			"[{'type':'greater_than_equal','loc':['body','set','year'],"
			"'msg':'Input should be greater than or equal to 1450','input':1,"
			"'ctx':{'ge':1450}}]"),
	};
	return store_run("core/crud", rows, COUNT_OF(rows), NULL, NULL);
}
