/*
 * What only a server has: its address, the HTTP server, and what is done in the background.
 */
#include "core/config.h"
#include "core/db.h"
#include "core/db_signal.h"
#include "core/http.h"
#include "core/idempotency.h"
#include "core/limit.h"
#include "core/log.h"
#include "core/openapi.h"
#include "core/ticker.h"
#include "internal.h"
#include "supervisor.h"

enum app_err boot_check(struct boot *boot)
{
	struct ctx *c = &boot->c;
	const struct db_options options = boot_database_options(boot);
	const char *data_dir = boot->app.options->data_dir;
	enum app_err err = boot_log_check(boot);
	if (!err)
		err = prestart_data_dir(c, data_dir, false);
	if (!err)
		err = owner_links_check(c, options.url);
	if (!err)
		err = db_check(c, &options);
	if (!err)
		err = db_ground_check(c, &options);
	if (!err)
		err = prestart_files(c, &options);
	if (!err && secret_is_generated(&boot->app))
		err = secret_check(c, data_dir);
	if (!err)
		err = http_server_check(c, &boot->app,
					config_group(boot->app.config, &http_option_group));
	return err;
}

enum boot_result boot_server_check(struct boot *boot)
{
	return boot_outcome(boot, boot_check(boot));
}

enum boot_result boot_listener_start(struct boot *boot)
{
	const struct app *app = &boot->app;
	const struct log_options *log = config_group(app->config, &log_option_group);
	boot->http = *(const struct http_options *)config_group(app->config, &http_option_group);
	boot->http.access_log = log->access;
	boot->http.limits = config_group(app->config, &http_limits_option_group);
	boot->http.words = config_group(app->config, &openapi_option_group);
	enum app_err err = supervisor_listener(&boot->c, &boot->http);
	if (!err && !boot->http.listener)
		err = http_listener_open(&boot->c, &boot->http, &boot->http.listener);
	return boot_outcome(boot, err);
}

enum boot_result boot_ticker_start(struct boot *boot)
{
	boot->app.ticker = ticker_new();
	if (boot->app.ticker)
		return BOOT_OK;
	return boot_outcome(boot, ctx_fail(&boot->c, APP_UNAVAILABLE,
					   "Cannot start the thread for what is done in turn"));
}

void boot_ticker_stop(struct boot *boot)
{
	ticker_drop(boot->app.ticker);
	boot->app.ticker = NULL;
}

enum boot_result boot_keeper_start(struct boot *boot)
{
	boot->keeper = db_search_keeper_start(&boot->app);
	return BOOT_OK;
}

void boot_keeper_stop(struct boot *boot)
{
	db_search_keeper_stop(boot->keeper);
}

enum boot_result boot_answers_start(struct boot *boot)
{
	boot->app.kept_answers = idempotency_room_new();
	boot->answers = idempotency_keeper_start(&boot->app);
	return BOOT_OK;
}

void boot_answers_stop(struct boot *boot)
{
	idempotency_keeper_stop(boot->answers);
	limit_table_drop(boot->app.kept_answers);
	boot->app.kept_answers = NULL;
}

enum boot_result boot_others_start(struct boot *boot)
{
	db_signal_others_begin(boot->app.db, boot->app.ticker);
	return BOOT_OK;
}

void boot_others_stop(struct boot *boot)
{
	db_signal_others_end(boot->app.db);
}

enum boot_result boot_http_start(struct boot *boot)
{
	return boot_outcome(boot,
			    http_server_start(&boot->c, &boot->app, &boot->http, &boot->app.http));
}

void boot_http_stop(struct boot *boot)
{
	if (!boot->app.http)
		return;
	http_server_stop(boot->app.http);
	boot->app.http = NULL;
	log_info(&boot->c, "stopped");
}
