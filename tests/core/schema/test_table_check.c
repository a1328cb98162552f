/*
 * Contradictions within a field table: each is told in a sentence, and tables without one are left
 * alone.
 */
#include "testing/rows.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "core/list.h"
#include "core/model.h"
#include "core/schema.h"
#include "core/schema/chain.h"
#include "testing/scene.h"

struct one {
	const char *t;
	int64_t n;
	double r;
	bool b;
	struct maybe_int m;
	struct array l;
	struct list_query q;
};

struct two {
	struct list_query q, r;
};

struct table_case {
	struct field fields[3];
	const char *why; /* NULL: nothing is wrong */
	bool as_output;
};

static void table_is_judged(void **state)
{
	const struct table_case *k = *state;
	struct scene scene;
	scene_open(&scene);
	struct schema schema = { .name = "thing", .size = sizeof(struct one), .fields = k->fields };
	while (schema.count < COUNT_OF(k->fields) && k->fields[schema.count].size)
		schema.count++;
	const char *why = schema_table_fault(&scene.c, &schema, !k->as_output);
	if (k->why && !why)
		fail_msg("nothing was found");
	else if (k->why)
		assert_string_equal(why, k->why);
	else if (why)
		fail_msg("%s", why);
	scene_close(&scene);
}

static const char *const no_choices[] = { NULL };
static const char *const colours[] = { "red", "blue", NULL };
static const char *const capitals[] = { "Red", "blue", NULL };
static const char *const twice[] = { "red", "red", NULL };

static const char *shout(struct arena *arena, const char **value)
{
	size_t len = strlen(*value);
	if (!len || (*value)[len - 1] != '!')
		*value = arena_printf(arena, "%s!", *value);
	return NULL;
}

static const char *odd_only(struct arena *arena, int64_t *value)
{
	(void)arena;
	return *value % 2 ? NULL : "it is even";
}

static const char *in_tens(struct arena *arena, int64_t *value)
{
	(void)arena;
	*value -= *value % 10;
	return NULL;
}

static const char *not_too_many(struct arena *arena, struct array *value)
{
	(void)arena;
	return value->count > 2 ? "they are too many" : NULL;
}

#define F(member, ...) FIELD(struct one, member, __VA_ARGS__)
#define FINE(sentence, ...) \
	ROW_OF(sentence, table_is_judged, (&(struct table_case){ .fields = { __VA_ARGS__ } }))
#define WRONG(why_, ...) \
	ROW_OF("refused: " why_, table_is_judged, \
	       (&(struct table_case){ .fields = { __VA_ARGS__ }, \
				      .why = "the table 'thing', " why_ }))
#define WRONG_OUT(why_, ...) \
	ROW_OF("refused in rows: " why_, table_is_judged, \
	       (&(struct table_case){ .fields = { __VA_ARGS__ }, \
				      .why = "the table 'thing', " why_, \
				      .as_output = true }))

static const struct relation inners_of_thing = { .kind = HAS_MANY, .key = "thing_id" };
SCHEMA_OF(inner_schema, "inner", struct one, F(n, MIN(3), MAX(2)));
SCHEMA_OF(row_schema, "row", struct one, F(n, .sort = true));

static void deep_fault_is_told(void **state)
{
	static struct chain chain;
	bool as_input = *(const bool *)*state;
	struct scene scene;
	scene_open(&scene);
	chain_make(&chain, (struct field)FIELD(struct chain_link, pin));
	assert_null(schema_table_fault(&scene.c, chain.links, as_input));
	chain_make(&chain, (struct field)FIELD(struct chain_link, pin, .max_len = -1));
	const char *why = schema_table_fault(&scene.c, chain.links, as_input);
	assert_string_equal(why ? why : "",
			    "the table 'last', field 'pin': a length is not negative");
	scene_close(&scene);
}

/* A member of an object comes from the body, and so does one of a schema that holds itself. */
struct knot {
	int64_t page;
	struct array knots;
};
extern const struct schema knot_schema;
SCHEMA(knot,
	FIELD(struct knot, page, .in = IN_QUERY),
	FIELD(struct knot, knots, .object = &knot_schema));

/* Each has an example that is bound by what the other forgot. */
struct hen {
	struct array eggs;
	struct one none;
};
struct egg {
	struct array hens;
};
extern const struct schema egg_schema;
SCHEMA(hen,
	FIELD(struct hen, eggs, .object = &egg_schema),
	FIELD(struct hen, none));
SCHEMA(egg, FIELD(struct egg, hens, .object = &hen_schema, .example = "[{\"none\":{}}]"));

/* Answers that are arrays. */
struct listed {
	struct array items, more;
};
#define ITEMS(member) FIELD(struct listed, member, .item_type = FIELD_INT)
SCHEMA_DEFINE(array_schema, "array", struct listed, (.shape = SHAPE_ARRAY), ITEMS(items));
SCHEMA_DEFINE(arrays_schema, "arrays", struct listed, (.shape = SHAPE_LINES),
	ITEMS(items),
	ITEMS(more));
SCHEMA_DEFINE(number_schema, "number", struct one, (.shape = SHAPE_ARRAY), F(n));
SCHEMA_DEFINE(holder_schema, "holder", struct listed, (.open = false),
	FIELD(struct listed, items, .object = &array_schema));

struct schema_case {
	const struct schema *schema;
	const char *why;
	bool as_output;
};

static void schema_is_judged(void **state)
{
	const struct schema_case *k = *state;
	struct scene scene;
	scene_open(&scene);
	const char *why = schema_table_fault(&scene.c, k->schema, !k->as_output);
	assert_string_equal(why ? why : "", k->why);
	scene_close(&scene);
}

#define JUDGED(sentence, schema_, why_) \
	ROW_OF(sentence, schema_is_judged, (&(struct schema_case){ &(schema_), why_, false }))
#define GIVEN_OUT(sentence, schema_, why_) \
	ROW_OF("as an answer: " sentence, schema_is_judged, \
	       (&(struct schema_case){ &(schema_), why_, true }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		FINE("a table with every rule",
		     F(t, .min_len = 1, .max_len = 4, .pattern = "^[a-z]+$", .choices = colours,
		       .preset = "red", .example = "\"blue\""),
		     F(n, MIN(1), MAX(1), .preset = "1"), F(r, MIN(0), .exclusive_min = true)),
		FINE("lists of texts", F(l, .item_type = FIELD_TEXT, .item_max_len = 4,
					 .choices = colours, .example = "[\"red\"]")),
		FINE("list parameters", LIST_FIELD(struct one, q, &row_schema)),

		WRONG("field 't': there is another field of this name", F(t), F(t)),
		WRONG("field 'a b': a name is made of letters, digits and _",
		      { .name = "a b", .size = 8 }),
		WRONG("field 't': .min_len 5 is above .max_len 4",
		      F(t, .min_len = 5, .max_len = 4)),
		WRONG("field 't': a length is not negative", F(t, .max_len = -1)),
		WRONG("field 'n': .min_len and .max_len are for texts and arrays; numbers have "
		      "MIN() and MAX()",
		      F(n, .max_len = 4)),
		WRONG("field 'n': .item_max_len is for arrays of texts", F(n, .item_max_len = 4)),
		WRONG("field 'n': no number lies between MIN() and MAX()", F(n, MIN(3), MAX(2))),
		WRONG("field 'n': no number lies between MIN() and MAX()",
		      F(n, MIN(1.2), MAX(1.8))),
		WRONG("field 'r': no number lies between MIN() and MAX()",
		      F(r, MIN(1), MAX(1), .exclusive_max = true)),
		WRONG("field 'r': a bound is a finite number", F(r, MAX(INFINITY))),
		WRONG("field 'n': an exclusive bound needs MIN() or MAX()",
		      F(n, .exclusive_min = true)),
		WRONG("field 't': MIN() and MAX() are for numbers", F(t, MIN(1))),
		WRONG("field 'n': .min and .max alone bound nothing: write MIN() and MAX()",
		      F(n, .min = 1450)),
		WRONG("field 'r': .min and .max alone bound nothing: write MIN() and MAX()",
		      F(r, MIN(1), .max = 2)),
		WRONG("field 't': the pattern '(a' is wrong at byte 2: a group is not closed",
		      F(t, .pattern = "(a")),
		WRONG("field 'n': .pattern is for texts", F(n, .pattern = "a")),
		WRONG("field 'n': .format is for texts", F(n, .format = FORMAT_UUID)),
		WRONG("field 'b': .choices are for texts", F(b, .choices = colours)),
		WRONG("field 't': .choices is empty: nothing could be sent",
		      F(t, .choices = no_choices)),
		WRONG("field 't': the choice 'red' is there twice", F(t, .choices = twice)),
		WRONG("field 't': the choice 'blue' breaks the other rules: String should have at "
		      "most 3 characters",
		      F(t, .choices = colours, .max_len = 3)),
		WRONG("field 't': the preset 'green' breaks its own rules: Input should be 'red' "
		      "or 'blue'",
		      F(t, .choices = colours, .preset = "green")),
		WRONG("field 'n': the preset '0' breaks its own rules: Input should be greater "
		      "than or equal to 1",
		      F(n, MIN(1), .preset = "0")),
		WRONG("field 'b': the preset 'yes' breaks its own rules: it is no JSON text",
		      F(b, .preset = "yes")),
		WRONG("field 'n': the example \"a\" breaks its own rules: Input should be a valid "
		      "integer",
		      F(n, .example = "\"a\"")),
		WRONG("field 'n': .trim and .lower are for texts", F(n, .trim = true)),
		WRONG("field 'l': .trim and .lower are for texts",
		      F(l, .item_type = FIELD_INT, .lower = true)),
		WRONG("field 't': .lower would make a secret easier to guess",
		      F(t, .lower = true, .secret = true)),
		WRONG("field 't': .lower: its format has a spelling of its own",
		      F(t, .lower = true, .format = FORMAT_DATE_TIME)),
		WRONG("field 'n': its check is for values of another type", F(n, CHECK(shout))),
		WRONG("field 'l': its check is for values of another type",
		      F(l, .item_type = FIELD_INT, CHECK(shout))),
		WRONG("field 't': the choice 'Red' breaks the other rules: it would become "
		      "\"red\"",
		      F(t, .lower = true, .choices = capitals)),
		WRONG("field 'l': the choice 'Red' breaks the other rules: it would become "
		      "\"red\"",
		      F(l, .item_type = FIELD_TEXT, .lower = true, .choices = capitals)),
		WRONG("field 't': the preset ' a' breaks its own rules: it would become \"a\"",
		      F(t, .trim = true, .preset = " a")),
		WRONG("field 't': the example \"A\" breaks its own rules: it would become \"a\"",
		      F(t, .lower = true, .pattern = "^[a-z]$", .example = "\"A\"")),
		WRONG("field 't': the preset 'a' breaks its own rules: it would become \"a!\"",
		      F(t, .preset = "a", CHECK(shout))),
		WRONG("field 't': the example \"a\" breaks its own rules: it would become \"a!\"",
		      F(t, .secret = true, .example = "\"a\"", CHECK(shout))),
		WRONG("field 'm': the preset '15' breaks its own rules: it would become 10",
		      F(m, .preset = "15", CHECK(in_tens))),
		WRONG("field 'n': the example 2 breaks its own rules: Value error, it is even",
		      F(n, .example = "2", CHECK(odd_only))),
		WRONG("field 'l': the example [1,2] breaks its own rules: Value error, it is even",
		      F(l, .item_type = FIELD_INT, .example = "[1,2]", CHECK(odd_only))),
		WRONG("field 'l': the preset '[1,2,3]' breaks its own rules: Value error, they "
		      "are too many",
		      F(l, .item_type = FIELD_INT, .preset = "[1,2,3]", CHECK(not_too_many))),
		FINE("rules that change values, and values that they leave alone",
		     F(t, .trim = true, .lower = true, .choices = colours, .preset = "red"),
		     F(l, .item_type = FIELD_TEXT, .trim = true, .example = "[\"a!\"]",
		       CHECK(shout)),
		     F(n, .preset = "5", .example = "10", .nullable = false)),
		FINE("a name in small letters has the key that it had",
		     F(t, .lower = true, .trim = true, .key = "t_key")),
		WRONG("field 'n': .nullable needs a struct maybe_… member, or null could not be "
		      "told",
		      F(n, .nullable = true)),
		WRONG("field 'n': it is required and has a preset: one of them is too much",
		      F(n, .required = true, .preset = "1")),
		WRONG("field 'l': the path always gives one value: no array, no preset, no null",
		      F(l, .in = IN_PATH)),
		WRONG("field 'r': an input takes the parameters of one list",
		      LIST_FIELD(struct two, q, &row_schema),
		      LIST_FIELD(struct two, r, &row_schema)),
		WRONG("field 't': the body is a form or JSON, and this input wants both",
		      F(t, .in = IN_FORM), F(n)),
		WRONG_OUT("field 't': a secret field may be asked for nothing: no .sort, .filter, "
			  ".search",
			  F(t, .secret = true, .sort = true)),
		WRONG_OUT("field 't': without a column there is nothing to ask for: no .sort, "
			  ".filter, .search",
			  F(t, .not_column = true, .search = true)),
		WRONG_OUT("field 'n': .search is for texts", F(n, .search = true)),
		WRONG_OUT("field 'l': lists cannot be sorted by it", F(l, .sort = true)),
		WRONG_OUT("field 'n': FILTER_LIKE is for texts", F(n, .filter = FILTER_LIKE)),
		WRONG_OUT("field 'n': FILTER_NULL is for fields that may be null",
			  F(n, .filter = FILTER_NULL)),
		WRONG_OUT("field 'b': it has a filter that does not fit its type",
			  F(b, .filter = FILTER_ORDER)),
		ROW_OF("a table inside tells its own name", table_is_judged,
		       (&(struct table_case){ .fields = { F(l, .object = &inner_schema) },
					      .why = "the table 'inner', field 'n': no number lies "
						     "between MIN() and MAX()" })),
		ROW_OF("so does one that is embedded in rows", table_is_judged,
		       (&(struct table_case){ .fields = { F(l, .object = &inner_schema,
							    .relation = &inners_of_thing) },
					      .as_output = true,
					      .why = "the table 'inner', field 'n': no number lies "
						     "between MIN() and MAX()" })),
		ROW_OF("no input has it", table_is_judged,
		       (&(struct table_case){ .fields = { F(l, .object = &inner_schema,
							    .relation = &inners_of_thing) } })),
		ROW_OF("a fault forty tables deep is told", deep_fault_is_told, &(bool){ true }),
		ROW_OF("in rows, too", deep_fault_is_told, &(bool){ false }),
		JUDGED("an input that holds itself is looked at as an object, too", knot_schema,
		       "the table 'knot', field 'page': a member of an object comes from the body "
		       "like the object itself"),
		GIVEN_OUT("an array may be the whole answer", array_schema, ""),
		JUDGED("but no input", array_schema,
		       "the table 'array': only a whole answer has a .shape"),
		GIVEN_OUT("nor an object within an answer", holder_schema,
			  "the table 'array': only a whole answer has a .shape"),
		GIVEN_OUT("two arrays are none", arrays_schema,
			  "the table 'arrays': with a .shape it has one field, an array"),
		GIVEN_OUT("nor is a number", number_schema,
			  "the table 'number': with a .shape it has one field, an array"),
		JUDGED("no example is bound by a table that was not looked at", hen_schema,
		       "the table 'hen', field 'none': its member is none that a field can have, "
		       "or .object is missing"),
	};
	return rows_run("field tables", rows, COUNT_OF(rows));
}
