/* threaded */
/*
 * Clients that vanish: in the middle of a head or of a body, while a worker, the lane of long
 * reads, a hash or the writer has their request, and while an answer is on its way to them. Nothing
 * of them is left behind (connections, requests, room of bodies, jobs, sockets), what was to be
 * written is, and the server serves on. It runs in this process, so that what it holds can be
 * looked at; its deadlines are an hour, so that none of them does the work.
 */
#include <dirent.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/http.h"
#include "core/http/server.h"
#include "core/model.h"
#include "core/module.h"
#include "core/pool.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/stage.h"

enum { MANY = 6, STREAM_BYTES = 16 << 20, HALF_BODY = 20000, JOBS = 64 };

/* ---- a module whose operations wait until the row lets them go on ---- */

static atomic_bool is_open;
static atomic_int entered;

static void wait_for_the_row(void)
{
	atomic_fetch_add(&entered, 1);
	while (!atomic_load(&is_open))
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

static enum app_err work(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)c, (void)in, (void)ret;
	wait_for_the_row();
	return APP_OK;
}

/*
 * With a budget of nothing the first statement ends it on the event loop: what waits is in the
 * lane.
 */
static enum app_err read_long(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	int64_t users;
	enum app_err err = model_int(c, "SELECT count(*) FROM users", BIND(), &users);
	return err ? err : work(c, in, ret);
}

static enum app_err write_one(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	enum app_err err = db_exec(c, "INSERT INTO visits DEFAULT VALUES", BIND(), NULL);
	return err ? err : work(c, in, ret);
}

static enum app_err prepare_work(struct ctx *c, struct nothing *in, struct nothing *ret)
{
	return work(c, in, ret);
}

static enum app_err after_work(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

OPERATION_FN(work, struct nothing, struct nothing)
OPERATION_FN(read_long, struct nothing, struct nothing)
OPERATION_FN(write_one, struct nothing, struct nothing)
OPERATION_FN(after_work, struct nothing, struct nothing)
PREPARE_FN(prepare_work, struct nothing, struct nothing)

#define OP(variable, kind_, summary_, ...) \
	static const struct operation variable = { .name = "guest." #variable, \
						   .summary = (summary_), \
						   .kind = (kind_), \
						   .access = ACCESS_PUBLIC, \
						   __VA_ARGS__ }
OP(works, QUERY, "Wait for another system", .blocks = true, RUN(work));
OP(reads, QUERY, "Read for long", RUN(read_long));
OP(writes, COMMAND, "Write a row", RUN(write_one));
OP(hashes, QUERY, "Do something first", PREPARE(prepare_work), .prepare_lane = POOL_HASH,
   RUN(after_work));

static enum app_err answer_stream(struct ctx *c, struct http_exchange *x)
{
	static char zeros[STREAM_BYTES];
	(void)c;
	return http_answer(x, 200, "application/octet-stream", zeros, sizeof(zeros));
}

static const struct route routes[] = {
	{ GET, "/works", &works, .status = 204, .root = true },
	{ GET, "/reads", &reads, .status = 204, .root = true },
	{ GET, "/hashes", &hashes, .status = 204, .root = true },
	{ POST, "/writes", &writes, .status = 204, .root = true },
	{ GET, "/stream", .handle = answer_stream, .access = ACCESS_PUBLIC, .root = true },
	{ POST, "/stream", .handle = answer_stream, .access = ACCESS_PUBLIC, .root = true },
	{ 0 },
};
static const struct module guest = { "guest", "Is left alone.", .routes = routes };

/* ---- the house ---- */

struct house {
	struct stage s;
	struct server server; /* for the client: only the port */
	int sockets;          /* before anybody came */
};

/*
 * Of this process; files are another matter: each thread opens the database when it first needs it.
 */
static int count_sockets(void)
{
	int count = 0;
	DIR *folder = opendir("/proc/self/fd");
	assert_non_null(folder);
	for (const struct dirent *entry; (entry = readdir(folder));) {
		char target[32] = "";
		if (readlinkat(dirfd(folder), entry->d_name, target, sizeof(target) - 1) > 0)
			count += !strncmp(target, "socket:", 7);
	}
	closedir(folder);
	return count;
}

static int status_of(const struct house *house, const char *method, const char *target)
{
	struct reply reply;
	client_call(&house->server, &(struct request){ .method = method, .target = target },
		    &reply);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

static void house_open(struct house *house)
{
	memset(house, 0, sizeof(*house));
	stage_open_empty(&house->s, (const char *const[]){ "server.threads=2",
							   "server.loop_budget_us=0", NULL });
	stage_exec(&house->s, "CREATE TABLE visits (id INTEGER PRIMARY KEY)");
	struct app *app = &house->s.scene.app;
	app->modules = (const struct module *const[]){ &guest, NULL };
	app->pool = pool_new(&(struct pool_options){ .waiting = { JOBS, JOBS, JOBS, JOBS } });
	struct http_options options = *(const struct http_options *)config_group(
		app->config, &http_option_group);
	options.port = 0;
	options.header_seconds = options.body_seconds = options.idle_seconds =
		options.total_seconds = 3600;
	stage_ok(&house->s, http_server_start(&house->s.scene.c, app, &options, &app->http));
	house->server.port = http_server_port(app->http);
	atomic_store(&is_open, true);
	assert_int_equal(status_of(house, "GET", "/reads"), 204);
	assert_int_equal(status_of(house, "POST", "/writes"), 204);
	AWAIT(peers_count(app->http->peers) == 0);
	house->sockets = count_sockets();
	atomic_store(&is_open, false);
	atomic_store(&entered, 0);
}

static bool is_idle(const struct house *house)
{
	const struct app *app = &house->s.scene.app;
	for (int lane = 0; lane < POOL_LANES; lane++) {
		struct pool_load load;
		pool_look(app->pool, (enum pool_lane)lane, &load);
		if (load.running || load.waiting)
			return false;
	}
	return !atomic_load(&app->http->active) && !atomic_load(&app->http->suspended) &&
	       !atomic_load(&app->http->body_held) && !peers_count(app->http->peers) &&
	       count_sockets() == house->sockets;
}

static void house_close(struct house *house)
{
	struct app *app = &house->s.scene.app;
	http_server_stop(app->http);
	pool_drop(app->pool);
	app->pool = NULL;
	stage_close(&house->s);
}

/* ---- the guests ---- */

enum phase { AT_HEAD, AT_BODY, AT_WORK, AT_ANSWER };
enum way { CLOSES, RESETS, HALF_CLOSES };

struct guest_case {
	const char *text;
	enum phase phase;
	enum way way;
};

static bool has_answer(int fd)
{
	int bytes = 0;
	ioctl(fd, FIONREAD, &bytes);
	return bytes > 0;
}

/* Until the server is where the row wants it with every guest. */
static void await_phase(const struct house *house, enum phase phase, const int *fds)
{
	struct http_server *server = house->s.scene.app.http;
	switch (phase) {
	case AT_HEAD: AWAIT(atomic_load(&server->active) == MANY); return;
	case AT_BODY: AWAIT(atomic_load(&server->body_held) >= MANY * HALF_BODY); return;
	case AT_WORK:
		AWAIT(atomic_load(&server->suspended) == MANY && atomic_load(&entered));
		return;
	case AT_ANSWER:
		for (int i = 0; i < MANY; i++)
			AWAIT(has_answer(fds[i]));
	}
}

static void vanish(int fd, enum way way)
{
	const struct linger hard = { .l_onoff = 1 };
	if (way == HALF_CLOSES) {
		shutdown(fd, SHUT_WR);
		return;
	}
	if (way == RESETS)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	close(fd);
}

/* Who has only finished sending gets the answer to what was whole, and is hung up on. */
static void see_off(int fd, const struct guest_case *row)
{
	static char sink[1 << 16];
	size_t len = 0;
	ssize_t got;
	/* the beginning stays */
	while ((got = recv(fd, sink + (len ? 12 : 0), sizeof(sink) - 12, 0)) > 0)
		len += (size_t)got;
	if (row->phase == AT_ANSWER)
		assert_true(len > STREAM_BYTES);
	else if (row->phase == AT_WORK)
		assert_memory_equal(sink, "HTTP/1.1 204", 12);
	close(fd);
}

static void nothing_is_left_of_a_guest(void **state)
{
	const struct guest_case *row = *state;
	struct house house;
	int fds[MANY];
	house_open(&house);
	for (int i = 0; i < MANY; i++) {
		char body[HALF_BODY];
		fds[i] = client_open(&house.server);
		client_send(fds[i], row->text, strlen(row->text));
		memset(body, 'x', sizeof(body));
		if (row->phase == AT_BODY)
			client_send(fds[i], body, sizeof(body));
	}
	await_phase(&house, row->phase, fds);
	for (int i = 0; i < MANY; i++)
		vanish(fds[i], row->way);
	atomic_store(&is_open, true);
	for (int i = 0; i < MANY && row->way == HALF_CLOSES; i++)
		see_off(fds[i], row);
	AWAIT(is_idle(&house));
	if (strstr(row->text, "/writes"))
		assert_int_equal(stage_int(&house.s, "SELECT count(*) FROM visits"), 1 + MANY);
	assert_int_equal(status_of(&house, "GET", "/works"), 204);
	assert_int_equal(status_of(&house, "GET", "/reads"), 204);
	assert_int_equal(status_of(&house, "GET", "/hashes"), 204);
	assert_int_equal(status_of(&house, "POST", "/writes"), 204);
	AWAIT(is_idle(&house));
	house_close(&house);
}

#define ASK(method, path) method " " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define GUEST(sentence, text, phase, way) \
	ROW_OF(sentence, nothing_is_left_of_a_guest, (&(struct guest_case){ text, phase, way }))
#define EACH_WAY(where, text, phase) \
	GUEST("who closes " where, text, phase, CLOSES), \
		GUEST("who resets the connection " where, text, phase, RESETS), \
		GUEST("who stops sending " where, text, phase, HALF_CLOSES)

int main(void)
{
	const struct CMUnitTest rows[] = {
		EACH_WAY("in the head", "GET /works HTTP/1.1\r\nHost: a\r\nX: ", AT_HEAD),
		EACH_WAY("in the body",
			 "POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n",
			 AT_BODY),
		EACH_WAY("in a chunk",
			 "POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
			 "chunked\r\n\r\nea60\r\n",
			 AT_BODY),
		EACH_WAY("while a worker is at it", ASK("GET", "/works"), AT_WORK),
		EACH_WAY("while a long read is under way", ASK("GET", "/reads"), AT_WORK),
		EACH_WAY("while a hash is made", ASK("GET", "/hashes"), AT_WORK),
		EACH_WAY("while it is written", ASK("POST", "/writes"), AT_WORK),
		EACH_WAY("while the answer is sent", ASK("GET", "/stream"), AT_ANSWER),
	};
	return rows_run("core/http/vanish", rows, COUNT_OF(rows));
}
