/* threaded */
/*
 * Stages and services of modules, in a real server and from the command line. With arguments this
 * program is the croft of its own modules: so it starts itself.
 */
#include "testing/rows.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/modules.h"
#include "app/options.h"
#include "cli/main.h"
#include "core/idempotency.h"
#include "core/log.h"
#include "core/mailer.h"
#include "core/model.h"
#include "core/openapi.h"
#include "core/security.h"
#include "core/seed.h"
#include "docs/door.h"
#include "modules/auth.h"
#include "modules/keys.h"
#include "modules/posts.h"
#include "modules/roles.h"
#include "modules/users.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/postgres.h"
#include "testing/program.h"
#include "testing/server.h"
#include "testing/stage.h"

/* ---- a service that an operation uses ---- */

struct greeter {
	const char *(*greet)(const struct greeter *greeter);
	const char *word;
};
SERVICE_DECLARE(greeter);

static const char *greet_plainly(const struct greeter *greeter)
{
	return greeter->word;
}

static enum app_err start_greeter(struct ctx *c, struct greeter *greeter)
{
	struct door *door;
	greeter->greet = greet_plainly;
	greeter->word = "hello";
	/* that of a module before it is there already */
	return door_get(c, &door);
}

static void stop_greeter(struct ctx *c, struct greeter *greeter)
{
	log_info(c, "greeter ended", LOG_TEXT("word", greeter->word));
}

SERVICE(greeter, start_greeter, stop_greeter);

/* ---- two modules whose stages and operations tell what they found ---- */

struct trail {
	pthread_t first_thread;
	int64_t first_user;
	bool moved;
	int64_t user_id, users;
	const char *word;
};
LEFT_DECLARE(trail);
LEFT(trail);

SCHEMA(trail,
	FIELD(struct trail, moved, .required = true),
	FIELD(struct trail, first_user, .required = true),
	FIELD(struct trail, user_id, .required = true),
	FIELD(struct trail, users, .required = true),
	FIELD(struct trail, word, .required = true));

static enum app_err begin_trail(struct ctx *c, struct http_exchange *x)
{
	struct trail *trail = trail_leave(c);
	trail->first_thread = pthread_self();
	trail->first_user = c->actor.user_id;
	const char *why = http_stage_header(x, 0);
	return why ? ctx_fail(c, APP_CONFLICT, "Turned back at %s: %s", http_route(x)->path, why)
		   : APP_OK;
}

enum { ASKED };

static enum app_err follow_trail(struct ctx *c, struct http_exchange *x)
{
	struct trail *trail = trail_left(c);
	struct greeter *greeter;
	enum app_err err = greeter_get(c, &greeter);
	if (err)
		return err;
	trail->moved = !pthread_equal(trail->first_thread, pthread_self());
	trail->user_id = c->actor.user_id;
	trail->word = greeter->greet(greeter);
	http_stage_set(x, ASKED, "yes");
	return model_int(c, "SELECT count(*) FROM users", BIND(), &trail->users);
}

static enum app_err wait_and_follow(struct ctx *c, struct http_exchange *x)
{
	usleep(1000);
	return follow_trail(c, x);
}

enum { STATUS };

static void tell_status(struct ctx *c, struct http_exchange *x)
{
	http_stage_set(x, STATUS, arena_printf(c->arena, "%d", http_status(x)));
}

/* Counts again: on an event loop that is a step at which its budget is looked at. */
static enum app_err tell_trail(struct ctx *c, const struct nothing *in, struct trail *ret)
{
	const struct trail *trail = trail_left(c);
	int64_t users = 0;
	(void)in;
	*ret = trail ? *trail : (struct trail){ .word = "nobody" };
	enum app_err err = model_int(c, "SELECT count(*) FROM users", BIND(), &users);
	return !err && trail && users != trail->users
		       ? ctx_fail_cause(c, APP_INTERNAL, "another number of users")
		       : err;
}

OPERATION_FN(tell_trail, struct nothing, struct trail)

/* Asks for nothing itself: whatever is cut is its stage. */
static enum app_err repeat_trail(struct ctx *c, const struct nothing *in, struct trail *ret)
{
	(void)in;
	*ret = *trail_left(c);
	return APP_OK;
}

OPERATION_FN(repeat_trail, struct nothing, struct trail)

static const struct operation asking_repeat = {
	.name = "asking.repeat",
	.summary = "Tell what was left, and nothing else",
	.kind = QUERY,
	.access = ACCESS_USER,
	.out = &trail_schema,
	RUN(repeat_trail),
};

struct greeting {
	const char *word;
};
SCHEMA(greeting, FIELD(struct greeting, word, .required = true));

static enum app_err give_greeting(struct ctx *c, const struct nothing *in, struct greeting *ret)
{
	struct greeter *greeter;
	(void)in;
	enum app_err err = greeter_get(c, &greeter);
	if (!err)
		ret->word = greeter->greet(greeter);
	return err;
}

OPERATION_FN(give_greeting, struct nothing, struct greeting)

static const struct operation asking_greet = {
	.name = "asking.greet",
	.summary = "Greet",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &greeting_schema,
	RUN(give_greeting),
};
static const struct operation *const asking_operations[] = { &asking_greet, NULL };

#define TELLS(variable, op_name, op_kind) \
	static const struct operation variable = { \
		.name = op_name, \
		.summary = "Tell what was left", \
		.kind = op_kind, \
		.access = ACCESS_USER, \
		.out = &trail_schema, \
		RUN(tell_trail), \
	}
TELLS(asking_look, "asking.look", QUERY);
TELLS(asking_do, "asking.do", COMMAND);
TELLS(waiting_look, "waiting.look", QUERY);
TELLS(waiting_do, "waiting.do", COMMAND);

#define BEGINS(stage_name) \
	{ \
		.name = stage_name, .place = BEFORE_SENDER, .light = true, .run = begin_trail, \
		.takes = { { .name = "X-Turn-Back", .doc = "Whether to" } }, \
		.fails_with = { APP_CONFLICT }, \
	}

static const struct module_stage asking_stages[] = {
	BEGINS("asking begins"),
	{
		.name = "asks",
		.place = BEFORE_OPERATION,
		.run = follow_trail,
		.sets = { [ASKED] = { .name = "X-Asked" } },
	},
	{
		.name = "status",
		.place = OVER_ANSWER,
		.light = true,
		.finish = tell_status,
		.sets = { [STATUS] = { .name = "X-Status" } },
	},
	{ 0 },
};

static const struct module_stage waiting_stages[] = {
	BEGINS("waiting begins"),
	{
		.name = "waits",
		.place = BEFORE_OPERATION,
		.blocks = true,
		.run = wait_and_follow,
		.sets = { [ASKED] = { .name = "X-Asked" } },
	},
	{ 0 },
};

static const struct route asking_routes[] = {
	{ GET, "/asking", &asking_look, .status = 200 },
	{ POST, "/asking", &asking_do, .status = 200 },
	{ GET, "/asking/again", &asking_repeat, .status = 200 },
	{ 0 },
};
static const struct route waiting_routes[] = {
	{ GET, "/waiting", &waiting_look, .status = 200 },
	{ POST, "/waiting", &waiting_do, .status = 200 },
	{ 0 },
};
/* A command that starts no services asks for one. */
static enum app_err begin_rows(struct ctx *c, struct seeder *s)
{
	struct greeter *greeter;
	(void)s;
	return greeter_get(c, &greeter);
}

static enum app_err write_rows(struct ctx *c, struct seeder *s)
{
	(void)c;
	s->done = s->until;
	return APP_OK;
}

static const struct seed_kind rows_kind = {
	.name = "tags",
	.begin = begin_rows,
	.write = write_rows,
};

static const struct service *const asking_services[] = { &greeter_service, NULL };
static const struct module asking_module = {
	.name = "asking",
	.routes = asking_routes,
	.stages = asking_stages,
	.services = asking_services,
	.operations = asking_operations,
	.seed = &rows_kind,
};
static const struct module waiting_module = {
	.name = "waiting",
	.routes = waiting_routes,
	.stages = waiting_stages,
};

/* ---- the binary that they make ---- */

const struct module *const app_modules[] = { &roles_module,  &users_module,   &auth_module,
					     &keys_module,   &posts_module,   &door_module,
					     &asking_module, &waiting_module, NULL };

const struct option_group *const *app_option_groups(void)
{
	static const struct option_group *groups[15] = {
		&app_option_group,      &http_option_group, &db_option_group,
		&security_option_group, &log_option_group,  &door_option_group,
	};
	groups[6] = &openapi_option_group;
	groups[7] = users_module.options;
	groups[8] = auth_module.options;
	groups[9] = &http_limits_option_group;
	groups[10] = &idempotency_option_group;
	groups[11] = roles_module.options;
	groups[12] = keys_module.options;
	groups[13] = &mail_option_group;
	return groups;
}

/* ---- the house ---- */

#define KEY_HEADER "X-Door-Key: sesame\r\n"
#define VISIT "/api/v1/visit"

static struct server server;
static bool is_postgres;

/* `more` are settings, NULL-terminated, at most four. */
static void house_open(const char *const *more)
{
	static char url[POSTGRES_URL_ROOM + 16];
	const char *sets[8] = { "door.key=sesame", "server.cors_origins=https://good.example",
				"server.threads=1" };
	size_t count = 3;
	if (is_postgres) {
		char schema[POSTGRES_URL_ROOM];
		postgres_schema(schema);
		snprintf(url, sizeof(url), "database.url=%s", schema);
		sets[count++] = url;
	}
	while (more && *more)
		sets[count++] = *more++;
	server_start(&server, sets);
}

static int plain_house(void **state)
{
	(void)state;
	house_open(NULL);
	server_sign_in(&server);
	return 0;
}

static int house_close(void **state)
{
	(void)state;
	server_end(&server);
	memset(&server, 0, sizeof(server));
	return 0;
}

static struct reply get(const char *target, const char *headers)
{
	struct reply reply;
	client_call(&server,
		    &(struct request){ .method = "GET", .target = target, .headers = headers },
		    &reply);
	return reply;
}

/* ---- who may ask ---- */

struct visit_case {
	const char *headers;
	int status;
	const char *body; /* a piece of it */
};

static void is_let_in_or_not(void **state)
{
	const struct visit_case *row = *state;
	struct reply reply = get(VISIT, row->headers);
	assert_int_equal(reply.status, row->status);
	assert_json_has(reply.body, row->body);
	if (row->status == 401)
		assert_string_equal(reply_header(&reply, "WWW-Authenticate"), "ApiKey");
	else
		assert_null(reply_header(&reply, "WWW-Authenticate"));
	reply_done(&reply);
}

#define WITHOUT_KEY "{'detail':'Show the key as X-Door-Key','code':'unauthenticated'"
#define VISIT_IS(sentence, headers, status, body) \
	ROW_OF(sentence, is_let_in_or_not, (&(struct visit_case){ headers, status, body }))

struct proxy_case {
	const char *trusted, *forwarded;
	int status;
	const char *body;
};

static void knows_the_client_behind_a_proxy(void **state)
{
	const struct proxy_case *row = *state;
	char headers[256];
	house_open((const char *const[]){ row->trusted, "door.networks=203.0.113.0/24", NULL });
	snprintf(headers, sizeof(headers), KEY_HEADER "X-Forwarded-For: %s\r\n", row->forwarded);
	struct reply reply = get(VISIT, headers);
	assert_int_equal(reply.status, row->status);
	assert_json_has(reply.body, row->body);
	reply_done(&reply);
	house_close(NULL);
}

#define BEHIND(sentence, trusted, forwarded, status, body) \
	ROW_OF(sentence, knows_the_client_behind_a_proxy, \
	       (&(struct proxy_case){ trusted, forwarded, status, body }))

/* A client that waits to be told to go on is not. */
static void a_refusal_comes_before_the_body(void **state)
{
	(void)state;
	static const char text[] = "POST /api/v1/asking HTTP/1.1\r\nHost: a\r\nX-Turn-Back: 1\r\n"
				   "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n";
	struct reply reply;
	client_raw(&server, text, sizeof(text) - 1, &reply);
	assert_int_equal(reply.status, 409);
	assert_json_has(reply.body, "'detail':'Turned back at /asking: 1'");
	assert_non_null(reply_header(&reply, "Server-Timing"));
	assert_string_equal(reply_header(&reply, "X-Status"), "409");
	reply_done(&reply);
}

/* RFC 9110 §5.3. */
static void headers_of_one_name_are_joined(void **state)
{
	(void)state;
	struct reply reply = get("/api/v1/asking", "X-Turn-Back: a \r\nX-Other: c\r\n"
						   "x-turn-back:\r\nX-TURN-BACK: b, d\r\n");
	assert_int_equal(reply.status, 409);
	assert_json_has(reply.body, "'detail':'Turned back at /asking: a, , b, d'");
	reply_done(&reply);
}

/* ---- every answer ---- */

struct timing_case {
	const char *bytes;
	int status;
};

static void has_the_time_once(void **state)
{
	const struct timing_case *row = *state;
	struct reply reply;
	client_raw(&server, row->bytes, strlen(row->bytes), &reply);
	assert_int_equal(reply.status, row->status);
	const char *head = strstr(reply.head, "\r\nServer-Timing: app;dur=");
	assert_non_null(head);
	assert_null(strstr(head + 2, "\r\nServer-Timing:"));
	reply_done(&reply);
}

#define ASK(method, target) method " " target " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
#define TIMED(sentence, status, bytes) \
	ROW_OF(sentence, has_the_time_once, (&(struct timing_case){ bytes, status }))

/* More than it may be, in pieces: that is known only when most of it is there. */
static void a_body_that_grew_too_large_has_the_time(void **state)
{
	(void)state;
	enum { PIECES = 40, PIECE = 0x8000 };
	int fd = client_open(&server);
	static const char head[] = "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n"
				   "Content-Type: application/json\r\n"
				   "Transfer-Encoding: chunked\r\n\r\n";
	client_send(fd, head, sizeof(head) - 1);
	char *piece = calloc(1, PIECE + 16);
	int at = sprintf(piece, "%x\r\n", PIECE);
	memset(piece + at, ' ', PIECE);
	memcpy(piece + at + PIECE, "\r\n", 2);
	for (int i = 0; i < PIECES; i++)
		client_send(fd, piece, (size_t)at + PIECE + 2);
	free(piece);
	struct reply reply;
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 413);
	assert_non_null(reply_header(&reply, "Server-Timing"));
	reply_done(&reply);
	close(fd);
}

/* ---- threads, senders and what was left ---- */

struct trail_case {
	const char *method, *target;
	bool moves, moves_on_postgres;
};

static void finds_its_way(void **state)
{
	const struct trail_case *row = *state;
	char want[160];
	bool moves = is_postgres ? row->moves_on_postgres : row->moves;
	snprintf(want, sizeof(want),
		 "{'moved':%s,'first_user':0,'user_id':1,'users':1,'word':'hello'}",
		 moves ? "true" : "false");
	struct reply reply = client_ask(&server, row->method, row->target, NULL);
	assert_int_equal(reply.status, 200);
	assert_json_equal(reply.body, want);
	assert_string_equal(reply_header(&reply, "X-Asked"), "yes");
	reply_done(&reply);
}

#define WAY(sentence, ...) ROW_OF(sentence, finds_its_way, (&(struct trail_case){ __VA_ARGS__ }))

/* It comes behind the question who sends it. */
static void a_stranger_is_told_to_sign_in(void **state)
{
	(void)state;
	struct reply reply = get("/api/v1/asking", NULL);
	assert_int_equal(reply.status, 401);
	assert_string_equal(reply_header(&reply, "WWW-Authenticate"), "Bearer");
	assert_null(reply_header(&reply, "X-Asked"));
	assert_string_equal(reply_header(&reply, "X-Status"), "401");
	reply_done(&reply);
}

/* Each query is cut at its first step and begun again elsewhere, its stage too. */
static void a_query_begun_again_passes_again(void **state)
{
	(void)state;
	house_open((const char *const[]){ "server.loop_budget_us=0", "log.level=debug", NULL });
	server_sign_in(&server);
	for (int i = 0; i < 3; i++) {
		struct reply reply = client_ask(&server, "GET", "/api/v1/asking", NULL);
		assert_int_equal(reply.status, 200);
		assert_json_has(reply.body, "'user_id':1,'users':1,'word':'hello'");
		const char *head = strstr(reply.head, "\r\nX-Asked: yes");
		assert_non_null(head);
		assert_null(strstr(head + 2, "\r\nX-Asked:"));
		reply_done(&reply);
	}
	if (!is_postgres)
		AWAIT(server_logged(&server, "a long read") > 0);
	house_close(NULL);
}

/* It may take no more of its event loop than the query behind it. */
static void a_stage_that_takes_long_goes_elsewhere(void **state)
{
	(void)state;
	house_open((const char *const[]){ "server.loop_budget_us=0", NULL });
	server_sign_in(&server);
	for (int i = 0; i < 3; i++) {
		struct reply reply = client_ask(&server, "GET", "/api/v1/asking/again", NULL);
		assert_int_equal(reply.status, 200);
		assert_json_has(reply.body, "'moved':true");
		reply_done(&reply);
	}
	house_close(NULL);
}

/* ---- pages from elsewhere, and the document ---- */

static void pages_may_send_and_read_their_headers(void **state)
{
	(void)state;
	struct reply reply;
	client_call(&server,
		    &(struct request){ .method = "OPTIONS",
				       .target = VISIT,
				       .headers = "Origin: https://good.example\r\n"
						  "Access-Control-Request-Method: GET\r\n" },
		    &reply);
	assert_int_equal(reply.status, 204);
	assert_non_null(strstr(reply_header(&reply, "Access-Control-Allow-Headers"),
			       ", x-request-id, X-Door-Key"));
	/* which the module auth takes, and browsers let no page send */
	assert_null(strstr(reply_header(&reply, "Access-Control-Allow-Headers"), "Cookie"));
	reply_done(&reply);
	reply = get(VISIT, KEY_HEADER "Origin: https://good.example\r\n");
	assert_non_null(strstr(reply_header(&reply, "Access-Control-Expose-Headers"),
			       ", X-Request-ID, Server-Timing"));
	/* which the module auth sets, and browsers show to no page */
	assert_null(strstr(reply_header(&reply, "Access-Control-Expose-Headers"), "Set-Cookie"));
	reply_done(&reply);
}

/* From the path's key on to that of the next. */
static const char *path_in(char *document, const char *path)
{
	char key[64];
	snprintf(key, sizeof(key), "'%s':{'", path);
	char *at = strstr(document, key);
	assert_non_null(at);
	char *end = strstr(at + 1, "'/api/v1/");
	if (end)
		*end = '\0';
	return at;
}

static void the_document_tells_of_them(void **state)
{
	(void)state;
	struct reply reply = get("/openapi.json", NULL);
	assert_int_equal(reply.status, 200);
	const char *visit = path_in(json_swap(reply.body), VISIT);
	text_assert_has(visit, "'parameters':[{'name':'X-Door-Key','in':'header','required':true,");
	text_assert_has(visit, "'200':{'description':'Successful Response','headers':"
			       "{'Server-Timing':{'description':'How long it took',"
			       "'schema':{'type':'string'}},'X-Request-ID'");
	text_assert_has(visit,
			"'401':{'description':'Not authenticated','headers':"
			"{'WWW-Authenticate':{'$ref':'#/components/headers/WWW-Authenticate'}"
			",'Server-Timing'");
	text_assert_has(visit, "'403':{'description':'Not allowed'");
	text_assert_has(visit, "'default':{'description':'Error;");
	text_assert_lacks(visit, "'409'");
	reply_done(&reply);
	reply = get("/openapi.json", NULL);
	const char *asking = path_in(json_swap(reply.body), "/api/v1/asking");
	text_assert_has(asking, "'name':'X-Turn-Back','in':'header','required':false,");
	text_assert_has(asking, "'description':'Whether to'");
	text_assert_has(asking, "'409':{");
	text_assert_has(asking, "'X-Asked':{'schema':{'type':'string'}},'Server-Timing'");
	text_assert_lacks(asking, "X-Door-Key");
	reply_done(&reply);
}

/* ---- services ---- */

static void a_server_ends_its_services(void **state)
{
	(void)state;
	house_open(NULL);
	assert_int_equal(server_logged(&server, "greeter ended"), 0);
	assert_int_equal(server_stop(&server), 0);
	assert_int_equal(server_logged(&server, "greeter ended"), 1);
	house_close(NULL);
}

static void run_starts_services_and_leaves_nothing(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "run", "door.visit");
	program_assert_code(&p, 0);
	assert_json_equal(p.out, "{'from':null}\n");
	program(&p, "run", "asking.look");
	program_assert_code(&p, 0);
	assert_json_has(p.out, "'word':'nobody'");
	text_assert_has(p.err, "greeter ended");
	program(&p, "db", "explain", "asking.look");
	program_assert_code(&p, 0);
	text_assert_has(p.err, "greeter ended");
	program_close(&p);
}

static const char *greet_loudly(const struct greeter *greeter)
{
	(void)greeter;
	return "HELLO";
}

static void a_stage_starts_those_that_are_not_given(void **state)
{
	(void)state;
	struct stage s;
	struct door *door = NULL;
	struct greeter loud = { .greet = greet_loudly };
	stage_open_empty(&s, NULL);
	stage_start_services(&s, (const struct service_given[]){ GIVEN(greeter, &loud), { 0 } });
	stage_expect(&s, &(struct stage_case){ AS_NOBODY, &asking_greet, "{}", APP_OK,
					       "{'word':'HELLO'}" });
	stage_ok(&s, door_get(&s.scene.c, &door));
	assert_int_equal(door->allowed.count, 2);
	stage_close(&s);
}

static void a_stage_without_them_says_so(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, NULL);
	stage_expect(&s, &(struct stage_case){ AS_NOBODY, &asking_greet, "{}", APP_UNAVAILABLE,
					       "The service greeter is not there: croft serve, "
					       "run, user invite and db explain start those of the "
					       "modules, and nothing else does" });
	stage_close(&s);
}

static void other_commands_say_who_has_them(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "seed", "--users", "0", "--posts", "0", "--tags", "1");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "The service greeter is not there: croft serve, run, user invite "
			       "and db explain start those of the modules, and nothing else does");
	program_close(&p);
}

static const struct CMUnitTest rows_of_the_house[] = {
	VISIT_IS("who shows the key is let in, and what a stage left is answered", KEY_HEADER, 200,
		 "{'from':'127.0.0.1'}"),
	VISIT_IS("who shows none is told how", NULL, 401, WITHOUT_KEY),
	VISIT_IS("and so is who shows another", "X-Door-Key: Sesame\r\n", 401, WITHOUT_KEY),
	VISIT_IS("the name of a header is read in any case, its value without blanks",
		 "x-door-KEY:  sesame \r\n", 200, "{'from':'127.0.0.1'}"),
	VISIT_IS("an empty header was sent", "X-Door-Key:\r\n", 401, WITHOUT_KEY),
	VISIT_IS("two of one name are one value", KEY_HEADER KEY_HEADER, 401, WITHOUT_KEY),
	ROW("and in the order they came", headers_of_one_name_are_joined),
	ROW("who is refused by the head is told before the body comes",
	    a_refusal_comes_before_the_body),
	ROW("a stage behind the sender is not for strangers", a_stranger_is_told_to_sign_in),
	WAY("one that asks the database stays where that may not block", "GET", "/api/v1/asking",
	    false, true),
	WAY("before a command it does not", "POST", "/api/v1/asking", true, true),
	WAY("one that blocks never stays", "GET", "/api/v1/waiting", true, true),
	WAY("nor does it before a command", "POST", "/api/v1/waiting", true, true),
	TIMED("a success has the time", 200, ASK("GET", VISIT) KEY_HEADER "\r\n"),
	TIMED("and a refusal", 401, ASK("GET", VISIT) "\r\n"),
	TIMED("and a list of faults", 422, ASK("GET", VISIT "?a=b") KEY_HEADER "\r\n"),
	TIMED("and what is nowhere", 404, ASK("GET", "/api/v1/nothing") "\r\n"),
	TIMED("and a method that is not there", 405, ASK("DELETE", VISIT) "\r\n"),
	TIMED("and a preflight", 204,
	      ASK("OPTIONS", VISIT) "Origin: https://good.example\r\n"
				    "Access-Control-Request-Method: GET\r\n\r\n"),
	TIMED("and a file", 200, ASK("GET", "/favicon.svg") "\r\n"),
	TIMED("and a head that is broken", 400, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
	TIMED("and a route of the server's own", 200, ASK("GET", "/openapi.json") "\r\n"),
	ROW("and a body that grew too large", a_body_that_grew_too_large_has_the_time),
	ROW("pages from elsewhere may send and read their headers",
	    pages_may_send_and_read_their_headers),
	ROW("the document tells of headers and refusals", the_document_tells_of_them),
};

static const struct CMUnitTest rows_by_themselves[] = {
	BEHIND("the client is the one behind a proxy that is trusted",
	       "server.trusted_proxies=127.0.0.1", "203.0.113.9", 200, "{'from':'203.0.113.9'}"),
	BEHIND("one that is not in the list is refused by its address",
	       "server.trusted_proxies=127.0.0.1", "203.0.113.9, 198.51.100.1", 403,
	       "'detail':'Not from 198.51.100.1'"),
	BEHIND("whoever is not trusted cannot name another",
	       "server.trusted_proxies=", "203.0.113.9", 403, "'detail':'Not from 127.0.0.1'"),
	ROW("a query that is begun again passes its stages again",
	    a_query_begun_again_passes_again),
	ROW("a stage that takes long goes elsewhere", a_stage_that_takes_long_goes_elsewhere),
	ROW("a server ends its services", a_server_ends_its_services),
	ROW("croft run has the services, and no stage has left anything",
	    run_starts_services_and_leaves_nothing),
	ROW("on a stage those that are not given are started",
	    a_stage_starts_those_that_are_not_given),
	ROW("a stage that starts none says so", a_stage_without_them_says_so),
	ROW("other commands say that they have none", other_commands_say_who_has_them),
};

static int run_all(void)
{
	const char *on = is_postgres ? " (postgres)" : "";
	char house[64], alone[64];
	snprintf(house, sizeof(house), "core/http/module stages%s", on);
	snprintf(alone, sizeof(alone), "core/http/module stages, servers%s", on);
	return rows_run_with(house, rows_of_the_house, COUNT_OF(rows_of_the_house), plain_house,
			     house_close) +
	       rows_run(alone, rows_by_themselves, COUNT_OF(rows_by_themselves));
}

int main(int argc, char **argv)
{
	char self[4096];
	if (argc > 1)
		return cli_main(argc, argv);
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (len < 0)
		return 1;
	self[len] = '\0';
	setenv("CROFT_BINARY", self, 1);
	int failed = run_all();
	is_postgres = true;
	return failed + run_all();
}
