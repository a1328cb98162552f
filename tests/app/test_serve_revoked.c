/*
 * Requests of an account that loses its rights while their bodies come: the head was let in, and
 * what follows is done for nobody.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/postgres.h"
#include "testing/server.h"

static struct server server;
/* Of the superuser who loses his rights, and of the account that is to be deleted. */
static long chief_id, victim_id;
static char chief_token[512];

static int setup_with(const char *const *sets)
{
	server_start(&server, sets);
	server_sign_in(&server);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return setup_with(NULL);
}

static int setup_postgres(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 16];
	postgres_database(url);
	snprintf(set, sizeof(set), "database.url=%s", url);
	return setup_with((const char *const[]){ set, NULL });
}

static int teardown(void **state)
{
	(void)state;
	server_end(&server);
	return 0;
}

/* ---- accounts ---- */

#define CHIEF_PASSWORD "a long pass phrase"

static long account_make(const char *name, const char *more)
{
	static int number;
	char body[512];
	number++;
	snprintf(body, sizeof(body), "{'username':'%s%d','email':'%s%d@example.com'%s}", name,
		 number, name, number, more);
	struct reply reply = client_ask(&server, "POST", "/api/v1/users", body);
	assert_int_equal(reply.status, 201);
	long id = reply_int(&reply, "id");
	reply_done(&reply);
	return id;
}

static void chief_sign_in(void)
{
	char target[64], name[64], body[256];
	snprintf(target, sizeof(target), "/api/v1/users/%ld", chief_id);
	struct reply reply = client_ask(&server, "GET", target, NULL);
	reply_text(&reply, "username", name, sizeof(name));
	reply_done(&reply);
	snprintf(body, sizeof(body), "{'login':'%s','password':'" CHIEF_PASSWORD "'}", name);
	reply = client_ask(&server, "POST", "/api/v1/auth/login", body);
	assert_int_equal(reply.status, 200);
	reply_text(&reply, "access_token", chief_token, sizeof(chief_token));
	reply_done(&reply);
}

static void accounts_make(void)
{
	chief_id = account_make("chief", ",'is_superuser':true,'password':'" CHIEF_PASSWORD "'");
	victim_id = account_make("victim", "");
	chief_sign_in();
}

static long accounts_count(void)
{
	struct reply reply = client_ask(&server, "GET", "/api/v1/users?per_page=1", NULL);
	long total = reply_int(&reply, "total");
	reply_done(&reply);
	return total;
}

/* ---- what is held, and what is taken meanwhile ---- */

struct held {
	const char *method, *target, *body; /* target: %ld is the account to be deleted */
	int status;                         /* of one who keeps his rights */
};

struct taking {
	const char *method, *body; /* of /users/ID */
	int status;                /* of what was held */
};

static const struct taking takings[] = {
	{ "PATCH", "{'is_active':false}", 401 },
	{ "PATCH", "{'is_superuser':false}", 403 },
	{ "PATCH", "{'password':'another pass phrase'}", 401 },
	{ "DELETE", NULL, 401 },
};

enum { HELD_BACK = 5 };

/* That the server wants the body: it has let the head in. */
static void await_continue(int fd)
{
	char got[64];
	size_t len = 0;
	do {
		assert_int_equal(recv(fd, got + len, 1, 0), 1);
		got[++len] = '\0';
		assert_true(len < sizeof(got) - 1);
	} while (!strstr(got, "\r\n\r\n"));
	assert_memory_equal(got, "HTTP/1.1 100", 12);
}

/* The head and all of the body but the end. */
static int held_begin(const struct held *held)
{
	char target[128], request[1024];
	snprintf(target, sizeof(target), held->target, victim_id);
	int len = snprintf(request, sizeof(request),
			   "%s /api/v1%s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
			   "Content-Type: application/json\r\nContent-Length: %zu\r\n"
			   "Expect: 100-continue\r\n\r\n",
			   held->method, target, chief_token, strlen(held->body));
	int fd = client_open(&server);
	client_send(fd, request, (size_t)len);
	await_continue(fd);
	char body[512];
	snprintf(body, sizeof(body), "%s", held->body);
	json_swap(body);
	client_send(fd, body, strlen(body) - HELD_BACK);
	return fd;
}

static void held_end(int fd, const struct held *held, int status)
{
	char body[512];
	struct reply reply;
	snprintf(body, sizeof(body), "%s", held->body);
	json_swap(body);
	client_send(fd, body + strlen(body) - HELD_BACK, HELD_BACK);
	client_read(fd, false, &reply);
	if (reply.status != status)
		fail_msg("%d and not %d: %s", reply.status, status, reply.body);
	reply_done(&reply);
	close(fd);
}

static void take(const struct taking *taking)
{
	char target[64];
	snprintf(target, sizeof(target), "/api/v1/users/%ld", chief_id);
	struct reply reply = client_ask(&server, taking->method, target, taking->body);
	assert_int_equal(reply.status / 100, 2);
	reply_done(&reply);
}

static void is_done_for_nobody(void **state)
{
	const struct held *held = *state;
	for (size_t i = 0; i < COUNT_OF(takings); i++) {
		accounts_make();
		long before = accounts_count();
		int fd = held_begin(held);
		take(&takings[i]);
		held_end(fd, held, takings[i].status);
		long gone = strcmp(takings[i].method, "DELETE") == 0;
		assert_int_equal(accounts_count(), before - gone);
	}
}

/* So that the rows above cannot be right by chance. */
static void is_done_for_one_who_keeps_them(void **state)
{
	const struct held *held = *state;
	accounts_make();
	held_end(held_begin(held), held, held->status);
}

static const struct held create = {
	"POST", "/users", "{'username':'back','email':'back@example.com','is_superuser':true}", 201
};
static const struct held create_hashed = {
	"POST", "/users",
	"{'username':'door','email':'door@example.com','password':'a long pass phrase'}", 201
};
static const struct held list = { "GET", "/users", "{'a':'bcdefg'}", 200 };
static const struct held take_away = { "DELETE", "/users/%ld", "{'a':'bcdefg'}", 204 };

#define HELD(sentence, held) ROW_OF(sentence, is_done_for_nobody, &(held))
#define KEPT(sentence, held) ROW_OF(sentence, is_done_for_one_who_keeps_them, &(held))

static const struct CMUnitTest rows[] = {
	HELD("a command", create),
	HELD("a command that hashes a password", create_hashed),
	HELD("a command that begins before its write", take_away),
	HELD("a query with a body", list),
	KEPT("the same command of one who keeps his rights is done", create),
	KEPT("and the one that hashes", create_hashed),
	KEPT("and the one that begins before", take_away),
	KEPT("and the query", list),
};

int main(void)
{
	return rows_run_with("held while the account loses its rights", rows, COUNT_OF(rows), setup,
			     teardown) +
	       rows_run_with("the same on PostgreSQL", rows, COUNT_OF(rows), setup_postgres,
			     teardown);
}
