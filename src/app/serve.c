/*
 * A server's life: start everything, wait for a signal, stop in good order. A first SIGTERM,
 * SIGINT or SIGQUIT finishes what is in flight; a second one ends at once.
 */
#include "app/serve.h"

#include <string.h>
#include <unistd.h>

#include "base/say.h"
#include "core/http.h"
#include "core/log.h"
#include "internal.h"
#include "signals.h"
#include "supervisor.h"

static void say_hello(struct ctx *c, const struct http_options *options, int port)
{
	const char *host = strchr(options->host, ':') ? "localhost" : options->host;
	log_info(c, "listening", LOG_TEXT("host", options->host), LOG_INT("port", port),
		 LOG_TEXT("version", app_version));
	if (!isatty(STDERR_FILENO))
		return;
	log_flush(c->app->log);
	say_error("\n  croft %s is ready:  http://%s:%d\n", app_version, host, port);
	if (http_docs_are_on(c->app, options))
		say_error("  read the API at     http://%s:%d/docs\n", host, port);
	say_error("  stop with Ctrl-C\n\n");
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
	say_hello(&boot->c, &boot->http, http_server_port(boot->app.http));
	signals_wait(&boot->c, &signals, -1);
	stop_gracefully(boot, &signals);
	return BOOT_OK;
}
