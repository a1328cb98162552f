/* Filters of a list: each type and operator, and that nothing else can be asked for. */
#include "list_case.h"

static void a_nul_in_a_value_is_a_fault(void **state)
{
	const char *name = *state;
	struct scene scene;
	struct post_list in;
	scene_open(&scene);
	struct input_pair pairs[] = { { name, "a\0b", 3 }, { 0 } };
	struct input input = { .query = pairs };
	assert_int_equal(schema_bind(&scene.c, &post_list_schema, &input, &in), APP_INVALID);
	assert_string_equal(scene.c.failure.fields->type, "string_unicode");
	scene_close(&scene);
}

/* Ten thousand terms of every kind, each refused and quickly. */
static void ten_thousand_terms_are_refused(void **state)
{
	const char *term = *state;
	struct scene scene;
	struct post_list in;
	struct buf query;
	scene_open(&scene);
	buf_init(&query, &scene.arena);
	buf_add_text(&query, term);
	for (int i = 0; i < 10000; i++)
		buf_add_text(&query, strchr(term, '=') ? ",id" : "&id=1");
	struct input input = { .query = query_pairs(&scene.arena, buf_text(&query)) };
	assert_int_equal(schema_bind(&scene.c, &post_list_schema, &input, &in), APP_INVALID);
	size_t faults = 0;
	for (const struct field_fault *at = scene.c.failure.fields; at; at = at->next)
		faults++;
	assert_in_range(faults, 1, 2);
	scene_close(&scene);
}

/* Rows whose every field may be filtered by, to have enough names. */
struct wide {
	int64_t a, b, c;
};
#define RANGE FILTER_EQ | FILTER_IN | FILTER_ORDER
SCHEMA(wide,
	FIELD(struct wide, a, .filter = RANGE),
	FIELD(struct wide, b, .filter = RANGE),
	FIELD(struct wide, c, .filter = RANGE));
struct wide_list {
	struct list_query list;
};
SCHEMA(wide_list, LIST_FIELD(struct wide_list, list, &wide_schema));

#define SEVEN(f) f "=1&" f "__ne=1&" f "__gt=1&" f "__gte=1&" f "__lt=1&" f "__lte=1&" f "__in=1&"

static void filters_are_counted(void **state)
{
	const struct list_case *row = *state;
	struct scene scene;
	struct wide_list in;
	scene_open(&scene);
	struct input input = { .query = query_pairs(&scene.arena, row->query) };
	enum app_err err = schema_bind(&scene.c, &wide_list_schema, &input, &in);
	assert_string_equal(dump_faults(&scene.arena, scene.c.failure.fields), row->want);
	if (!err)
		assert_int_equal(in.list.filter_count, LIST_FILTERS_MAX);
	scene_close(&scene);
}
#define WIDE(sentence, query_, want_) \
	ROW_OF(sentence, filters_are_counted, \
	       (&(struct list_case){ .query = (query_), .want = (want_) }))

/* Rows whose texts are stored in small letters and without white space around them. */
struct label {
	const char *name;
};
SCHEMA(label,
	FIELD(struct label, name, .trim = true, .lower = true,
	      .filter = FILTER_TEXT | FILTER_ORDER));
struct label_list {
	struct list_query list;
};
SCHEMA(label_list, LIST_FIELD(struct label_list, list, &label_schema));

static void filter_is_spelled_as_stored(void **state)
{
	const struct list_case *row = *state;
	struct scene scene;
	struct label_list in;
	scene_open(&scene);
	struct input input = { .query = query_pairs(&scene.arena, row->query) };
	assert_int_equal(schema_bind(&scene.c, &label_list_schema, &input, &in), APP_OK);
	assert_string_equal(dump_query(&scene.arena, &in.list), row->want);
	scene_close(&scene);
}
#define LABEL(sentence, query_, want_) \
	ROW_OF(sentence, filter_is_spelled_as_stored, \
	       (&(struct list_case){ .query = (query_), .want = (want_) }))

#define QUOTES \
	"value_error: Value error, a value that begins with a quote ends with one, and each " \
	"quote inside is doubled"

int main(void)
{
	const struct CMUnitTest rows[] = {
		/* filters: types */
		QUERY("an integer", "id=5", "1x20 total id eq 5"),
		QUERY("an integer past the field's own bounds is a bound still", "id__lt=5000",
		      "1x20 total id lt 5000"),
		QUERY("an integer that is none is a fault", "id=five", INT_FAULT(AT("id"))),
		QUERY("a number", "rating__gte=2.5", "1x20 total rating gte 2.5"),
		QUERY("a number that is none is a fault", "rating=many",
		      AT("rating") "float_parsing: Input should be a valid number, unable "
				   "to parse string as a number"),
		QUERY("infinity is a fault", "rating__lt=inf",
		      AT("rating__lt") "finite_number: Input should be a finite number"),
		QUERY("a truth", "pinned=yes", "1x20 total pinned eq 1"),
		QUERY("an untruth", "pinned__ne=false", "1x20 total pinned ne 0"),
		QUERY("a truth that is none is a fault", "pinned=si", BOOL_FAULT("pinned")),
		QUERY("an instant", "created_at__gt=1970-01-01T00:00:01Z",
		      "1x20 total created_at gt 1000000"),
		QUERY("an instant with an offset", "created_at__gt=1970-01-01T01:00:01+01:00",
		      "1x20 total created_at gt 1000000"),
		QUERY("a date is its first moment", "created_at__lte=1970-01-02",
		      "1x20 total created_at lte 86400000000"),
		QUERY("a month too many is a fault", "created_at=2026-13-01",
		      AT("created_at") "datetime_from_date_parsing: Input should be a "
				       "valid datetime or date, month "
				       "value is outside expected range of 1-12"),
		QUERY("an instant without an offset is a fault", "created_at=2026-01-01T00:00:00",
		      AT("created_at") "timezone_aware: Input should have timezone info"),
		QUERY("a text, with the bytes that LIKE knows", "title=50%_\\",
		      "1x20 total title eq '50%_\\'"),
		QUERY("a text need not keep the field's rules", "title=a",
		      "1x20 total title eq 'a'"),
		QUERY("an empty text", "title=", "1x20 total title eq ''"),
		QUERY("two hundred characters are a text", "title=" X100("éa"),
		      "1x20 total title eq '" X100("éa") "'"),
		QUERY("more are a fault", "title=" X100("éa") "b",
		      AT("title") "string_too_long: String should have at most 200 "
				  "characters"),
		QUERY("a choice", "status=draft", "1x20 total status eq 'draft'"),
		QUERY("no choice is a fault", "status__ne=gone", AT("status__ne") NO_CHOICE),
		QUERY("a part of a choice", "status__like=pub", "1x20 total status like 'pub'"),
		QUERY("a UUID in its one spelling",
		      "key=0A1B2C3D000040008000"
		      "00000000000A",
		      "1x20 total key eq '" UUID_LOWER "'"),

		LABEL("a text is asked for as it is stored", "name= \u00C9a ",
		      "1x20 total name eq '\u00E9a'"),
		LABEL("each of several", "name__in=A, B", "1x20 total name in 'a','b'"),
		LABEL("a bound, and a part, keep their blanks", "name__lt=B &name__like= A",
		      "1x20 total name lt 'b ' name like ' a'"),

		/* filters: operators */
		QUERY("each order", "id__gt=1&id__gte=2&id__lt=3&id__lte=4",
		      "1x20 total id gt 1 id gte 2 id lt 3 id lte 4"),
		QUERY("one of several", "id__in=3,1,2", "1x20 total id in 3,1,2"),
		QUERY("one of one", "title__in=a", "1x20 total title in 'a'"),
		QUERY("a member with a comma stands in quotes", "title__in=\"a,b\",c",
		      "1x20 total title in 'a,b','c'"),
		QUERY("a quote inside is doubled", "title__in=\"say \"\"hi\"\"\",\"\"",
		      "1x20 total title in 'say \"hi\"',''"),
		QUERY("a quote that is not at the beginning is itself", "title__in=5\",a\"b",
		      "1x20 total title in '5\"','a\"b'"),
		QUERY("other types may stand in quotes, too", "id__in=\"3\",1",
		      "1x20 total id in 3,1"),
		QUERY("quotes that are not closed are a fault", "title__in=a,\"b,c",
		      "['query','title__in',1] " QUOTES),
		QUERY("nor by one that is doubled", "title__in=\"b\"\"",
		      "['query','title__in',0] " QUOTES),
		QUERY("what follows the quotes is a fault", "title__in=\"b\"c,d",
		      "['query','title__in',0] " QUOTES),
		QUERY("a filter of one value has no quotes", "title=\"a\"",
		      "1x20 total title eq '\"a\"'"),
		QUERY("one of several instants", "seen_at__in=1970-01-01,1970-01-01T00:00:01Z",
		      "1x20 total seen_at in 0,1000000"),
		QUERY("each bad member is a fault with its index", "id__in=1,b,,4",
		      INT_FAULT("['query','id__in',1] ") "; " INT_FAULT("['query','id__in',2] ")),
		QUERY("a bad choice is a fault with its index", "status__in=draft,gone",
		      "['query','status__in',1] " NO_CHOICE),
		QUERY("a hundred members are allowed",
		      "title__in=a" X10(",b,c,d,e,f,g,h,i,j") ",x,x,x,x,x,x,x,x,x",
		      "1x20 total title in 'a'" X10(
			      ",'b','c','d','e','f','g','h','i','j'") ",'x','x','x','x','x'"
								      ",'x','x','x','x'"),
		QUERY("a hundred and one are a fault", "id__in=1" X100(",2"),
		      TOO_LONG("id__in", "100", "101")),
		QUERY("a part of a text", "title__like=100%", "1x20 total title like '100%'"),
		QUERY("an empty part is a fault", "title__like=",
		      AT("title__like") "string_too_short: String should have at least 1 "
					"character"),
		QUERY("null", "summary__isnull=true", "1x20 total summary isnull 1"),
		QUERY("not null", "seen_at__isnull=false", "1x20 total seen_at isnull 0"),
		QUERY("neither is a fault", "seen_at__isnull=2", BOOL_FAULT("seen_at__isnull")),
		QUERY("a field that is never null cannot be asked", "created_at__isnull=true",
		      NO_FILTER("created_at__isnull", "created_at",
				"created_at, created_at__ne, created_at__gt, "
				"created_at__gte, created_at__lt, "
				"created_at__lte")),
		QUERY("an operator the field lacks is a fault that says which it has",
		      "title__gt=a",
		      NO_FILTER("title__gt", "title", "title, title__ne, title__in, title__like")),
		QUERY("a field without equality", "summary=a",
		      NO_FILTER("summary", "summary", "summary__like, summary__isnull")),
		QUERY("a number has no parts, whatever its flags", "rating__like=1",
		      NO_FILTER("rating__like", "rating",
				"rating, rating__ne, rating__gt, rating__gte, rating__lt, "
				"rating__lte")),
		QUERY("a truth has no order, whatever its flags", "pinned__gt=0",
		      NO_FILTER("pinned__gt", "pinned", "pinned, pinned__ne")),
		QUERY("two operators of a field", "id__gte=1&id__lt=9",
		      "1x20 total id gte 1 id lt 9"),
		QUERY("the same filter twice is a fault", "title=a&title=b", TWICE("title")),
		QUERY("the same operator twice is a fault, also with the same value",
		      "id__gt=1&id__gt=1", TWICE("id__gt")),
		WIDE("sixteen filters are allowed", SEVEN("a") SEVEN("b") "c=1&c__ne=1", ""),
		WIDE("more are one fault", SEVEN("a") SEVEN("b") SEVEN("c"),
		     VALUE("c__gt", "a list takes at most 16 filters")),

		/* what is not there */
		QUERY("an unknown name", "nope=1", EXTRA("nope")),
		QUERY("an unknown name given twice is one fault", "nope=1&nope=2", EXTRA("nope")),
		QUERY("an unknown operator", "title__regex=a", EXTRA("title__regex")),
		QUERY("an operator that is written out", "title__eq=a", EXTRA("title__eq")),
		QUERY("an operator of nothing", "__ne=a", EXTRA("__ne")),
		QUERY("one underscore is no operator", "title_ne=a", EXTRA("title_ne")),
		QUERY("a field without filters is unknown", "note=a", EXTRA("note")),
		QUERY("a field without filters has no operators", "note__in=a", EXTRA("note__in")),
		QUERY("a secret field is unknown, whatever its flags", "password=a",
		      EXTRA("password")),
		QUERY("a secret field has no operators", "password__like=a",
		      EXTRA("password__like")),
		QUERY("a relation is no filter", "author=1", EXTRA("author")),
		QUERY("nothing is reached through a relation", "author.name=a",
		      EXTRA("author.name")),
		QUERY("SQL is no filter", "id;drop=1", EXTRA("id;drop")),
		QUERY("the member's own name is no parameter", "list=1", EXTRA("list")),
		QUERY("a nameless pair", "=1", EXTRA("")),
		WIDE("without anything to sort by there is no sort", "sort=a", EXTRA("sort")),
		WIDE("without anything to search there is no q", "q=a", EXTRA("q")),
		WIDE("without relations there is no include", "include=a", EXTRA("include")),
		ROW_OF("ten thousand terms to sort by are refused", ten_thousand_terms_are_refused,
		       "sort=id"),
		ROW_OF("ten thousand members are refused", ten_thousand_terms_are_refused,
		       "id__in=1"),
		ROW_OF("ten thousand fields are refused", ten_thousand_terms_are_refused,
		       "fields=id"),
		ROW_OF("ten thousand relations are refused", ten_thousand_terms_are_refused,
		       "include=tags"),
		ROW_OF("ten thousand pairs are refused", ten_thousand_terms_are_refused, ""),
		ROW_OF("a NUL in a filter is a fault", a_nul_in_a_value_is_a_fault, "title"),
		ROW_OF("a NUL in a member is a fault", a_nul_in_a_value_is_a_fault, "title__in"),
		ROW_OF("a NUL in q is a fault", a_nul_in_a_value_is_a_fault, "q"),
		ROW_OF("a NUL in a sort is a fault", a_nul_in_a_value_is_a_fault, "sort"),
		ROW_OF("a NUL in fields is a fault", a_nul_in_a_value_is_a_fault, "fields"),
		ROW_OF("a NUL in include is a fault", a_nul_in_a_value_is_a_fault, "include"),
		ROW_OF("a NUL in a cursor is a fault", a_nul_in_a_value_is_a_fault, "cursor"),
	};
	return rows_run("list/filter", rows, sizeof(rows) / sizeof(rows[0]));
}
