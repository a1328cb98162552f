/* threaded */
/*
 * Changes that are asked for with an Idempotency-Key: what was done is not done again, and is
 * answered as before; what failed may be mended and sent again.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "app/modules.h"
#include "core/http/house.h"
#include "core/idempotency.h"
#include "core/limit.h"
#include "modules/users.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/store.h"

/* SQLite calls this one by its name: a program's own comes before the C library's. */
static atomic_bool sync_fails;
int fdatasync(int fd)
{
	if (sync_fails) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

/* ---- a module of what takes a key and what does not ---- */

struct note_create {
	const char *text;
};
struct note_done {
	const char *text;
};
SCHEMA(note_create, FIELD(struct note_create, text, .required = true, .max_len = 200000));
SCHEMA(note_done, FIELD(struct note_done, text));

static atomic_int prepared_times;

static enum app_err prepare_note(struct ctx *c, struct note_create *in, struct note_done *ret)
{
	(void)c, (void)ret;
	/* as a hash with a fresh salt does: what the input was is not seen in it any more */
	in->text = arena_printf(c->arena, "%s %d", in->text, ++prepared_times);
	return APP_OK;
}
PREPARE_FN(prepare_note, struct note_create, struct note_done)

static enum app_err keep_note(struct ctx *c, const struct note_create *in, struct note_done *ret)
{
	ret->text = in->text;
	return db_exec(c, "INSERT INTO tags (name, name_key) VALUES ($1, $1)",
		       BIND(arena_printf(c->arena, "%.40s", in->text)), NULL);
}
OPERATION_FN(keep_note, struct note_create, struct note_done)

static int busy(const void *out)
{
	(void)out;
	return 503;
}

static enum app_err answer_raw(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	return http_answer(x, 200, "text/plain; charset=utf-8", "raw", 3);
}

#define COMMAND_OF(variable, ...) \
	static const struct operation variable = { .name = "keys." #variable, \
						   .summary = "Keep a note", \
						   .kind = COMMAND, \
						   .in = &note_create_schema, \
						   .out = &note_done_schema, \
						   RUN(keep_note), \
						   __VA_ARGS__ }
COMMAND_OF(plain, .access = ACCESS_USER);
COMMAND_OF(prepared, .access = ACCESS_USER, PREPARE(prepare_note), .prepare_lane = POOL_WORK);
COMMAND_OF(unsure, .access = ACCESS_USER);
COMMAND_OF(secret, .access = ACCESS_USER, .gives_secret = true);
COMMAND_OF(open_to_all, .access = ACCESS_PUBLIC);

static const struct route keys_routes[] = ROUTES(
	{ POST, "/plain", &plain, .status = 201, .root = true, .max_body = 1 << 20 },
	{ POST, "/prepared", &prepared, .status = 201, .root = true },
	{ POST, "/unsure", &unsure, .status_of = busy, .other_status = 503, .root = true },
	{ POST, "/secret", &secret, .status = 201, .root = true },
	{ POST, "/public", &open_to_all, .status = 201, .root = true },
	{ POST, "/raw", NULL, answer_raw, .access = ACCESS_PUBLIC, .root = true });
static const struct module keys_module = { "keys", "Are taken.", .routes = keys_routes };

/* ---- the house ---- */

static char bobs_token[TOKEN_ROOM];

/* Makes an account, and signs in. */
static void account_open(const char *name, char ret_token[TOKEN_ROOM])
{
	struct arena *arena = &house_stage.scene.arena;
	struct reply reply;
	stage_call_ok(&house_stage, AS_SYSTEM, &users_create,
		      arena_printf(arena,
				   "{'username':'%s','email':'%s@example.com',"
				   "'password':'" SERVER_PASSWORD "'}",
				   name, name));
	client_call(&house_server,
		    &(struct request){
			    .method = "POST",
			    .target = "/api/v1/auth/login",
			    .body = arena_printf(arena,
						 "{'login':'%s','password':'" SERVER_PASSWORD "'}",
						 name) },
		    &reply);
	reply_text(&reply, "access_token", ret_token, TOKEN_ROOM);
	reply_done(&reply);
}

static int open_house(void **state)
{
	static const struct module *modules[16];
	size_t count = 0;
	(void)state;
	while (app_modules[count]) {
		modules[count] = app_modules[count];
		count++;
	}
	modules[count] = &keys_module;
	house_open(modules, (const char *const[]){ "server.cors_origins=https://a.example",
						   "idempotency.account_answers=4",
						   "idempotency.account_bytes=100KiB", NULL });
	house_stage.scene.c.clock = &clock_system;
	stage_call_ok(&house_stage, AS_SYSTEM, &users_create,
		      "{'username':'admin','email':'admin@example.com',"
		      "'password':'" SERVER_PASSWORD "','is_superuser':true}");
	server_sign_in(&house_server);
	account_open("bob", bobs_token);
	return 0;
}

static int close_house(void **state)
{
	limit_table_drop(house_stage.scene.app.kept_answers);
	return house_close(state);
}

static struct reply ask_as(const char *token, const char *method, const char *target,
			   const char *headers, const char *body)
{
	struct reply reply;
	client_call(&house_server,
		    &(struct request){ .method = method,
				       .target = target,
				       .headers = headers,
				       .body = body,
				       .token = token },
		    &reply);
	return reply;
}

static struct reply ask(const char *method, const char *target, const char *headers,
			const char *body)
{
	return ask_as(house_server.token, method, target, headers, body);
}

/* The status alone. */
static int status_of(const char *method, const char *target, const char *headers, const char *body)
{
	struct reply reply = ask(method, target, headers, body);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

static int64_t count_of(const char *what)
{
	return stage_int(&house_stage,
			 arena_printf(&house_stage.scene.arena, "SELECT count(*) FROM %s", what));
}

/* Of all that a change here may leave, one number. */
static int64_t count_of_all(void)
{
	int64_t all = 0;
	static const char *const tables[] = { "posts", "users", "tags", "audit" };
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		all = all * 1000 + count_of(tables[i]);
	return all;
}

static void is_replayed(const struct reply *reply, bool replayed)
{
	const char *header = reply_header(reply, "Idempotency-Replayed");
	assert_string_equal(header ? header : "", replayed ? "true" : "");
}

/* ---- the same again ---- */

static void has_same_header(const struct reply *first, const struct reply *again, const char *name)
{
	char one[128] = "", other[128] = "";
	const char *value = reply_header(first, name);
	snprintf(one, sizeof(one), "%s", value ? value : "");
	value = reply_header(again, name);
	snprintf(other, sizeof(other), "%s", value ? value : "");
	assert_string_equal(one, other);
}

struct repeated {
	const char *method, *target, *body;
	int status;
};

static void is_answered_as_before(void **state)
{
	const struct repeated *row = *state;
	char header[64];
	static int number;
	int64_t keys = count_of("idempotency"), rows[2];
	snprintf(header, sizeof(header), "Idempotency-Key: \"same %d\"\r\n", number++);
	struct reply first = ask(row->method, row->target, header, row->body);
	rows[0] = count_of_all();
	struct reply again = ask(row->method, row->target, header, row->body);
	rows[1] = count_of_all();
	if (first.status != row->status)
		fail_msg("%d: %s", first.status, first.body);
	assert_int_equal(again.status, row->status);
	assert_string_equal(again.body, first.body);
	is_replayed(&first, false);
	is_replayed(&again, true);
	has_same_header(&first, &again, "Location");
	has_same_header(&first, &again, "ETag");
	has_same_header(&first, &again, "Content-Type");
	assert_int_equal(rows[0], rows[1]);
	assert_int_equal(count_of("idempotency"), keys + 1);
	reply_done(&first);
	reply_done(&again);
}

#define AGAIN(sentence, ...) \
	ROW_OF(sentence, is_answered_as_before, (&(struct repeated){ __VA_ARGS__ }))

static void a_condition_that_held_once_holds_again(void **state)
{
	(void)state;
	char headers[200];
	struct reply made = ask("POST", "/api/v1/posts", NULL, "{'title':'Condition'}");
	char target[64];
	strcpy(target, reply_header(&made, "Location"));
	snprintf(headers, sizeof(headers), "Idempotency-Key: condition\r\nIf-Match: %s\r\n",
		 reply_header(&made, "ETag"));
	reply_done(&made);
	assert_int_equal(status_of("PATCH", target, headers, "{'title':'New'}"), 200);
	struct reply again = ask("PATCH", target, headers, "{'title':'New'}");
	assert_int_equal(again.status, 200);
	is_replayed(&again, true);
	reply_done(&again);
	/* it is an input */
	assert_int_equal(status_of("PATCH", target, "Idempotency-Key: condition\r\nIf-Match: *\r\n",
				   "{'title':'New'}"),
			 422);
}

static void both_forms_are_one_key(void **state)
{
	(void)state;
	const char *body = "{'title':'Forms'}";
	assert_int_equal(status_of("POST", "/api/v1/posts", "Idempotency-Key: forms\r\n", body),
			 201);
	struct reply again = ask("POST", "/api/v1/posts", "Idempotency-Key: \"forms\"\r\n",
				 "{ 'title' : 'Forms' }");
	is_replayed(&again, true);
	reply_done(&again);
	assert_int_equal(count_of("posts WHERE title = 'Forms'"), 1);
}

static void what_was_prepared_is_not_prepared_again(void **state)
{
	(void)state;
	int before = prepared_times;
	for (int i = 0; i < 2; i++)
		assert_int_equal(status_of("POST", "/prepared", "Idempotency-Key: prepared\r\n",
					   "{'text':'prepared'}"),
				 201);
	assert_int_equal(prepared_times, before + 1);
}

/* ---- others ---- */

static void another_input_is_refused(void **state)
{
	const struct repeated *other = *state;
	static const char key[] = "Idempotency-Key: other\r\n";
	int first = status_of("POST", "/api/v1/posts", key, "{'title':'One','tags':['a']}");
	assert_int_equal(first, 201);
	int64_t rows = count_of("posts") + count_of("tags");
	struct reply reply = ask(other->method, other->target, key, other->body);
	assert_int_equal(reply.status, 422);
	assert_json_has(reply.body, "'loc':['header','idempotency-key']");
	assert_json_has(reply.body, "'code':'idempotency_key_reused'");
	reply_done(&reply);
	assert_int_equal(count_of("posts") + count_of("tags"), rows);
}

#define OTHER(sentence, ...) \
	ROW_OF(sentence, another_input_is_refused, (&(struct repeated){ __VA_ARGS__ }))

static void another_password_is_another_input(void **state)
{
	(void)state;
	static const char key[] = "Idempotency-Key: password\r\n";
	assert_int_equal(status_of("POST", "/api/v1/users", key,
				   "{'username':'eve','email':'eve@example.com',"
				   "'password':'" ADA_PASSWORD "'}"),
			 201);
	struct reply again = ask("POST", "/api/v1/users", key,
				 "{'username':'eve','email':'eve@example.com',"
				 "'password':'" ADA_PASSWORD "'}");
	is_replayed(&again, true);
	reply_done(&again);
	assert_int_equal(status_of("POST", "/api/v1/users", key,
				   "{'username':'eve','email':'eve@example.com',"
				   "'password':'" ROOT_PASSWORD "'}"),
			 422);
	/* it is in no row: neither as it is, nor as a hash that could be tried without the key */
	assert_int_equal(count_of("idempotency WHERE key = 'password' AND length(input_hash) = 32"
				  " AND body NOT LIKE '%staple%'"),
			 1);
}

static void another_account_has_keys_of_its_own(void **state)
{
	(void)state;
	static const char key[] = "Idempotency-Key: mine\r\n", body[] = "{'title':'Mine'}";
	assert_int_equal(status_of("POST", "/api/v1/posts", key, body), 201);
	struct reply reply = ask_as(bobs_token, "POST", "/api/v1/posts", key, body);
	assert_int_equal(reply.status, 201);
	is_replayed(&reply, false);
	reply_done(&reply);
	assert_int_equal(count_of("posts WHERE title = 'Mine'"), 2);
}

/* Who may not any more is told so, whatever he was answered before. */
static void who_lost_the_right_is_refused(void **state)
{
	(void)state;
	static const char key[] = "Idempotency-Key: right\r\n";
	static const char body[] = "{'username':'late','email':'late@example.com'}";
	stage_exec(&house_stage, "UPDATE users SET is_superuser = true WHERE username = 'bob'");
	struct reply first = ask_as(bobs_token, "POST", "/api/v1/users", key, body);
	assert_int_equal(first.status, 201);
	reply_done(&first);
	stage_exec(&house_stage, "UPDATE users SET is_superuser = false WHERE username = 'bob'");
	struct reply again = ask_as(bobs_token, "POST", "/api/v1/users", key, body);
	assert_int_equal(again.status, 403);
	reply_done(&again);
}

/* What is kept may tell of an account, so it is gone with it. */
static void what_is_kept_goes_with_its_account(void **state)
{
	(void)state;
	char token[TOKEN_ROOM];
	static const char key[] = "Idempotency-Key: leaver\r\n";
	account_open("leaver", token);
	for (int i = 0; i < 2; i++) {
		struct reply reply = ask_as(token, "PATCH", "/api/v1/users/me", key,
					    "{'full_name':'Casey Leaver'}");
		assert_int_equal(reply.status, 200);
		is_replayed(&reply, i == 1);
		reply_done(&reply);
	}
	assert_int_equal(count_of("idempotency WHERE body LIKE '%Casey Leaver%'"), 1);
	/* so many that they go in steps of their own */
	stage_exec(&house_stage,
		   "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)"
		   " INSERT INTO idempotency (user_id, key, input_hash, at)"
		   " SELECT user_id, CAST(i AS TEXT), '', at FROM idempotency, n"
		   " WHERE key = 'leaver'");
	struct reply gone = ask_as(token, "DELETE", "/api/v1/users/me",
				   "Idempotency-Key: leaves\r\n",
				   "{'current_password':'" SERVER_PASSWORD "'}");
	assert_int_equal(gone.status, 204);
	reply_done(&gone);
	assert_int_equal(count_of("idempotency WHERE key IN ('leaver', 'leaves', '450')"), 0);
}

/* ---- what is not kept ---- */

static void what_failed_is_mended_and_sent_again(void **state)
{
	(void)state;
	static const char key[] = "Idempotency-Key: mended\r\n";
	int64_t keys = count_of("idempotency");
	assert_int_equal(status_of("POST", "/api/v1/users", key,
				   "{'username':'admin','email':'mended@example.com'}"),
			 409);
	assert_int_equal(status_of("POST", "/api/v1/users", key, "{'username':''}"), 422);
	assert_int_equal(count_of("idempotency"), keys);
	assert_int_equal(status_of("POST", "/api/v1/users", key,
				   "{'username':'mended','email':'mended@example.com'}"),
			 201);
	assert_int_equal(count_of("idempotency"), keys + 1);
}

static void a_large_answer_is_told_once(void **state)
{
	(void)state;
	enum { LARGE = 65 * 1024 };
	char *body = malloc(LARGE + 32);
	memset(body, 'x', LARGE + 32);
	memcpy(body, "{'text':'large ", 15);
	memcpy(body + LARGE, "'}", 3);
	static const char key[] = "Idempotency-Key: large\r\n";
	struct reply first = ask("POST", "/plain", key, body);
	assert_int_equal(first.status, 201);
	assert_true(first.body_len > LARGE - 16);
	reply_done(&first);
	struct reply again = ask("POST", "/plain", key, body);
	assert_int_equal(again.status, 409);
	assert_json_has(again.body, "'code':'answer_not_kept'");
	reply_done(&again);
	assert_int_equal(count_of("tags WHERE name LIKE 'large%'"), 1);
	assert_int_equal(count_of("idempotency WHERE key = 'large' AND body IS NULL"), 1);
	free(body);
}

static void what_is_no_success_is_not_kept(void **state)
{
	(void)state;
	static const char key[] = "Idempotency-Key: unsure\r\n";
	assert_int_equal(status_of("POST", "/unsure", key, "{'text':'unsure 1'}"), 503);
	assert_int_equal(count_of("idempotency WHERE key = 'unsure'"), 0);
	assert_int_equal(status_of("POST", "/unsure", key, "{'text':'unsure 2'}"), 503);
	assert_int_equal(count_of("tags WHERE name LIKE 'unsure%'"), 2);
}

static void a_dry_run_keeps_nothing(void **state)
{
	(void)state;
	static const char both[] = "Idempotency-Key: dry\r\nPrefer: dry-run\r\n";
	struct reply reply = ask("POST", "/api/v1/posts", both, "{'title':'Dry'}");
	assert_int_equal(reply.status, 201);
	assert_string_equal(reply_header(&reply, "Preference-Applied"), "dry-run");
	reply_done(&reply);
	assert_int_equal(count_of("idempotency WHERE key = 'dry'"), 0);
	assert_int_equal(
		status_of("POST", "/api/v1/posts", "Idempotency-Key: dry\r\n", "{'title':'Dry'}"),
		201);
	assert_int_equal(count_of("posts WHERE title = 'Dry'"), 1);
}

static void a_key_that_is_old_counts_no_more(void **state)
{
	(void)state;
	static const char key[] = "Idempotency-Key: old\r\n";
	assert_int_equal(status_of("POST", "/api/v1/posts", key, "{'title':'Old'}"), 201);
	stage_exec(&house_stage, "UPDATE idempotency SET at = at - 86400000001 WHERE key = 'old'");
	struct reply reply = ask("POST", "/api/v1/posts", key, "{'title':'Other'}");
	assert_int_equal(reply.status, 201);
	is_replayed(&reply, false);
	reply_done(&reply);
	struct reply again = ask("POST", "/api/v1/posts", key, "{'title':'Other'}");
	is_replayed(&again, true);
	reply_done(&again);
}

/* ---- refused ---- */

struct refused {
	const char *target, *header, *code;
};

static void is_refused(void **state)
{
	const struct refused *row = *state;
	int64_t before = count_of("tags");
	struct reply reply = ask("POST", row->target, row->header, "{'text':'refused'}");
	assert_int_equal(reply.status, 400);
	assert_json_has(reply.body, row->code);
	reply_done(&reply);
	assert_int_equal(count_of("tags"), before);
}

#define REFUSED(sentence, target, header, code) \
	ROW_OF(sentence, is_refused, \
	       (&(struct refused){ target, "Idempotency-Key: " header "\r\n", code }))

static void reads_take_any(void **state)
{
	(void)state;
	assert_int_equal(status_of("GET", "/api/v1/posts", "Idempotency-Key: \"\r\n", NULL), 200);
}

static void pages_may_send_and_read_it(void **state)
{
	(void)state;
	struct reply reply = ask_as(NULL, "OPTIONS", "/api/v1/posts",
				    "Origin: https://a.example\r\n"
				    "Access-Control-Request-Method: POST\r\n",
				    NULL);
	assert_non_null(
		strstr(reply_header(&reply, "Access-Control-Allow-Headers"), "idempotency-key"));
	assert_non_null(strstr(reply_header(&reply, "Access-Control-Expose-Headers"),
			       "Idempotency-Replayed"));
	reply_done(&reply);
}

/* ---- how much is kept for one account ---- */

/* From here on it is counted; for whom nothing was. */
static void bounds_open(const char *name, char ret_token[TOKEN_ROOM])
{
	struct app *app = &house_stage.scene.app;
	account_open(name, ret_token);
	if (!app->kept_answers)
		app->kept_answers = idempotency_room_new();
}

static int post_as(const char *token, const char *key, const char *body)
{
	char header[64];
	snprintf(header, sizeof(header), "Idempotency-Key: %s\r\n", key);
	struct reply reply = ask_as(token, "POST", "/plain", header, body);
	int status = reply.status;
	if (status == 429) {
		assert_json_has(reply.body, "'code':'idempotency_keys_spent'");
		assert_non_null(reply_header(&reply, "Retry-After"));
	}
	reply_done(&reply);
	return status;
}

static void past_the_bound_no_key_is_taken(void **state)
{
	(void)state;
	char token[TOKEN_ROOM], other[TOKEN_ROOM];
	bounds_open("cara", token);
	bounds_open("dora", other);
	for (int i = 0; i < 4; i++) {
		const char *name = (const char *const[]){ "b1", "b2", "b3", "b4" }[i];
		char body[64];
		snprintf(body, sizeof(body), "{'text':'bound %d'}", i);
		assert_int_equal(post_as(token, name, body), 201);
		assert_int_equal(post_as(token, name, body), 201);
	}
	assert_int_equal(post_as(token, "b5", "{'text':'bound 5'}"), 429);
	assert_int_equal(count_of("tags WHERE name LIKE 'bound%'"), 4);
	assert_int_equal(count_of("idempotency WHERE key = 'b5'"), 0);
	/* nothing that was kept is lost for it */
	assert_int_equal(post_as(token, "b1", "{'text':'bound 0'}"), 201);
	assert_int_equal(count_of("tags WHERE name LIKE 'bound%'"), 4);
	struct reply reply = ask_as(token, "POST", "/plain", NULL, "{'text':'bound 6'}");
	assert_int_equal(reply.status, 201);
	reply_done(&reply);
	assert_int_equal(post_as(other, "b5", "{'text':'bound 7'}"), 201);
}

/* Nor is it prepared, which may be dear. */
static void past_the_bound_nothing_is_prepared(void **state)
{
	(void)state;
	char token[TOKEN_ROOM], body[64];
	bounds_open("edna", token);
	for (int i = 0; i < 4; i++) {
		char key[8];
		snprintf(key, sizeof(key), "p%d", i);
		snprintf(body, sizeof(body), "{'text':'prepares %d'}", i);
		assert_int_equal(post_as(token, key, body), 201);
	}
	int before = prepared_times;
	struct reply reply = ask_as(token, "POST", "/prepared", "Idempotency-Key: p9\r\n",
				    "{'text':'prepares 9'}");
	assert_int_equal(reply.status, 429);
	reply_done(&reply);
	assert_int_equal(prepared_times, before);
}

static void large_answers_fill_it_sooner(void **state)
{
	(void)state;
	enum { LARGE = 60 * 1024 };
	char token[TOKEN_ROOM];
	bounds_open("fred", token);
	struct arena *arena = &house_stage.scene.arena;
	char *text = arena_raw(arena, LARGE + 1);
	memset(text, 'x', LARGE);
	text[LARGE] = '\0';
	for (int i = 0; i < 2; i++)
		assert_int_equal(post_as(token, i ? "l1" : "l0",
					 arena_printf(arena, "{'text':'large %d %s'}", i, text)),
				 201);
	assert_int_equal(post_as(token, "l2", "{'text':'large 2'}"), 429);
	assert_int_equal(count_of("idempotency WHERE key IN ('l0', 'l1') AND"
				  " length(body) > 60000"),
			 2);
}

/* ---- many at once, and what nobody knows ---- */

enum { RACERS = 50 };

struct racer {
	pthread_t thread;
	struct reply reply;
};

/* Whoever finds no room asks again: that is what a key is for. */
static void *race(void *arg)
{
	struct racer *racer = arg;
	do {
		reply_done(&racer->reply);
		racer->reply = ask("POST", "/api/v1/posts", "Idempotency-Key: race\r\n",
				   "{'title':'Race'}");
	} while (racer->reply.status == 503);
	return NULL;
}

static void many_at_once_write_once(void **state)
{
	(void)state;
	struct racer racers[RACERS] = { 0 };
	int first = 0;
	for (int i = 0; i < RACERS; i++)
		assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
	for (int i = 0; i < RACERS; i++) {
		pthread_join(racers[i].thread, NULL);
		assert_int_equal(racers[i].reply.status, 201);
		assert_string_equal(racers[i].reply.body, racers[0].reply.body);
		first += reply_header(&racers[i].reply, "Idempotency-Replayed") == NULL;
	}
	for (int i = 0; i < RACERS; i++)
		reply_done(&racers[i].reply);
	assert_int_equal(first, 1);
	assert_int_equal(count_of("posts WHERE title = 'Race'"), 1);
}

/* The disk fails, or the connection to the database ends, in the middle of a COMMIT. */
static void the_commit_fails(bool fails)
{
	if (!store_is_postgres)
		sync_fails = fails;
	else if (fails)
		stage_exec(&house_stage,
			   "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
			   " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$");
}

static void an_unknown_outcome_is_asked_for_again(void **state)
{
	(void)state;
	static const char key[] = "Idempotency-Key: unknown\r\n";
	the_commit_fails(true);
	if (store_is_postgres)
		stage_exec(&house_stage,
			   "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON posts DEFERRABLE"
			   " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()");
	struct reply first = ask("POST", "/api/v1/posts", key, "{'title':'Unknown'}");
	the_commit_fails(false);
	if (store_is_postgres)
		stage_exec(&house_stage, "DROP TRIGGER die ON posts");
	assert_int_equal(first.status, 503);
	assert_json_has(first.body, "'outcome_unknown'");
	assert_string_equal(reply_header(&first, "Retry-After"), "1");
	reply_done(&first);
	struct reply again = ask("POST", "/api/v1/posts", key, "{'title':'Unknown'}");
	assert_int_equal(again.status, 201);
	reply_done(&again);
	assert_int_equal(count_of("posts WHERE title = 'Unknown'"), 1);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		AGAIN("S53 a new row is made once, and answered as before", "POST", "/api/v1/posts",
		      "{'title':'Again','tags':['x']}", 201),
		AGAIN("a deletion, too, though there is nothing left", "DELETE", "/api/v1/posts/1",
		      NULL, 204),
		AGAIN("a batch, too", "POST", "/api/v1/posts/batch",
		      "{'items':[{'title':'B1'},{'title':'B2'}]}", 201),
		AGAIN("an account with a password, too", "POST", "/api/v1/users",
		      "{'username':'carl','email':'carl@example.com','password':'" ADA_PASSWORD
		      "'}",
		      201),
		AGAIN("what is prepared, too", "POST", "/prepared", "{'text':'again'}", 201),
		ROW("a condition that held once holds again",
		    a_condition_that_held_once_holds_again),
		ROW("both forms of a key are one, and blanks in JSON no difference",
		    both_forms_are_one_key),
		ROW("what was prepared is not prepared again",
		    what_was_prepared_is_not_prepared_again),
		OTHER("S53 the same key with another body is refused", "POST", "/api/v1/posts",
		      "{'title':'Two'}", 0),
		OTHER("with a member that is missing, too", "POST", "/api/v1/posts",
		      "{'title':'One'}", 0),
		OTHER("and with another operation", "DELETE", "/api/v1/posts/2", NULL, 0),
		OTHER("or one that is prepared", "POST", "/prepared", "{'text':'One'}", 0),
		ROW("another password is another input", another_password_is_another_input),
		ROW("another account has keys of its own", another_account_has_keys_of_its_own),
		ROW("who lost the right is refused", who_lost_the_right_is_refused),
		ROW("what is kept of an account goes with it", what_is_kept_goes_with_its_account),
		ROW("what failed is mended and sent again", what_failed_is_mended_and_sent_again),
		ROW("an answer past 64 KiB is told once, and then that it was",
		    a_large_answer_is_told_once),
		ROW("what is told as no success is not kept", what_is_no_success_is_not_kept),
		ROW("a dry run keeps nothing", a_dry_run_keeps_nothing),
		ROW("a key that is old counts no more", a_key_that_is_old_counts_no_more),
		REFUSED("what answers with a secret takes no key", "/secret", "k",
			"'code':'idempotency_key_refused'"),
		REFUSED("what anyone may call takes none", "/public", "k",
			"'code':'idempotency_key_refused'"),
		REFUSED("a raw handler takes none", "/raw", "k",
			"'code':'idempotency_key_refused'"),
		REFUSED("an open quote is no key", "/plain", "\"k",
			"'code':'broken_idempotency_key'"),
		REFUSED("nothing is no key", "/plain", "", "'code':'broken_idempotency_key'"),
		REFUSED("bytes beyond ASCII are none", "/plain", "\xc3\xa9",
			"'code':'broken_idempotency_key'"),
		REFUSED("two keys are none", "/plain", "a\r\nIdempotency-Key: b",
			"was sent more than once"),
		ROW("reads take any", reads_take_any),
		ROW("pages of other origins may send a key and read that it was replayed",
		    pages_may_send_and_read_it),
		ROW("S53 fifty at once with one key make one row, and have one answer",
		    many_at_once_write_once),
		ROW("S53 after an unknown outcome the same key writes once",
		    an_unknown_outcome_is_asked_for_again),
		ROW("past what an account may have kept no key is taken, and nothing is lost",
		    past_the_bound_no_key_is_taken),
		ROW("nor is anything prepared then", past_the_bound_nothing_is_prepared),
		ROW("large answers fill it sooner", large_answers_fill_it_sooner),
	};
	return store_run("core/http/idempotency", rows, COUNT_OF(rows), open_house, close_house);
}
