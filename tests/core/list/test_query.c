/*
 * List parameters but filters: what is read from a query string and from a flat object, and what is
 * refused.
 */
#include "list_case.h"

/* ---- rows that need more than a line ---- */

static void whole_fault_has_the_contracts_shape(void **state)
{
	(void)state;
	struct scene scene;
	struct post_list in;
	scene_open(&scene);
	struct input input = { .query = query_pairs(&scene.arena,
						    "page=x&nope=1&id__in=1,b&password=s3&q=%20") };
	struct buf out;
	buf_init(&out, &scene.arena);
	assert_int_equal(schema_bind(&scene.c, &post_list_schema, &input, &in), APP_INVALID);
	schema_faults_render(scene.c.failure.fields, &out);
	assert_json_equal(
		buf_text(&out),
		"[{'type':'int_parsing','loc':['query','page'],"
		"'msg':'Input should be a valid integer, unable to parse string as an integer',"
		"'input':'x'},"
		"{'type':'extra_forbidden','loc':['query','nope'],"
		"'msg':'Extra inputs are not permitted','input':'1'},"
		"{'type':'int_parsing','loc':['query','id__in',1],"
		"'msg':'Input should be a valid integer, unable to parse string as an integer',"
		"'input':'b'},"
		"{'type':'extra_forbidden','loc':['query','password'],"
		"'msg':'Extra inputs are not permitted'}]");
	scene_close(&scene);
}

static void other_query_fields_stand_beside(void **state)
{
	(void)state;
	struct scene scene;
	struct post_list in;
	scene_open(&scene);
	struct input input = { .query = query_pairs(&scene.arena, "tenant=abc&per_page=7") };
	assert_int_equal(schema_bind(&scene.c, &post_list_schema, &input, &in), APP_OK);
	assert_string_equal(in.tenant, "abc");
	assert_int_equal(in.list.per_page, 7);
	scene_close(&scene);
}

static void members_stand_beside(void **state)
{
	(void)state;
	struct scene scene;
	struct post_list in;
	scene_open(&scene);
	const char *json = json_swapped(&scene.arena, "{'tenant':'abc','per_page':7}");
	assert_int_equal(schema_bind_flat(&scene.c, &post_list_schema, json, strlen(json), &in),
			 APP_OK);
	assert_string_equal(in.tenant, "abc");
	assert_int_equal(in.list.per_page, 7);
	scene_close(&scene);
}

static void a_list_by_itself_starts_like_no_parameters(void **state)
{
	(void)state;
	struct scene scene;
	struct list_query query;
	scene_open(&scene);
	list_query_init(&query, &post_schema);
	assert_string_equal(dump_query(&scene.arena, &query), "1x20 total");
	assert_ptr_equal(query.row, &post_schema);
	assert_true(query.hidden == schema_hide_relations(&post_schema));
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		/* pages */
		QUERY("no parameter is the first page of twenty", "", "1x20 total"),
		QUERY("page and per_page are read", "page=3&per_page=50", "3x50 total"),
		QUERY("the last page is allowed", "page=1000000", "1000000x20 total"),
		QUERY("a hundred rows are allowed", "per_page=100", "1x100 total"),
		QUERY("page 0 is a fault", "page=0", AT_LEAST("page", "1")),
		QUERY("a negative page is a fault", "page=-1", AT_LEAST("page", "1")),
		QUERY("a page past the limit is a fault", "page=1000001",
		      AT_MOST("page", "1000000")),
		QUERY("a page that is no number is a fault", "page=x", INT_FAULT(AT("page"))),
		QUERY("an empty page is a fault", "page=", INT_FAULT(AT("page"))),
		QUERY("a page beyond 64 bits is a fault", "page=99999999999999999999",
		      AT("page") "int_parsing_size: Unable to parse input string as an integer, "
				 "exceeded maximum size"),
		QUERY("per_page 0 is a fault", "per_page=0", AT_LEAST("per_page", "1")),
		QUERY("per_page 101 is a fault", "per_page=101", AT_MOST("per_page", "100")),
		QUERY("page given twice is a fault", "page=1&page=2", TWICE("page")),

		/* cursor and total */
		QUERY("a cursor is kept as it is, and is not counted", "cursor=abc",
		      "1x20 cursor abc"),
		QUERY("a cursor may have a size of page", "cursor=abc&per_page=5",
		      "1x5 cursor abc"),
		QUERY("a cursor and a page are a fault", "cursor=abc&page=1",
		      VALUE("cursor", "give either page or cursor")),
		QUERY("a page and a cursor are a fault, in any order", "page=2&cursor=abc",
		      VALUE("cursor", "give either page or cursor")),
		QUERY("an empty cursor is a fault", "cursor=",
		      AT("cursor") "string_too_short: String should have at least 1 "
				   "character"),
		QUERY("a total can be declined", "with_total=false", "1x20"),
		QUERY("a total can be asked for", "with_total=true", "1x20 total"),
		QUERY("a total can be asked for with a cursor", "with_total=true&cursor=a",
		      "1x20 total cursor a"),
		QUERY("a total that is neither is a fault", "with_total=maybe",
		      BOOL_FAULT("with_total")),

		/* sort */
		QUERY("a minus sorts descending", "sort=-created_at,title",
		      "1x20 total sort -created_at sort title"),
		QUERY("a suffix sorts descending", "sort=created_at:desc",
		      "1x20 total sort -created_at"),
		QUERY("a suffix sorts ascending", "sort=id:asc", "1x20 total sort id"),
		QUERY("both at once are no field", "sort=-id:desc", NO_SORT("-id:desc")),
		QUERY("another direction is no field", "sort=id:up", NO_SORT("id:up")),
		QUERY("an unknown field cannot be sorted by", "sort=nope", NO_SORT("nope")),
		QUERY("a field without the flag cannot be sorted by", "sort=note", NO_SORT("note")),
		QUERY("a secret cannot be sorted by, whatever its flags", "sort=password",
		      NO_SORT("password")),
		QUERY("what has no column cannot be sorted by", "sort=shout", NO_SORT("shout")),
		QUERY("what has no column is no filter", "shout=a", EXTRA("shout")),
		QUERY("a relation cannot be sorted by", "sort=author", NO_SORT("author")),
		QUERY("SQL cannot be sorted by", "sort=title;drop", NO_SORT("title;drop")),
		QUERY("case matters", "sort=ID", NO_SORT("ID")),
		QUERY("an empty sort is a fault", "sort=", NO_SORT("")),
		QUERY("an empty term is a fault", "sort=id,", NO_SORT("")),
		QUERY("every bad term is a fault", "sort=a,id,b", NO_SORT("a") "; " NO_SORT("b")),
		QUERY("a field to sort by is named once", "sort=id,-id",
		      VALUE("sort", "'-id' sorts by a field that was named before")),
		QUERY("four terms are allowed", "sort=id,title,rating,-seen_at",
		      "1x20 total sort id sort title sort rating sort -seen_at"),
		QUERY("five terms are a fault", "sort=id,title,rating,seen_at,created_at",
		      TOO_LONG("sort", "4", "5")),
		QUERY("a long term is cut in the message", "sort=" X10("0123456789"),
		      NO_SORT("012345678901234567890123456789012345678901234567890123456789"
			      "…")),

		/* q */
		QUERY("words are searched for", "q=two words", "1x20 total q 'two words'"),
		QUERY("other white space, too",
		      "q=\xC2\xA0"
		      "a\xE3\x80\x80"
		      "b\xE2\x80\xA8",
		      "1x20 total q 'a\xE3\x80\x80"
		      "b'"),
		QUERY("and nothing but it is a fault", "q=\xC2\xA0",
		      AT("q") "string_too_short: String should have at least 1 character"),
		QUERY("white space around them is cut", "q= \t a b \n", "1x20 total q 'a b'"),
		QUERY("nothing but white space is a fault",
		      "q=  ", AT("q") "string_too_short: String should have at least 1 character"),
		QUERY("two hundred and one characters are a fault", "q=" X100("ab") "c",
		      AT("q") "string_too_long: String should have at most 200 characters"),

		/* fields and include */
		QUERY("fields hide the others, but not the id", "fields=title,note",
		      "1x20 total hides summary status rating pinned created_at seen_at "
		      "key password shout author tags"),
		QUERY("the id may be named", "fields=id",
		      "1x20 total hides title summary status rating pinned created_at "
		      "seen_at key note password shout "
		      "author tags"),
		QUERY("an included relation is shown beside fields", "fields=id&include=tags",
		      "1x20 total include tags hides title summary status rating pinned "
		      "created_at seen_at key note "
		      "password shout author"),
		QUERY("an unknown field is a fault", "fields=id,nope", NO_FIELD("nope")),
		QUERY("a secret field is unknown to fields", "fields=password",
		      NO_FIELD("password")),
		QUERY("no field at all is a fault", "fields=", NO_FIELD("")),
		QUERY("a relation is included, not named", "fields=id,author",
		      VALUE("fields", "'author' is a relation: name it in include instead")),
		QUERY("a field named twice is a fault", "fields=id,title,id",
		      VALUE("fields", "'id' is named twice")),
		QUERY("relations are included", "include=author,tags",
		      "1x20 total include author include tags hides"),
		QUERY("a relation of a relation is included, and its owner is shown",
		      "include=author.team", "1x20 total include author.team hides tags"),
		QUERY("a path and its beginning", "include=author,author.team",
		      "1x20 total include author include author.team hides tags"),
		QUERY("a path that is too deep is a fault", "include=author.team.name",
		      NO_INCLUDE("author.team.name")),
		QUERY("a plain field cannot be included", "include=title", NO_INCLUDE("title")),
		QUERY("a plain field of a relation cannot be included", "include=author.name",
		      NO_INCLUDE("author.name")),
		QUERY("an unfinished path is a fault", "include=author.", NO_INCLUDE("author.")),
		QUERY("no relation at all is a fault", "include=", NO_INCLUDE("")),
		QUERY("a relation named twice is a fault", "include=tags,tags",
		      VALUE("include", "'tags' is named twice")),
		QUERY("nine relations are a fault", "include=1,2,3,4,5,6,7,8,9",
		      TOO_LONG("include", "8", "9")),

		/* together */
		QUERY("everything at once",
		      "per_page=5&sort=-id&q=a&status=draft&include=tags&with_total=0&page="
		      "2",
		      "2x5 sort -id status eq 'draft' q 'a' include tags hides author"),
		QUERY("all faults at once, in the order they were sent",
		      "tenant=long&zip=1&per_page=0&sort=x&id=a&include=y",
		      LONG_TENANT "; " EXTRA("zip") "; " AT_LEAST("per_page", "1") "; " NO_SORT(
			      "x") "; " INT_FAULT(AT("id")) "; " NO_INCLUDE("y")),
		ROW("a fault has type, loc, msg and input, but never a secret's value",
		    whole_fault_has_the_contracts_shape),
		ROW("other fields of the query stand beside a list",
		    other_query_fields_stand_beside),
		ROW("code can list by itself", a_list_by_itself_starts_like_no_parameters),

		/* flat objects */
		FLAT("an empty object is the first page", "{}", "1x20 total"),
		FLAT("no text at all is the first page", "", "1x20 total"),
		FLAT("numbers, truths and texts have their JSON type",
		     "{'per_page':5,'id':7,'rating__gt':-1.5e1,'pinned':true,"
		     "'with_total':false,'title':'a'}",
		     "1x5 id eq 7 rating gt -15 pinned eq 1 title eq 'a'"),
		FLAT("texts are read as in a query", "{'page':'2','sort':'-id','id__in':'1,2'}",
		     "2x20 total sort -id id in 1,2"),
		FLAT("an unknown member is a fault", "{'nope':1}",
		     "['body','nope'] extra_forbidden: Extra inputs are not permitted"),
		FLAT("a member of the wrong kind is a fault", "{'sort':['id']}",
		     "['body','sort'] string_type: Input should be a valid string"),
		FLAT("null is no value", "{'cursor':null}",
		     "['body','cursor'] string_type: Input should be a valid string"),
		FLAT("the list's own name is no member", "{'list':{}}",
		     "['body','list'] extra_forbidden: Extra inputs are not permitted"),
		FLAT("faults are those of a query", "{'per_page':0,'id':1.5}",
		     "['body','per_page'] greater_than_equal: Input should be greater than or "
		     "equal to 1; " INT_FAULT("['body','id'] ")),
		FLAT("page and cursor are a fault here too", "{'page':1,'cursor':'a'}",
		     "['body','cursor'] value_error: Value error, give either page or cursor"),
		ROW("other members stand beside a list", members_stand_beside),
	};
	return rows_run("list/query", rows, sizeof(rows) / sizeof(rows[0]));
}
