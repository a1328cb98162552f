/* threaded */
/* long */
/*
 * Clients that ask for large answers and do not take them: what the server holds for them stays
 * within server.answer_memory, of one client within a share of it, who asks gets the room of those
 * who take nothing, and when they are gone nothing is held. It runs in this process, so that what
 * it counts can be looked at; its deadlines are an hour, so that none of them does the work.
 */
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/http.h"
#include "core/http/client.h"
#include "core/http/parse/networks.h"
#include "core/http/server.h"
#include "core/module.h"
#include "core/pool.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/stage.h"

enum {
	MANY = 16,
	MIB = 1 << 20,
	BUDGET = 64 * MIB,
	FOR_QUERIES = BUDGET - BUDGET / 8,
	SHARE = BUDGET / 4,
	CONTENT = MIB + MIB / 4, /* of bytes that are six in JSON: no socket buffers that */
	ANSWER = 6 * CONTENT,
	HELD_EACH = 8 * MIB,
	ROWS = 2 * MIB, /* of one answer, until the pool has wiped them */
	NEVER = 3600,   /* seconds */
	CLIENTS = MANY + 2,
	STEADY = CLIENTS - 1, /* the number of one who takes his answer */
};

/* ---- a module with large answers ---- */

struct letter {
	const char *content;
};
SCHEMA(letter, FIELD(struct letter, content, .required = true));

static atomic_int commits;

static void letter_of(struct ctx *c, size_t len, struct letter *ret)
{
	char *content = arena_raw(c->arena, len + 1);
	memset(content, '\a', len);
	content[len] = '\0';
	ret->content = content;
}

static enum app_err read_letter(struct ctx *c, const struct nothing *in, struct letter *ret)
{
	(void)in;
	letter_of(c, CONTENT, ret);
	return APP_OK;
}

static enum app_err commit_letter(struct ctx *c, const struct nothing *in, struct letter *ret)
{
	atomic_fetch_add(&commits, 1);
	return read_letter(c, in, ret);
}

static enum app_err commit_note(struct ctx *c, const struct nothing *in, struct letter *ret)
{
	(void)in;
	atomic_fetch_add(&commits, 1);
	letter_of(c, 10, ret);
	return APP_OK;
}

static enum app_err answer_raw(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	struct letter raw;
	letter_of(c, 6 * CONTENT, &raw);
	return http_answer(x, 200, "text/plain", raw.content, 6 * CONTENT);
}

OPERATION_FN(read_letter, struct nothing, struct letter)
OPERATION_FN(commit_letter, struct nothing, struct letter)
OPERATION_FN(commit_note, struct nothing, struct letter)

static const struct operation letter = { .name = "post.letter",
					 .summary = "A long one",
					 .kind = QUERY,
					 .access = ACCESS_PUBLIC,
					 .out = &letter_schema,
					 RUN(read_letter) };
static const struct operation commit = { .name = "post.commit",
					 .summary = "Writes, and tells at length",
					 .kind = COMMAND,
					 .access = ACCESS_PUBLIC,
					 .out = &letter_schema,
					 RUN(commit_letter) };
static const struct operation note = { .name = "post.note",
				       .summary = "Writes, and tells briefly",
				       .kind = COMMAND,
				       .access = ACCESS_PUBLIC,
				       .out = &letter_schema,
				       RUN(commit_note) };
static const struct route routes[] = {
	{ GET, "/letter", &letter, .root = true },
	{ POST, "/commit", &commit, .root = true },
	{ POST, "/note", &note, .root = true },
	{ GET, "/raw", .handle = answer_raw, .access = ACCESS_PUBLIC, .root = true },
	{ 0 },
};
static const struct module post = { "post", "Sends long letters.", .routes = routes };

/* ---- the server ---- */

struct house {
	struct stage s;
	struct server server; /* for the client: only the port */
};

/* That of the row; NULL: none is open. */
static struct house *standing;

/* What its pool may wait at; set anew by each row that has it wait. */
static struct barrier {
	struct pool_job job;
	atomic_bool is_open, has_gone;
} barrier;

static void house_open_with(struct house *house, int64_t answer_memory, int64_t unread_seconds)
{
	memset(house, 0, sizeof(*house));
	stage_open_empty(&house->s, (const char *const[]){ "server.threads=2", NULL });
	struct app *app = &house->s.scene.app;
	app->modules = (const struct module *const[]){ &post, NULL };
	app->pool = pool_new(&(struct pool_options){ .waiting = { MANY, MANY, MANY, MANY } });
	struct http_options options = *(const struct http_options *)config_group(
		app->config, &http_option_group);
	options.port = 0;
	options.trusted_proxies = "127.0.0.1";
	options.answer_memory = answer_memory;
	options.unread_seconds = unread_seconds;
	options.header_seconds = options.body_seconds = options.idle_seconds =
		options.total_seconds = NEVER;
	options.refused_pause_ms = 0;
	/* one try for each answer, or what is left of the first would be held besides */
	options.loop_budget_us = SECONDS_US(1);
	options.body_min_rate = 192 * 1024; /* more than any client's system takes ahead */
	atomic_store(&commits, 0);
	stage_ok(&house->s, http_server_start(&house->s.scene.c, app, &options, &app->http));
	house->server.port = http_server_port(app->http);
	standing = house;
}

static void house_open(struct house *house)
{
	house_open_with(house, BUDGET, NEVER);
}

static int64_t held(const struct house *house)
{
	return atomic_load(&house->s.scene.app.http->unsent.held);
}

static void house_end(struct house *house)
{
	struct app *app = &house->s.scene.app;
	standing = NULL;
	http_server_stop(app->http);
	pool_drop(app->pool);
	app->pool = NULL;
	stage_close(&house->s);
}

static void house_close(struct house *house)
{
	AWAIT(held(house) == 0);
	for (int i = 0; i < TALLY_CLIENTS; i++)
		AWAIT(!atomic_load(&house->s.scene.app.http->unsent.by_client.sums[i]));
	house_end(house);
}

/* After a row that failed, so that its threads have ended when cmocka tells why. */
static int teardown(void **state)
{
	(void)state;
	atomic_store(&barrier.is_open, true);
	if (standing)
		house_end(standing);
	return 0;
}

/* ---- its clients ---- */

/* The last byte of the address of each: no two whom chance gave one place, and so one share. */
static int hosts[CLIENTS];

static bool takes_place(struct tally_clients *sums, int client)
{
	struct address address;
	char text[32];
	int len = snprintf(text, sizeof(text), "10.0.0.%d", hosts[client]);
	assert_true(address_read(text, (size_t)len, &address));
	return !atomic_exchange(tally_of(sums, client_key_of(address_network(&address))), 1);
}

static void choose_hosts(void)
{
	static struct tally_clients sums;
	for (int client = 0; client < CLIENTS; client++) {
		hosts[client] = client ? hosts[client - 1] + 1 : 1;
		while (!takes_place(&sums, client))
			hosts[client]++;
	}
	assert_true(hosts[CLIENTS - 1] < 256);
}

/* Asks as the client of that number, whose system takes `room` bytes of the answer ahead. */
static int ask_with(const struct house *house, int client, const char *line, int room)
{
	char text[256];
	int fd = client_open(&house->server);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	int len = snprintf(text, sizeof(text),
			   "%s HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.0.0.%d\r\n"
			   "Content-Length: 0\r\n\r\n",
			   line, hosts[client]);
	client_send(fd, text, (size_t)len);
	return fd;
}

static int ask(const struct house *house, int client, const char *line)
{
	return ask_with(house, client, line, 4096);
}

/* What its answer begins with, without taking it; 0: nothing came as yet. */
static int status_so_far(int fd)
{
	char text[13] = "";
	if (recv(fd, text, 12, MSG_PEEK | MSG_DONTWAIT) < 12)
		return 0;
	return atoi(text + 9);
}

/*
 * One that will take it: with little room a large answer takes a minute, however fast it is read.
 */
static int ask_to_take(const struct house *house, int client)
{
	int fd = ask_with(house, client, "GET /letter", 128 * 1024);
	AWAIT(status_so_far(fd));
	return fd;
}

static void close_all(const int *fds, int count)
{
	for (int i = 0; i < count; i++)
		close(fds[i]);
}

/* in place of a client's number: one after the other */
enum { EACH = -1 };

/* What was made for these answers and is not to be sent is wiped by the pool in its own time. */
static void await_wiped(const struct house *house, int answers)
{
	AWAIT(held(house) <= (int64_t)answers * HELD_EACH);
}

/*
 * So many requests, one after the other. Returns how many are given their answer; all others are
 * refused.
 */
static int ask_many(const struct house *house, int client, const char *line, int64_t most,
		    int fds[MANY])
{
	int given = 0, refused = 0;
	for (int i = 0; i < MANY; i++) {
		fds[i] = ask(house, client == EACH ? 1 + i : client, line);
		AWAIT(status_so_far(fds[i]));
		assert_true(held(house) <= most);
		given += status_so_far(fds[i]) == 200;
		refused += status_so_far(fds[i]) == 503;
		await_wiped(house, given);
	}
	assert_int_equal(given + refused, MANY);
	return given;
}

static struct reply call(const struct house *house, const char *method, const char *target)
{
	struct reply reply;
	client_call(&house->server, &(struct request){ .method = method, .target = target },
		    &reply);
	return reply;
}

static int status_of(const struct house *house, const char *method, const char *target)
{
	struct reply reply = call(house, method, target);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

/* ---- rows ---- */

static void answers_nobody_takes_stay_within_the_budget(void **state)
{
	const char *line = *state;
	static struct house house;
	int fds[MANY];
	house_open(&house);
	int given = ask_many(&house, EACH, line, FOR_QUERIES, fds);
	assert_in_range(given, FOR_QUERIES / HELD_EACH / 2, FOR_QUERIES / ANSWER);
	assert_in_range(held(&house), (int64_t)given * ANSWER, FOR_QUERIES);
	/* small answers are given all the same, those to changes too */
	assert_int_equal(status_of(&house, "GET", "/nothing"), 404);
	assert_int_equal(status_of(&house, "POST", "/note"), 200);
	assert_int_equal(atomic_load(&commits), 1);
	close_all(fds, MANY);
	/* and when they are gone, large ones */
	AWAIT(held(&house) == 0);
	struct reply reply = call(&house, "GET", "/letter");
	assert_int_equal(reply.status, 200);
	assert_int_equal(reply.body_len, ANSWER + strlen("{'content':''}"));
	reply_done(&reply);
	house_close(&house);
}

/*
 * Nobody who made a change is told that it was refused; where there is no room to tell, it is not
 * made.
 */
static void what_is_committed_is_told(void **state)
{
	(void)state;
	static struct house house;
	int fds[MANY];
	house_open(&house);
	int given = ask_many(&house, EACH, "POST /commit", BUDGET + HELD_EACH + ROWS, fds);
	assert_int_equal(atomic_load(&commits), given);
	assert_in_range(given, BUDGET / HELD_EACH, BUDGET / ANSWER + 1);
	assert_true(held(&house) >= BUDGET);
	assert_int_equal(status_of(&house, "POST", "/note"), 503);
	assert_int_equal(status_of(&house, "GET", "/nothing"), 404);
	close_all(fds, MANY);
	house_close(&house);
}

/* All of them at once, on any thread: the same number of answers fits. */
static void many_at_once_stay_within_the_budget(void **state)
{
	(void)state;
	static struct house house;
	int fds[MANY], given = 0;
	house_open(&house);
	for (int i = 0; i < MANY; i++)
		fds[i] = ask(&house, 1 + i, "GET /letter");
	for (int i = 0; i < MANY; i++) {
		AWAIT(status_so_far(fds[i]));
		given += status_so_far(fds[i]) == 200;
	}
	assert_in_range(given, 1, FOR_QUERIES / ANSWER);
	assert_in_range(held(&house), (int64_t)given * ANSWER, FOR_QUERIES);
	close_all(fds, MANY);
	house_close(&house);
}

/* Of a budget of which two thirds are free. */
static void one_client_has_a_share(void **state)
{
	(void)state;
	static struct house house;
	int fds[MANY];
	house_open(&house);
	int given = ask_many(&house, 1, "GET /letter", SHARE, fds);
	assert_in_range(given, 1, SHARE / ANSWER);
	int other = ask(&house, 2, "GET /letter"), own = ask(&house, 1, "POST /note");
	AWAIT(status_so_far(other) && status_so_far(own));
	assert_int_equal(status_so_far(other), 200);
	assert_int_equal(status_so_far(own), 200);
	close(other);
	close(own);
	close_all(fds, MANY);
	house_close(&house);
}

/* Told to the last, and then no more is changed by this client. */
static void one_client_has_a_share_of_changes(void **state)
{
	(void)state;
	static struct house house;
	int fds[MANY];
	house_open(&house);
	int given = ask_many(&house, 1, "POST /commit", SHARE + HELD_EACH + ROWS, fds);
	assert_int_equal(atomic_load(&commits), given);
	assert_in_range(given, SHARE / HELD_EACH, SHARE / ANSWER + 1);
	int other = ask(&house, 2, "POST /commit");
	AWAIT(status_so_far(other));
	assert_int_equal(status_so_far(other), 200);
	close(other);
	close_all(fds, MANY);
	house_close(&house);
}

/* Or a list of more than a quarter could never be had. */
static void a_single_answer_may_be_more_than_a_share(void **state)
{
	(void)state;
	static struct house house;
	house_open_with(&house, SHARE, NEVER);
	int one = ask(&house, 1, "GET /letter");
	AWAIT(status_so_far(one));
	int two = ask(&house, 1, "GET /letter");
	AWAIT(status_so_far(two));
	assert_int_equal(status_so_far(one), 200);
	assert_int_equal(status_so_far(two), 503);
	close(one);
	close(two);
	house_close(&house);
}

static void one_that_never_fits_says_so(void **state)
{
	(void)state;
	static struct house house;
	house_open_with(&house, MIB, NEVER);
	struct reply reply = call(&house, "GET", "/letter");
	assert_int_equal(reply.status, 503);
	assert_null(reply_header(&reply, "Retry-After"));
	assert_non_null(strstr(reply.body, "ask for less"));
	assert_int_equal(held(&house), 0);
	reply_done(&reply);
	house_close(&house);
}

/* ---- rows: who loses the room ---- */

static bool is_open(int fd)
{
	struct pollfd end = { .fd = fd };
	poll(&end, 1, 0);
	return !(end.revents & (POLLERR | POLLHUP));
}

static int count_open(const int *fds, int count)
{
	int open = 0;
	for (int i = 0; i < count; i++)
		open += is_open(fds[i]);
	return open;
}

/* As many clients as there is room for, each with an answer that it does not take. */
static int fill(const struct house *house, int fds[MANY])
{
	int count = 0;
	while (held(house) + HELD_EACH + ROWS <= FOR_QUERIES) {
		fds[count] = ask(house, 1 + count, "GET /letter");
		AWAIT(status_so_far(fds[count]));
		assert_int_equal(status_so_far(fds[count]), 200);
		await_wiped(house, ++count);
	}
	return count;
}

/* As many as it takes, the one that waits for longest first. */
static void who_asks_gets_the_room_of_who_takes_nothing(void **state)
{
	(void)state;
	static struct house house;
	int fds[MANY];
	house_open_with(&house, BUDGET, 1);
	int count = fill(&house, fds);
	assert_true(count > 3);
	AWAIT(status_of(&house, "GET", "/letter") == 200);
	/* its room is given back before its connection is closed */
	AWAIT(!is_open(fds[0]));
	assert_true(is_open(fds[count - 1]));
	close_all(fds, count);
	house_close(&house);
}

/* It was told, so it went past the budget; nobody has to ask for the room. */
static void changes_get_their_room_back(void **state)
{
	(void)state;
	static struct house house;
	int fds[MANY];
	house_open_with(&house, BUDGET, 1);
	int count = 0;
	for (; count < MANY && held(&house) <= BUDGET; count++) {
		fds[count] = ask(&house, 1 + count, "POST /commit");
		/* a slow machine may cut it off before it is looked at */
		AWAIT(status_so_far(fds[count]) || !is_open(fds[count]));
	}
	AWAIT(held(&house) <= BUDGET);
	AWAIT(status_of(&house, "POST", "/note") == 200);
	assert_true(count_open(fds, count) > 0);
	close_all(fds, count);
	house_close(&house);
}

/* Longer than server.unread_seconds, and the thread that cuts has looked often. */
static void who_takes_nothing_is_left_alone_while_there_is_room(void **state)
{
	(void)state;
	static struct house house;
	house_open_with(&house, BUDGET, 1);
	int fd = ask_to_take(&house, 1);
	sleep(3);
	struct reply reply;
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 200);
	assert_int_equal(reply.body_len, ANSWER + strlen("{'content':''}"));
	reply_done(&reply);
	close(fd);
	house_close(&house);
}

enum { STEADY_S = 4, STEADY_MOST_S = 64, STEP = 256 * 1024 };

/* Takes a step; false at the end of all. */
static bool take_step(int fd, size_t *taken)
{
	char bytes[4096];
	for (size_t got = 0; got < STEP && *taken < ANSWER;) {
		ssize_t n = recv(fd, bytes, sizeof(bytes), 0);
		if (n <= 0)
			return false;
		got += (size_t)n;
		*taken += (size_t)n;
	}
	return *taken < ANSWER;
}

/* One more that takes nothing; refused when there is no room. */
static void add_one(const struct house *house, int fds[MANY], int *count)
{
	int fd = ask(house, 1 + *count, "GET /letter");
	AWAIT(status_so_far(fd));
	if (status_so_far(fd) == 200)
		fds[(*count)++] = fd;
	else
		close(fd);
	await_wiped(house, *count + 1);
}

/*
 * Takes the answer bit by bit while others ask for the room, of whom *ret_count get an answer.
 * Returns how much it took; *ret_pause_us is the longest time in which it took nothing, which on a
 * machine that is busy elsewhere may be any.
 */
static size_t take_steadily(const struct house *house, int64_t steady_s, int fds[MANY],
			    int *ret_count, int64_t *ret_pause_us)
{
	size_t taken = 0;
	int64_t before = clock_monotonic_us();
	int fd = ask_to_take(house, STEADY);
	*ret_pause_us = *ret_count = 0;
	while (take_step(fd, &taken)) {
		int64_t now = clock_monotonic_us();
		if (now - before > *ret_pause_us)
			*ret_pause_us = now - before;
		before = now;
		if (*ret_count < MANY)
			add_one(house, fds, ret_count);
		usleep((useconds_t)(SECONDS_US(steady_s) / 10));
	}
	close(fd);
	return taken;
}

/*
 * Whether it was a try: without pauses in which this machine was elsewhere, and with others that
 * lost their room.
 */
static bool tries_to_take_steadily(int64_t steady_s)
{
	static struct house house;
	int64_t pause_us;
	int fds[MANY], count;
	house_open_with(&house, BUDGET, steady_s);
	size_t taken = take_steadily(&house, steady_s, fds, &count, &pause_us);
	bool is_steady = pause_us < SECONDS_US(steady_s) / 2;
	if (is_steady)
		assert_true(taken >= ANSWER);
	close_all(fds, count);
	house_close(&house);
	return is_steady && count > FOR_QUERIES / ANSWER;
}

/*
 * More of the others get an answer than there is room for: theirs are cut, his is not. A machine
 * that is too slow for the time that one has gets twice as much, and so on.
 */
static void who_takes_steadily_keeps_his_answer(void **state)
{
	(void)state;
	int64_t steady_s = STEADY_S;
	while (!tries_to_take_steadily(steady_s)) {
		steady_s *= 2;
		assert_true(steady_s <= STEADY_MOST_S);
	}
}

/* ---- what is left of an answer ---- */

static void wait_at_barrier(struct pool_job *job)
{
	(void)job;
	AWAIT(atomic_load(&barrier.is_open));
	atomic_store(&barrier.has_gone, true);
}

/* While the pool has something else to do, nobody has wiped it, and the event loops go on. */
static void a_large_answer_is_wiped_in_the_pool(void **state)
{
	bool takes = *(const bool *)*state;
	static struct house house;
	struct reply reply;
	barrier = (struct barrier){ .job.run = wait_at_barrier };
	house_open(&house);
	const struct app *app = &house.s.scene.app;
	int fd = ask_to_take(&house, 1);
	stage_ok(&house.s, pool_submit(app->pool, POOL_WORK, &barrier.job));
	if (takes) {
		client_read(fd, false, &reply);
		assert_int_equal(reply.body_len, ANSWER + strlen("{'content':''}"));
		reply_done(&reply);
	}
	close(fd);
	AWAIT(!atomic_load(&app->http->active));
	assert_true(held(&house) >= ANSWER);
	assert_int_equal(status_of(&house, "GET", "/nothing"), 404);
	atomic_store(&barrier.is_open, true);
	AWAIT(atomic_load(&barrier.has_gone));
	house_close(&house);
}

/* What is on its way out makes room as soon as it is wiped: nobody else need go for it. */
static void nobody_goes_for_room_that_is_being_wiped(void **state)
{
	(void)state;
	static struct house house;
	int fds[MANY];
	barrier = (struct barrier){ .job.run = wait_at_barrier };
	house_open_with(&house, BUDGET, 1);
	int count = fill(&house, fds);
	stage_ok(&house.s, pool_submit(house.s.scene.app.pool, POOL_WORK, &barrier.job));
	/* as of somebody who was refused */
	atomic_store(&house.s.scene.app.http->unsent.wanted, HELD_EACH + ROWS);
	AWAIT(!is_open(fds[0]));
	sleep(2); /* the thread that cuts has looked often */
	assert_true(is_open(fds[count - 1]));
	atomic_store(&barrier.is_open, true);
	AWAIT(status_of(&house, "GET", "/letter") == 200);
	assert_true(is_open(fds[count - 1]));
	close_all(fds, count);
	house_close(&house);
}

int main(void)
{
	choose_hosts();
	struct CMUnitTest rows[] = {
		ROW_OF("answers that nobody takes stay within the budget",
		       answers_nobody_takes_stay_within_the_budget, "GET /letter"),
		ROW_OF("those of raw routes too", answers_nobody_takes_stay_within_the_budget,
		       "GET /raw"),
		ROW("what is committed is told", what_is_committed_is_told),
		ROW("many at once stay within the budget", many_at_once_stay_within_the_budget),
		ROW("one client has a share", one_client_has_a_share),
		ROW("one client has a share of changes", one_client_has_a_share_of_changes),
		ROW("a single answer may be more than a share",
		    a_single_answer_may_be_more_than_a_share),
		ROW("an answer that never fits says so", one_that_never_fits_says_so),
		ROW("who asks gets the room of who takes nothing",
		    who_asks_gets_the_room_of_who_takes_nothing),
		ROW("nobody else goes for room that is being wiped",
		    nobody_goes_for_room_that_is_being_wiped),
		ROW("changes get their room back", changes_get_their_room_back),
		ROW("who takes nothing is left alone while there is room",
		    who_takes_nothing_is_left_alone_while_there_is_room),
		ROW("who takes steadily keeps his answer", who_takes_steadily_keeps_his_answer),
		ROW_OF("a large answer is wiped in the pool once it is sent",
		       a_large_answer_is_wiped_in_the_pool, &(bool){ true }),
		ROW_OF("one whose client has gone is wiped there, too",
		       a_large_answer_is_wiped_in_the_pool, &(bool){ false }),
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		rows[i].teardown_func = teardown;
	return rows_run("core/http/unsent", rows, COUNT_OF(rows));
}
