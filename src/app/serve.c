/*
 * A server's life: start everything, wait for a signal, stop in good order. A first SIGTERM,
 * SIGINT or SIGQUIT finishes what is in flight; a second one ends at once.
 */
#include "app/serve.h"

#include <string.h>
#include <unistd.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/say.h"
#include "core/http.h"
#include "core/log.h"
#include "internal.h"
#include "signals.h"
#include "supervisor.h"

static void log_listening(struct ctx *c, const struct http_options *options, int port)
{
	log_info(c, "listening", LOG_TEXT("host", options->host), LOG_INT("port", port),
		 LOG_TEXT("version", app_version));
}

static void say_hello(struct ctx *c, const struct http_options *options, int port)
{
	const char *host = strchr(options->host, ':') ? "localhost" : options->host, *docs = "";
	if (http_docs_are_on(c->app, options))
		docs = arena_printf(c->arena, "  read the API at     http://%s:%d/docs\n", host,
				    port);
	log_flush(c->app->log);
	say_error("\n  " APP_NAME " %s is ready:  http://%s:%d\n%s  stop with Ctrl-C\n\n",
		  app_version, host, port, docs);
}

/*
 * A terminal that was stopped (Ctrl-S) may stay so for ever: meanwhile signals are heeded. True
 * when told to stop.
 */
static bool wait_for_terminal(struct ctx *c, const struct signals *signals)
{
	enum { STEP_MS = 100 };
	while (!say_is_ready(STDERR_FILENO))
		if (signals_wait(c, signals, STEP_MS))
			return true;
	return false;
}

/* True when told to stop. */
static bool greet(struct boot *boot, const struct signals *signals)
{
	struct ctx *c = &boot->c;
	int port = http_server_port(boot->app.http);
	log_listening(c, &boot->http, port);
	if (!isatty(STDERR_FILENO))
		return false;
	if (wait_for_terminal(c, signals))
		return true;
	say_hello(c, &boot->http, port);
	return false;
}

/* Until the time is up or nobody is left who would look; true when told to hurry. */
static bool drain(struct ctx *c, const struct http_options *options, const struct signals *signals)
{
	enum { STEP_MS = 100 };
	for (int64_t left = options->drain_seconds * 1000 / STEP_MS; left > 0; left--) {
		if (http_server_is_quiet(c->app->http, options->drain_seconds))
			return false;
		if (signals_wait(c, signals, STEP_MS))
			return true;
	}
	return false;
}

static void stop_gracefully(struct boot *boot, const struct signals *signals)
{
	struct ctx *c = &boot->c;
	const struct http_options *options = &boot->http;
	supervisor_stopping(http_stop_seconds(options));
	log_info(c, "stopping", LOG_INT("drain_seconds", options->drain_seconds));
	http_server_drain(c->app->http);
	if (!drain(c, options, signals))
		signals_let_end(signals);
	boot_down(boot);
}

enum boot_result app_serve(const struct boot_args *args)
{
	struct signals signals;
	signals_take(&signals);
	struct boot *boot = NULL;
	struct boot_args own = *args;
	own.patient = own.signs = own.needs_all = own.serves = true;
	enum boot_result result = boot_up(&own, BOOT_SERVING, &boot);
	if (result)
		return result;
	if (!greet(boot, &signals))
		signals_wait(&boot->c, &signals, -1);
	stop_gracefully(boot, &signals);
	return BOOT_OK;
}
