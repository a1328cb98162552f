/*
 * What those know who come from other frameworks, over HTTP and on both databases: forms, other
 * names of list parameters, accounts with their posts, passwords by id.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>

#include "testing/client.h"
#include "testing/json.h"
#include "testing/postgres.h"
#include "testing/server.h"

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

/* The database is its first row's; the other rows of it go on with what that has made. */
static struct server sqlite, postgres;

struct ask {
	const char *method, *target, *headers, *body;
	int status;
	/* pieces of the answer */
	const char *has[2];
};

static void is_answered_by(const struct server *server, const struct ask *ask)
{
	struct reply reply;
	client_call(server,
		    &(struct request){ .method = ask->method,
				       .target = ask->target,
				       .headers = ask->headers,
				       .body = ask->body,
				       .token = server->token },
		    &reply);
	if (reply.status != ask->status)
		fail_msg("%s %s: %d, not %d: %s", ask->method, ask->target, reply.status,
			 ask->status, reply.body);
	for (size_t i = 0; i < 2 && ask->has[i]; i++)
		assert_json_has(reply.body, ask->has[i]);
	reply_done(&reply);
}

static void is_answered(void **state)
{
	is_answered_by(&sqlite, *state);
	is_answered_by(&postgres, *state);
}

static void redirected_to(const struct server *server, const char *method, const char *target,
			  const char *location)
{
	struct reply reply;
	client_call(server,
		    &(struct request){ .method = method,
				       .target = target,
				       .body = "{'title':'T'}",
				       .token = server->token },
		    &reply);
	assert_int_equal(reply.status, 307);
	assert_string_equal(reply_header(&reply, "Location"), location);
	reply_done(&reply);
}

static void a_slash_redirects(void **state)
{
	(void)state;
	redirected_to(&sqlite, "POST", "/api/v1/posts/?a=b", "/api/v1/posts?a=b");
	redirected_to(&sqlite, "PATCH", "/api/v1/posts/1/", "/api/v1/posts/1");
	redirected_to(&sqlite, "PUT", "/api/v1/posts/", "/api/v1/posts");
	redirected_to(&sqlite, "OPTIONS", "/health/", "/health");
}

/* The old one is no good any more. */
static void a_password_is_set_by_id(void **state)
{
	static const struct ask set = { "POST", "/api/v1/users/2/set_password",
					NULL,   "{'password':'another good one'}",
					204,    { NULL } };
	static const struct ask before = { "POST", "/api/v1/auth/login",
					   FORM,   "username=ada&password=engine+of+brass",
					   200,    { NULL } };
	static const struct ask after = { "POST", "/api/v1/auth/login",
					  FORM,   "username=ada&password=engine+of+brass",
					  401,    { NULL } };
	static const struct ask with = { "POST", "/api/v1/auth/login",
					 FORM,   "username=ada&password=another+good+one",
					 200,    { NULL } };
	const struct ask *asks[] = { &before, &set, &after, &with };
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		is_answered_by(&sqlite, asks[i]);
		is_answered_by(&postgres, asks[i]);
	}
}

static void sign_in_as(struct server *server, const char *body)
{
	struct reply reply;
	client_call(
		server,
		&(struct request){ .method = "POST", .target = "/api/v1/auth/login", .body = body },
		&reply);
	assert_int_equal(reply.status, 200);
	reply_text(&reply, "access_token", server->token, sizeof(server->token));
	reply_done(&reply);
}

/* Asked by its owner; who is gone then. */
static void a_profile_is_the_own_account(void **state)
{
	static const struct ask create = { "POST",
					   "/api/v1/users",
					   NULL,
					   "{'username':'eve','email':'eve@example.com',"
					   "'password':'engine of brass'}",
					   201,
					   { NULL } };
	static const struct ask asks[] = {
		{ "PATCH",
		  "/api/v1/profile",
		  NULL,
		  "{'full_name':'Eve'}",
		  200,
		  { "'username':'eve'", "'full_name':'Eve'" } },
		{ "GET", "/api/v1/profile", NULL, NULL, 200, { "'full_name':'Eve'" } },
		{ "GET", "/api/v1/users/me", NULL, NULL, 200, { "'full_name':'Eve'" } },
		{ "DELETE", "/api/v1/profile", NULL, NULL, 422, { "'body'" } },
		{ "DELETE",
		  "/api/v1/profile",
		  NULL,
		  "{'current_password':'guessed'}",
		  422,
		  { "this is not the current password" } },
		{ "DELETE",
		  "/api/v1/profile",
		  NULL,
		  "{'current_password':'engine of brass'}",
		  204,
		  { NULL } },
		{ "GET", "/api/v1/profile", NULL, NULL, 401, { NULL } },
	};
	struct server *const servers[] = { &sqlite, &postgres };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(servers); i++) {
		struct server as_eve = *servers[i];
		is_answered_by(servers[i], &create);
		sign_in_as(&as_eve, "{'login':'eve','password':'engine of brass'}");
		for (size_t j = 0; j < COUNT_OF(asks); j++)
			is_answered_by(&as_eve, &asks[j]);
	}
}

enum { LONG_BODY = 1 << 20 };

static void is_answered_long(const char *target, const char *head, int status, const char *has)
{
	static char body[LONG_BODY];
	const struct ask ask = { "POST", target, NULL, body, status, { has } };
	memset(body, 'x', sizeof(body));
	memcpy(body, head, strlen(head));
	memcpy(body + sizeof(body) - 3, "'}", 3);
	is_answered_by(&sqlite, &ask);
	is_answered_by(&postgres, &ask);
}

/* At places that take such a body, and at one that does not. */
static void a_long_password_is_refused(void **state)
{
	(void)state;
	is_answered_long("/api/v1/users/2/set_password", "{'password':'", 422,
			 "'type':'string_too_long','loc':['body','password']");
	is_answered_long("/api/v1/users", "{'username':'bob','email':'b@example.com','password':'",
			 422, "'type':'string_too_long','loc':['body','password']");
	is_answered_long("/api/v1/auth/login", "{'login':'ada','password':'", 413, NULL);
}

static int start(void **state)
{
	char url[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 16];
	(void)state;
	postgres_database(url);
	snprintf(set, sizeof(set), "database.url=%s", url);
	server_start(&sqlite, NULL);
	server_start(&postgres, (const char *const[]){ set, NULL });
	server_sign_in(&sqlite);
	server_sign_in(&postgres);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	server_end(&sqlite);
	server_end(&postgres);
	return 0;
}

#define ASK(sentence, ...) ROW_OF(sentence, is_answered, (&(struct ask){ __VA_ARGS__ }))
#define GET_OF(sentence, target, ...) ASK(sentence, "GET", target, NULL, NULL, 200, { __VA_ARGS__ })
#define REFUSED(sentence, target, ...) \
	ASK(sentence, "GET", target, NULL, NULL, 422, { __VA_ARGS__ })

int main(void)
{
	const struct CMUnitTest rows[] = {
		ASK("many accounts are made at once", "POST", "/api/v1/users/batch", NULL,
		    "{'items':[{'username':'ada','email':'ada@example.com',"
		    "'password':'engine of brass'},"
		    "{'username':'bob','email':'bob@example.com'}]}",
		    201, { "{'ids':[2,3],'count':2}" }),
		ASK("or none of them, and the faults say which", "POST", "/api/v1/users/batch",
		    NULL,
		    "{'items':[{'username':'eve','email':'eve@example.com'},"
		    "{'username':'ADA','email':'x@example.com'}]}",
		    422, { "'loc':['body','items',1,'username']" }),
		ASK("a post is written", "POST", "/api/v1/posts", NULL, "{'title':'T'}", 201,
		    { "'id':1" }),

		GET_OF("filters come in one text",
		       "/api/v1/users?filters=id:[1,2],username:ada&fields=username",
		       "'items':[{'id':2,'username':'ada'}],'total':1"),
		GET_OF("also encoded",
		       "/api/v1/users?filters=id%3A%5B1%2C2%5D%2Cusername%3Aada&fields=id",
		       "'items':[{'id':2}]"),
		GET_OF("rows are skipped", "/api/v1/users?skip=1&limit=1&order_by=-id&fields=id",
		       "'items':[{'id':2}],'total':3,'page':2,'per_page':1,'pages':3"),
		GET_OF("names are searched", "/api/v1/users?search=bob&ordering=id&fields=id",
		       "'items':[{'id':3}]"),
		REFUSED("what cannot be filtered is a fault of its name",
			"/api/v1/users?filters=id:[1,x],password_hash:a",
			"'loc':['query','filters','id',1]",
			"'loc':['query','filters','password_hash'],'msg':"
			"'Extra inputs are not permitted'"),
		REFUSED("two names of one are a fault", "/api/v1/users?sort=id&order_by=id",
			"'msg':'Value error, give either sort or order_by'"),
		GET_OF("accounts are listed with their posts",
		       "/api/v1/users?include=posts&fields=id",
		       "{'id':1,'posts':[{'id':1,'title':'T','status':'draft',",
		       "{'id':2,'posts':[]}"),
		GET_OF("those of the last days are listed", "/api/v1/users/recent?days=7",
		       "'username':'bob'"),
		REFUSED("not of no days", "/api/v1/users/recent?days=0", "'loc':['query','days']"),
		GET_OF("there is an average", "/api/v1/users/stats", "'average_age_days':0,"),

		ASK("who has a form signs in", "POST", "/api/v1/auth/login", FORM,
		    "grant_type=password&username=ada&password=engine+of+brass&scope=&client_id=",
		    200, { "'access_token':'" }),
		ASK("with our own name, too", "POST", "/api/v1/auth/login", FORM,
		    "login=ADA%40example.com&password=engine+of+brass", 200, { "'token_type'" }),
		ASK("who has JSON goes on", "POST", "/api/v1/auth/login", NULL,
		    "{'login':'ada','password':'engine of brass'}", 200, { "'access_token':'" }),
		ASK("a wrong password is a 401 either way", "POST", "/api/v1/auth/login", FORM,
		    "username=ada&password=wrong", 401, { "'code':'invalid_credentials'" }),
		ASK("faults of a form have their places", "POST", "/api/v1/auth/login", FORM,
		    "username=ada&zip=1", 422,
		    { "'type':'missing','loc':['body','password']",
		      "'type':'extra_forbidden','loc':['body','zip']" }),
		ASK("JSON that is sent as a form is told so, and not shown", "POST",
		    "/api/v1/auth/login", FORM, "{'login':'ada','password':'engine of brass'}", 415,
		    { "'detail':'This body is JSON, and its Content-Type says that it is a form'",
		      "'code':'unsupported_media_type'" }),
		ASK("neither is told what there is", "POST", "/api/v1/auth/login",
		    "Content-Type: text/plain\r\n", "x", 415,
		    { "application/json or application/x-www-form-urlencoded" }),
		ROW("a password is set by id", a_password_is_set_by_id),
		ROW("a profile is the own account", a_profile_is_the_own_account),
		ROW("S25 a password of 1 MB is refused", a_long_password_is_refused),

		GET_OF("readiness has the name that others know", "/health", "'status':'ready'"),
		GET_OF("the environment has it, too", "/", "'environment':'local','env':'local'"),
		ROW("a slash too many is a redirection for every method", a_slash_redirects),
	};
	return rows_run_with("modules/users/http", rows, sizeof(rows) / sizeof(rows[0]), start,
			     stop);
}
