/*
 * Rules that change a value, or that an author writes in C: .trim, .lower and CHECK(), in values
 * from every place. What is bound is what schema_render_input() writes.
 */
#include "core/schema/bind_case.h"

#include <ctype.h>

#include "base/arena.h"
#include "base/str.h"

/* ---- checks as an author writes them ---- */

static const char *has_no_digit(struct arena *arena, const char **value)
{
	(void)arena;
	return strpbrk(*value, "0123456789") ? "a digit is in it" : NULL;
}

/* 978-0 … → 9780… */
static const char *isbn_plain(struct arena *arena, const char **value)
{
	char *plain = arena_strdup(arena, *value), *out = plain;
	for (const char *at = *value; *at; at++)
		if (*at != '-')
			*out++ = *at;
	*out = '\0';
	if (strcmp(plain, *value) != 0)
		*value = plain;
	return NULL;
}

static const char *nothing_is_null(struct arena *arena, const char **value)
{
	(void)arena;
	if (!**value)
		*value = NULL;
	return NULL;
}

static const char *shouted(struct arena *arena, const char **value)
{
	*value = arena_printf(arena, " %s! ", *value);
	return NULL;
}

static const char *is_even(struct arena *arena, int64_t *value)
{
	(void)arena;
	return *value % 2 ? "it is odd" : NULL;
}

/* To the ten below, which may be too few. */
static const char *in_tens(struct arena *arena, int64_t *value)
{
	(void)arena;
	*value -= *value % 10;
	return NULL;
}

static const char *in_halves(struct arena *arena, double *value)
{
	(void)arena;
	*value = (double)(int64_t)(*value * 2) / 2;
	return NULL;
}

static const char *must_be_true(struct arena *arena, bool *value)
{
	(void)arena;
	return *value ? NULL : "it must be agreed to";
}

static const char *whole_seconds(struct arena *arena, struct instant *value)
{
	(void)arena;
	value->us -= value->us % 1000000;
	return NULL;
}

/* 1970-01-01 was a Thursday. */
static const char *no_sunday(struct arena *arena, struct date *value)
{
	(void)arena;
	return (value->day + 4) % 7 ? NULL : "it is a Sunday";
}

static const char *is_object(struct arena *arena, const struct raw_json *value)
{
	(void)arena;
	return *value->text == '{' ? NULL : "no object";
}

/* Neighbours that are the same become one. */
static const char *without_repeats(struct arena *arena, struct array *array)
{
	(void)arena;
	int64_t *items = array->items;
	size_t kept = 0;
	for (size_t i = 0; i < array->count; i++)
		if (!kept || items[kept - 1] != items[i])
			items[kept++] = items[i];
	array->count = kept;
	return NULL;
}

/* ---- tables ---- */

static const char *const colours[] = { "red", "blue", NULL };

struct member {
	const char *name;
};
SCHEMA(member, FIELD(struct member, name, .trim = true, .lower = true, CHECK(has_no_digit)));

struct body {
	const char *trimmed, *small, *both, *colour, *email, *plain, *secret;
	struct maybe_text maybe;
	struct array tags, members;
	struct member one;
};
#define B(member, ...) FIELD(struct body, member, __VA_ARGS__)
SCHEMA(body,
	B(trimmed, .trim = true, .min_len = 1, .max_len = 3),
	B(small, .lower = true, .pattern = "^[a-zé]+$"),
	B(both, .trim = true, .lower = true, .nullable = true),
	B(colour, .trim = true, .lower = true, .choices = colours),
	B(email, .trim = true, .lower = true, .format = FORMAT_EMAIL),
	B(plain, .max_len = 3),
	B(secret, .trim = true, .secret = true, .min_len = 3),
	B(maybe, .trim = true, .lower = true, .nullable = true),
	B(tags, .item_type = FIELD_TEXT, .trim = true, .lower = true, .item_max_len = 3,
	  .max_len = 2),
	B(members, .object = &member_schema),
	B(one, .object = &member_schema));

struct checked {
	const char *word, *isbn, *loud;
	struct maybe_text blank;
	int64_t even, tens;
	double halves;
	bool agreed;
	struct instant at;
	struct date on;
	struct raw_json raw;
	struct array words, numbers;
	struct maybe_int maybe;
	const char *key;
};
#define C(member, ...) FIELD(struct checked, member, __VA_ARGS__)
SCHEMA(checked,
	C(word, .min_len = 2, CHECK(has_no_digit)),
	C(isbn, .max_len = 17, .pattern = "^[0-9-]{13,}$", CHECK(isbn_plain)),
	C(blank, .nullable = true, CHECK(nothing_is_null)),
	C(loud, .trim = true, .max_len = 3, CHECK(shouted)),
	C(even, CHECK(is_even)),
	C(tens, MIN(5), CHECK(in_tens)),
	C(halves, CHECK(in_halves)),
	C(agreed, CHECK(must_be_true)),
	C(at, CHECK(whole_seconds)),
	C(on, CHECK(no_sunday)),
	C(raw, CHECK(is_object)),
	C(words, .item_type = FIELD_TEXT, CHECK(has_no_digit)),
	C(numbers, .item_type = FIELD_INT, .min_len = 2, CHECK(without_repeats)),
	C(maybe, .nullable = true, CHECK(is_even)),
	C(key, .secret = true, CHECK(has_no_digit)));

struct places {
	const char *id, *q, *x_tag, *user;
	struct array tags;
	int64_t n;
};
#define P(member, ...) FIELD(struct places, member, __VA_ARGS__)
#define TEXT_RULES .trim = true, .lower = true, .max_len = 3, CHECK(has_no_digit)
SCHEMA(places,
	P(id, .in = IN_PATH, TEXT_RULES),
	P(q, .in = IN_QUERY, TEXT_RULES),
	P(tags, .in = IN_QUERY, .item_type = FIELD_TEXT, .item_max_len = 3, .trim = true,
	  .lower = true, CHECK(has_no_digit)),
	P(n, .in = IN_QUERY, CHECK(is_even)),
	P(x_tag, .in = IN_HEADER, TEXT_RULES),
	P(user, .in = IN_FORM, TEXT_RULES));

/* ---- what is bound ---- */

struct bound_case {
	const struct schema *schema;
	struct input input; /* .body alone: both as a body and flat */
	const char *want;
};

static const char *written(struct scene *scene, const struct schema *schema)
{
	struct buf out;
	buf_init(&out, &scene->arena);
	schema_render_input(schema, &bound, &out);
	return json_swapped(&scene->arena, buf_text(&out));
}

static void expect_bound(struct scene *scene, const struct bound_case *row, enum app_err err)
{
	if (err)
		fail_msg("%s", faults_text(scene));
	assert_string_equal(written(scene, row->schema), row->want);
}

/* What was bound comes back as it is: rules that change a value leave it alone then. */
static void expect_again(struct scene *scene, const struct bound_case *row)
{
	const char *json = json_swapped(&scene->arena, row->want);
	expect_bound(scene, row,
		     schema_bind_flat(&scene->c, row->schema, json, strlen(json), &bound));
}

static void value_is_bound(void **state)
{
	const struct bound_case *row = *state;
	struct scene scene;
	scene_open(&scene);
	struct input input = row->input;
	if (input.body)
		input = body_of(&scene, input.body);
	expect_bound(&scene, row, schema_bind(&scene.c, row->schema, &input, &bound));
	if (input.body)
		expect_bound(&scene, row,
			     schema_bind_flat(&scene.c, row->schema, input.body, input.body_len,
					      &bound));
	expect_again(&scene, row);
	scene_close(&scene);
}

#define BOUND(sentence, schema_, body_, want_) \
	ROW_OF(sentence, value_is_bound, \
	       (&(struct bound_case){ &(schema_), { .body = body_ }, want_ }))
#define BOUND_FROM(source, pairs_, want_) \
	ROW_OF("a value from " #source, value_is_bound, \
	       (&(struct bound_case){ &places_schema, { .source = pairs_ }, want_ }))

#define OWN(loc, msg, input) \
	FAULT_CTX("value_error", loc, "Value error, " msg, input, "{'error':{}}")
#define LONG(loc, input) \
	FAULT_CTX("string_too_long", loc, "String should have at most 3 characters", input, \
		  "{'max_length':3}")

/* Of all places at once, in the order of the places and the fields. */
static void faults_of_all_places_are_one_list(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct input input = {
		.path = PAIRS(PAIR("id", " 1 ")),
		.query = PAIRS(PAIR("n", "3"), PAIR("q", " LONG ")),
		.headers = PAIRS(PAIR("X-Tag", "T2")),
		.form = PAIRS(PAIR("user", "U")),
	};
	assert_int_equal(schema_bind(&scene.c, &places_schema, &input, &bound), APP_INVALID);
	const char *want[] = { "['path','id']", "['query','q']", "['query','n']",
			       "['header','x-tag']" };
	const struct field_fault *fault = scene.c.failure.fields;
	for (size_t i = 0; i < COUNT_OF(want); i++, fault = fault->next)
		assert_string_equal(json_swapped(&scene.arena, fault->loc), want[i]);
	assert_null(fault);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		/* spelling */
		BOUND("a text is bound without white space at its ends", body_schema,
		      "{'trimmed':' \\u3000a b\\n'}", "{'trimmed':'a b'}"),
		BOUND("in small letters", body_schema, "{'small':'ABCÉ'}", "{'small':'abcé'}"),
		BOUND("both", body_schema, "{'both':' A '}", "{'both':'a'}"),
		BOUND("null stays null", body_schema, "{'both':null,'maybe':null}",
		      "{'maybe':null}"),
		BOUND("a choice in any case", body_schema, "{'colour':' RED'}", "{'colour':'red'}"),
		BOUND("an e-mail address", body_schema, "{'email':' A@B.example '}",
		      "{'email':'a@b.example'}"),
		BOUND("a field without such rules is bound as it was sent", body_schema,
		      "{'plain':' A '}", "{'plain':' A '}"),
		BOUND("a member that may be absent", body_schema, "{'maybe':' A '}",
		      "{'maybe':'a'}"),
		BOUND("each text in an array", body_schema, "{'tags':[' A   ','b']}",
		      "{'tags':['a','b']}"),
		BOUND("a member of an object", body_schema, "{'one':{'name':' A'}}",
		      "{'one':{'name':'a'}}"),
		BOUND("members of objects in an array", body_schema,
		      "{'members':[{'name':' A'},{'name':'B '}]}",
		      "{'members':[{'name':'a'},{'name':'b'}]}"),
		BOUND_FROM(path, PAIRS(PAIR("id", " A ")), "{'id':'a'}"),
		BOUND_FROM(query, PAIRS(PAIR("q", " A "), PAIR("tags", "B "), PAIR("tags", "c")),
			   "{'q':'a','tags':['b','c']}"),
		BOUND_FROM(headers, PAIRS(PAIR("X-Tag", "A")), "{'x_tag':'a'}"),
		BOUND_FROM(form, PAIRS(PAIR("user", " A ")), "{'user':'a'}"),

		BODY_ROW("white space alone is too short, and shown as it was sent", body_schema,
			 "{'trimmed':'  '}",
			 FAULT_CTX("string_too_short", "['body','trimmed']",
				   "String should have at least 1 character", "'  '",
				   "{'min_length':1}")),
		BODY_ROW("what is left is too long", body_schema, "{'trimmed':' abcd '}",
			 LONG("['body','trimmed']", "' abcd '")),
		BODY_ROW("what is left of a secret is too short", body_schema, "{'secret':' ab '}",
			 "[{'type':'string_too_short','loc':['body','secret'],'msg':'String should "
			 "have at least 3 characters','ctx':{'min_length':3}}]"),
		BODY_ROW("an item that is too long", body_schema, "{'tags':['ab ','abcd']}",
			 LONG("['body','tags',1]", "'abcd'")),
		PAIRS_ROW("a parameter that is too long", places_schema, query,
			  PAIRS(PAIR("q", " ABCD ")), LONG("['query','q']", "' ABCD '")),

		/* the author's checks */
		BOUND("a text that is fine", checked_schema, "{'word':'ab'}", "{'word':'ab'}"),
		BOUND("a check may make another text of it", checked_schema,
		      "{'isbn':'978-0-306-40615-7'}", "{'isbn':'9780306406157'}"),
		BOUND("null of it, where that may be", checked_schema, "{'blank':''}",
		      "{'blank':null}"),
		BOUND("another number", checked_schema, "{'tens':17,'halves':0.75}",
		      "{'tens':10,'halves':0.5}"),
		BOUND("another moment", checked_schema, "{'at':'2026-01-02T03:04:05.5Z'}",
		      "{'at':'2026-01-02T03:04:05Z'}"),
		BOUND("another array", checked_schema, "{'numbers':[1,1,2]}", "{'numbers':[1,2]}"),
		BOUND("null is not checked", checked_schema, "{'maybe':null}", "{'maybe':null}"),
		BOUND("truths and raw JSON", checked_schema, "{'agreed':true,'raw':{'a':1}}",
		      "{'agreed':true,'raw':{'a':1}}"),
		BODY_ROW("its sentence is a fault", checked_schema, "{'word':'a1'}",
			 OWN("['body','word']", "a digit is in it", "'a1'")),
		BOUND("a day that is fine", checked_schema, "{'on':'2026-02-28'}",
		      "{'on':'2026-02-28'}"),
		BODY_ROW("a day that is not", checked_schema, "{'on':'2026-03-01'}",
			 OWN("['body','on']", "it is a Sunday", "'2026-03-01'")),
		BODY_ROW("it is not asked about what breaks another rule", checked_schema,
			 "{'word':'1'}",
			 FAULT_CTX("string_too_short", "['body','word']",
				   "String should have at least 2 characters", "'1'",
				   "{'min_length':2}")),
		BODY_ROW("what it makes of a text keeps the rules, too", checked_schema,
			 "{'isbn':'978-0-306----'}",
			 FAULT_CTX("string_pattern_mismatch", "['body','isbn']",
				   "String should match pattern \"^[0-9-]{13,}$\"",
				   "'978-0-306----'", "{'pattern':'^[0-9-]{13,}$'}")),
		BODY_ROW("without white space around it, if the field wants that", checked_schema,
			 "{'loud':'abc'}", LONG("['body','loud']", "'abc'")),
		BODY_ROW("what it makes of a number does", checked_schema, "{'tens':7}",
			 FAULT_CTX("greater_than_equal", "['body','tens']",
				   "Input should be greater than or equal to 5", "7", "{'ge':5}")),
		BODY_ROW("what it leaves of an array does", checked_schema, "{'numbers':[1,1]}",
			 FAULT_CTX("too_short", "['body','numbers']",
				   "List should have at least 2 items after validation, not 1",
				   "[1,1]",
				   "{'field_type':'List','min_length':2,'actual_length':1}")),
		BODY_ROW("a number", checked_schema, "{'even':3}",
			 OWN("['body','even']", "it is odd", "3")),
		BODY_ROW("one that may be absent", checked_schema, "{'maybe':3}",
			 OWN("['body','maybe']", "it is odd", "3")),
		BODY_ROW("a truth", checked_schema, "{'agreed':false}",
			 OWN("['body','agreed']", "it must be agreed to", "false")),
		BODY_ROW("raw JSON", checked_schema, "{'raw':[1]}",
			 OWN("['body','raw']", "no object", "[1]")),
		BODY_ROW("an item", checked_schema, "{'words':['a','b1']}",
			 OWN("['body','words',1]", "a digit is in it", "'b1'")),
		BODY_ROW("a member of an object in an array", body_schema,
			 "{'members':[{'name':'a'},{'name':'B2'}]}",
			 OWN("['body','members',1,'name']", "a digit is in it", "'B2'")),
		BODY_ROW("a secret is not shown", checked_schema, "{'key':'1'}",
			 "[{'type':'value_error','loc':['body','key'],'msg':'Value error, a digit "
			 "is in it','ctx':{'error':{}}}]"),
		BODY_ROW("its faults stand among the others, in the order of the fields",
			 checked_schema, "{'even':1,'word':'1','loud':'','agreed':0}",
			 "[{'type':'string_too_short','loc':['body','word'],'msg':'String should "
			 "have at least 2 characters','input':'1','ctx':{'min_length':2}},"
			 "{'type':'value_error','loc':['body','even'],'msg':'Value error, it is "
			 "odd','input':1,'ctx':{'error':{}}},"
			 "{'type':'bool_type','loc':['body','agreed'],'msg':'Input should be a "
			 "valid boolean','input':0}]"),
		PAIRS_ROW("a parameter", places_schema, query, PAIRS(PAIR("q", " A1 ")),
			  OWN("['query','q']", "a digit is in it", "' A1 '")),
		PAIRS_ROW("one of many", places_schema, query,
			  PAIRS(PAIR("tags", "a"), PAIR("tags", "A1")),
			  OWN("['query','tags',1]", "a digit is in it", "'A1'")),
		PAIRS_ROW("a header", places_schema, headers, PAIRS(PAIR("x-tag", "1")),
			  OWN("['header','x-tag']", "a digit is in it", "'1'")),
		PAIRS_ROW("a value of a form", places_schema, form, PAIRS(PAIR("user", "1")),
			  OWN("['body','user']", "a digit is in it", "'1'")),
		PAIRS_ROW("a part of the path", places_schema, path, PAIRS(PAIR("id", "1")),
			  OWN("['path','id']", "a digit is in it", "'1'")),
		ROW("faults of all places are one list", faults_of_all_places_are_one_list),
	};
	return rows_run("rules that change a value, or are the author's", rows, COUNT_OF(rows));
}
