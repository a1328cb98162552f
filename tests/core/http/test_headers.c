/* threaded */
/*
 * How many headers an answer has: all that tables can ask for at once, and an error in place of the
 * answer of whoever adds more.
 */
#include <stdio.h>
#include <string.h>

#include "core/http/house.h"
#include "core/json.h"
#include "testing/client.h"
#include "testing/json.h"

enum { MANY = 100, ENOUGH = 10 };

/* ---- a module that adds as many as it is asked for ---- */

static void add_some(struct http_exchange *x, struct ctx *c, int count)
{
	for (int i = 0; i < count; i++)
		http_add_header(x, arena_printf(c->arena, "X-Some-%d", i), "1");
}

static enum app_err answer_enough(struct ctx *c, struct http_exchange *x)
{
	add_some(x, c, ENOUGH);
	return http_answer(x, 200, "text/plain; charset=utf-8", "text", 4);
}

static enum app_err answer_many(struct ctx *c, struct http_exchange *x)
{
	add_some(x, c, MANY);
	return http_answer(x, 200, "text/plain; charset=utf-8", "text", 4);
}

static enum app_err answer_many_of_a_file(struct ctx *c, struct http_exchange *x)
{
	enum app_err err = http_answer_static(x, "index.html");
	add_some(x, c, MANY);
	return err;
}

static enum app_err answer_files(struct ctx *c, struct http_exchange *x)
{
	enum app_err err = APP_OK;
	(void)c;
	for (int i = 0; !err && i < MANY; i++)
		err = http_answer_static(x, "index.html");
	return err;
}

static enum app_err fail_with_many(struct ctx *c, struct http_exchange *x)
{
	add_some(x, c, MANY);
	return ctx_fail(c, APP_UNAVAILABLE, "not now");
}

struct made {
	int64_t id;
	struct instant updated_at;
	const char *text;
};
SCHEMA(made,
	FIELD(struct made, id, .required = true),
	FIELD(struct made, updated_at, .required = true),
	FIELD(struct made, text, .required = true));

static enum app_err make(struct ctx *c, const struct nothing *in, struct made *ret)
{
	char *text = arena_zero(c->arena, 3000);
	(void)in;
	memset(text, 'a', 2999);
	*ret = (struct made){ .id = 7, .text = text };
	return APP_OK;
}

OPERATION_FN(make, struct nothing, struct made)

static const struct operation making = { .name = "heads.make",
					 .summary = "Make one",
					 .kind = QUERY,
					 .access = ACCESS_PUBLIC,
					 .out = &made_schema,
					 RUN(make) };

static const struct route all_routes[] = ROUTES(
	{ GET, "/enough", .handle = answer_enough, .access = ACCESS_PUBLIC,
	  .deprecated = "2026-01-01", .sunset = "2026-07-01" },
	{ GET, "/many", .handle = answer_many, .access = ACCESS_PUBLIC },
	{ GET, "/many/file", .handle = answer_many_of_a_file, .access = ACCESS_PUBLIC },
	{ GET, "/files", .handle = answer_files, .access = ACCESS_PUBLIC },
	{ GET, "/failed", .handle = fail_with_many, .access = ACCESS_PUBLIC },
	{ POST, "/made", &making, .status = 201, .deprecated = "2026-01-01",
	  .sunset = "2026-07-01" });

/* ---- and stages that set all that they may ---- */

static enum app_err set_before(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	for (size_t i = 0; i < MODULE_HEADERS_MAX; i++)
		http_stage_set(x, i, "before");
	return APP_OK;
}

static void set_over(struct ctx *c, struct http_exchange *x)
{
	for (int i = 0; i <= MANY; i++)
		http_stage_set(x, 0, arena_printf(c->arena, "%d", i));
	for (size_t i = 1; i < MODULE_HEADERS_MAX; i++)
		http_stage_set(x, i, "over");
}

static const struct module_stage all_stages[] = STAGES({ .name = "before",
							 .place = BEFORE_SENDER,
							 .light = true,
							 .run = set_before,
							 .sets = { { .name = "X-B-0" },
								   { .name = "X-B-1" },
								   { .name = "X-B-2" },
								   { .name = "Vary" } } },
						       { .name = "over",
							 .place = OVER_ANSWER,
							 .light = true,
							 .finish = set_over,
							 .sets = { { .name = "X-O-0" },
								   { .name = "X-O-1" },
								   { .name = "X-O-2" },
								   { .name = "X-O-3" } } });
static const struct module heads = { .name = "heads", .routes = all_routes, .stages = all_stages };

/* ---- and those that add more than that ---- */

static enum app_err add_many_before(struct ctx *c, struct http_exchange *x)
{
	add_some(x, c, MANY);
	return APP_OK;
}

static void add_many_over(struct ctx *c, struct http_exchange *x)
{
	add_some(x, c, MANY);
}

#define ENOUGH_AT(path_) \
	{ \
		.method = GET, .path = path_, .handle = answer_enough, .access = ACCESS_PUBLIC \
	}
#define STAGE_MODULE(name_, path, stage_place, ...) \
	static const struct route name_##_routes[] = ROUTES(ENOUGH_AT(path)); \
	static const struct module_stage name_##_stages[] = STAGES( \
		{ .name = #name_, .place = stage_place, .light = true, __VA_ARGS__ }); \
	static const struct module name_ = { .name = #name_, \
					     .routes = name_##_routes, \
					     .stages = name_##_stages }
STAGE_MODULE(early, "/early", BEFORE_SENDER, .run = add_many_before);
STAGE_MODULE(middle, "/middle", BEFORE_OPERATION, .run = add_many_before);
STAGE_MODULE(late, "/late", OVER_ANSWER, .finish = add_many_over);

static int open_with_heads(void **state)
{
	static const struct module *const modules[] = { &heads, &early, &middle, &late, NULL };
	(void)state;
	house_open(modules, (const char *const[]){ "server.cors_origins=http://a.test",
						   "server.trusted_proxies=127.0.0.1",
						   "limits.apply=on", NULL });
	return 0;
}

/* ---- rows ---- */

struct head_case {
	const char *method, *target;
	int status;
	/* names of headers, one after the other, each of which it has once */
	const char *has[20];
	/* that it has not; or NULL */
	const char *lacks;
};

static void assert_once(const struct reply *reply, const char *name)
{
	char line[64];
	snprintf(line, sizeof(line), "\r\n%s: ", name);
	const char *at = strstr(reply->head, line);
	if (!at)
		fail_msg("%s is not there:\n%s", name, reply->head);
	assert_null(strstr(at + 1, line));
}

static void is_answered(void **state)
{
	const struct head_case *row = *state;
	struct reply reply;
	client_call(&house_server,
		    &(struct request){ .method = row->method,
				       .target = row->target,
				       .headers = "Origin: http://a.test\r\n"
						  "X-Forwarded-For: 192.0.2.1\r\n"
						  "Accept-Encoding: gzip\r\n" },
		    &reply);
	assert_int_equal(reply.status, row->status);
	for (int i = 0; row->has[i]; i++)
		assert_once(&reply, row->has[i]);
	if (row->lacks)
		assert_null(reply_header(&reply, row->lacks));
	if (row->status == 500)
		assert_json_has(reply.body, "'code':'internal_error'");
	reply_done(&reply);
}

static void sets_the_last(void **state)
{
	struct reply reply;
	(void)state;
	client_call(&house_server, &(struct request){ .method = "GET", .target = "/api/v1/enough" },
		    &reply);
	assert_string_equal(reply_header(&reply, "X-O-0"), "100");
	reply_done(&reply);
}

/* The others are left out: the answer is made. */
static void goes_on_without_the_rest(void **state)
{
	struct reply reply;
	(void)state;
	client_call(&house_server, &(struct request){ .method = "GET", .target = "/api/v1/late" },
		    &reply);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.body, "text");
	reply_done(&reply);
}

#define ANSWER(sentence, ...) ROW_OF(sentence, is_answered, (&(struct head_case){ __VA_ARGS__ }))
#define EARLY "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"
#define GOES "Deprecation", "Sunset"
#define LEFT "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"
#define SETS "X-B-0", "X-B-1", "X-B-2", "X-O-0", "X-O-1", "X-O-2", "X-O-3"
#define V "/api/v1"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ANSWER("an answer has all that tables can ask for at once", "POST", V "/made", 201,
		       { EARLY, GOES, SETS, LEFT, "Location", "ETag", "Content-Encoding" }, NULL),
		ANSWER("and ten of a handler's own", "GET", V "/enough", 200,
		       { EARLY, GOES, SETS, LEFT, "X-Some-0", "X-Some-9" }, NULL),
		ANSWER("a handler that adds too many is answered as an error", "GET", V "/many",
		       500, { EARLY, SETS, LEFT }, "X-Some-0"),
		ANSWER("so is one that has a file for it", "GET", V "/many/file", 500,
		       { EARLY, SETS, LEFT }, "Accept-Ranges"),
		ANSWER("and one that has a file again and again", "GET", V "/files", 500,
		       { EARLY, SETS, LEFT }, "Accept-Ranges"),
		ANSWER("one that fails by itself fails with that", "GET", V "/failed", 503,
		       { EARLY, SETS, LEFT }, "X-Some-0"),
		ANSWER("a stage before the sender that adds too many", "GET", V "/early", 500,
		       { EARLY, LEFT }, "X-Some-0"),
		ANSWER("one before the operation", "GET", V "/middle", 500, { EARLY, LEFT },
		       "X-Some-0"),
		ROW("one over the answer adds as many as there is room for",
		    goes_on_without_the_rest),
		ROW("a header that a stage sets twice has the last value", sets_the_last),
	};
	return rows_run_with("core/http/headers", rows, COUNT_OF(rows), open_with_heads,
			     house_close);
}
