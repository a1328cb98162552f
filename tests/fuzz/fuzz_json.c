/*
 * Fuzz target of the JSON input: the gate, then binding into a struct with a field of every type,
 * then rendering what was bound. What the renderer writes must pass the gate, and what the gate
 * refuses must not bind; an input that is written down and read again is the same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "base/str.h"
#include "core/json.h"
#include "core/schema.h"
#include "core/schema/same_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const words[] = { "a", "bb", NULL };

/* "ab" → "a", again and again: it leaves alone what it gave. */
static const char *short_only(struct arena *arena, const char **value)
{
	if (strchr(*value, '!'))
		return "it shouts";
	if (strlen(*value) > 1)
		*value = arena_strndup(arena, *value, str_utf8_cut(*value, strlen(*value), 4));
	return NULL;
}

static const char *even(struct arena *arena, int64_t *value)
{
	(void)arena;
	*value -= *value % 2;
	return NULL;
}

struct inner {
	int64_t a;
	const char *key;
};
/* A number at least as long as the key. */
static void inner_check(struct arena *arena, void *value, struct check_faults *faults)
{
	struct inner *inner = value;
	(void)arena;
	if (inner->key && inner->a < (int64_t)strlen(inner->key))
		schema_check_fault(faults, inner->a ? "a" : NULL, "%lld is too few",
				   (long long)inner->a);
	if (inner->a > 1000)
		inner->a = 1000;
}

SCHEMA_WITH(inner, (.check = inner_check, .omit_null = true),
	FIELD(struct inner, a, .required = true),
	FIELD(struct inner, key, .secret = true, .max_len = 3));

struct every {
	const char *t, *word, *email, *url, *uuid, *day, *secret;
	int64_t n;
	double x;
	bool b;
	struct instant at;
	struct date due;
	struct maybe_date md;
	struct maybe_text mt;
	struct maybe_int mi;
	struct raw_json raw;
	struct maybe_json mj;
	const char *moment;
	const char *spelled, *checked;
	int64_t pairs;
	struct array ints, texts, small, many;
	struct inner one;
};
#define F(member, ...) FIELD(struct every, member, __VA_ARGS__)
SCHEMA(every,
	F(t, .max_len = 9, .pattern = "^[a-z]*(x+x+)*y?$"),
	F(word, .choices = words),
	F(email, .format = FORMAT_EMAIL),
	F(url, .format = FORMAT_URI),
	F(uuid, .format = FORMAT_UUID),
	F(day, .format = FORMAT_DATE),
	F(secret, .secret = true),
	F(n, MIN(-5), MAX(1e18)),
	F(x, .nullable = false),
	F(b, .preset = "true"),
	F(at, .doc = ""),
	F(due, .doc = ""),
	F(md, .nullable = true),
	F(mt, .nullable = true),
	F(mi, .nullable = true),
	F(raw, .nullable = true),
	F(mj, .nullable = true),
	F(moment, .format = FORMAT_DATE_TIME, .max_len = 22),
	F(spelled, .trim = true, .lower = true, .max_len = 9),
	F(checked, .trim = true, .lower = true, .min_len = 1, CHECK(short_only)),
	F(pairs, MIN(-9), CHECK(even)),
	F(ints, .item_type = FIELD_INT, .max_len = 50),
	F(texts, .item_type = FIELD_TEXT),
	F(small, .item_type = FIELD_TEXT, .trim = true, .lower = true, CHECK(short_only)),
	F(many, .object = &inner_schema),
	F(one, .object = &inner_schema));

/*
 * Output may hold what input may not: an echoed NUL, and one level around raw JSON as deep as
 * allowed.
 */
static void check_rendered(struct buf *out)
{
	size_t at;
	const char *why;
	if (!json_check(out->data, out->len, &at, &why) && !strstr(why, "64 levels") &&
	    !strstr(why, "values") && !strstr(why, "NUL"))
		abort();
}

/* More values than one text may have, once presets are filled in. */
enum { TEXT_OF_MANY = JSON_NODES_MAX / 2 };

/* An input that is written down and read again is the same. */
static void check_again(struct ctx *c, const struct schema *schema, const struct every *value)
{
	struct every again;
	struct buf out;
	buf_init(&out, c->arena);
	schema_render_input(schema, value, &out);
	if (schema_bind_flat(c, schema, buf_text(&out), out.len, &again)) {
		if (out.len < TEXT_OF_MANY)
			abort();
		ctx_recover(c);
	} else if (!same_input(schema, value, &again)) {
		abort();
	}
}

static void bind_and_render(struct ctx *c, const char *text, size_t size, bool valid)
{
	struct every value;
	struct buf out;
	buf_init(&out, c->arena);
	enum app_err err = schema_bind_flat(c, &every_schema, text, size, &value);
	if (!err && !valid && size)
		abort();
	if (err)
		schema_faults_render(c->failure.fields, &out);
	else
		schema_render(&every_schema, &value, &out);
	check_rendered(&out);
	if (!err)
		check_again(c, &every_schema, &value);
}

/* The bytes as a value of a query: lax numbers, lists and texts. */
static void bind_as_query(struct ctx *c, const struct field *field, const char *text, size_t size)
{
	struct every value;
	struct field asked = *field;
	struct schema schema = {
		.name = "query", .size = sizeof(value), .fields = &asked, .count = 1
	};
	struct input_pair pairs[2] = { { field->name, text, size } };
	struct input input = { .query = pairs };
	struct buf out;
	asked.in = IN_QUERY;
	buf_init(&out, c->arena);
	enum app_err err = schema_bind(c, &schema, &input, &value);
	if (err)
		schema_faults_render(c->failure.fields, &out);
	else
		schema_render(&schema, &value, &out);
	check_rendered(&out);
	if (!err)
		check_again(c, &schema, &value);
	ctx_recover(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	struct ctx c;
	size_t at;
	const char *why;
	/* A block of exactly this size, so that the sanitizer sees a read past its end. */
	char *text = malloc(size ? size : 1);
	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	ctx_init(&c, NULL, &arena);
	bool valid = json_check(text, size, &at, &why);
	bind_and_render(&c, text, size, valid);
	ctx_recover(&c);
	for (size_t i = 0; i < every_schema.count; i++)
		if (!every_schema.fields[i].object)
			bind_as_query(&c, &every_schema.fields[i], text, size);
	free(text);
	return 0;
}
