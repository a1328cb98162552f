/*
 * What others call the parameters of a list: skip, limit, order_by, ordering, search, and filters
 * in one text. Each is read as what it stands for, and refused as that.
 */
#include "list_case.h"

#include "core/http/parse/pairs.h"

#define AT_FILTER(name) "['query','filters','" name "'] "
#define OF_FILTER(name, msg) AT_FILTER(name) "value_error: Value error, " msg
#define NO_PART(index) \
	"['query','filters'," index "] value_error: Value error, a filter is FIELD:value or " \
	"FIELD:[value,value], with commas between them; a value with a comma stands in quotes"
#define EITHER(name, one, other) VALUE(name, "give either " one " or " other)
#define IN_BRACKETS "only FIELD and FIELD__in take values in brackets"

/* A row without anything to filter, sort or search by. */
struct bare {
	int64_t id;
};
SCHEMA(bare, FIELD(struct bare, id));

/* A row and an operation with fields that are called as aliases are. */
struct named {
	int64_t id;
	const char *limit, *title, *search;
};
SCHEMA(named,
	FIELD(struct named, id, .sort = true),
	FIELD(struct named, limit, .filter = FILTER_EQ),
	FIELD(struct named, title, .search = true),
	FIELD(struct named, search, .filter = FILTER_EQ));

struct bare_list {
	struct list_query list;
};
SCHEMA(bare_list, LIST_FIELD(struct bare_list, list, &bare_schema));
struct named_list {
	const char *search;
	struct list_query list;
};
SCHEMA(named_list,
	FIELD(struct named_list, search, .in = IN_QUERY),
	LIST_FIELD(struct named_list, list, &named_schema));

static void what_the_row_lacks_is_unknown(void **state)
{
	(void)state;
	struct scene scene;
	struct bare_list in;
	scene_open(&scene);
	struct input input = { .query = query_pairs(&scene.arena,
						    "limit=5&ordering=id&search=a&filters=id:1") };
	assert_int_equal(schema_bind(&scene.c, &bare_list_schema, &input, &in), APP_INVALID);
	assert_string_equal(dump_faults(&scene.arena, scene.c.failure.fields),
			    EXTRA("ordering") "; " EXTRA("search") "; " EXTRA("filters"));
	assert_string_equal(list_query_aliases(&bare_list_schema, &scene.arena),
			    "`skip` for `page`, `limit` for `per_page`");
	scene_close(&scene);
}

static void a_field_of_the_name_goes_before(void **state)
{
	(void)state;
	struct scene scene;
	struct named_list in;
	scene_open(&scene);
	struct input input = { .query = query_pairs(&scene.arena, "limit=high&search=a&skip=3") };
	assert_int_equal(schema_bind(&scene.c, &named_list_schema, &input, &in), APP_OK);
	assert_string_equal(dump_query(&scene.arena, &in.list), "1x20 total limit eq 'high'");
	assert_string_equal(in.search, "a");
	assert_int_equal(in.list.skip, 3);
	assert_string_equal(list_query_aliases(&named_list_schema, &scene.arena),
			    "`skip` for `page`, `order_by` for `sort`, `ordering` for `sort`, "
			    "`filters` for filters as `FIELD:value,FIELD:[value,value]`");
	scene_close(&scene);
}

/* By name it is the operation's, so filters do not reach past that. */
static void a_field_of_the_operation_is_no_filter(void **state)
{
	(void)state;
	struct scene scene;
	struct named_list in;
	scene_open(&scene);
	struct input input = { .query = query_pairs(&scene.arena, "filters=search:a,limit:b") };
	assert_int_equal(schema_bind(&scene.c, &named_list_schema, &input, &in), APP_INVALID);
	assert_string_equal(dump_faults(&scene.arena, scene.c.failure.fields),
			    AT_FILTER("search") "extra_forbidden: Extra inputs are not permitted");
	scene_close(&scene);
}

static void rows_are_skipped_and_the_page_follows(void **state)
{
	(void)state;
	struct scene scene;
	struct post_list in;
	scene_open(&scene);
	struct input input = { .query = query_pairs(&scene.arena, "skip=25&limit=10") };
	assert_int_equal(schema_bind(&scene.c, &post_list_schema, &input, &in), APP_OK);
	assert_int_equal(in.list.skip, 25);
	assert_string_equal(dump_query(&scene.arena, &in.list), "3x10 total");
	scene_close(&scene);
}

static const char *faults_of(struct scene *scene, const char *query)
{
	struct post_list in;
	struct buf out;
	struct input input = { 0 };
	assert_int_equal(pairs_read(&scene->c, "query", query, strlen(query), &input.query),
			 APP_OK);
	buf_init(&out, &scene->arena);
	assert_int_equal(schema_bind(&scene->c, &post_list_schema, &input, &in), APP_INVALID);
	schema_faults_render(scene->c.failure.fields, &out);
	return buf_text(&out);
}

/* Whether as a name of its own, as a misspelt one, or in a text that cannot be parted. */
static void secrets_are_not_shown(void **state)
{
	static const char *const queries[] = {
		"filters=password:geheim",
		"filters=pasword:geheim",
		"filters=id:1,password=geheim",
		"filters=password:[geheim",
		"filters=password:%22geheim",
		"filters=id:[1],pasword",
		"filters=:geheim",
		"filters=id:1&filters=password:geheim",
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(queries); i++) {
		struct scene scene;
		scene_open(&scene);
		const char *faults = faults_of(&scene, queries[i]);
		if (strstr(faults, "geheim"))
			fail_msg("%s: %s", queries[i], faults);
		scene_close(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		/* pages */
		QUERY("limit is per_page", "limit=50", "1x50 total"),
		ROW("skip counts rows, and the page is that of the first",
		    rows_are_skipped_and_the_page_follows),
		QUERY("no row skipped is the first page", "skip=0", "1x20 total"),
		QUERY("the two come in any order", "limit=10&skip=30", "4x10 total"),
		QUERY("skip goes with per_page", "skip=10&per_page=5", "3x5 total"),
		QUERY("limit goes with page", "page=2&limit=5", "2x5 total"),
		QUERY("limit has the bounds of per_page", "limit=101", AT_MOST("limit", "100")),
		QUERY("and none is none", "limit=0", AT_LEAST("limit", "1")),
		QUERY("fewer than no rows are a fault", "skip=-1", AT_LEAST("skip", "0")),
		QUERY("as many as a million pages have are not", "skip=99999900&limit=100",
		      "1000000x100 total"),
		QUERY("more are a fault", "skip=99999901", AT_MOST("skip", "99999900")),
		QUERY("a skip that is no number is a fault", "skip=x", INT_FAULT(AT("skip"))),
		QUERY("skip given twice is a fault", "skip=1&skip=2", TWICE("skip")),
		QUERY("page and skip are a fault", "page=1&skip=0", EITHER("skip", "page", "skip")),
		QUERY("in any order", "skip=0&page=1", EITHER("page", "skip", "page")),
		QUERY("per_page and limit are a fault", "per_page=5&limit=5",
		      EITHER("limit", "per_page", "limit")),
		QUERY("skip and a cursor are a fault", "skip=20&cursor=abc",
		      EITHER("cursor", "skip", "cursor")),
		QUERY("limit goes with a cursor", "limit=5&cursor=abc", "1x5 cursor abc"),

		/* sort and search */
		QUERY("order_by is sort", "order_by=-created_at,title:desc",
		      "1x20 total sort -created_at sort -title"),
		QUERY("ordering is sort", "ordering=-id", "1x20 total sort -id"),
		QUERY("what cannot be sorted by is a fault of the name that was written",
		      "order_by=note",
		      VALUE("order_by", "'note' is no field to sort by; there are: " SORTS)),
		QUERY("sort and order_by are a fault", "sort=id&order_by=id",
		      EITHER("order_by", "sort", "order_by")),
		QUERY("two aliases of one are a fault", "ordering=id&order_by=id",
		      EITHER("order_by", "ordering", "order_by")),
		QUERY("search is q", "search=%20word ", "1x20 total q '%20word'"),
		QUERY("an empty search is a fault", "search=",
		      AT("search") "string_too_short: String should have at least 1 character"),
		QUERY("q and search are a fault", "q=a&search=b", EITHER("search", "q", "search")),

		/* filters in one text */
		QUERY("filters are read as those by name",
		      "filters=id:[1,2],status:draft,rating__gt:3.5",
		      "1x20 total id in 1,2 status eq 'draft' rating gt 3.5"),
		QUERY("one value in brackets is a list of one", "filters=id:[7]",
		      "1x20 total id in 7"),
		QUERY("brackets are not needed for __in", "filters=id__in:7", "1x20 total id in 7"),
		QUERY("and may stand there", "filters=id__in:[7,8]", "1x20 total id in 7,8"),
		QUERY("a value may have a colon", "filters=created_at__gte:1970-01-01T00:00:01Z",
		      "1x20 total created_at gte 1000000"),
		QUERY("a value in quotes may have what parts others",
		      "filters=title:\"a,b:]\"\"c\",pinned:true",
		      "1x20 total title eq 'a,b:]\"c' pinned eq 1"),
		QUERY("one in brackets, too", "filters=title:[\"a]\",b],id:1",
		      "1x20 total title in 'a]','b' id eq 1"),
		QUERY("a name may stand behind a blank", "filters=id:1, pinned:no",
		      "1x20 total id eq 1 pinned eq 0"),
		QUERY("filters by name stand beside", "id=1&filters=pinned:1&rating__lt=2",
		      "1x20 total id eq 1 pinned eq 1 rating lt 2"),
		QUERY("an empty text may be what is asked for",
		      "filters=title:", "1x20 total title eq ''"),
		QUERY("a name that is no filter is a fault", "filters=note:a",
		      AT_FILTER("note") "extra_forbidden: Extra inputs are not permitted"),
		QUERY("a parameter is none", "filters=page:2",
		      AT_FILTER("page") "extra_forbidden: Extra inputs are not permitted"),
		QUERY("nor is another of the operation", "filters=tenant:abc",
		      AT_FILTER("tenant") "extra_forbidden: Extra inputs are not permitted"),
		QUERY("nor are filters in filters", "filters=filters:a",
		      AT_FILTER("filters") "extra_forbidden: Extra inputs are not permitted"),
		QUERY("an operator that the field lacks is a fault", "filters=pinned__like:1",
		      OF_FILTER("pinned__like",
				"pinned has no such filter; there are: pinned, pinned__ne")),
		QUERY("and so are brackets where there is no list", "filters=pinned:[1]",
		      OF_FILTER("pinned",
				"pinned has no such filter; there are: pinned, pinned__ne")),
		QUERY("brackets behind another operator are a fault", "filters=id__gt:[1]",
		      OF_FILTER("id__gt", IN_BRACKETS)),
		QUERY("a value of the wrong type is a fault at its name", "filters=id:x",
		      INT_FAULT(AT_FILTER("id"))),
		QUERY("in a list at its place", "filters=id:[1,x]",
		      INT_FAULT("['query','filters','id',1] ")),
		QUERY("a choice that there is not is a fault", "filters=status:[draft,gone]",
		      "['query','filters','status',1] " NO_CHOICE),
		QUERY("all faults are told", "filters=id:x,note:1,status:gone",
		      INT_FAULT(AT_FILTER("id")) "; " AT_FILTER(
			      "note") "extra_forbidden: Extra inputs are not "
				      "permitted; " AT_FILTER("status") NO_CHOICE),
		QUERY("the same twice is a fault", "filters=id:1,id:2",
		      OF_FILTER("id", "given more than once")),
		QUERY("by name and in filters, too", "id=1&filters=id:2",
		      OF_FILTER("id", "given more than once")),
		QUERY("in any order", "filters=id:2&id=1", TWICE("id")),
		QUERY("a list in brackets is __in", "filters=id:[2]&id__in=1", TWICE("id__in")),
		QUERY("no filter is a fault", "filters=", NO_PART("0")),
		QUERY("nothing behind a comma is a fault", "filters=id:1,", NO_PART("1")),
		QUERY("a name without a value is a fault", "filters=id:1,pinned", NO_PART("1")),
		QUERY("brackets that are not closed are a fault", "filters=id:[1,2", NO_PART("0")),
		QUERY("so are quotes", "filters=title:\"a", NO_PART("0")),
		QUERY("and what follows either", "filters=id:[1]2", NO_PART("0")),
		QUERY("values without brackets end at a comma", "filters=id:1,2", NO_PART("1")),
		QUERY("filters given twice are a fault", "filters=id:1&filters=pinned:1",
		      TWICE("filters")),
		QUERY("more than sixteen are too many, however they came",
		      "id=1&id__ne=1&id__gt=1&id__gte=1&id__lt=1&id__lte=1&id__in=1&title=a&"
		      "title__ne=a&title__in=a&title__like=a&rating=1&rating__ne=1&rating__gt=1&"
		      "filters=rating__gte:1,rating__lt:1,rating__lte:1",
		      OF_FILTER("rating__lte", "a list takes at most 16 filters")),
		ROW("no secret is shown", secrets_are_not_shown),

		/* what a list has */
		ROW("what the row lacks has no alias either", what_the_row_lacks_is_unknown),
		ROW("a field of the name goes before", a_field_of_the_name_goes_before),
		ROW("a field of the operation is no filter", a_field_of_the_operation_is_no_filter),

		/* flat objects */
		FLAT("a flat object has them, too",
		     "{'skip':5,'limit':5,'order_by':'-id','filters':'id:[1,2]'}",
		     "2x5 total sort -id id in 1,2"),
		FLAT("and tells their faults", "{'limit':0,'filters':'id:x'}",
		     "['body','limit'] greater_than_equal: Input should be greater than or equal "
		     "to 1; " INT_FAULT("['body','filters','id'] ")),
	};
	return rows_run("list/aliases", rows, sizeof(rows) / sizeof(rows[0]));
}
