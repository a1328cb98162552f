/*
 * The service: its settings, which driver they mean, and errands on their way through the pool. How
 * a letter is written down is message.c's.
 */
#include <stdlib.h>
#include <string.h>

#include "base/held.h"
#include "base/mem.h"
#include "core/app.h"
#include "core/log.h"
#include "core/pool.h"
#include "internal.h"

enum { WAITING_MAX = 1000 };

static const char *const drivers[] = CHOICES([MAIL_AUTO] = "auto", [MAIL_CONSOLE] = "console",
					     [MAIL_FILE] = "file", [MAIL_OFF] = "off");

static void check_group(struct config_check *check, const void *values)
{
	const struct mail_options *options = values;
	const char *environment = config_check_text(check, "app.environment");
	const struct letter letter = { options->from, "", "", "" };
	if (letter_fault(&letter))
		config_check_fault(check, "from",
				   "it must be an address, such as "
				   "noreply@example.com");
	if (options->driver == MAIL_CONSOLE && environment &&
	    strcmp(environment, app_environment_names[ENV_PRODUCTION]) == 0)
		config_check_fault(check, "driver",
				   "console shows whoever reads standard error how to get into "
				   "the accounts of others: not in production");
}

OPTION_GROUP_CHECKED(
	mail_option_group, "mail", struct mail_options, "Letters to those who have an account.",
	check_group,
	OPTION(struct mail_options, driver, .preset = "auto", .choices = drivers,
	       .doc = "What becomes of a letter: file writes it into a folder, console shows it "
		      "on standard error, off has none written: what needs a letter is then "
		      "answered 503. auto is console in the environments local and testing, and "
		      "else off."),
	OPTION(struct mail_options, folder, .preset = "",
	       .doc = "Where the driver file puts letters, each a file NAME.eml that is there as a "
		      "whole or not at all. Empty means mail in the data directory."),
	OPTION(struct mail_options, from, .preset = "noreply@localhost",
	       .doc = "The address that letters come from. Their name is app.name."));

/* ---- the service ---- */

void mailer_init(struct mailer *mailer)
{
	*mailer = (struct mailer){ 0 };
	pthread_mutex_init(&mailer->lock, NULL);
	pthread_cond_init(&mailer->done, NULL);
}

static enum app_err start_mailer(struct ctx *c, struct mailer *mailer)
{
	const struct mail_options *options = config_group(c->app->config, &mail_option_group);
	bool is_tried_out = c->app->options->environment <= ENV_TESTING;
	mailer_init(mailer);
	if (options->driver == MAIL_FILE)
		mailer->send = mail_file_send;
	else if (options->driver == MAIL_CONSOLE || (options->driver == MAIL_AUTO && is_tried_out))
		mailer->send = mail_console_send;
	return APP_OK;
}

void mailer_settle(struct mailer *mailer)
{
	pthread_mutex_lock(&mailer->lock);
	while (mailer->waiting)
		pthread_cond_wait(&mailer->done, &mailer->lock);
	pthread_mutex_unlock(&mailer->lock);
}

static void stop_mailer(struct ctx *c, struct mailer *mailer)
{
	(void)c;
	mailer_settle(mailer);
	pthread_cond_destroy(&mailer->done);
	pthread_mutex_destroy(&mailer->lock);
}

SERVICE(mailer, start_mailer, stop_mailer);

/* ---- errands ---- */

struct errand_job {
	struct pool_job job;
	struct app *app;
	const struct clock *clock;
	struct mailer *mailer;
	struct mail_errand errand;
};

static void finish(struct errand_job *job)
{
	struct mailer *mailer = job->mailer;
	mem_drop((char *)(uintptr_t)job->errand.to, job->errand.to ? strlen(job->errand.to) : 0);
	mem_drop((char *)(uintptr_t)job->errand.about,
		 job->errand.about ? strlen(job->errand.about) : 0);
	free(job);
	pthread_mutex_lock(&mailer->lock);
	mailer->waiting--;
	pthread_cond_broadcast(&mailer->done);
	pthread_mutex_unlock(&mailer->lock);
}

static enum app_err errand_do(struct ctx *c, struct errand_job *job)
{
	struct letter letter = { 0 };
	enum app_err err = job->errand.write(c, &job->errand, &letter);
	if (err || !letter.to)
		return err;
	const char *fault = letter_fault(&letter);
	if (fault)
		return ctx_fail_cause(c, APP_INTERNAL, "the letter cannot be sent: %s", fault);
	err = job->mailer->send(c, job->mailer, &letter);
	if (!err)
		log_info(c, "letter sent", LOG_INT("user_id", job->errand.user_id));
	return err;
}

static void job_run(struct pool_job *pool_job)
{
	struct errand_job *job = (struct errand_job *)(void *)pool_job;
	AUTO(ctx_own) own;
	ctx_own_init(&own, job->app);
	own.c.clock = job->clock;
	own.c.actor.kind = ACTOR_SYSTEM;
	own.c.reads_primary = true;
	enum app_err err = errand_do(&own.c, job);
	if (err)
		log_failure(&own.c, LOG_LEVEL_ERROR, "a letter was not sent", err);
	finish(job);
}

/* It was said before the commit that there is room, and may have changed since. */
static void hand_over(const struct ctx *c, void *arg)
{
	const struct errand_job *held = arg;
	struct errand_job *job = mem_new(1, sizeof(*job));
	*job = *held;
	job->errand.to = held->errand.to ? mem_strdup(held->errand.to) : NULL;
	job->errand.about = held->errand.about ? mem_strdup(held->errand.about) : NULL;
	pthread_mutex_lock(&job->mailer->lock);
	job->mailer->waiting++;
	pthread_mutex_unlock(&job->mailer->lock);
	if (!pool_submit(job->app->pool, POOL_WORK, &job->job))
		return;
	log_error(c, "a letter was not sent: the pool has too much to do",
		  LOG_INT("user_id", job->errand.user_id));
	finish(job);
}

static enum app_err check_room(struct ctx *c, struct mailer *mailer)
{
	if (!mailer->send)
		return ctx_fail_code(c, APP_UNAVAILABLE, "no_mail",
				     "This server sends no mail: see the settings [mail]");
	pthread_mutex_lock(&mailer->lock);
	bool is_full = mailer->waiting >= WAITING_MAX;
	pthread_mutex_unlock(&mailer->lock);
	if (is_full || pool_is_full(c->app->pool, POOL_WORK, 0))
		return ctx_fail(c, APP_UNAVAILABLE, "Too many letters are to be written");
	return APP_OK;
}

enum app_err mailer_post(struct ctx *c, const struct mail_errand *errand)
{
	struct mailer *mailer;
	enum app_err err = mailer_get(c, &mailer);
	if (!err)
		err = check_room(c, mailer);
	if (err)
		return err;
	struct errand_job *job = arena_zero(c->arena, sizeof(*job));
	*job = (struct errand_job){ { .run = job_run }, c->app, c->clock, mailer, *errand };
	if (c->held)
		held_add(c, hand_over, job);
	else
		hand_over(c, job);
	return APP_OK;
}
