/* threaded */
/*
 * What a client wishes of a change besides its input. A dry run answers as the change would, and
 * nothing stays; what cannot be tried is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "app/modules.h"
#include "core/http/house.h"
#include "core/log.h"
#include "modules/users.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/store.h"

/* ---- a module of what can be tried and what cannot ---- */

struct note_create {
	const char *username;
};
SCHEMA(note_create, FIELD(struct note_create, username, .required = true));

static enum app_err write_elsewhere(struct ctx *c, void *arg)
{
	(void)arg;
	return db_exec(c, "UPDATE users SET full_name = 'prepared'", BIND(), NULL);
}

/* Writes by itself when it is told to. */
static enum app_err prepare_note(struct ctx *c, struct note_create *in, struct nothing *ret)
{
	(void)ret;
	return strcmp(in->username, "first") ? APP_OK : db_write(c, write_elsewhere, NULL);
}
PREPARE_FN(prepare_note, struct note_create, struct nothing)

static enum app_err rename_all(struct ctx *c, const struct note_create *in, struct nothing *ret)
{
	(void)ret;
	log_info(c, "renamed", LOG_TEXT("to", in->username));
	return db_exec(c, "UPDATE users SET full_name = $1", BIND(in->username), NULL);
}
OPERATION_FN(rename_all, struct note_create, struct nothing)

static enum app_err answer_raw(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	return http_answer(x, 200, "text/plain; charset=utf-8", "raw", 3);
}

#define COMMAND_OF(variable, ...) \
	static const struct operation variable = { .name = "wishes." #variable, \
						   .summary = "Rename all", \
						   .kind = COMMAND, \
						   .in = &note_create_schema, \
						   RUN(rename_all), \
						   __VA_ARGS__ }
COMMAND_OF(prepared, .access = ACCESS_USER, PREPARE(prepare_note), .prepare_lane = POOL_WORK);
COMMAND_OF(untried, .access = ACCESS_USER, .no_dry_run = true);
COMMAND_OF(secret, .access = ACCESS_USER, .gives_secret = true);
COMMAND_OF(open_to_all, .access = ACCESS_PUBLIC);

static const struct route wishes_routes[] = ROUTES(
	{ POST, "/prepared", &prepared, .status = 204, .root = true },
	{ POST, "/untried", &untried, .status = 204, .root = true },
	{ POST, "/secret", &secret, .status = 204, .root = true },
	{ POST, "/public", &open_to_all, .status = 204, .root = true },
	{ POST, "/raw", NULL, answer_raw, .access = ACCESS_PUBLIC, .root = true },
	{ GET, "/look", NULL, answer_raw, .access = ACCESS_PUBLIC, .root = true });
static const struct module wishes_module = { "wishes", "Are told.", .routes = wishes_routes };

/* ---- the house ---- */

static int open_house(void **state)
{
	static const struct module *modules[16];
	size_t count = 0;
	(void)state;
	while (app_modules[count]) {
		modules[count] = app_modules[count];
		count++;
	}
	modules[count] = &wishes_module;
	house_open(modules, (const char *const[]){ "server.cors_origins=https://a.example", NULL });
	stage_call_ok(&house_stage, AS_SYSTEM, &users_create,
		      "{'username':'admin','email':'admin@example.com',"
		      "'password':'" SERVER_PASSWORD "','is_superuser':true}");
	stage_call_ok(&house_stage, AS_SYSTEM, &users_create,
		      "{'username':'bob','email':'bob@example.com'}");
	server_sign_in(&house_server);
	return 0;
}

/* What rows could change: how many there are, and their names. */
static int64_t sum(void)
{
	return stage_int(&house_stage, "SELECT (SELECT count(*) FROM users) * 1000000 +"
				       " (SELECT count(*) FROM posts) * 1000 +"
				       " (SELECT count(*) FROM users WHERE full_name IS NOT NULL)");
}

struct wish {
	const char *method, *target, *header, *body;
	int status;
	/* part of the answer, or NULL; and of its code */
	const char *has;
	bool applied;
};

static void call(const struct wish *wish, struct reply *ret)
{
	client_call(&house_server,
		    &(struct request){ .method = wish->method,
				       .target = wish->target,
				       .headers = wish->header,
				       .body = wish->body,
				       .token = house_server.token },
		    ret);
}

static void changes_nothing(void **state)
{
	const struct wish *wish = *state;
	struct reply reply;
	int64_t before = sum();
	call(wish, &reply);
	if (reply.status != wish->status)
		fail_msg("%d: %s", reply.status, reply.body);
	if (wish->has)
		assert_json_has(reply.body, wish->has);
	const char *applied = reply_header(&reply, "Preference-Applied");
	assert_string_equal(applied ? applied : "", wish->applied ? "dry-run" : "");
	reply_done(&reply);
	assert_int_equal(sum(), before);
}

#define DRY "Prefer: dry-run\r\n"
#define TRIED(sentence, method, target, body, status, has) \
	ROW_OF(sentence, changes_nothing, \
	       (&(struct wish){ method, target, DRY, body, status, has, true }))
#define REFUSED(sentence, target, header, code) \
	ROW_OF(sentence, changes_nothing, \
	       (&(struct wish){ "POST", target, header, "{'username':'x'}", 400, \
				"'code':'" code "'", false }))

/* But for the id and the moment. */
static void a_dry_run_answers_as_the_change_does(void **state)
{
	(void)state;
	struct wish wish = { .method = "POST",
			     .target = "/api/v1/users",
			     .header = DRY,
			     .body = "{'username':'eve','email':'eve@example.com'}" };
	struct reply tried, done;
	call(&wish, &tried);
	wish.header = NULL;
	call(&wish, &done);
	assert_int_equal(tried.status, 201);
	assert_int_equal(done.status, 201);
	const char *same = "'username':'eve','email':'eve@example.com','full_name':null,"
			   "'is_active':true,'is_superuser':false,'roles':['member'],'created_at':";
	assert_json_has(tried.body, same);
	assert_json_has(done.body, same);
	assert_non_null(strstr(reply_header(&tried, "Location"), "/api/v1/users/"));
	reply_done(&tried);
	reply_done(&done);
}

static void other_preferences_are_ignored(void **state)
{
	(void)state;
	struct reply reply;
	int64_t before = sum();
	call(&(struct wish){ .method = "POST",
			     .target = "/api/v1/posts",
			     .header = "Prefer: return=minimal, wait=\"1\"\r\n",
			     .body = "{'title':'T'}" },
	     &reply);
	assert_int_equal(reply.status, 201);
	assert_null(reply_header(&reply, "Preference-Applied"));
	reply_done(&reply);
	assert_int_equal(sum(), before + 1000);
}

static void reads_take_any(void **state)
{
	const char *target = *state;
	struct reply reply;
	call(&(struct wish){ .method = "GET",
			     .target = target,
			     .header = "Prefer: dry-run, a=\"\r\n" },
	     &reply);
	assert_int_equal(reply.status, 200);
	assert_null(reply_header(&reply, "Preference-Applied"));
	reply_done(&reply);
}

static void pages_may_ask_and_read(void **state)
{
	(void)state;
	struct reply reply;
	client_call(&house_server,
		    &(struct request){ .method = "OPTIONS",
				       .target = "/api/v1/posts",
				       .headers = "Origin: https://a.example\r\n"
						  "Access-Control-Request-Method: POST\r\n" },
		    &reply);
	assert_non_null(strstr(reply_header(&reply, "Access-Control-Allow-Headers"), "prefer"));
	assert_non_null(strstr(reply_header(&reply, "Access-Control-Expose-Headers"),
			       "Preference-Applied"));
	reply_done(&reply);
}

/* A guess that is only tried would leave no trace. */
static void no_guess_is_only_tried(void **state)
{
	const char *member = *state;
	int count = 0;
	for (const struct module *const *module = app_modules; *module; module++)
		for (const struct route *route = (*module)->routes; route && route->path; route++) {
			if (!route->op || !route->op->in || !schema_field(route->op->in, member))
				continue;
			count++;
			if (op_may_be_tried(route->op))
				fail_msg("%s can be tried", route->op->name);
		}
	assert_true(count > 0);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a dry run answers as the change does", a_dry_run_answers_as_the_change_does),
		TRIED("S53 a dry run of a new row", "POST", "/api/v1/posts", "{'title':'T'}", 201,
		      "'title':'T'"),
		TRIED("S53 a dry run of a password, which is hashed", "POST", "/api/v1/users",
		      "{'username':'una','email':'u@example.com','password':'" ROOT_PASSWORD "'}",
		      201, "'username':'una'"),
		TRIED("a dry run that finds a conflict", "POST", "/api/v1/users",
		      "{'username':'admin','email':'u@example.com'}", 409, "username"),
		TRIED("a dry run of a deletion", "DELETE", "/api/v1/users/2", NULL, 204, NULL),
		TRIED("a dry run with a prepare step that writes nothing", "POST", "/prepared",
		      "{'username':'second'}", 204, NULL),
		TRIED("a prepare step that writes is not tried", "POST", "/prepared",
		      "{'username':'first'}", 400, "'code':'dry_run_refused'"),
		ROW_OF("wrong input is a 422, as ever", changes_nothing,
		       (&(struct wish){ "POST", "/api/v1/posts", DRY, "{'title':''}", 422,
					"'title'", false })),
		ROW_OF("a wish on the second of two lines counts", changes_nothing,
		       (&(struct wish){ "POST", "/api/v1/posts", "Prefer: wait=1\r\n" DRY,
					"{'title':'T'}", 201, NULL, true })),
		REFUSED("what says that it is not tried", "/untried", DRY, "dry_run_refused"),
		REFUSED("what answers with a secret", "/secret", DRY, "dry_run_refused"),
		REFUSED("what anyone may call", "/public", DRY, "dry_run_refused"),
		REFUSED("a raw handler that may change something", "/raw", DRY, "dry_run_refused"),
		ROW_OF("S53 what asks for the current password cannot be tried",
		       no_guess_is_only_tried, "current_password"),
		ROW_OF("S53 what asks for a code of the second factor cannot be tried",
		       no_guess_is_only_tried, "code"),
		REFUSED("a dry run with a value", "/untried", "Prefer: dry-run=false\r\n",
			"unclear_preference"),
		REFUSED("an open quote", "/prepared", "Prefer: a=\"dry-run\r\n",
			"unclear_preference"),
		ROW("other preferences are ignored", other_preferences_are_ignored),
		ROW_OF("a query takes any", reads_take_any, "/api/v1/posts"),
		ROW_OF("and so does a raw handler that reads", reads_take_any, "/look"),
		ROW("pages of other origins may ask for it and read that it was met",
		    pages_may_ask_and_read),
	};
	return store_run("core/http/wishes", rows, COUNT_OF(rows), open_house, house_close);
}
