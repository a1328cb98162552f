/*
 * What a server that runs keeps of who did what, and of who was refused; and that no secret that
 * came in is in it, in the log or in an answer.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/postgres.h"
#include "testing/server.h"

#define CANARY "CANARY-of-brass-"

/* A server for each database, and what all its answers were. */
struct watched {
	struct server server;
	char eve[512];
	char *said;
};
static struct watched sqlite, postgres;

static void remember(struct watched *w, const struct reply *reply)
{
	char *said;
	assert_true(asprintf(&said, "%s%s%s", w->said ? w->said : "", reply->head, reply->body) >=
		    0);
	free(w->said);
	w->said = said;
}

/* Returns whether the answer has that status; it is remembered. */
static bool ask(struct watched *w, const char *token, const char *method, const char *target,
		const char *body, int status)
{
	struct reply reply;
	client_call(&w->server,
		    &(struct request){
			    .method = method, .target = target, .body = body, .token = token },
		    &reply);
	bool is_so = reply.status == status;
	remember(w, &reply);
	reply_done(&reply);
	return is_so;
}

/* Whether a list of the audit has the piece. */
static bool lists(struct watched *w, const char *query, const char *piece)
{
	char target[256];
	snprintf(target, sizeof(target), "/api/v1/audit?%s", query);
	struct reply reply = client_ask(&w->server, "GET", target, NULL);
	assert_int_equal(reply.status, 200);
	bool has = json_has(reply.body, piece);
	remember(w, &reply);
	reply_done(&reply);
	return has;
}

/* ---- what is done ---- */

#define EVE \
	"{'username':'eve','email':'eve@example.com','full_name':'Eve','password':'" CANARY "1'}"

static void sign_eve_in(struct watched *w)
{
	struct reply reply;
	client_call(&w->server,
		    &(struct request){ .method = "POST",
				       .target = "/api/v1/auth/login",
				       .body = "{'login':'eve','password':'" CANARY "1'}" },
		    &reply);
	assert_int_equal(reply.status, 200);
	reply_text(&reply, "access_token", w->eve, sizeof(w->eve));
	reply_done(&reply);
}

static void begin(struct watched *w, const char *set)
{
	server_start(&w->server, (const char *const[]){ "log.level=debug", set, NULL });
	server_sign_in(&w->server);
	assert_true(ask(w, w->server.token, "POST", "/api/v1/users", EVE, 201));
	sign_eve_in(w);
}

static int start(void **state)
{
	char url[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 16];
	(void)state;
	postgres_database(url);
	snprintf(set, sizeof(set), "database.url=%s", url);
	begin(&sqlite, NULL);
	begin(&postgres, set);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	server_end(&sqlite.server);
	server_end(&postgres.server);
	free(sqlite.said);
	free(postgres.said);
	return 0;
}

static void is_kept(struct watched *w)
{
	assert_true(
		lists(w, "operation=users.create&with_total=false",
		      "'change':{'username':'eve','email':'eve@example.com','full_name':'Eve'"));
	assert_true(lists(w, "operation=auth.login", "'outcome':'ok','actor':'anonymous'"));
}

static void what_is_done_is_kept(void **state)
{
	(void)state;
	is_kept(&sqlite);
	is_kept(&postgres);
}

static void is_denied(struct watched *w)
{
	assert_true(ask(w, w->eve, "GET", "/api/v1/audit", NULL, 403));
	AWAIT(lists(w, "operation=audit.list", "'outcome':'forbidden','actor':'user'"));
	assert_true(lists(w, "operation=audit.list", "'address':'127.0.0.1','request_id':'"));
}

static void what_is_denied_is_kept(void **state)
{
	(void)state;
	is_denied(&sqlite);
	is_denied(&postgres);
}

static void is_guessed(struct watched *w)
{
	assert_true(ask(w, NULL, "POST", "/api/v1/auth/login",
			"{'login':'eve','password':'" CANARY "2'}", 401));
	assert_true(ask(w, NULL, "POST", "/api/v1/auth/login",
			"{'login':'" CANARY "3','password':'none'}", 401));
	AWAIT(lists(w, "operation=auth.login",
		    "'outcome':'unauthenticated','actor':'anonymous','user_id':null,'key_id':null,'"
		    "address':"
		    "'127.0.0.1'"));
}

static void what_is_guessed_is_kept(void **state)
{
	(void)state;
	is_guessed(&sqlite);
	is_guessed(&postgres);
}

/* ---- secrets ---- */

static void hides_secrets(struct watched *w)
{
	const char *const set = "{'current_password':'" CANARY "1','new_password':'" CANARY "4'}";
	assert_true(ask(w, w->eve, "POST", "/api/v1/users/me/password", set, 204));
	assert_true(ask(w, w->server.token, "GET", "/api/v1/audit/export", NULL, 200));
	assert_true(lists(w, "operation=users.change_password", "'subject':'users'"));
	char *log = server_log(&w->server);
	assert_null(strstr(log, CANARY));
	assert_null(strstr(w->said, CANARY));
	assert_null(strstr(w->said, w->eve));
	assert_null(strstr(log, w->eve));
	free(log);
}

static void no_secret_is_told(void **state)
{
	(void)state;
	hides_secrets(&sqlite);
	hides_secrets(&postgres);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("S66 what is done is kept: accounts that are made, sign-ins",
		    what_is_done_is_kept),
		ROW("S66 what is denied is kept, with who asked and from where",
		    what_is_denied_is_kept),
		ROW("S66 a wrong password is kept", what_is_guessed_is_kept),
		ROW("S65 no password or token is in the audit, the log or an answer",
		    no_secret_is_told),
	};
	return rows_run_with("modules/audit/http", rows, COUNT_OF(rows), start, stop);
}
