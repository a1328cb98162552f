/* threaded */
/* long */
/*
 * Limits and deadlines of a running server: slow clients are cut off whatever trickles in, too many
 * connections are told so, and others do not notice.
 */
#include "testing/rows.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

enum { IDLE_CONNECTIONS = 300 };

/* Under a sanitizer what a process holds says little: what was freed is kept for a while. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { IS_SANITIZED = 1 };
#else
enum { IS_SANITIZED = 0 };
#endif

/* What an idle connection may take; the thread sanitizer shadows every byte several times over. */
#ifdef __SANITIZE_THREAD__
enum { IDLE_KIB = 512 };
#else
enum { IDLE_KIB = 64 };
#endif

static void answers_live(const struct server *server)
{
	assert_int_equal(client_status(server, "/health/live"), 200);
}

struct trickle {
	const char *head, *deadline;
};

/*
 * Sends the head, then a byte at a time, far longer than the deadline; the server must end it by
 * itself.
 */
static void a_trickle_is_cut(void **state)
{
	const struct trickle *trickle = *state;
	struct server server;
	server_start(&server,
		     (const char *const[]){ trickle->deadline, "server.body_min_rate=0", NULL });
	int fd = client_open(&server);
	client_send(fd, trickle->head, strlen(trickle->head));
	AWAIT(send(fd, "x", 1, MSG_NOSIGNAL) <= 0);
	/* on a slow machine this one may meet the deadline, too */
	AWAIT(client_status(&server, "/health/live") == 200);
	close(fd);
	server_end(&server);
}

static void what_stops_is_logged_as_told(void **state)
{
	const char *half = *state;
	struct server server;
	server_start(&server, (const char *const[]){
				      "server.body_seconds=1", "server.header_seconds=1",
				      "server.refused_seconds=1", "server.body_min_rate=0", NULL });
	struct reply reply;
	client_raw(&server, half, strlen(half), &reply);
	assert_int_equal(reply.status, 408);
	char id[128];
	snprintf(id, sizeof(id), "'request_id':'%s'", reply_header(&reply, "X-Request-ID"));
	assert_json_has(reply.body, id);
	reply_done(&reply);
	AWAIT(server_logged(&server, "'status':408,'bytes':0,"));
	assert_true(server_logged(&server, id) > 0);
	assert_int_equal(server_logged(&server, "'status':0"), 0);
	server_end(&server);
}

static void a_body_that_stops_is_408(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.body_seconds=1",
						     "server.body_min_rate=0", NULL });
	static const char half[] =
		"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
		"Content-Length: 100\r\n\r\n{";
	struct reply reply;
	client_raw(&server, half, sizeof(half) - 1, &reply);
	assert_int_equal(reply.status, 408);
	reply_done(&reply);
	server_end(&server);
}

#define CHUNKED_LOGIN \
	"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" \
	"Transfer-Encoding: chunked\r\n\r\n"

struct of_the_library {
	const char *start;
	/* How often, behind it. */
	char fill;
	size_t fills;
	int status;
};

static void what_the_library_answers_is_logged_so(void **state)
{
	const struct of_the_library *row = *state;
	struct server server;
	struct reply reply;
	size_t start = strlen(row->start), len = start + row->fills;
	char *text = malloc(len + 1);
	memcpy(text, row->start, start);
	memset(text + start, row->fill, row->fills);
	server_start(&server, NULL);
	client_raw(&server, text, len, &reply);
	free(text);
	assert_int_equal(reply.status, row->status);
	reply_done(&reply);
	char line[64];
	snprintf(line, sizeof(line), "'status':%d,'bytes'", row->status);
	AWAIT(server_logged(&server, line));
	assert_int_equal(server_logged(&server, "'status':0"), 0);
	server_end(&server);
}

#define OF_THE_LIBRARY(sentence, ...) \
	ROW_OF(sentence, what_the_library_answers_is_logged_so, \
	       (&(struct of_the_library){ __VA_ARGS__ }))

struct slow_refusal {
	const char *head;
	int status;
};

/* One byte of the body comes, and the client is told what its head was refused for. */
static void a_refusal_outlives_its_body(void **state)
{
	const struct slow_refusal *row = *state;
	struct server server;
	struct reply reply;
	char request[512];
	server_start(&server, (const char *const[]){ "server.refused_seconds=1",
						     "server.body_seconds=3600", NULL });
	int len = snprintf(request, sizeof(request),
			   "%s HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\nx", row->head);
	int fd = client_open(&server);
	client_send(fd, request, (size_t)len);
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, row->status);
	assert_non_null(reply_header(&reply, "X-Request-ID"));
	reply_done(&reply);
	assert_true(client_sees_close(fd));
	close(fd);
	snprintf(request, sizeof(request), "'status':%d,'bytes'", row->status);
	AWAIT(server_logged(&server, request));
	assert_int_equal(server_logged(&server, "'status':408"), 0);
	answers_live(&server);
	server_end(&server);
}

#define SLOWLY_REFUSED(sentence, answer, text) \
	ROW_OF(sentence, a_refusal_outlives_its_body, \
	       (&(struct slow_refusal){ .head = (text), .status = (answer) }))

static void an_idle_connection_is_closed(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.idle_seconds=1", NULL });
	int fd = client_open(&server);
	assert_true(client_sees_close(fd));
	close(fd);
	server_end(&server);
}

static void too_many_connections_are_told_so(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.max_connections=4", NULL });
	int open[4];
	for (int i = 0; i < 4; i++) {
		open[i] = client_open(&server);
		/* one request each: it is accepted when answered */
		struct reply reply;
		client_send(open[i], "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n", 39);
		client_read(open[i], false, &reply);
		assert_int_equal(reply.status, 200);
		reply_done(&reply);
	}
	int fd = client_open(&server);
	struct reply reply;
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 503);
	assert_non_null(reply_header(&reply, "Retry-After"));
	assert_non_null(reply_header(&reply, "Content-Security-Policy"));
	assert_non_null(reply_header(&reply, "Referrer-Policy"));
	assert_string_equal(reply_header(&reply, "X-Content-Type-Options"), "nosniff");
	assert_string_equal(reply_header(&reply, "Cache-Control"), "no-store");
	reply_done(&reply);
	close(fd);
	for (int i = 0; i < 4; i++)
		close(open[i]);
	server_end(&server);
}

static long resident_kib(const struct server *server)
{
	char path[64], line[256];
	long kib = 0;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)server->pid);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmRSS: %ld", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib;
}

static void idle_connections_cost_little(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	answers_live(&server);
	long before = resident_kib(&server);
	static int fds[IDLE_CONNECTIONS];
	for (int i = 0; i < IDLE_CONNECTIONS; i++)
		fds[i] = client_open(&server);
	answers_live(&server);
	long each = (resident_kib(&server) - before) / IDLE_CONNECTIONS;
	assert_true(each < IDLE_KIB);
	for (int i = 0; i < IDLE_CONNECTIONS; i++)
		close(fds[i]);
	server_end(&server);
}

/*
 * 100,000 deep, a megabyte of opening brackets, 80,000 keys: refused or bounded, and the server
 * lives.
 */
static void hostile_json_is_refused(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.max_body_public=1MiB", NULL });
	char *body = malloc(200001);
	memset(body, '[', 100000);
	memset(body + 100000, ']', 100000);
	body[200000] = '\0';
	struct reply reply;
	client_call(
		&server,
		&(struct request){ .method = "POST", .target = "/api/v1/auth/login", .body = body },
		&reply);
	assert_int_equal(reply.status, 422);
	assert_non_null(strstr(reply.body, "json_invalid"));
	reply_done(&reply);
	free(body);
	answers_live(&server);
	server_end(&server);
}

#define PATCH_ME \
	"PATCH /api/v1/users/me HTTP/1.1\r\nHost: a\r\nContent-Type: " \
	"application/json\r\nAuthorization: Bearer "

enum { MANY = 24, PIECE = 256 * 1024 };

/* Whether an answer has come by now, and which. */
static int status_so_far(int fd)
{
	char text[13] = "";
	ssize_t got = recv(fd, text, sizeof(text) - 1, MSG_PEEK | MSG_DONTWAIT);
	return got >= 12 ? atoi(text + 9) : 0;
}

static void send_half_bodies(const struct server *server, int fds[MANY])
{
	char *piece = calloc(1, PIECE), head[1024];
	int len = snprintf(head, sizeof(head), PATCH_ME "%s\r\nContent-Length: 1048576\r\n\r\n",
			   server->token);
	memset(piece, ' ', PIECE);
	for (int i = 0; i < MANY; i++) {
		fds[i] = client_open(server);
		client_send(fds[i], head, (size_t)len);
		client_send(fds[i], piece, PIECE);
	}
	free(piece);
}

static int count_refused(const int fds[MANY])
{
	int refused = 0;
	for (int i = 0; i < MANY; i++)
		refused += status_so_far(fds[i]) == 503;
	return refused;
}

static int status_of_patch(const struct server *server, const char *body)
{
	struct reply reply = client_ask(server, "PATCH", "/api/v1/users/me", body);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

/* 24 times 256 KiB of 1 MiB each, where 2 MiB may be held: at most eight of them are. */
static void unfinished_bodies_have_a_budget(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.body_memory=2MiB", NULL });
	server_sign_in(&server);
	int fds[MANY];
	long before = resident_kib(&server);
	send_half_bodies(&server, fds);
	AWAIT(count_refused(fds) >= MANY - 8);
	assert_true(count_refused(fds) < MANY);
	if (!IS_SANITIZED)
		assert_true(resident_kib(&server) - before < 2 * 2048 + MANY * IDLE_KIB);
	/* small ones get through, and when the others are gone so do large ones */
	server_sign_in(&server);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	char *body = calloc(1, PIECE + 1);
	memset(body, ' ', PIECE);
	body[0] = '{', body[PIECE - 1] = '}';
	int status = 503;
	AWAIT((status = status_of_patch(&server, body)) != 503);
	assert_int_equal(status, 200);
	free(body);
	server_end(&server);
}

/* Of a body of 5,000 blanks that is announced, and nothing sent: 0 while it is waited for. */
static bool has_no_room(const struct server *server)
{
	char head[1024];
	struct reply reply;
	int len = snprintf(head, sizeof(head),
			   PATCH_ME "%s\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n",
			   server->token);
	client_raw(server, head, (size_t)len, &reply);
	bool refused = reply.status == 503;
	assert_true(refused || reply.status == 100);
	reply_done(&reply);
	return refused;
}

/* One client has all the room there is, to the last byte. */
static void small_bodies_need_no_room(void **state)
{
	(void)state;
	enum { ROOM = 64 * 1024 };
	struct server server;
	char head[1024], *body = calloc(1, ROOM);
	server_start(&server, (const char *const[]){ "server.body_memory=64KiB",
						     "server.max_body=64KiB", NULL });
	server_sign_in(&server);
	int len = snprintf(head, sizeof(head), PATCH_ME "%s\r\nContent-Length: %d\r\n\r\n",
			   server.token, ROOM);
	memset(body, ' ', ROOM);
	int fd = client_open(&server);
	client_send(fd, head, (size_t)len);
	client_send(fd, body, ROOM - 1);
	AWAIT(has_no_room(&server));
	assert_int_equal(status_of_patch(&server, "{}"), 200);
	server_sign_in(&server);
	close(fd);
	free(body);
	server_end(&server);
}

enum { NO_JSON = 422 /* what blanks are answered with that there is room for */ };

/* As the client of that number, a body of so many blanks, of which `sent` are sent. */
static int send_blanks(const struct server *server, int client, int size, int sent)
{
	char head[256], *body = calloc(1, (size_t)sent + 1);
	int len = snprintf(head, sizeof(head),
			   "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: "
			   "application/json\r\nX-Forwarded-For: 10.0.0.%d\r\n"
			   "Content-Length: %d\r\n\r\n",
			   client, size);
	int fd = client_open(server);
	client_send(fd, head, (size_t)len);
	memset(body, ' ', (size_t)sent);
	client_send(fd, body, (size_t)sent);
	free(body);
	return fd;
}

static int status_of_blanks(const struct server *server, int client, int size)
{
	struct reply reply;
	int fd = send_blanks(server, client, size, size), status;
	client_read(fd, false, &reply);
	status = reply.status;
	if (status == 503)
		assert_non_null(strstr(reply.body, "You have too many"));
	reply_done(&reply);
	close(fd);
	return status;
}

/*
 * Whether the unfinished body of `fd` has all that client 1 may have. It is sent again if it met
 * what a try before took.
 */
static bool has_its_share(const struct server *server, int *fd, int size)
{
	if (status_of_blanks(server, 1, 8000) == 503)
		return true;
	if (status_so_far(*fd)) {
		close(*fd);
		*fd = send_blanks(server, 1, size, size - 1);
	}
	return false;
}

/* One may have the place of client 1 in the sums, by chance, and so his share. */
static bool one_of_others_has_room(const struct server *server)
{
	for (int client = 2; client < 6; client++)
		if (status_of_blanks(server, client, 8000) == NO_JSON)
			return true;
	return false;
}

/* Of 256 KiB; an unfinished body has a quarter. */
static void one_client_has_a_share_of_the_room(void **state)
{
	(void)state;
	enum { SHARE = 64 * 1024 };
	struct server server;
	server_start(&server,
		     (const char *const[]){ "server.body_memory=256KiB", "server.max_body=256KiB",
					    "server.trusted_proxies=127.0.0.1", NULL });
	int fd = send_blanks(&server, 1, SHARE, SHARE - 1);
	AWAIT(has_its_share(&server, &fd, SHARE));
	assert_int_equal(status_of_blanks(&server, 1, 4000), NO_JSON);
	assert_true(one_of_others_has_room(&server));
	close(fd);
	AWAIT(status_of_blanks(&server, 1, 8000) == NO_JSON);
	server_end(&server);
}

/* Room is taken when bytes come, not when they are announced. */
static void an_announced_body_takes_no_memory(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.body_memory=2MiB", NULL });
	server_sign_in(&server);
	char head[1024];
	int len = snprintf(head, sizeof(head), PATCH_ME "%s\r\nContent-Length: 1048576\r\n\r\n{",
			   server.token);
	int fds[MANY];
	for (int i = 0; i < MANY; i++) {
		fds[i] = client_open(&server);
		client_send(fds[i], head, (size_t)len);
	}
	answers_live(&server);
	assert_int_equal(count_refused(fds), 0);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	server_end(&server);
}

static void a_public_route_takes_small_bodies_only(void **state)
{
	(void)state;
	struct server server;
	struct reply reply;
	server_start(&server, (const char *const[]){ "server.max_body_public=2KiB", NULL });
	char *body = calloc(1, 4097);
	memset(body, ' ', 4096);
	client_call(
		&server,
		&(struct request){ .method = "POST", .target = "/api/v1/auth/login", .body = body },
		&reply);
	assert_int_equal(reply.status, 413);
	reply_done(&reply);
	free(body);
	server_end(&server);
}

/* Chunks without end, to a route whose limit would grant them minutes. */
static void a_refused_body_is_not_waited_for(void **state)
{
	const char *framing = *state;
	struct server server;
	char head[512];
	server_start(&server, (const char *const[]){ "server.refused_seconds=1",
						     "server.body_seconds=3600", NULL });
	int len = snprintf(head, sizeof(head),
			   "POST /api/v1/posts/batch HTTP/1.1\r\nHost: a\r\nContent-Type: "
			   "application/json\r\n%s\r\n\r\n",
			   framing);
	int fd = client_open(&server);
	client_send(fd, head, (size_t)len);
	/* sends nothing more: the server must end it, with a word or without */
	struct reply reply;
	client_read(fd, false, &reply);
	assert_true(reply.status == 401 || reply.status == 408);
	reply_done(&reply);
	assert_true(client_sees_close(fd));
	close(fd);
	server_end(&server);
}

/* The client's end in the same packet as its last bytes: the library does not see it. */
static void half_a_request_and_an_end_hold_no_slot(void **state)
{
	const char *text = *state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.idle_seconds=3600",
						     "server.header_seconds=3600",
						     "server.body_seconds=3600", NULL });
	answers_live(&server);
	int fds[MANY];
	for (int i = 0; i < MANY; i++) {
		int on = 1, off = 0;
		fds[i] = client_open(&server);
		setsockopt(fds[i], IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
		client_send(fds[i], text, strlen(text));
		shutdown(fds[i], SHUT_WR);
		setsockopt(fds[i], IPPROTO_TCP, TCP_CORK, &off, sizeof(off));
	}
	for (int i = 0; i < MANY; i++) {
		struct timeval wait = { .tv_sec = 60 };
		char sink[512];
		setsockopt(fds[i], SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
		ssize_t got;
		while ((got = recv(fds[i], sink, sizeof(sink), 0)) > 0)
			;
		assert_int_equal(got, 0);
		close(fds[i]);
	}
	server_end(&server);
}

/* Whoever has sent a whole request and says that there will be no other waits for the answer. */
static void a_whole_request_and_an_end_are_answered(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	for (int i = 0; i < MANY; i++) {
		static const char text[] = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";
		int on = 1, off = 0, fd = client_open(&server);
		setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
		client_send(fd, text, sizeof(text) - 1);
		shutdown(fd, SHUT_WR);
		setsockopt(fd, IPPROTO_TCP, TCP_CORK, &off, sizeof(off));
		struct reply reply;
		client_read(fd, false, &reply);
		assert_int_equal(reply.status, 200);
		reply_done(&reply);
		close(fd);
	}
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW_OF("headers that trickle in are cut", a_trickle_is_cut,
	       (&(struct trickle){ "GET /health/live HTTP/1.1\r\nHost: a\r\nX-Slow: ",
				   "server.header_seconds=1" })),
	ROW_OF("a body that trickles in is cut", a_trickle_is_cut,
	       (&(struct trickle){ "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n"
				   "Content-Type: application/json\r\n"
				   "Content-Length: 1000000\r\n\r\n",
				   "server.body_seconds=1" })),
	ROW_OF("a head that stops is logged with the 408 that it was told",
	       what_stops_is_logged_as_told, "GET /api/v1/half HTTP/1.1\r\nHost: a\r\n"),
	ROW_OF("a body that stops is logged with the 408 that it was told",
	       what_stops_is_logged_as_told,
	       "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
	       "Content-Length: 9\r\n\r\n{"),
	OF_THE_LIBRARY("a broken chunk is logged with the 400 that the library tells",
		       .start = CHUNKED_LOGIN "zz\r\n", .status = 400),
	OF_THE_LIBRARY("the size of a chunk with too long an extension is logged with its 500",
		       .start = CHUNKED_LOGIN "1c;", .fill = 'a', .fills = 40000, .status = 500),
	OF_THE_LIBRARY("the size of a chunk with too many zeros is logged with its 500",
		       .start = CHUNKED_LOGIN, .fill = '0', .fills = 40000, .status = 500),
	OF_THE_LIBRARY("a header line without a colon is logged with its 400",
		       .start = "GET /health/live HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", .status = 400),
	OF_THE_LIBRARY("too long a head is logged with its 431",
		       .start = "GET /health/live HTTP/1.1\r\nHost: a\r\nX: ", .fill = 'a',
		       .fills = 40000, .status = 431),
	ROW("a body that stops is 408", a_body_that_stops_is_408),
	SLOWLY_REFUSED("what is not there is 404, also when the body does not come", 404,
		       "POST /api/v1/nowhere"),
	SLOWLY_REFUSED("a method that a path lacks is 405, also when the body does not come", 405,
		       "PATCH /api/v1/auth/login"),
	SLOWLY_REFUSED("a form where JSON is wanted is 415, also when the body does not come", 415,
		       "POST /api/v1/auth/login HTTP/1.1\r\nContent-Type: text/csv\r\nX-Rest:"),
	SLOWLY_REFUSED("who sends no token hears 401, also when the body does not come", 401,
		       "POST /api/v1/posts HTTP/1.1\r\nContent-Type: application/json\r\nX-Rest:"),
	ROW("an idle connection is closed", an_idle_connection_is_closed),
	ROW("too many connections are 503 with Retry-After and the headers of all answers",
	    too_many_connections_are_told_so),
	ROW("idle connections cost little", idle_connections_cost_little),
	ROW("100,000-deep JSON is refused", hostile_json_is_refused),
	ROW("unfinished bodies have a budget", unfinished_bodies_have_a_budget),
	ROW("one client has a share of the room for bodies", one_client_has_a_share_of_the_room),
	ROW("small bodies are taken when there is no room for larger ones",
	    small_bodies_need_no_room),
	ROW("an announced body takes no memory", an_announced_body_takes_no_memory),
	ROW("a public route takes small bodies only", a_public_route_takes_small_bodies_only),
	ROW_OF("a refused chunked body is not waited for", a_refused_body_is_not_waited_for,
	       "Transfer-Encoding: chunked"),
	ROW_OF("a refused small body is not waited for", a_refused_body_is_not_waited_for,
	       "Content-Length: 1000"),
	ROW_OF("a refused large body is not waited for", a_refused_body_is_not_waited_for,
	       "Content-Length: 8000000"),
	ROW_OF("half a request line and an end hold no slot",
	       half_a_request_and_an_end_hold_no_slot, "GET /health/live HT"),
	ROW_OF("half a head and an end hold no slot", half_a_request_and_an_end_hold_no_slot,
	       "GET /health/live HTTP/1.1\r\nHost: a\r\nX: "),
	ROW_OF("half a body and an end hold no slot", half_a_request_and_an_end_hold_no_slot,
	       "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
	       "Content-Length: 100\r\n\r\n{"),
	ROW_OF("half a refused body and an end hold no slot",
	       half_a_request_and_an_end_hold_no_slot,
	       "POST /api/v1/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
	       "Content-Length: 100\r\n\r\n{"),
	ROW_OF("an answered request and an end hold no slot",
	       half_a_request_and_an_end_hold_no_slot,
	       "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"),
	ROW("a whole request and an end are answered", a_whole_request_and_an_end_are_answered),
};

int main(void)
{
	return rows_run("core/http/limits", rows, sizeof(rows) / sizeof(rows[0]));
}
