/*
 * An input written down is one flat object, of which the same input is made again: of each type of
 * field and from each source, be it absent, null or given. Secrets are not written.
 */
#include "bind_case.h"
#include "chain.h"

#include <stdio.h>

#include "core/list/list_rows.h"
#include "same_input.h"

static const char *const words[] = { "a", "bb", NULL };

struct part {
	int64_t n;
	struct maybe_text note;
	const char *pin, *made;
};
SCHEMA(part,
	FIELD(struct part, n, .required = true, MIN(1)),
	FIELD(struct part, note, .nullable = true),
	FIELD(struct part, pin, .secret = true),
	FIELD(struct part, made, .in = NOT_INPUT));

struct plain {
	const char *t, *word, *uuid, *day, *moment, *email, *url;
	int64_t n;
	double x;
	bool b;
	struct instant at;
	struct date on;
	struct raw_json raw;
	struct array ints, texts, reals, bools, instants, days, parts;
	struct part part;
	const char *made;
};
#define P(member, ...) FIELD(struct plain, member, __VA_ARGS__)
SCHEMA(plain,
	P(t, .max_len = 20),
	P(word, .choices = words),
	P(uuid, .format = FORMAT_UUID),
	P(day, .format = FORMAT_DATE),
	P(moment, .format = FORMAT_DATE_TIME),
	P(email, .format = FORMAT_EMAIL),
	P(url, .format = FORMAT_URI),
	P(n, MAX(1e18)),
	P(x, .doc = ""),
	P(b, .doc = ""),
	P(at, .doc = ""),
	P(on, .doc = ""),
	P(raw, .nullable = true),
	P(ints, .item_type = FIELD_INT),
	P(texts, .item_type = FIELD_TEXT, .nullable = true),
	P(reals, .item_type = FIELD_REAL),
	P(bools, .item_type = FIELD_BOOL),
	P(instants, .item_type = FIELD_INSTANT),
	P(days, .item_type = FIELD_DATE),
	P(parts, .object = &part_schema),
	P(part, .object = &part_schema),
	P(made, .in = NOT_INPUT));

struct maybes {
	struct maybe_text t;
	struct maybe_int n;
	struct maybe_real x;
	struct maybe_bool b;
	struct maybe_instant at;
	struct maybe_date on;
	struct maybe_json raw;
};
#define M(member) FIELD(struct maybes, member, .nullable = true)
SCHEMA(maybes,
	M(t),
	M(n),
	M(x),
	M(b),
	M(at),
	M(on),
	M(raw));

/* What is filled in, and what must be there: zero and null are values of these. */
struct sure {
	const char *t, *null_t;
	int64_t n, least;
	bool b;
	struct raw_json raw;
	struct array ints, none;
};
#define S(member, ...) FIELD(struct sure, member, __VA_ARGS__)
SCHEMA(sure,
	S(t, .preset = "", .nullable = true),
	S(null_t, .required = true, .nullable = true),
	S(n, .preset = "7"),
	S(least, .required = true),
	S(b, .preset = "true"),
	S(raw, .preset = "[1]", .nullable = true),
	S(ints, .item_type = FIELD_INT, .preset = "[1]"),
	S(none, .item_type = FIELD_INT, .required = true, .nullable = true));

struct sources {
	int64_t id;
	const char *tag;
	struct array many;
	struct raw_json raw;
	const char *if_match, *body, *secret;
};
#define FROM(member, ...) FIELD(struct sources, member, __VA_ARGS__)
SCHEMA(sources,
	FROM(id, .in = IN_PATH, .required = true),
	FROM(tag, .in = IN_QUERY),
	FROM(many, .in = IN_QUERY, .item_type = FIELD_INT),
	FROM(raw, .in = IN_QUERY),
	FROM(if_match, .in = IN_HEADER),
	FROM(body, .doc = ""),
	FROM(secret, .secret = true));

/* ---- there and back ---- */

enum { ROOM = sizeof(bound.bytes) };

struct trip {
	const struct schema *schema;
	struct input input;  /* .body alone is flat; other sources: as a request has them */
	const char *written; /* NULL: as the body is */
};

static const char *written(struct scene *scene, const struct schema *schema, const void *value)
{
	struct buf out;
	buf_init(&out, &scene->arena);
	schema_render_input(schema, value, &out);
	return arena_strdup(&scene->arena, buf_text(&out));
}

static bool is_flat(const struct input *input)
{
	return !input->path && !input->query && !input->headers && !input->form;
}

static void read_input(struct scene *scene, const struct trip *trip)
{
	struct input input = trip->input;
	const char *body = input.body ? json_swapped(&scene->arena, input.body) : "";
	enum app_err err;
	input.body = body;
	input.body_len = strlen(body);
	if (is_flat(&input))
		err = schema_bind_flat(&scene->c, trip->schema, body, strlen(body), &bound);
	else
		err = schema_bind(&scene->c, trip->schema, &input, &bound);
	if (err)
		fail_msg("%s", faults_text(scene));
}

static void comes_back(void **state)
{
	const struct trip *trip = *state;
	struct scene scene;
	union {
		char bytes[ROOM];
		max_align_t align;
	} again;
	scene_open(&scene);
	read_input(&scene, trip);
	const char *json = written(&scene, trip->schema, &bound);
	assert_string_equal(json_swapped(&scene.arena, json),
			    trip->written ? trip->written : trip->input.body);
	if (schema_bind_flat(&scene.c, trip->schema, json, strlen(json), &again))
		fail_msg("%s: %s", json, faults_text(&scene));
	assert_true(same_input(trip->schema, &bound, &again));
	assert_string_equal(written(&scene, trip->schema, &again), json);
	scene_close(&scene);
}

#define TRIP(sentence, of, json) \
	ROW_OF(sentence, comes_back, (&(struct trip){ &(of), { .body = (json) }, NULL }))
#define BECOMES(sentence, of, json, out) \
	ROW_OF(sentence, comes_back, (&(struct trip){ &(of), { .body = (json) }, (out) }))
#define FROM_ALL(sentence, out, ...) \
	ROW_OF(sentence, comes_back, (&(struct trip){ &sources_schema, { __VA_ARGS__ }, (out) }))
#define LIST(sentence, query, out) \
	ROW_OF(sentence, comes_back, \
	       (&(struct trip){ &post_list_schema, { .body = "{" query "}" }, "{" out "}" }))

/* ---- secrets ---- */

struct hidden {
	const char *plain, *secret;
	struct array parts;
};
SCHEMA(hidden,
	FIELD(struct hidden, plain),
	FIELD(struct hidden, secret, .secret = true),
	FIELD(struct hidden, parts, .object = &part_schema));

static void secrets_are_not_written(void **state)
{
	(void)state;
	struct scene scene;
	struct part parts[] = { { .n = 1, .pin = "PIN" } };
	const struct hidden value = { "p", "SECRET", { .items = parts, .count = 1 } };
	scene_open(&scene);
	assert_string_equal(json_swapped(&scene.arena, written(&scene, &hidden_schema, &value)),
			    "{'plain':'p','parts':[{'n':1}]}");
	scene_close(&scene);
}

struct nodes {
	int64_t n;
	struct array more;
};
extern const struct schema nodes_schema;
SCHEMA(nodes,
	FIELD(struct nodes, n),
	FIELD(struct nodes, more, .object = &nodes_schema));

static void a_whole_input_has_its_secrets(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct part part = { .n = 1, .pin = "PIN", .made = "by us" };
	struct buf out;
	buf_init(&out, scene.c.arena);
	schema_render_whole(&part_schema, &part, &out);
	assert_json_equal(buf_text(&out), "{'n':1,'pin':'PIN'}");
	scene_close(&scene);
}

static void secrets_are_known(void **state)
{
	(void)state;
	struct field relation = { .name = "r", .type = FIELD_ARRAY, .object = &hidden_schema };
	const struct schema related = { .name = "related", .fields = &relation, .count = 1 };
	assert_true(schema_has_secrets(&hidden_schema));
	assert_true(schema_has_secrets(&part_schema));
	assert_true(schema_has_secrets(&plain_schema));
	assert_true(schema_has_secrets(&related));
	assert_false(schema_has_secrets(&maybes_schema));
	assert_false(schema_has_secrets(&nodes_schema));
	/* that of a row that is listed is nothing that a client sends */
	assert_false(schema_has_secrets(&post_list_schema));
	relation.in = NOT_INPUT;
	assert_false(schema_has_secrets(&related));
}

static void secrets_are_known_however_schemas_hang_together(void **state)
{
	(void)state;
	static struct chain chain;
	chain_make(&chain, (struct field)FIELD(struct chain_link, pin));
	assert_false(schema_has_secrets(chain.links));
	chain_make(&chain, (struct field)FIELD(struct chain_link, pin, .secret = true));
	assert_true(schema_has_secrets(chain.links));
}

static void json_of_a_query_may_be_as_deep_as_in_a_body(void **state)
{
	(void)state;
	struct scene scene;
	struct sources value;
	enum { DEEP = JSON_DEPTH_MAX };
	char text[2 * DEEP + 1] = { 0 };
	scene_open(&scene);
	for (int levels = DEEP - 1; levels <= DEEP; levels++) {
		memset(text, '[', (size_t)levels);
		memset(text + levels, ']', (size_t)levels);
		const struct input_pair query[] = { { "raw", text, 2 * (size_t)levels }, { 0 } };
		const struct input input = {
			.path = PAIRS(PAIR("id", "1")), .query = query, .body = "{}", .body_len = 2
		};
		enum app_err err = schema_bind(&scene.c, &sources_schema, &input, &value);
		assert_int_equal(err, levels < DEEP ? APP_OK : APP_INVALID);
		if (err)
			continue;
		const char *json = written(&scene, &sources_schema, &value);
		assert_int_equal(
			schema_bind_flat(&scene.c, &sources_schema, json, strlen(json), &value),
			APP_OK);
	}
	scene_close(&scene);
}

/* ---- within a bound ---- */

#define CUT "'\xE2\x80\xA6':'cut'"
#define TEN "0123456789"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

struct within {
	const char *json;
	size_t most;
	const char *written;
};

static const char *written_within(struct scene *scene, size_t most)
{
	struct buf out;
	buf_init(&out, &scene->arena);
	buf_add_lit(&out, "before ");
	schema_render_input_within(&plain_schema, &bound, most, &out);
	const char *json = buf_text(&out) + strlen("before ");
	size_t at;
	const char *why;
	if (!json_check(json, strlen(json), &at, &why))
		fail_msg("%s: %s", json, why);
	return json;
}

static void is_cut_so(void **state)
{
	const struct within *it = *state;
	struct scene scene;
	scene_open(&scene);
	read_input(&scene, &(struct trip){ &plain_schema, { .body = it->json }, NULL });
	const char *json = written_within(&scene, it->most);
	assert_string_equal(json_swapped(&scene.arena, json), it->written);
	scene_close(&scene);
}

/* Whatever the bound is: it is kept, what is written is JSON, and what is not there is told. */
static void each_bound_is_kept(void **state)
{
	const struct within *it = *state;
	struct scene scene;
	enum { LEAST = 90 };
	scene_open(&scene);
	read_input(&scene, &(struct trip){ &plain_schema, { .body = it->json }, NULL });
	const char *whole = written_within(&scene, 4096);
	for (size_t most = LEAST; most < 600; most++) {
		const char *json = written_within(&scene, most);
		assert_true(strlen(json) <= most);
		assert_true(!strcmp(json, whole) ||
			    strstr(json_swapped(&scene.arena, json), CUT "}"));
	}
	scene_close(&scene);
}

#define WITHIN(sentence, json, most, out) \
	ROW_OF(sentence, is_cut_so, (&(struct within){ json, most, out }))
#define BOUNDS(sentence, json) \
	ROW_OF(sentence, each_bound_is_kept, (&(struct within){ json, 0, NULL }))

#define UUID "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
#define WITH_TOTAL "'with_total':true"
#define PAGE "'page':1,'per_page':20,"

int main(void)
{
	const struct CMUnitTest rows[] = {
		/* one value of each type */
		TRIP("an input of nothing is an empty object", plain_schema, "{}"),
		TRIP("a text", plain_schema, "{'t':'Ä \\u0001 \\\\ \\' end'}"),
		TRIP("an empty text is not an absent one", plain_schema, "{'t':''}"),
		TRIP("a choice", plain_schema, "{'word':'bb'}"),
		BECOMES("a UUID in its one spelling", plain_schema,
			"{'uuid':'{6BA7B810-9dad-11d1-80b4-00c04fd430c8}'}", "{'uuid':'" UUID "'}"),
		BECOMES("a date in its one spelling", plain_schema,
			"{'day':'2026-01-02T00:00:00Z'}", "{'day':'2026-01-02'}"),
		BECOMES("a date-time in its one spelling", plain_schema,
			"{'moment':'2026-01-02 10:00+0100'}", "{'moment':'2026-01-02T09:00:00Z'}"),
		TRIP("an e-mail address and a URL", plain_schema,
		     "{'email':'A@b.example','url':'http://a.example/?q'}"),
		TRIP("an integer", plain_schema, "{'n':-9007199254740993}"),
		TRIP("the least integer", plain_schema, "{'n':-9223372036854775808}"),
		BECOMES("a zero that absence leaves, too", plain_schema,
			"{'n':0,'x':0.0,'b':false,'at':'1970-01-01T00:00:00Z'}", "{}"),
		TRIP("a real number", plain_schema, "{'x':0.1}"),
		TRIP("the least real number above zero", plain_schema,
		     "{'x':4.94065645841247e-324}"),
		TRIP("a zero with a sign", plain_schema, "{'x':-0}"),
		TRIP("a truth", plain_schema, "{'b':true}"),
		TRIP("an instant to the microsecond", plain_schema,
		     "{'at':'2026-01-02T03:04:05.000006Z'}"),
		TRIP("a day, and one before 1970", plain_schema,
		     "{'on':'2024-02-29','days':['0001-01-01','9999-12-31']}"),
		BECOMES("a day that was told by its midnight", plain_schema,
			"{'on':'2024-02-29T00:00:00+01:00'}", "{'on':'2024-02-29'}"),
		TRIP("JSON as it was sent, blanks and all", plain_schema,
		     "{'raw':{'k' : [1.0,null]}}"),
		BECOMES("null where absence is the same", plain_schema, "{'raw':null,'texts':null}",
			"{}"),
		TRIP("arrays of each type", plain_schema,
		     "{'ints':[1,-2],'texts':['','a'],'reals':[0,1.5],'bools':[true,false],"
		     "'instants':['2026-01-02T03:04:05Z']}"),
		TRIP("an empty array is not an absent one", plain_schema, "{'ints':[]}"),
		TRIP("an object, and objects in an array", plain_schema,
		     "{'parts':[{'n':1},{'n':2,'note':null}],'part':{'n':3,'note':'x'}}"),

		/* struct maybe_… */
		TRIP("nothing of what may be absent", maybes_schema, "{}"),
		TRIP("null of each", maybes_schema,
		     "{'t':null,'n':null,'x':null,'b':null,'at':null,'on':null,'raw':null}"),
		TRIP("a value of each", maybes_schema,
		     "{'t':'a','n':1,'x':1.5,'b':true,'at':'2026-01-02T03:04:05Z',"
		     "'on':'2026-02-28','raw':[null]}"),
		TRIP("zero of each, which is a value", maybes_schema,
		     "{'t':'','n':0,'x':0,'b':false,'at':'1970-01-01T00:00:00Z',"
		     "'on':'1970-01-01','raw':''}"),

		/* presets, and what is required */
		BECOMES("presets are written as they were filled in", sure_schema,
			"{'null_t':'a','least':3,'none':[]}",
			"{'t':'','null_t':'a','n':7,'least':3,'b':true,'raw':[1],'ints':[1],"
			"'none':[]}"),
		TRIP("what was sent in their place is written, null and zero, too", sure_schema,
		     "{'t':null,'null_t':null,'n':0,'least':0,'b':false,'raw':null,'ints':[],"
		     "'none':null}"),

		/* sources */
		FROM_ALL("every source is a member of the one object",
			 "{'id':5,'tag':'a b','many':[1,2],'raw':{'a':1},'if_match':'*',"
			 "'body':'text'}",
			 .path = PAIRS(PAIR("id", "5")),
			 .query = PAIRS(PAIR("tag", "a b"), PAIR("many", "1"), PAIR("many", "2"),
					PAIR("raw", " {\"a\":1}\n")),
			 .headers = PAIRS(PAIR("If-Match", "*")), .body = "{'body':'text'}"),
		FROM_ALL("what a source does not have is left out", "{'id':5}",
			 .path = PAIRS(PAIR("id", "5")), .body = "{}"),

		/* lists */
		LIST("a list without parameters", "", PAGE WITH_TOTAL),
		LIST("a field beside it, pages and totals",
		     "'tenant':'abc','page':3,'per_page':5,'with_total':false",
		     "'tenant':'abc','page':3,'per_page':5,'with_total':false"),
		LIST("a cursor, which has no page", "'cursor':'abc'",
		     "'per_page':20,'cursor':'abc','with_total':false"),
		LIST("rows that were skipped", "'tenant':'abc','skip':25,'limit':10",
		     "'tenant':'abc','skip':25,'per_page':10," WITH_TOTAL),
		LIST("a cursor with totals", "'cursor':'abc','with_total':true",
		     "'per_page':20,'cursor':'abc'," WITH_TOTAL),
		LIST("sorts", "'sort':'-id,title:asc'", PAGE "'sort':'-id,title'," WITH_TOTAL),
		LIST("a search", "'q':' two \\' words '", PAGE "'q':'two \\' words'," WITH_TOTAL),
		LIST("fields, to which the id is added", "'fields':'title,note'",
		     PAGE "'fields':'id,title,note'," WITH_TOTAL),
		LIST("the id alone", "'fields':'id'", PAGE "'fields':'id'," WITH_TOTAL),
		LIST("relations in their order", "'include':'tags,author.team'",
		     PAGE "'include':'tags,author.team'," WITH_TOTAL),
		LIST("filters of each type",
		     "'id':1,'title__ne':'a,b','rating__gt':1.5,'pinned':false,"
		     "'created_at__lte':'2026-01-02','summary__isnull':true,"
		     "'summary__like':'100%'",
		     PAGE WITH_TOTAL
		     ",'id':'1','title__ne':'a,b','rating__gt':'1.5','pinned':'false',"
		     "'created_at__lte':'2026-01-02T00:00:00Z','summary__isnull':'true',"
		     "'summary__like':'100%'"),
		LIST("several values, in quotes where they would be parted",
		     "'id__in':'1,2','title__in':'a,\\'b,c\\',\\'\\'\\'d\\',,e\\'f'",
		     PAGE WITH_TOTAL
		     ",'id__in':'1,2','title__in':'a,\\'b,c\\',\\'\\'\\'d\\',,e\\'f'"),

		/* within a bound */
		WITHIN("what is short is written as without a bound", "{'t':'a','ints':[1,2]}", 200,
		       "{'t':'a','ints':[1,2]}"),
		WITHIN("a text that does not fit is left out, what fits beside it is not",
		       "{'part':{'note':'" LONG "','n':3}}", 200, "{'part':{'n':3}," CUT "}"),
		WITHIN("JSON that does not fit is left out", "{'n':5,'raw':['" LONG "']}", 200,
		       "{'n':5," CUT "}"),
		WITHIN("of an array what fits is written, by whole items",
		       "{'texts':['" TEN "','" LONG "','b'],'n':5}", 200,
		       "{'n':5,'texts':['" TEN "']," CUT "}"),
		WITHIN("of objects, too", "{'parts':[{'n':1},{'n':2,'note':'" LONG "'}]}", 200,
		       "{'parts':[{'n':1},{'n':2}]," CUT "}"),
		WITHIN("when nothing fits, that is told", "{'raw':'" LONG "'}", 200, "{" CUT "}"),
		BOUNDS("the bound is kept by texts and numbers",
		       "{'t':'a','raw':'" LONG "','n':-9223372036854775808,'x':0.1,'at':"
		       "'2026-01-02T03:04:05.000006Z','texts':['" LONG "','" LONG "','a','b']}"),
		BOUNDS("the bound is kept by objects in arrays",
		       "{'ints':[1,22,333,4444],'parts':[{'n':1,'note':'" TEN "'},{'n':2},{'n':3},"
		       "{'n':4},{'n':5,'note':'" LONG "'},{'n':6,'note':'" LONG "'},{'n':7}],"
		       "'part':{'n':3,'note':'" TEN "'}}"),

		ROW("secrets are not written, however deep", secrets_are_not_written),
		ROW("but for comparing them", a_whole_input_has_its_secrets),
		ROW("whether an input has secrets is known", secrets_are_known),
		ROW("also of schemas that share others and go in a circle",
		    secrets_are_known_however_schemas_hang_together),
		ROW("JSON of a query is no deeper than that of a body",
		    json_of_a_query_may_be_as_deep_as_in_a_body),
	};
	return rows_run("core/schema/render_input", rows, COUNT_OF(rows));
}
