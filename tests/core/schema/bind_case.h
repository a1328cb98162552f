/*
 * Rows that bind an input and compare the whole list of faults, as JSON, with what is expected.
 * Bodies and faults are written as testing/json.h says; values of other places are as they are.
 */
#ifndef CROFT_TESTS_CORE_SCHEMA_BIND_CASE_H
#define CROFT_TESTS_CORE_SCHEMA_BIND_CASE_H

#include "testing/json.h"
#include "testing/rows.h"
#include "testing/scene.h"

#include <string.h>

#include "base/buf.h"
#include "core/schema.h"

struct bind_case {
	const struct schema *schema;
	struct input input; /* body_len is set by the row */
	const char *detail; /* NULL: the input is accepted */
};

#define PAIRS(...) ((const struct input_pair[]){ __VA_ARGS__, { 0 } })
#define PAIR(key, text) \
	{ \
		.name = key, .value = text, .value_len = sizeof(text) - 1 \
	}

#define BODY_ROW(sentence, schema_, body_, detail_) \
	ROW_OF(sentence, bind_row, \
	       (&(struct bind_case){ \
		       .schema = &(schema_), .input = { .body = (body_) }, .detail = (detail_) }))
#define PAIRS_ROW(sentence, schema_, source, pairs_, detail_) \
	ROW_OF(sentence, bind_row, \
	       (&(struct bind_case){ .schema = &(schema_), \
				     .input = { .source = pairs_ }, \
				     .detail = (detail_) }))

/* One fault as the JSON of a whole list. */
#define FAULT_AT(type, loc, msg, input) \
	"[{'type':'" type "','loc':" loc ",'msg':'" msg "','input':" input "}]"
#define FAULT_CTX(type, loc, msg, input, ctx) \
	"[{'type':'" type "','loc':" loc ",'msg':'" msg "','input':" input ",'ctx':" ctx "}]"

/* The struct that the last bind filled; big enough for every schema of the tests. */
static union {
	char bytes[4096];
	max_align_t align;
} bound;

static inline const char *faults_text(struct scene *scene)
{
	struct buf out;
	buf_init(&out, &scene->arena);
	schema_faults_render(scene->c.failure.fields, &out);
	return json_swapped(&scene->arena, buf_text(&out));
}

/* What a client sends with that body. */
static inline struct input body_of(struct scene *scene, const char *json)
{
	const char *text = json_swapped(&scene->arena, json);
	return (struct input){ .body = text, .body_len = strlen(text) };
}

static inline void bind_row(void **state)
{
	const struct bind_case *row = *state;
	struct input input = row->input;
	struct scene scene;
	scene_open(&scene);
	if (input.body) {
		input.body = json_swapped(&scene.arena, input.body);
		input.body_len = strlen(input.body);
	}
	assert_true(row->schema->size <= sizeof(bound.bytes));
	enum app_err err = schema_bind(&scene.c, row->schema, &input, &bound);
	if (err)
		assert_string_equal(faults_text(&scene), row->detail ? row->detail : "no fault");
	assert_int_equal(err, row->detail ? APP_INVALID : APP_OK);
	scene_close(&scene);
}

#endif
