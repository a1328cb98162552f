/* threaded */
/*
 * How often clients may ask: which requests count for whom, what the answers tell, and what is
 * never counted. How a limit is reckoned is the table's, in core/limit.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/authenticator.h"
#include "core/http/house.h"
#include "core/http/limits.h"
#include "testing/client.h"
#include "testing/json.h"

/* ---- a module with limits of its own, and accounts whose token is their number ---- */

struct said {
	const char *text;
};
SCHEMA(said, FIELD(struct said, text, .required = true));

static enum app_err say(struct ctx *c, const struct said *in, struct said *ret)
{
	(void)c;
	*ret = *in;
	return APP_OK;
}

OPERATION_FN(say, struct said, struct said)

static enum app_err look(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

OPERATION_FN(look, struct nothing, struct nothing)

#define OPERATION(variable, text, who) \
	static const struct operation variable = { \
		.name = text, .summary = "Look", .kind = QUERY, .access = who, RUN(look) \
	}
OPERATION(few, "limits.few", ACCESS_PUBLIC);
OPERATION(many, "limits.many", ACCESS_PUBLIC);
OPERATION(mine, "limits.mine", ACCESS_USER);
OPERATION(ours, "limits.ours", ACCESS_USER);
OPERATION(yours, "limits.yours", ACCESS_USER);
OPERATION(unbounded, "limits.free", ACCESS_USER);

static const struct operation saying = { .name = "limits.say",
					 .summary = "Say",
					 .kind = QUERY,
					 .access = ACCESS_USER,
					 .in = &said_schema,
					 .out = &said_schema,
					 RUN(say) };

enum { A_DAY = 24 * 3600 };

static const struct route all_routes[] = ROUTES(
	{ GET, "/few", &few, .status = 204, .limit = LIMIT(3, A_DAY) },
	{ GET, "/many", &many, .status = 204 },
	{ GET, "/mine", &mine, .status = 204, .limit = LIMIT(2, A_DAY, .burst = 1) },
	{ GET, "/ours", &ours, .status = 204, .limit = LIMIT(2, A_DAY) },
	{ GET, "/yours", &yours, .status = 204 },
	{ POST, "/said", &saying, .status = 200, .limit = LIMIT(1, A_DAY) },
	{ GET, "/free", &unbounded, .status = 204, .limit = LIMIT_NONE });

static const struct module limited_module = { .name = "limits",
					      .doc = "Is limited.",
					      .routes = all_routes };

/* How often somebody was looked up. */
static atomic_int asked;

static enum app_err screen(struct ctx *c, const struct credentials *credentials)
{
	(void)c, (void)credentials;
	return APP_OK;
}

static enum app_err authenticate(struct ctx *c, const struct credentials *credentials,
				 struct actor *ret)
{
	atomic_fetch_add(&asked, 1);
	if (*credentials->text == '0')
		return ctx_fail(c, APP_UNAUTHENTICATED, "nobody's");
	*ret = (struct actor){ .kind = ACTOR_USER, .user_id = atoi(credentials->text) };
	return APP_OK;
}

static enum app_err confirm(struct ctx *c)
{
	(void)c;
	return APP_OK;
}

static const struct authenticator by_number = { screen, authenticate, confirm, NULL };

/* ---- asking from somewhere, as somebody ---- */

#define FEW "/api/v1/few"
#define MANY "/api/v1/many"
#define MINE "/api/v1/mine"
#define OURS "/api/v1/ours"
#define YOURS "/api/v1/yours"
#define SAID "/api/v1/said"
#define FREE "/api/v1/free"

/* `sets` are settings, NULL-terminated, at most four. */
static void open_with(const char *const *sets)
{
	static const struct module *const modules[] = { &limited_module, NULL };
	const char *all[8] = { "server.trusted_proxies=127.0.0.1",
			       "server.cors_origins=https://good.example", "limits.apply=on" };
	for (size_t i = 3; *sets; i++)
		all[i] = *sets++;
	house_open(modules, all);
	house_stage.scene.app.authenticator = &by_number;
}

/* Only what routes say themselves. */
static int open_own(void **state)
{
	(void)state;
	open_with((const char *const[]){ "limits.network_per_minute=0", "limits.user_per_minute=0",
					 NULL });
	return 0;
}

/* `from`: an address that the proxy tells; NULL: it tells none. */
static struct reply ask(const char *target, const char *from, const char *token)
{
	char headers[256] = "Origin: https://good.example\r\n";
	struct reply reply;
	if (from)
		snprintf(headers + strlen(headers), sizeof(headers) - strlen(headers),
			 "X-Forwarded-For: %s\r\n", from);
	client_call(&house_server,
		    &(struct request){
			    .method = "GET", .target = target, .headers = headers, .token = token },
		    &reply);
	return reply;
}

static int status_of(const char *target, const char *from, const char *token)
{
	struct reply reply = ask(target, from, token);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

static void assert_told(struct reply reply, int status, const char *limit, const char *remaining)
{
	assert_int_equal(reply.status, status);
	assert_string_equal(reply_header(&reply, "RateLimit-Limit"), limit);
	assert_string_equal(reply_header(&reply, "RateLimit-Remaining"), remaining);
	assert_true(atoi(reply_header(&reply, "RateLimit-Reset")) > 0);
	reply_done(&reply);
}

static void assert_untold(struct reply reply, int status)
{
	assert_int_equal(reply.status, status);
	assert_null(reply_header(&reply, "RateLimit-Limit"));
	assert_null(reply_header(&reply, "RateLimit-Remaining"));
	assert_null(reply_header(&reply, "RateLimit-Reset"));
	reply_done(&reply);
}

/* ---- by network ---- */

static void a_route_is_limited_by_network(void **state)
{
	(void)state;
	assert_told(ask(FEW, "192.0.2.1", NULL), 204, "3", "2");
	assert_told(ask(FEW, "192.0.2.1", NULL), 204, "3", "1");
	assert_told(ask(FEW, "192.0.2.1", NULL), 204, "3", "0");
	struct reply reply = ask(FEW, "192.0.2.1", NULL);
	assert_json_has(reply.body, "'detail':'Too many requests; try again in ");
	assert_json_has(reply.body, "'code':'too_many_requests'");
	int retry = atoi(reply_header(&reply, "Retry-After"));
	assert_in_range(retry, 1, A_DAY / 3);
	const char *exposed = reply_header(&reply, "Access-Control-Expose-Headers");
	assert_non_null(strstr(exposed, "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"));
	assert_told(reply, 429, "3", "0");
	assert_told(ask(FEW, "192.0.2.2", NULL), 204, "3", "2");
}

static void ipv6_counts_by_its_64(void **state)
{
	(void)state;
	assert_told(ask(FEW, "2001:db8:0:1::1", NULL), 204, "3", "2");
	assert_told(ask(FEW, "2001:db8:0:1:ffff::2", NULL), 204, "3", "1");
	assert_told(ask(FEW, "2001:db8:0:2::1", NULL), 204, "3", "2");
}

static void what_the_client_says_of_its_address_changes_nothing(void **state)
{
	(void)state;
	for (int i = 2; i >= 0; i--) {
		char from[64], left[4];
		snprintf(from, sizeof(from), "198.51.100.%d, 192.0.2.9", i);
		snprintf(left, sizeof(left), "%d", i);
		assert_told(ask(FEW, from, NULL), 204, "3", left);
	}
	assert_int_equal(status_of(FEW, "198.51.100.77, 192.0.2.9", NULL), 429);
}

static void loopback_is_nobody(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		assert_untold(ask(FEW, NULL, NULL), 204);
}

static void a_token_makes_no_difference_where_anyone_may_ask(void **state)
{
	(void)state;
	assert_told(ask(FEW, "192.0.2.3", "5"), 204, "3", "2");
	assert_told(ask(FEW, "192.0.2.3", "6"), 204, "3", "1");
}

static void all_routes_share_the_limit_of_a_network(void **state)
{
	(void)state;
	open_with((const char *const[]){ "limits.network_per_minute=1", NULL });
	/* one is back after a minute, however slow we are */
	while (status_of(MANY, "192.0.2.4", NULL) != 429)
		continue;
	int before = atomic_load(&asked);
	while (status_of(MINE, "192.0.2.4", "4") != 429)
		before++;
	assert_int_equal(atomic_load(&asked), before);
	assert_int_equal(status_of(MANY, "192.0.2.5", NULL), 204);
	house_close(NULL);
}

static void the_answer_tells_of_what_has_least_left(void **state)
{
	(void)state;
	open_with((const char *const[]){ "limits.network_per_minute=1000000", NULL });
	assert_told(ask(FEW, "192.0.2.4", NULL), 204, "3", "2");
	assert_told(ask(MANY, "192.0.2.5", NULL), 204, "1000000", "999999");
	house_close(NULL);
}

/* ---- by account ---- */

static void a_route_is_limited_by_account(void **state)
{
	(void)state;
	assert_told(ask(OURS, "192.0.2.10", "10"), 204, "2", "1");
	assert_told(ask(OURS, "192.0.2.11", "10"), 204, "2", "0");
	assert_told(ask(OURS, "192.0.2.12", "10"), 429, "2", "0");
	assert_told(ask(OURS, "192.0.2.10", "11"), 204, "2", "1");
	/* those who come from loopback, too */
	assert_told(ask(OURS, NULL, "10"), 429, "2", "0");
}

static void a_burst_is_what_may_come_at_once(void **state)
{
	(void)state;
	assert_told(ask(MINE, "192.0.2.13", "13"), 204, "1", "0");
	assert_told(ask(MINE, "192.0.2.13", "13"), 429, "1", "0");
}

static void whoever_is_nobody_is_not_counted(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_untold(ask(OURS, "192.0.2.14", NULL), 401);
		assert_untold(ask(OURS, "192.0.2.14", "0"), 401);
	}
}

static void all_routes_share_the_limit_of_an_account(void **state)
{
	(void)state;
	open_with((const char *const[]){ "limits.user_per_minute=1", NULL });
	while (status_of(YOURS, "192.0.2.15", "15") != 429)
		assert_int_equal(status_of(MANY, "192.0.2.15", NULL), 204);
	/* one is back after a minute, however slow we are */
	while (status_of(OURS, "192.0.2.16", "15") != 429)
		continue;
	house_close(NULL);
}

/* The client that waits to be told to go on never is. */
static void a_refusal_by_account_comes_before_the_body(void **state)
{
	(void)state;
	static const char text[] = "POST " SAID " HTTP/1.1\r\nHost: a\r\n"
				   "Authorization: Bearer 17\r\n"
				   "Content-Type: application/json\r\n"
				   "Content-Length: 12\r\nExpect: 100-continue\r\n\r\n";
	struct reply reply;
	client_call(
		&house_server,
		&(struct request){
			.method = "POST", .target = SAID, .token = "17", .body = "{'text':'a'}" },
		&reply);
	assert_json_equal(reply.body, "{'text':'a'}");
	assert_told(reply, 200, "1", "0");
	client_raw(&house_server, text, sizeof(text) - 1, &reply);
	assert_told(reply, 429, "1", "0");
}

/* ---- what is not counted ---- */

static void what_has_no_limit_is_not_counted(void **state)
{
	(void)state;
	open_with((const char *const[]){ "limits.network_per_minute=1", "limits.user_per_minute=1",
					 NULL });
	for (int i = 0; i < 5; i++) {
		assert_untold(ask(FREE, "192.0.2.20", "20"), 204);
		assert_untold(ask("/openapi.json", "192.0.2.20", NULL), 200);
		assert_untold(ask("/index.html", "192.0.2.20", NULL), 200);
		assert_untold(ask("/nothing", "192.0.2.20", NULL), 404);
	}
	house_close(NULL);
}

static void with_the_switch_off_nobody_is_limited(void **state)
{
	const char *const *sets = *state;
	open_with(sets);
	for (int i = 0; i < 5; i++) {
		assert_untold(ask(FEW, "192.0.2.21", NULL), 204);
		assert_untold(ask(OURS, "192.0.2.21", "21"), 204);
	}
	house_close(NULL);
}

static void by_itself_it_is_on_where_others_depend_on_it(void **state)
{
	static const bool is_on[] = { [ENV_LOCAL] = false,
				      [ENV_TESTING] = false,
				      [ENV_STAGING] = true,
				      [ENV_PRODUCTION] = true };
	(void)state;
	for (int64_t environment = ENV_LOCAL; environment <= ENV_PRODUCTION; environment++) {
		struct limits limits;
		limits_make(&limits, &(struct http_limits){ .network_per_minute = 7 }, environment);
		assert_int_equal(limits.of_all != NULL, is_on[environment]);
		assert_int_equal(limits.network.count, is_on[environment] ? 7 : 0);
		limits_done(&limits);
	}
}

/* ---- a limit that is none ---- */

static void is_told_at_the_start(void **state)
{
	const struct limit *limit = *state;
	const struct route routes[] = ROUTES({ GET, "/few", &few, .limit = *limit });
	const struct module module = { .name = "limits", .doc = "Is limited.", .routes = routes };
	const struct module *const modules[] = { &module, NULL };
	stage_open_empty(&house_stage, NULL);
	struct app *app = &house_stage.scene.app;
	struct ctx *c = &house_stage.scene.c;
	app->modules = modules;
	const struct http_options *options = config_group(app->config, &http_option_group);
	assert_int_equal(http_server_check(c, app, options), APP_INVALID);
	assert_non_null(strstr(c->failure.text, "its .limit needs a count and seconds above 0"));
	stage_close(&house_stage);
}

static int run_own(void)
{
	const struct CMUnitTest rows[] = {
		ROW("S68 a route that anyone may ask is limited by network: 429 with Retry-After",
		    a_route_is_limited_by_network),
		ROW("S68 IPv6 counts by its /64", ipv6_counts_by_its_64),
		ROW("S27 what a client says of its address in front of the proxy changes nothing",
		    what_the_client_says_of_its_address_changes_nothing),
		ROW("loopback is no network that is counted", loopback_is_nobody),
		ROW("a token makes no difference where anyone may ask",
		    a_token_makes_no_difference_where_anyone_may_ask),
		ROW("a route for accounts is limited by account, from wherever he asks",
		    a_route_is_limited_by_account),
		ROW("a burst is what may come at once", a_burst_is_what_may_come_at_once),
		ROW("whoever shows no account is not counted as one",
		    whoever_is_nobody_is_not_counted),
		ROW("a refusal by account comes before the body",
		    a_refusal_by_account_comes_before_the_body),
	};
	return rows_run_with("core/http limits of routes", rows, COUNT_OF(rows), open_own,
			     house_close);
}

int main(void)
{
	static const char *const off[] = { "limits.apply=off", NULL };
	static const char *const local[] = { "limits.apply=auto", NULL };
	const struct CMUnitTest rows[] = {
		ROW("S68 all routes share the limit of a network, before anyone is looked up",
		    all_routes_share_the_limit_of_a_network),
		ROW("the answer tells of what has least left",
		    the_answer_tells_of_what_has_least_left),
		ROW("all routes share the limit of an account",
		    all_routes_share_the_limit_of_an_account),
		ROW("health, documents, files and what is not there are not counted",
		    what_has_no_limit_is_not_counted),
		ROW_OF("with the switch off nobody is limited",
		       with_the_switch_off_nobody_is_limited, off),
		ROW_OF("by itself the switch is off where one builds",
		       with_the_switch_off_nobody_is_limited, local),
		ROW("by itself it is on where others depend on it",
		    by_itself_it_is_on_where_others_depend_on_it),
		ROW_OF("a limit without seconds is told at the start", is_told_at_the_start,
		       (&(struct limit){ .count = 3 })),
		ROW_OF("a limit below none is told at the start", is_told_at_the_start,
		       (&(struct limit){ -2, 60, 0 })),
		ROW_OF("a limit without a count is told at the start", is_told_at_the_start,
		       (&(struct limit){ 0, 60, 0 })),
		ROW_OF("a burst below none is told at the start", is_told_at_the_start,
		       (&(struct limit){ 3, 60, -1 })),
	};
	int own = run_own();
	return rows_run("core/http limits", rows, COUNT_OF(rows)) + own;
}
