/* Checks of a whole struct: when they run, and where their faults are. */
#include "core/schema/bind_case.h"

#include <string.h>

struct span {
	int64_t from, until;
	const char *pin;
};

/* Ends are not before beginnings, a pin does not begin with 0, and spans are below 100. */
static void span_check(struct arena *arena, void *value, struct check_faults *faults)
{
	struct span *span = value;
	(void)arena;
	if (!span->until)
		span->until = span->from;
	if (span->until < span->from)
		schema_check_fault(faults, "until", "it is before %lld", (long long)span->from);
	if (span->pin && *span->pin == '0')
		schema_check_fault(faults, "pin", "it begins with 0");
	if (span->until - span->from > 100)
		schema_check_fault(faults, NULL, "the span is too long");
}

SCHEMA_WITH(span, (.check = span_check),
	FIELD(struct span, from, MIN(0)),
	FIELD(struct span, until, MIN(0)),
	FIELD(struct span, pin, .secret = true));

struct trip {
	const char *name;
	struct span one;
	struct array many;
	int64_t most;
};

static void trip_check(struct arena *arena, void *value, struct check_faults *faults)
{
	const struct trip *trip = value;
	(void)arena;
	if (trip->many.count > (size_t)trip->most)
		schema_check_fault(faults, "many", "they are too many");
	if (!trip->name)
		schema_check_fault(faults, "name", "it has none");
}

SCHEMA_WITH(trip, (.check = trip_check),
	FIELD(struct trip, name, .max_len = 3),
	FIELD(struct trip, one, .object = &span_schema),
	FIELD(struct trip, many, .object = &span_schema),
	FIELD(struct trip, most, .preset = "1"));

struct places {
	int64_t id, page;
	const char *x_tag, *key, *word;
	struct array ids;
};

static void places_check(struct arena *arena, void *value, struct check_faults *faults)
{
	(void)arena;
	(void)value;
	schema_check_fault(faults, "id", "a");
	schema_check_fault(faults, "page", "b");
	schema_check_fault(faults, "x_tag", "c");
	schema_check_fault(faults, "word", "d");
	schema_check_fault(faults, "ids", "e");
	schema_check_fault(faults, "key", "f");
	schema_check_fault(faults, NULL, "g");
}

#define P(member, ...) FIELD(struct places, member, __VA_ARGS__)
#define PLACES(word_source) \
	P(id, .in = IN_PATH), P(page, .in = IN_QUERY, .preset = "1"), P(x_tag, .in = IN_HEADER), \
		P(word, .in = word_source), P(ids, .in = IN_QUERY, .item_type = FIELD_INT), \
		P(key, .in = IN_QUERY, .secret = true)
SCHEMA_DEFINE(body_schema, "with_body", struct places, (.check = places_check), PLACES(IN_BODY));
SCHEMA_DEFINE(form_schema, "with_form", struct places, (.check = places_check), PLACES(IN_FORM));

static void query_check(struct arena *arena, void *value, struct check_faults *faults)
{
	(void)arena;
	(void)value;
	schema_check_fault(faults, NULL, "nothing is asked for");
}
SCHEMA_DEFINE(query_schema, "query", struct places, (.check = query_check),
	P(page, .in = IN_QUERY));

#define OWN(loc, msg, input) \
	"{'type':'value_error','loc':" loc ",'msg':'Value error, " msg "','input':" input \
	",'ctx':{'error':{}}}"
#define OWN_SECRET(loc, msg) \
	"{'type':'value_error','loc':" loc ",'msg':'Value error, " msg "','ctx':{'error':{}}}"
#define SMALL(loc, input) \
	"{'type':'greater_than_equal','loc':" loc \
	",'msg':'Input should be greater than or equal to 0','input':" input ",'ctx':{'ge':0}}"

#define LONG_NAME \
	"{'type':'string_too_long','loc':['body','name'],'msg':'String should have at most 3 " \
	"characters','input':'abcd','ctx':{'max_length':3}}"

static const struct input everywhere = {
	.path = PAIRS(PAIR("id", "7")),
	.query = PAIRS(PAIR("ids", "1"), PAIR("ids", "2"), PAIR("key", "s")),
	.headers = PAIRS(PAIR("X-Tag", "t")),
};

#define EVERYWHERE(word, whole) \
	"[" OWN("['path','id']", "a", "'7'") "," OWN("['query','page']", "b", "null") "," OWN( \
		"['header','x-tag']", "c", \
		"'t'") "," OWN("['body','word']", "d", \
			       word) "," OWN("['query','ids']", "e", \
					     "['1','2']") "," OWN_SECRET("['query','key']", \
									 "f") "," OWN("['body']", \
										      "g", \
										      whole) "]"

static void expect_faults(const struct schema *schema, struct input input, const char *want)
{
	struct scene scene;
	scene_open(&scene);
	if (input.body)
		input = (struct input){ input.path,
					input.query,
					input.headers,
					input.form,
					json_swapped(&scene.arena, input.body),
					strlen(input.body) };
	assert_int_equal(schema_bind(&scene.c, schema, &input, &bound), APP_INVALID);
	assert_string_equal(faults_text(&scene), want);
	scene_close(&scene);
}

static void places_are_named_with_a_body(void **state)
{
	(void)state;
	struct input input = everywhere;
	input.body = "{'word':'w'}";
	expect_faults(&body_schema, input, EVERYWHERE("'w'", "{'word':'w'}"));
}

static void places_are_named_with_a_form(void **state)
{
	(void)state;
	struct input input = everywhere;
	input.form = PAIRS(PAIR("word", "w"));
	expect_faults(&form_schema, input, EVERYWHERE("'w'", "null"));
}

static void flat_faults_are_in_the_body(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *json = json_swapped(&scene.arena, "{'id':7,'ids':[1],'key':'s'}");
	assert_int_equal(schema_bind_flat(&scene.c, &body_schema, json, strlen(json), &bound),
			 APP_INVALID);
#define SENT "{'id':7,'ids':[1]}"
	assert_string_equal(
		faults_text(&scene),
		"[" OWN("['body','id']", "a", "7") "," OWN("['body','page']", "b", SENT) "," OWN(
			"['body','x_tag']", "c",
			SENT) "," OWN("['body','word']", "d",
				      SENT) "," OWN("['body','ids']", "e",
						    "[1]") "," OWN_SECRET("['body','key']",
									  "f") "," OWN("['body']",
										       "g",
										       SENT) "]");
	scene_close(&scene);
}

/* A change comes back as it is. */
static void what_is_filled_in_is_bound(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct input input = body_of(&scene, "{'from':4}");
	const struct span *span = (const void *)&bound;
	assert_int_equal(schema_bind(&scene.c, &span_schema, &input, &bound), APP_OK);
	assert_int_equal(span->until, 4);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		BODY_ROW("a struct that is fine", span_schema, "{'from':1,'until':2}", NULL),
		BODY_ROW("a fault at a field shows its value", span_schema, "{'from':3,'until':2}",
			 "[" OWN("['body','until']", "it is before 3", "2") "]"),
		BODY_ROW("a fault of the whole shows it without its secrets", span_schema,
			 "{'from':1,'until':200,'pin':'1'}",
			 "[" OWN("['body']", "the span is too long", "{'from':1,'until':200}") "]"),
		BODY_ROW("several, one of a secret", span_schema, "{'from':3,'until':2,'pin':'01'}",
			 "[" OWN("['body','until']", "it is before 3",
				 "2") "," OWN_SECRET("['body','pin']", "it begins with 0") "]"),
		BODY_ROW("it is not asked while a field breaks a rule", span_schema,
			 "{'from':3,'until':-2,'pin':'01'}",
			 "[" SMALL("['body','until']", "-2") "]"),
		BODY_ROW("nor while a member is none", span_schema, "{'from':3,'pin':'01','x':1}",
			 FAULT_AT("extra_forbidden", "['body','x']",
				  "Extra inputs are not permitted", "1")),
		BODY_ROW("one of an object inside says where that is", trip_schema,
			 "{'name':'a','one':{'from':3,'until':2}}",
			 "[" OWN("['body','one','until']", "it is before 3", "2") "]"),
		BODY_ROW("one of an item, as a whole", trip_schema,
			 "{'name':'a','many':[{},{'until':101}]}",
			 "[" OWN("['body','many',1]", "the span is too long", "{'until':101}") "]"),
		BODY_ROW("objects inside are looked at though a field beside them breaks a rule",
			 trip_schema, "{'name':'abcd','one':{'from':3,'until':2}}",
			 "[" LONG_NAME
			 "," OWN("['body','one','until']", "it is before 3", "2") "]"),
		BODY_ROW("and the one that holds them only when all are fine", trip_schema,
			 "{'many':[{'from':3,'until':2},{}]}",
			 "[" OWN("['body','many',0,'until']", "it is before 3", "2") "]"),
		BODY_ROW("then it is, and a member that was not sent shows the object", trip_schema,
			 "{'many':[{},{}]}",
			 "[" OWN("['body','many']", "they are too many", "[{},{}]") "," OWN(
				 "['body','name']", "it has none", "{'many':[{},{}]}") "]"),
		PAIRS_ROW("without a body the whole is the query", query_schema, query,
			  PAIRS(PAIR("page", "1")),
			  "[" OWN("['query']", "nothing is asked for", "null") "]"),
		ROW("each fault has the place and the value of its field",
		    places_are_named_with_a_body),
		ROW("a form's fields are in the body", places_are_named_with_a_form),
		ROW("in a flat object all are in the body", flat_faults_are_in_the_body),
		ROW("what it fills in is bound", what_is_filled_in_is_bound),
	};
	return rows_run("checks of a whole input", rows, COUNT_OF(rows));
}
