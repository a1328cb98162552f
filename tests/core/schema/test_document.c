/* The JSON Schema of fields and schemas, compared as a whole. */
#include "testing/json.h"
#include "testing/rows.h"

#include <string.h>

#include "base/buf.h"
#include "core/json.h"
#include "core/schema.h"

static const char *const statuses[] = { "draft", "published", NULL };
static const char *const only[] = { "password", NULL };

struct user_ref {
	int64_t id;
	const char *name;
};
SCHEMA(user_ref,
	FIELD(struct user_ref, id),
	FIELD(struct user_ref, name, .required = true));

struct every {
	const char *title, *summary, *status, *grant, *email, *site, *key, *day, *stamp, *password,
		*slug;
	int64_t age, score;
	double rate;
	bool open;
	struct instant at;
	struct date on;
	struct maybe_text note;
	struct maybe_int level;
	struct raw_json data, more;
	struct array tags, refs, codes, labels;
	const char *label, *code, *colour, *box, *short_name;
	struct user_ref author;
};
#define F(member, ...) FIELD(struct every, member, __VA_ARGS__)
SCHEMA_OF(every_schema, "post_create", struct every,
	F(title, .required = true, .min_len = 1, .max_len = 200, .doc = "Head\"line",
	  .example = "\"Hello\""),
	F(summary, .nullable = true, .max_len = 20),
	F(status, .choices = statuses, .preset = "draft"),
	F(grant, .choices = only),
	F(email, .format = FORMAT_EMAIL),
	F(site, .format = FORMAT_URI),
	F(key, .format = FORMAT_UUID),
	F(day, .format = FORMAT_DATE),
	F(stamp, .format = FORMAT_DATE_TIME),
	F(password, .required = true, .secret = true, .min_len = 8),
	F(slug, .pattern = "^[a-z\"]+$"),
	F(age, MIN(0), MAX(150), .required = true, .preset = "18"),
	F(score, MIN(1), MAX(10), .exclusive_min = true, .exclusive_max = true),
	F(rate, MIN(0.5), .preset = "0.5"),
	F(open, .preset = "true"),
	F(at, .doc = "When"),
	F(on, .preset = "\"2026-02-28\""),
	F(note, .nullable = true, .preset = "x"),
	F(level),
	F(data),
	F(more, .nullable = true),
	F(tags, .item_type = FIELD_TEXT, .item_max_len = 30, .max_len = 5, .min_len = 1,
	  .preset = "[]"),
	F(refs, .object = &user_ref_schema),
	F(codes, .item_type = FIELD_INT, .nullable = true, MIN(1)),
	F(author, .object = &user_ref_schema, .nullable = true, .doc = "Who"),
	F(labels, .item_type = FIELD_TEXT, .trim = true, .item_max_len = 9, .max_len = 5),
	F(label, .trim = true, .min_len = 1, .max_len = 20, .doc = "Name of it"),
	F(code, .lower = true, .pattern = "^[a-z]+$", .max_len = 8, .doc = "It."),
	F(colour, .trim = true, .lower = true, .choices = statuses, .nullable = true),
	F(box, .trim = true, .format = FORMAT_EMAIL),
	F(short_name, .trim = true, .min_len = 3));

struct field_case {
	const char *name;
	bool as_input;
	const char *want;
};

static void field_row(void **state)
{
	const struct field_case *row = *state;
	AUTO(buf) out = { 0 };
	const struct field *field = every_schema.fields;
	while (strcmp(field->name, row->name) != 0)
		field++;
	field_document(field, row->as_input, &out);
	assert_json_equal(buf_text(&out), row->want);
	size_t at;
	const char *why;
	assert_true(json_check(out.data, out.len, &at, &why));
}

static void a_bound_beyond_integers_is_no_example(void **state)
{
	static const struct field wide[] = {
		FIELD(struct user_ref, id, MAX(1e20)),
		FIELD(struct user_ref, id, MIN(-1e20), .exclusive_min = true),
	};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		AUTO(buf) out = { 0 };
		field_document(&wide[i], true, &out);
		assert_json_has(buf_text(&out), "'examples':[1]");
	}
}

#define IN(name, want) ROW_OF("input " name, field_row, (&(struct field_case){ name, true, want }))
#define OUT(name, want) \
	ROW_OF("output " name, field_row, (&(struct field_case){ name, false, want }))

struct small {
	int64_t id;
	const char *title, *secret;
	struct maybe_text note;
	const char *q;
};
#define SMALL_FIELDS \
	FIELD(struct small, id, .in = NOT_INPUT), FIELD(struct small, title, .required = true), \
		FIELD(struct small, secret, .secret = true, .required = true), \
		FIELD(struct small, note, .nullable = true), \
		FIELD(struct small, q, .in = IN_QUERY)
SCHEMA_OF(small_schema, "small_thing", struct small, SMALL_FIELDS);

struct none {
	int64_t id;
};
SCHEMA_OF(none_schema, "none", struct none, FIELD(struct none, id, .in = IN_PATH));

static void expect_document(const struct schema *schema, enum schema_form form, const char *want)
{
	AUTO(buf) out = { 0 };
	schema_document(schema, form, &out);
	assert_json_equal(buf_text(&out), want);
}

#define NO_NUL "'pattern':'^[^\\\\x00]*$'"
#define EMAIL \
	"^(?=[^@]{1,64}@)[A-Za-z0-9!#$%&\"*+/=?^_`{|}~-]+(?:\\\\.[A-Za-z0-9!#$%&\"*+/" \
	"=?^_`{|}~-]+)*@" \
	"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\\\.)+(?![0-9]+$)[A-Za-z0-9](?:[A-Za-" \
	"z0-9-]{0,61}" \
	"[A-Za-z0-9])?$"

/* A text of an input is never one with a NUL, whatever its own pattern says. */
static bool forbids_nul_besides(const char *pattern)
{
	AUTO(buf) out = { 0 };
	const struct field text = { .name = "text", .type = FIELD_TEXT, .pattern = pattern };
	field_document(&text, true, &out);
	return json_has(buf_text(&out), ",'not':{'pattern':'\\\\x00'}");
}

static void nul_is_forbidden_besides(void **state)
{
	assert_true(forbids_nul_besides(*state));
}

static void nul_is_forbidden_already(void **state)
{
	assert_false(forbids_nul_besides(*state));
}

#define TAKES_NUL(what, pattern) \
	ROW_OF("a pattern " what " does not forbid a NUL by itself", nul_is_forbidden_besides, \
	       pattern)
#define HAS_NO_NUL(what, pattern) \
	ROW_OF("a pattern " what " forbids a NUL by itself", nul_is_forbidden_already, pattern)

static void input_document(void **state)
{
	(void)state;
	expect_document(&small_schema, FORM_INPUT,
			"{'properties':{'title':{'type':'string'," NO_NUL ",'title':'Title'},"
			"'secret':{'type':'string'," NO_NUL
			",'format':'password','title':'Secret','writeOnly':true},"
			"'note':{'anyOf':[{'type':'string'," NO_NUL
			"},{'type':'null'}],'title':'Note'}},"
			"'additionalProperties':false,'type':'object','required':['title',"
			"'secret'],"
			"'title':'SmallThing'}");
}

static void output_document(void **state)
{
	(void)state;
	expect_document(
		&small_schema, FORM_ANSWER,
		"{'properties':{'id':{'type':'integer','exclusiveMaximum':9223372036854775808,"
		"'minimum':-9223372036854775808,'format':'int64','examples':[1],"
		"'title':'Id'},'title':{'type':'string','title':'Title'},"
		"'note':{'anyOf':[{'type':'string'},{'type':'null'}],'title':'Note'},"
		"'q':{'type':'string','title':'Q'}},'type':'object','required':['id','title',"
		"'note','q'],'title':'SmallThing'}");
}

static void empty_and_open_documents(void **state)
{
	(void)state;
	struct schema open = none_schema;
	open.open = true;
	expect_document(&none_schema, FORM_INPUT,
			"{'properties':{},'additionalProperties':false,'type':'object',"
			"'title':'None'}");
	expect_document(&open, FORM_INPUT, "{'properties':{},'type':'object','title':'None'}");
}

struct sparse {
	int64_t id;
	const char *text;
	struct maybe_int level;
	struct raw_json raw, data;
};
SCHEMA_WITH(sparse, (.omit_null = true),
	FIELD(struct sparse, id),
	FIELD(struct sparse, text, .nullable = true),
	FIELD(struct sparse, level),
	FIELD(struct sparse, raw, .nullable = true),
	FIELD(struct sparse, data));

static void members_may_be_left_out(void **state)
{
	(void)state;
#define INT64 \
	"'exclusiveMaximum':9223372036854775808,'minimum':-9223372036854775808,'format':" \
	"'int64','examples':[1],'title'"
	expect_document(&sparse_schema, FORM_ANSWER,
			"{'properties':{'id':{'type':'integer'," INT64
			":'Id'},'text':{'type':'string','title':'Text'},"
			"'level':{'type':'integer'," INT64
			":'Level'},'raw':{'title':'Raw'},'data':{'title':'Data'}},"
			"'type':'object','required':['id','data'],'title':'Sparse'}");
	struct schema input = sparse_schema;
	input.fields++;
	input.count = 1;
	expect_document(&input, FORM_INPUT,
			"{'properties':{'text':{'anyOf':[{'type':'string'," NO_NUL
			"},{'type':'null'}],'title':'Text'}},'additionalProperties':false,"
			"'type':'object','title':'Sparse'}");
}

struct listed {
	struct array items;
};
SCHEMA_DEFINE(refs_schema, "refs", struct listed, (.shape = SHAPE_ARRAY),
	FIELD(struct listed, items, .object = &user_ref_schema, .max_len = 9));
SCHEMA_DEFINE(ref_lines_schema, "ref_lines", struct listed, (.shape = SHAPE_LINES),
	FIELD(struct listed, items, .object = &user_ref_schema));

static void arrays_and_lines_are_documented(void **state)
{
	(void)state;
	expect_document(&refs_schema, FORM_ANSWER,
			"{'items':{'$ref':'#/components/schemas/UserRef'},'type':'array',"
			"'maxItems':9,'title':'Refs'}");
	expect_document(&ref_lines_schema, FORM_ANSWER,
			"{'type':'string','contentMediaType':'application/x-ndjson',"
			"'contentSchema':{'items':{'$ref':'#/components/schemas/UserRef'},"
			"'type':'array'},'description':'Each item as JSON, on a line of its own.',"
			"'title':'RefLines'}");
}

static void names_become_words(void **state)
{
	(void)state;
	AUTO(buf) out = { 0 };
	schema_component_name("post_create", &out);
	buf_add_char(&out, '|');
	schema_title("created_at", &out);
	buf_add_char(&out, '|');
	schema_title("x-request-id", &out);
	buf_add_char(&out, '|');
	schema_title("id", &out);
	assert_string_equal(buf_text(&out), "PostCreate|Created At|X Request Id|Id");
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a bound beyond integers is no example", a_bound_beyond_integers_is_no_example),
		IN("title",
		   "{'type':'string','maxLength':200,'minLength':1," NO_NUL ",'title':'Title',"
		   "'description':'Head\\'line','examples':['Hello']}"),
		IN("summary", "{'anyOf':[{'type':'string','maxLength':20," NO_NUL
			      "},{'type':'null'}],'title':'Summary'}"),
		IN("status", "{'type':'string','enum':['draft','published'],'title':'Status',"
			     "'default':'draft'}"),
		OUT("status", "{'type':'string','enum':['draft','published'],'title':'Status'}"),
		IN("grant", "{'type':'string','const':'password','title':'Grant'}"),
		IN("email", "{'type':'string','maxLength':254,'pattern':'" EMAIL
			    "','format':'email','title':'Email'}"),
		IN("site", "{'type':'string','maxLength':2083,'minLength':1,'format':'uri',"
			   "'title':'Site'}"),
		IN("key", "{'type':'string','format':'uuid','title':'Key'}"),
		IN("day", "{'type':'string','format':'date','title':'Day'}"),
		IN("stamp", "{'type':'string','format':'date-time','title':'Stamp'}"),
		IN("password", "{'type':'string','minLength':8," NO_NUL ",'format':'password',"
			       "'title':'Password',"
			       "'writeOnly':true}"),
		OUT("email", "{'type':'string','format':'email','title':'Email'}"),
		OUT("slug", "{'type':'string','pattern':'^[a-z\\']+$','title':'Slug'}"),
		OUT("title", "{'type':'string','maxLength':200,'minLength':1,'title':'Title',"
			     "'description':'Head\\'line','examples':['Hello']}"),
		TAKES_NUL("open at the end", "^a"),
		TAKES_NUL("open at the beginning", "a$"),
		TAKES_NUL("a choice that is open", "^a$|b"),
		TAKES_NUL("of any sign", "^.*$"),
		TAKES_NUL("of all but white space", "^\\S+$"),
		TAKES_NUL("of all but some", "^[^,]+$"),
		TAKES_NUL("of a class of all but digits", "^[a\\D]+$"),
		TAKES_NUL("of a range from it on", "^[\\x00-\\x1f]+$"),
		TAKES_NUL("that names it", "^a\\0?$"),
		TAKES_NUL("whose end is a dollar", "^a\\$"),
		HAS_NO_NUL("spelled out", "^[a-z](?:-|[0-9]){2,3}$"),
		HAS_NO_NUL("of a choice in a group", "^(a|b)$"),
		HAS_NO_NUL("that excludes it by name", "^[^\\s\\x00-\\x1f]+$"),
		HAS_NO_NUL("that looks ahead at others", "^(?![^]a)]*(x))(?=.)[a-z]+$"),
		IN("slug", "{'type':'string','pattern':'^[a-z\\']+$','title':'Slug'}"),
		IN("age",
		   "{'type':'integer','maximum':150,'minimum':0,'format':'int64','title':'Age',"
		   "'default':18}"),
		IN("score", "{'type':'integer','exclusiveMaximum':10,'exclusiveMinimum':1,"
			    "'format':'int64','title':'Score'}"),
		IN("rate", "{'type':'number','minimum':0.5,'title':'Rate','default':0.5}"),
		IN("open", "{'type':'boolean','title':'Open','default':true}"),
		IN("on", "{'type':'string','format':'date','title':'On','default':'2026-02-28'}"),
		IN("at", "{'type':'string','format':'date-time','title':'At',"
			 "'description':'When'}"),
		IN("note",
		   "{'anyOf':[{'type':'string'," NO_NUL "},{'type':'null'}],'title':'Note'}"),
		IN("level", "{'type':'integer','exclusiveMaximum':9223372036854775808,"
			    "'minimum':-9223372036854775808,'format':'int64','examples':[1],'title'"
			    ":'Level'}"),
		OUT("level", "{'anyOf':[{'type':'integer','exclusiveMaximum':9223372036854775808,"
			     "'minimum':-9223372036854775808,'format':'int64','examples':[1]},{'"
			     "type':'null'}],"
			     "'title':'Level'}"),
		IN("data", "{'title':'Data'}"),
		IN("more", "{'title':'More'}"),
		IN("tags", "{'items':{'type':'string','maxLength':30," NO_NUL "},'type':'array',"
			   "'maxItems':5,"
			   "'minItems':1,'title':'Tags','default':[]}"),
		IN("refs", "{'items':{'$ref':'#/components/schemas/UserRef'},'type':'array',"
			   "'title':'Refs'}"),
		IN("codes",
		   "{'anyOf':[{'items':{'type':'integer','exclusiveMaximum':9223372036854775808,"
		   "'minimum':1,'format':'int64','examples':[1]},'type':'array'},{'type':'null'}],"
		   "'title':'Codes'}"),
		IN("author", "{'anyOf':[{'$ref':'#/components/schemas/UserRef'},{'type':'null'}],"
			     "'description':'Who'}"),
		IN("label", "{'type':'string','minLength':1,'pattern':'\\\\S','not':{'pattern':'"
			    "\\\\x00'},'title':'Label','description':'Name of it. White space at "
			    "both ends is cut off. What is left has at most 20 characters.'}"),
		OUT("label", "{'type':'string','maxLength':20,'minLength':1,'title':'Label',"
			     "'description':'Name of it'}"),
		IN("code", "{'type':'string','maxLength':8," NO_NUL ",'title':'Code',"
			   "'description':'It. Letters become small. It then matches "
			   "\"^[a-z]+$\".'}"),
		OUT("code", "{'type':'string','maxLength':8,'pattern':'^[a-z]+$','title':'Code',"
			    "'description':'It.'}"),
		IN("colour", "{'anyOf':[{'type':'string'," NO_NUL "},{'type':'null'}],"
			     "'title':'Colour','description':'White space at both ends is cut "
			     "off, and letters become small. It then is one of: draft, "
			     "published.'}"),
		OUT("colour", "{'anyOf':[{'type':'string','enum':['draft','published']},"
			      "{'type':'null'}],'title':'Colour'}"),
		IN("box", "{'type':'string'," NO_NUL ",'format':'email','title':'Box',"
			  "'description':'White space at both ends is cut off.'}"),
		IN("short_name", "{'type':'string','minLength':3,'pattern':'\\\\S','not':{"
				 "'pattern':'\\\\x00'},'title':'Short Name','description':"
				 "'White space at both ends is cut off. What is left has at least "
				 "3 characters.'}"),
		IN("labels", "{'items':{'type':'string'," NO_NUL "},'type':'array','maxItems':5,"
			     "'title':'Labels','description':'White space at both ends is cut "
			     "off. What is left has at most 9 characters.'}"),
		ROW("the schema of an input", input_document),
		ROW("the schema of an output", output_document),
		ROW("an answer without null: what may be left out is not required",
		    members_may_be_left_out),
		ROW("answers that are arrays, or lines", arrays_and_lines_are_documented),
		ROW("the schema of nothing, closed and open", empty_and_open_documents),
		ROW("names become words", names_become_words),
	};
	return rows_run("documents", rows, COUNT_OF(rows));
}
