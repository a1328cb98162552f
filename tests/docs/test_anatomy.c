/* threaded */
/*
 * docs/anatomy.md held to what it tells of: the functions of its hops are in their files, and its
 * stages are those that a real request goes through, in that order.
 *
 * The pipeline is compiled into this program once more, with a function before each stage that
 * writes the stage's name down. The server runs in this process.
 */
#include "modules/auth/internal.h"
#include "testing/stage.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/modules.h"
#include "core/http/exchange.h"
#include "core/http/pipeline.h"
#include "core/http/stage.h"
#include "core/pool.h"
#include "testing/client.h"

static const char page_path[] = "docs/anatomy.md";

/* ---- the trail of a request ---- */

enum { TRAIL_MAX = 64 };

static pthread_mutex_t trail_lock = PTHREAD_MUTEX_INITIALIZER;
static const char *trail[TRAIL_MAX];
static int trail_len;

static void trail_add(const char *name)
{
	pthread_mutex_lock(&trail_lock);
	assert_true(trail_len < TRAIL_MAX);
	trail[trail_len++] = name;
	pthread_mutex_unlock(&trail_lock);
}

#define TRACED(name) \
	static enum stage_result traced_##name(struct http_exchange *x) \
	{ \
		trail_add(#name); \
		return name(x); \
	}
TRACED(stage_give_request_id)
TRACED(stage_check_head)
TRACED(stage_apply_cors)
TRACED(stage_find_route)
TRACED(stage_limit_network)
TRACED(stage_run_before_sender)
TRACED(stage_check_body)
TRACED(stage_refuse_overload)
TRACED(stage_screen_sender)
TRACED(stage_check_csrf)
TRACED(stage_limit_user)
TRACED(stage_set_deadline)
TRACED(stage_choose_thread)
TRACED(stage_admit_sender)
TRACED(stage_run_before_operation)
TRACED(stage_budget_query)
TRACED(stage_bind_input)
TRACED(stage_take_wishes)
TRACED(stage_run_operation)
TRACED(stage_hold_result)
TRACED(stage_render_answer)
TRACED(stage_hold_answer)
TRACED(stage_tell_limit)
TRACED(stage_run_over_answer)
TRACED(stage_choose_coding)
TRACED(stage_compress_answer)

#define stage_give_request_id traced_stage_give_request_id
#define stage_check_head traced_stage_check_head
#define stage_apply_cors traced_stage_apply_cors
#define stage_find_route traced_stage_find_route
#define stage_limit_network traced_stage_limit_network
#define stage_run_before_sender traced_stage_run_before_sender
#define stage_check_body traced_stage_check_body
#define stage_refuse_overload traced_stage_refuse_overload
#define stage_screen_sender traced_stage_screen_sender
#define stage_check_csrf traced_stage_check_csrf
#define stage_limit_user traced_stage_limit_user
#define stage_set_deadline traced_stage_set_deadline
#define stage_choose_thread traced_stage_choose_thread
#define stage_admit_sender traced_stage_admit_sender
#define stage_run_before_operation traced_stage_run_before_operation
#define stage_budget_query traced_stage_budget_query
#define stage_bind_input traced_stage_bind_input
#define stage_take_wishes traced_stage_take_wishes
#define stage_run_operation traced_stage_run_operation
#define stage_hold_result traced_stage_hold_result
#define stage_render_answer traced_stage_render_answer
#define stage_hold_answer traced_stage_hold_answer
#define stage_tell_limit traced_stage_tell_limit
#define stage_run_over_answer traced_stage_run_over_answer
#define stage_choose_coding traced_stage_choose_coding
#define stage_compress_answer traced_stage_compress_answer
#define pipeline_run pipeline_run_untraced
enum pipeline_result pipeline_run_untraced(struct http_exchange *x);
#include "core/http/pipeline.c"
#undef pipeline_run

enum pipeline_result pipeline_run(struct http_exchange *x)
{
	trail_add("pipeline_run");
	return pipeline_run_untraced(x);
}

/* ---- the page ---- */

enum { HOPS_MAX = 64 };

struct hop {
	char function[64], file[96];
};

struct anatomy {
	struct hop hops[HOPS_MAX];
	int count;
};

/* The numbered lines below the heading that begins so: "3. `function()` in `file`. …" */
static void anatomy_read(const char *heading, struct anatomy *ret)
{
	FILE *file = fopen(page_path, "r");
	assert_non_null(file);
	char *line = NULL;
	size_t room = 0;
	bool is_below = false;
	ret->count = 0;
	while (getline(&line, &room, file) > 0) {
		int number;
		struct hop hop;
		if (strncmp(line, "## ", 3) == 0)
			is_below = strncmp(line + 3, heading, strlen(heading)) == 0;
		if (!is_below || !isdigit((unsigned char)line[0]))
			continue;
		assert_true(ret->count < HOPS_MAX);
		if (sscanf(line, "%d. `%63[a-z_0-9]()` in `%95[^`]`.", &number, hop.function,
			   hop.file) != 3)
			fail_msg("no hop: %s", line);
		ret->hops[ret->count++] = hop;
		assert_int_equal(number, ret->count);
	}
	free(line);
	fclose(file);
	assert_true(ret->count > 0);
}

/* Whether the file has the function's body: its head begins a line, and is no declaration. */
static bool is_defined(const struct hop *hop)
{
	char call[80];
	snprintf(call, sizeof(call), "%s(", hop->function);
	FILE *file = fopen(hop->file, "r");
	if (!file)
		fail_msg("%s names %s, which is not there", page_path, hop->file);
	char *line = NULL;
	size_t room = 0;
	bool is_head = false, found = false;
	while (!found && getline(&line, &room, file) > 0) {
		const char *at = strstr(line, call);
		if (line[0] != '\t' && line[0] != ' ' && at && at > line && strchr(" *", at[-1]))
			is_head = true;
		found = is_head && strcmp(line, "{\n") == 0;
		if (strchr(line, ';'))
			is_head = false;
	}
	free(line);
	fclose(file);
	return found;
}

static void names_functions_that_are_in_these_files(void **state)
{
	struct anatomy page;
	anatomy_read(*state, &page);
	for (int i = 0; i < page.count; i++)
		if (!is_defined(&page.hops[i]))
			fail_msg("%s is not defined in %s", page.hops[i].function,
				 page.hops[i].file);
}

/* Of the page what the trail has: stages, and each time that the pipeline is entered. */
static void trail_is_that_of(const char *heading)
{
	struct anatomy page;
	int at = 0;
	anatomy_read(heading, &page);
	pthread_mutex_lock(&trail_lock);
	for (int i = 0; i < page.count; i++) {
		const char *name = page.hops[i].function;
		if (strncmp(name, "stage_", 6) != 0 && strcmp(name, "pipeline_run") != 0)
			continue;
		assert_string_equal(at < trail_len ? trail[at] : "(the end)", name);
		at++;
	}
	assert_int_equal(at, trail_len);
	pthread_mutex_unlock(&trail_lock);
}

/* ---- the requests ---- */

static char token[1024];

static void sign_in(struct stage *s)
{
	const char *answer;
	stage_ok(s, stage_call(s, AS_NOBODY, &auth_login,
			       "{'login':'Ada','password':'" ADA_PASSWORD "'}", &answer));
	const char *at = strstr(answer, "'access_token':'");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "'access_token':'%1023[^']", token), 1);
}

static void server_open(struct stage *s)
{
	stage_open(s);
	struct app *app = &s->scene.app;
	app->modules = app_modules;
	s->scene.c.clock = &clock_system; /* as that of requests */
	sign_in(s);
	app->pool = pool_new(&(struct pool_options){ .waiting = { 1, 1, 1 } });
	struct http_options options = *(const struct http_options *)config_group(
		app->config, &http_option_group);
	options.host = "127.0.0.1";
	options.port = 0;
	options.loop_budget_us = SECONDS_US(3600); /* however slow the machine is */
	stage_ok(s, http_server_start(&s->scene.c, app, &options, &app->http));
}

static void server_shut(struct stage *s)
{
	struct app *app = &s->scene.app;
	http_server_stop(app->http);
	pool_drop(app->pool);
	app->pool = NULL;
	stage_close(s);
}

struct told {
	const char *heading;
	struct request request;
	int status;
};

static void goes_through_the_stages_in_this_order(void **state)
{
	const struct told *told = *state;
	struct stage s;
	struct reply reply;
	server_open(&s);
	const struct server server = { .port = http_server_port(s.scene.app.http) };
	struct request request = told->request;
	request.token = token;
	trail_len = 0;
	client_call(&server, &request, &reply);
	assert_int_equal(reply.status, told->status);
	reply_done(&reply);
	trail_is_that_of(told->heading);
	server_shut(&s);
}

#define TOLD(heading_, status_, ...) \
	(&(struct told){ .heading = (heading_), .request = { __VA_ARGS__ }, .status = (status_) })

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("the functions of a list are in the files it says",
		       names_functions_that_are_in_these_files, "A list"),
		ROW_OF("the functions of a new row are in the files it says",
		       names_functions_that_are_in_these_files, "A row"),
		ROW_OF("a list goes through its stages in this order, in one go",
		       goes_through_the_stages_in_this_order,
		       TOLD("A list", 200, .method = "GET",
			    .target = "/api/v1/posts?sort=-created_at")),
		ROW_OF("a new row goes through its stages in this order, in three",
		       goes_through_the_stages_in_this_order,
		       TOLD("A row", 201, .method = "POST", .target = "/api/v1/posts",
			    .body = "{'title':'T','content':'C'}")),
	};
	return rows_run("docs/anatomy", rows, COUNT_OF(rows));
}
