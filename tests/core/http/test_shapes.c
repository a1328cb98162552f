/* threaded */
/*
 * Answers that are no objects, over HTTP and by op_run(), whose text `croft run` prints: arrays,
 * and lines for those who take them.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/http/house.h"
#include "testing/client.h"
#include "testing/json.h"

struct item {
	int64_t n;
	const char *note;
};
struct items {
	struct array items;
};
struct items_in {
	int64_t count;
};
SCHEMA_WITH(item, (.omit_null = true),
	FIELD(struct item, n),
	FIELD(struct item, note, .nullable = true));
SCHEMA(items_in, FIELD(struct items_in, count, .in = IN_QUERY, MIN(0), MAX(2)));
SCHEMA_DEFINE(array_schema, "item_array", struct items, (.shape = SHAPE_ARRAY),
	FIELD(struct items, items, .object = &item_schema));
SCHEMA_DEFINE(lines_schema, "item_lines", struct items, (.shape = SHAPE_LINES),
	FIELD(struct items, items, .object = &item_schema));

static enum app_err give(struct ctx *c, const struct items_in *in, struct items *ret)
{
	static struct item all[] = { { 1, "one" }, { 2, NULL } };
	(void)c;
	ret->items = (struct array){ all, (size_t)in->count, 0 };
	return APP_OK;
}

OPERATION_FN(give, struct items_in, struct items)

#define OP(variable, out_) \
	static const struct operation variable = { .name = "items." #variable, \
						   .summary = "Give items", \
						   .kind = QUERY, \
						   .access = ACCESS_PUBLIC, \
						   .light = true, \
						   .in = &items_in_schema, \
						   .out = &(out_), \
						   RUN(give) }
OP(array, array_schema);
OP(lines, lines_schema);

static const struct route routes[] = {
	{ GET, "/array", &array, .root = true },
	{ GET, "/lines", &lines, .root = true },
	{ 0 },
};
static const struct module items_module = { "items", "Are given.", .routes = routes };

/* ---- the house ---- */

static int open_with_items(void **state)
{
	static const struct module *const modules[] = { &items_module, NULL };
	(void)state;
	house_open(modules, (const char *const[]){ "server.gzip_min=0", NULL });
	return 0;
}

/* ---- over HTTP ---- */

struct answer_case {
	const char *target, *accept;
	int status;
	const char *type, *body; /* body NULL: that of an error */
};

static void is_answered(void **state)
{
	const struct answer_case *row = *state;
	struct reply reply;
	client_call(
		&house_server,
		&(struct request){ .method = "GET", .target = row->target, .headers = row->accept },
		&reply);
	assert_int_equal(reply.status, row->status);
	assert_string_equal(reply_header(&reply, "Content-Type"), row->type);
	if (row->body)
		assert_json_equal(reply.body, row->body);
	reply_done(&reply);
}

#define JSON "application/json"
#define LINES "application/x-ndjson"
#define ANSWER(sentence, target_, accept_, status_, type_, body_) \
	ROW_OF(sentence, is_answered, \
	       (&(struct answer_case){ target_, accept_, status_, type_, body_ }))

/* ---- by op_run() ---- */

struct run_case {
	const struct operation *op;
	const char *want;
};

static void is_printed(void **state)
{
	const struct run_case *row = *state;
	struct buf out;
	const char json[] = "{\"count\":2}";
	buf_init(&out, &house_stage.scene.arena);
	stage_ok(&house_stage, op_run(&house_stage.scene.c, row->op, json, sizeof(json) - 1, &out));
	assert_json_equal(buf_text(&out), row->want);
}

#define PRINTED(sentence, op_, want_) \
	ROW_OF(sentence, is_printed, (&(struct run_case){ &(op_), want_ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ANSWER("an array", "/array?count=2", NULL, 200, JSON,
		       "[{'n':1,'note':'one'},{'n':2}]"),
		ANSWER("an array of nothing", "/array?count=0", "Accept: " JSON "\r\n", 200, JSON,
		       "[]"),
		ANSWER("lines", "/lines?count=2", NULL, 200, LINES,
		       "{'n':1,'note':'one'}\n{'n':2}\n"),
		ANSWER("lines for who asks for them", "/lines?count=1", "Accept: " LINES "\r\n",
		       200, LINES, "{'n':1,'note':'one'}\n"),
		ANSWER("no line", "/lines?count=0", "Accept: */*\r\n", 200, LINES, ""),
		ANSWER("no lines for who reads JSON alone", "/lines?count=1",
		       "Accept: " JSON "\r\n", 406, JSON, NULL),
		ANSWER("no array for who reads lines alone", "/array?count=1",
		       "Accept: " LINES "\r\n", 406, JSON, NULL),
		ANSWER("a fault of who asks for lines is JSON", "/lines?count=3",
		       "Accept: " LINES "\r\n", 422, JSON, NULL),
		ANSWER("and a problem for who reads problems", "/lines?count=3",
		       "Accept: application/problem+json\r\n", 422, "application/problem+json",
		       NULL),
		PRINTED("op_run() gives an array", array, "[{'n':1,'note':'one'},{'n':2}]"),
		PRINTED("and lines", lines, "{'n':1,'note':'one'}\n{'n':2}\n"),
	};
	return rows_run_with("core/http/shapes", rows, COUNT_OF(rows), open_with_items,
			     house_close);
}
