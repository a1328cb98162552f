/* threaded */
/*
 * What asks the database who sends it is no work for an event loop where that may block, whatever
 * answers it.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "core/authenticator.h"
#include "core/http/house.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/store.h"

/* ---- a module that knows whose credentials those are ---- */

/* Of the last request: where it was read, and whether it was asked there who sends it. */
static _Atomic pthread_t loop;
static atomic_bool was_moved;
static atomic_int screened, asked;

static enum app_err note_loop(struct ctx *c, struct http_exchange *x)
{
	(void)c, (void)x;
	atomic_store(&loop, pthread_self());
	return APP_OK;
}

static enum app_err screen(struct ctx *c, const struct credentials *credentials)
{
	(void)c, (void)credentials;
	atomic_fetch_add(&screened, 1);
	return APP_OK;
}

static enum app_err authenticate(struct ctx *c, const struct credentials *credentials,
				 struct actor *ret)
{
	(void)c, (void)credentials;
	atomic_fetch_add(&asked, 1);
	atomic_store(&was_moved, !pthread_equal(atomic_load(&loop), pthread_self()));
	*ret = (struct actor){ .kind = ACTOR_USER, .user_id = 1 };
	return APP_OK;
}

static enum app_err confirm(struct ctx *c)
{
	(void)c;
	return APP_OK;
}

static const struct authenticator gate_authenticator = { screen, authenticate, confirm, NULL };

static enum app_err do_nothing(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

OPERATION_FN(do_nothing, struct nothing, struct nothing)

static sem_t go;
static atomic_int waiting;

static enum app_err wait_to_go(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)c, (void)in, (void)ret;
	atomic_fetch_add(&waiting, 1);
	sem_wait(&go);
	return APP_OK;
}

OPERATION_FN(wait_to_go, struct nothing, struct nothing)

static const struct operation light = { .name = "gate.light",
					.summary = "Do nothing",
					.access = ACCESS_USER,
					.light = true,
					RUN(do_nothing) };
static const struct operation told = {
	.name = "gate.told", .summary = "Do nothing", .access = ACCESS_USER, .light = true
};
static const struct operation waits = { .name = "gate.wait",
					.summary = "Wait",
					.access = ACCESS_PUBLIC,
					.blocks = true,
					RUN(wait_to_go) };

static enum app_err answer_text(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	return http_answer(x, 200, "text/plain; charset=utf-8", "text", 4);
}

static const struct route gate_routes[] = ROUTES(
	{ GET, "/light", &light, .status = 204 },
	{ GET, "/told", &told, .handle = answer_text },
	{ GET, "/raw", .handle = answer_text, .access = ACCESS_USER },
	{ GET, "/waits", &waits, .status = 204 });
static const struct module_stage gate_stages[] = STAGES(
	{ .name = "note", .place = BEFORE_SENDER, .light = true, .run = note_loop });
static const struct module gate = { .name = "gate",
				    .routes = gate_routes,
				    .stages = gate_stages,
				    .authenticator = &gate_authenticator };

static int open_with_gate(void **state)
{
	static const struct module *const modules[] = { &gate, NULL };
	(void)state;
	sem_init(&go, 0, 0);
	house_open(modules, (const char *const[]){ "server.max_waiting=1",
						   "server.refused_pause_ms=0", NULL });
	house_stage.scene.app.authenticator = &gate_authenticator;
	return 0;
}

static int close_with_gate(void **state)
{
	int result = house_close(state);
	sem_destroy(&go);
	return result;
}

/* ---- rows ---- */

static int ask(const char *target)
{
	struct reply reply;
	client_call(&house_server,
		    &(struct request){ .method = "GET", .target = target, .token = "mine" },
		    &reply);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

static void is_asked_elsewhere(void **state)
{
	int before = atomic_load(&asked);
	assert_int_equal(ask(*state) / 100, 2);
	assert_int_equal(atomic_load(&asked) - before, 1);
	assert_int_equal(atomic_load(&was_moved), store_is_postgres);
}

static void is_turned_away_first(void **state)
{
	static const char wait[] = "GET /api/v1/waits HTTP/1.1\r\nHost: a\r\n\r\n";
	struct reply reply;
	int fd = client_open(&house_server), waited = atomic_load(&waiting);
	client_send(fd, wait, sizeof(wait) - 1);
	AWAIT(atomic_load(&waiting) > waited);
	int before = atomic_load(&screened);
	int status = ask(*state);
	sem_post(&go);
	client_read(fd, false, &reply);
	close(fd);
	assert_int_equal(reply.status, 204);
	reply_done(&reply);
	assert_int_equal(status / 100, store_is_postgres ? 5 : 2);
	assert_int_equal(atomic_load(&screened), before);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("who sends a light query is asked where that may block", is_asked_elsewhere,
		       "/api/v1/light"),
		ROW_OF("so it is of a handler with an operation", is_asked_elsewhere,
		       "/api/v1/told"),
		ROW_OF("and of one without", is_asked_elsewhere, "/api/v1/raw"),
		ROW_OF("without room a light query is turned away first", is_turned_away_first,
		       "/api/v1/light"),
		ROW_OF("so is what a handler answers", is_turned_away_first, "/api/v1/told"),
		ROW_OF("be it without an operation", is_turned_away_first, "/api/v1/raw"),
	};
	return store_run("core/http/loop", rows, COUNT_OF(rows), open_with_gate, close_with_gate);
}
