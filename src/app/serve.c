/*
 * `croft serve`: start everything, listen, wait for a signal, stop in good order. A first SIGTERM, SIGINT or
 * SIGQUIT finishes what is in flight; a second one ends at once.
 */
#include <string.h>
#include <unistd.h>

#include "app/boot.h"
#include "base/say.h"
#include "cli/cli.h"
#include "core/db.h"
#include "core/http.h"
#include "core/log.h"
#include "core/module.h"
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

static void stop_gracefully(struct ctx *c, const struct http_options *options,
			    const struct signals *signals)
{
	supervisor_stopping(http_stop_seconds(options));
	log_info(c, "stopping", LOG_INT("drain_seconds", options->drain_seconds));
	http_server_drain(c->app->http);
	if (!drain(c, options, signals))
		signals_let_end(signals);
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
	enum app_err err = boot_check(boot);
	if (!err)
		err = http_server_check(c, boot_app(boot), options);
	if (!err)
		err = http_listener_open(c, options, &options->listener);
	return err ? cli_failure(c, err, "start") : CLI_OK;
}

static int serve(struct boot *boot, const struct http_options *options,
		 const struct signals *signals)
{
	struct ctx *c = boot_ctx(boot);
	struct app *app = boot_app(boot);
	enum app_err err = http_server_start(c, app, options, &app->http);
	if (err)
		return cli_failure(c, err, "start");
	struct db_search_keeper *keeper = db_search_keeper_start(app);
	say_hello(c, options, http_server_port(app->http));
	signals_wait(c, signals, -1);
	stop_gracefully(c, options, signals);
	db_search_keeper_stop(keeper);
	return CLI_OK;
}

/* "9000", ":9000", "0.0.0.0:9000", as other servers are told. */
static const char *port_in(const char *word)
{
	const char *colon = strrchr(word, ':');
	const char *port = colon ? colon + 1 : word;
	return *port && !port[strspn(port, "0123456789")] ? port : NULL;
}

static int take_nothing(struct cli *cli)
{
	int code = cli_take_arguments(cli, cli->argc);
	const char *port = !code && cli->argc ? port_in(cli->argv[0]) : NULL;
	if (port)
		return cli_usage_error(cli,
				       "'%s' is one argument too many; the port is given as "
				       "--set server.port=%s",
				       cli->argv[0], port);
	return code ? code : cli_take_arguments(cli, 0);
}

int cli_serve(struct cli *cli)
{
	int code = take_nothing(cli);
	if (code)
		return code;
	struct signals signals;
	signals_take(&signals);
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
		code = serve(boot, &options, &signals);
	boot_down(boot);
	return code;
}
