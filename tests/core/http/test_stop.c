/* threaded */
/*
 * The end of a stop whose time is up while a request is still worked on. It runs in this process,
 * so that the moment can be seen at which the event loops are to end.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "core/http.h"
#include "core/http/server.h"
#include "core/module.h"
#include "core/pool.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/stage.h"

enum { TEXT_BYTES = 8 << 20 };

static atomic_bool is_open;
static atomic_bool is_entered;

/* On its event loop; what comes of it is compressed in the pool. */
static enum app_err answer_text(struct ctx *c, struct http_exchange *x)
{
	char *text = arena_raw(c->arena, TEXT_BYTES);
	for (size_t i = 0; i < TEXT_BYTES; i++)
		text[i] = (char)('a' + i * i / 7 % 26);
	atomic_store(&is_entered, true);
	AWAIT(atomic_load(&is_open));
	return http_answer(x, 200, "text/plain; charset=utf-8", text, TEXT_BYTES);
}

static const struct route routes[] = {
	{ GET, "/text", .handle = answer_text, .access = ACCESS_PUBLIC, .root = true },
	{ 0 },
};
static const struct module guest = { "guest", "Takes its time.", .routes = routes };

static void *stop(void *server)
{
	http_server_stop(server);
	return NULL;
}

static void a_stop_ends_what_would_go_on_in_the_pool(void **state)
{
	(void)state;
	struct stage s;
	struct server server = { 0 };
	pthread_t stopper;
	stage_open_empty(&s, (const char *const[]){ "server.threads=1", NULL });
	struct app *app = &s.scene.app;
	app->modules = (const struct module *const[]){ &guest, NULL };
	app->pool = pool_new(&(struct pool_options){ 0 });
	struct http_options options = *(const struct http_options *)config_group(
		app->config, &http_option_group);
	options.port = options.shutdown_seconds = 0;
	stage_ok(&s, http_server_start(&s.scene.c, app, &options, &app->http));
	server.port = http_server_port(app->http);
	int fd = client_open(&server);
	static const char ask[] = "GET /text HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n";
	client_send(fd, ask, strlen(ask));
	AWAIT(atomic_load(&is_entered));
	pthread_create(&stopper, NULL, stop, app->http);
	AWAIT(atomic_load(&app->http->ending));
	atomic_store(&is_open, true);
	pthread_join(stopper, NULL);
	close(fd);
	pool_drop(app->pool);
	app->pool = NULL;
	app->http = NULL;
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a stop whose time is up ends what would go on in the pool",
		    a_stop_ends_what_would_go_on_in_the_pool),
	};
	return rows_run("core/http/stop", rows, COUNT_OF(rows));
}
