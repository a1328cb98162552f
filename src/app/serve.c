/*
 * `croft serve`: start everything, listen, wait for a signal, stop in good order. A first SIGTERM or SIGINT finishes
 * what is in flight; a second one ends at once.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/say.h"
#include "boot.h"
#include "cli.h"
#include "core/db.h"
#include "core/http.h"
#include "core/log.h"
#include "core/module.h"
#include "supervisor.h"

/* Blocked in every thread, so that only the main one takes them, here. */
static void block_signals(sigset_t *ret_stop)
{
	sigemptyset(ret_stop);
	sigaddset(ret_stop, SIGTERM);
	sigaddset(ret_stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, ret_stop, NULL);
}

/* Waits that long for another signal (for ever if negative). */
static bool wait_signal(const sigset_t *stop, int64_t ms)
{
	struct timespec most = { .tv_sec = (time_t)(ms / 1000),
				 .tv_nsec = (long)(ms % 1000) * 1000000 };
	for (;;) {
		int got = ms < 0 ? sigwaitinfo(stop, NULL) : sigtimedwait(stop, NULL, &most);
		if (got > 0)
			return true;
		if (errno != EINTR)
			return false;
	}
}

static void say_hello(struct ctx *c, const struct http_options *options, int port)
{
	const char *host = strchr(options->host, ':') ? "localhost" : options->host;
	log_info(c, "listening", LOG_TEXT("host", options->host), LOG_INT("port", port),
		 LOG_TEXT("version", app_version));
	if (!isatty(STDERR_FILENO))
		return;
	log_flush(c->app->log);
	say_error("\n  croft %s is ready:  http://%s:%d\n", app_version, host, port);
	if (options->docs == 1 ||
	    (options->docs == 0 && c->app->options->environment != ENV_PRODUCTION))
		say_error("  read the API at     http://%s:%d/docs\n", host, port);
	say_error("  stop with Ctrl-C\n\n");
}

/* Until the time is up or nobody is left who would look; true when told to hurry. */
static bool drain(struct http_server *http, const struct http_options *options,
		  const sigset_t *stop)
{
	enum { STEP_MS = 100 };
	for (int64_t left = options->drain_seconds * 1000 / STEP_MS; left > 0; left--) {
		if (http_server_is_quiet(http, options->drain_seconds))
			return false;
		if (wait_signal(stop, STEP_MS))
			return true;
	}
	return false;
}

static void stop_gracefully(struct ctx *c, const struct http_options *options, const sigset_t *stop)
{
	supervisor_stopping(http_stop_seconds(options));
	log_info(c, "stopping", LOG_INT("drain_seconds", options->drain_seconds));
	http_server_drain(c->app->http);
	if (!drain(c->app->http, options, stop))
		pthread_sigmask(SIG_UNBLOCK, stop,
				NULL); /* the next signal ends the process at once */
	http_server_stop(c->app->http);
	c->app->http = NULL;
	log_info(c, "stopped");
}

static struct http_options options_of(const struct app *app)
{
	struct http_options options = *(const struct http_options *)config_group(
		app->config, &http_option_group);
	const struct log_options *log = config_group(app->config, &log_option_group);
	options.access_log = log->access;
	return options;
}

/* Whatever can be wrong with the server itself is told before anything is made in the database. */
static int prepare(struct boot *boot, struct http_options *options)
{
	struct ctx *c = boot_ctx(boot);
	enum app_err err = http_server_check(c, boot_app(boot), options);
	if (!err)
		err = http_listener_open(c, options, &options->listener);
	return err ? cli_failure(c, err, "start") : CLI_OK;
}

static int serve(struct boot *boot, const struct http_options *options, const sigset_t *stop)
{
	struct ctx *c = boot_ctx(boot);
	struct app *app = boot_app(boot);
	enum app_err err = http_server_start(c, app, options, &app->http);
	if (err)
		return cli_failure(c, err, "start");
	struct db_search_keeper *keeper = db_search_keeper_start(app);
	say_hello(c, options, http_server_port(app->http));
	wait_signal(stop, -1);
	stop_gracefully(c, options, stop);
	db_search_keeper_stop(keeper);
	return CLI_OK;
}

int cli_serve(struct cli *cli)
{
	int code = cli_take_arguments(cli, 0);
	if (code)
		return code;
	sigset_t stop;
	block_signals(&stop);
	struct boot *boot = NULL;
	cli->boot.patient = cli->boot.signs = cli->boot.needs_all = cli->boot.serves = true;
	code = boot_up(&cli->boot, BOOT_CONFIG, &boot);
	if (code)
		return code;
	exposure_check_log(boot_ctx(boot));
	struct http_options options = options_of(boot_app(boot));
	code = prepare(boot, &options);
	if (!code)
		code = boot_raise(boot, &cli->boot, BOOT_SERVING);
	if (!code)
		code = serve(boot, &options, &stop);
	boot_down(boot);
	return code;
}
