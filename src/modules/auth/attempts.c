/*
 * What wrong passwords cost. For a login from one network each makes the next dearer; for a login
 * from everywhere there is a wide bound, which those networks are free of that have signed in with
 * it lately, and those devices from which its account has, so that nobody can lock its owner out.
 * Such a device counts by itself, wherever it is: whoever has stolen its cookie guesses no faster,
 * and its owner waits for none of his neighbours. A login is counted as it is written, folded, and
 * not by its account: whether there is one makes no difference. A wrong current password of who is
 * signed in counts as one at a sign-in with his username. Wrong codes of a second factor are
 * counted by the account, since who tries those knows its password.
 */
#include <string.h>

#include "cookie.h"
#include "core/app.h"
#include "core/config.h"
#include "core/http.h"
#include "core/text.h"
#include "factor.h"
#include "internal.h"

/* What is counted of a login. */
enum { FAILED_HERE = 1, WAITS_HERE, FAILED_ANYWHERE, KNOWN_HERE, CODES, FAILED_ON, WAITS_ON };

enum {
	TABLE_LINES = LIMIT_TABLE_LINES / 4,
	/* after which one failure is forgotten */
	FORGOTTEN_SECONDS = 15 * 60,
	FIRST_WAIT_SECONDS = 30,
	/* the last is the longest wait, of a quarter of an hour */
	DOUBLINGS = 5,
	LONGEST_WAIT_SECONDS = 15 * 60,
	WIDE_SECONDS = 60 * 60,
};

static enum app_err attempts_start(struct ctx *c, struct auth_attempts *self)
{
	(void)c;
	self->failures = limit_table_new(TABLE_LINES);
	self->known = limit_table_new(TABLE_LINES);
	return APP_OK;
}

static void attempts_stop(struct ctx *c, struct auth_attempts *self)
{
	(void)c;
	limit_table_drop(self->failures);
	limit_table_drop(self->known);
}

SERVICE(auth_attempts, attempts_start, attempts_stop);

/* ---- one attempt ---- */

struct attempt {
	const struct http_limits *limits;
	struct auth_attempts *attempts;
	struct limit_key failed, waits, failed_anywhere, known;
	/* The account has signed in from it before. */
	bool is_known_device;
	int64_t now_us;
};

/* Table and time of one, without its keys. False: nobody counts here. */
static bool attempt_counts(struct ctx *c, struct attempt *ret)
{
	const struct app *app = c->app;
	ret->limits = config_group(app->config, &http_limits_option_group);
	if (!app->services || !http_limits_apply(ret->limits, app->options->environment))
		return false;
	if (auth_attempts_get(c, &ret->attempts)) {
		ctx_recover(c);
		return false;
	}
	ret->now_us = c->clock->monotonic_us(c->clock);
	return true;
}

/* By its device, or its network. */
static void count_for(struct attempt *attempt, bool is_device, uint64_t who)
{
	struct limit_table *failures = attempt->attempts->failures;
	uint64_t login = attempt->failed_anywhere.hash;
	attempt->failed = limit_key(failures, (is_device ? FAILED_ON : FAILED_HERE) ^ login, who);
	attempt->waits = limit_key(failures, (is_device ? WAITS_ON : WAITS_HERE) ^ login, who);
}

/* The same with the keys of a login. */
static bool attempt_read(struct ctx *c, const char *login, struct attempt *ret)
{
	if (!attempt_counts(c, ret))
		return false;
	struct limit_table *failures = ret->attempts->failures, *known = ret->attempts->known;
	size_t len;
	const char *key = text_fold(c->arena, login, strlen(login), &len);
	uint64_t network = c->client ? c->client->network : 0, device;
	ret->failed_anywhere = limit_key_text(failures, FAILED_ANYWHERE, key, len);
	ret->is_known_device = auth_device_is_known(c, login, &device);
	count_for(ret, ret->is_known_device, ret->is_known_device ? device : network);
	ret->known = limit_key(known, limit_key_text(known, KNOWN_HERE, key, len).hash, network);
	return true;
}

/* ---- failures from everywhere ---- */

static int64_t wide_each_us(const struct attempt *attempt)
{
	return SECONDS_US(WIDE_SECONDS) / attempt->limits->failures_everywhere;
}

/* How long nobody may try but from where it is known; <= 0: no more. */
static int64_t wide_wait_us(const struct attempt *attempt)
{
	if (!attempt->limits->failures_everywhere || attempt->is_known_device ||
	    limit_owed(attempt->attempts->known, attempt->known, attempt->now_us))
		return 0;
	int64_t owed = limit_owed(attempt->attempts->failures, attempt->failed_anywhere,
				  attempt->now_us);
	return owed + wide_each_us(attempt) - SECONDS_US(WIDE_SECONDS);
}

static void wide_charge(const struct attempt *attempt)
{
	if (attempt->limits->failures_everywhere)
		limit_charge(attempt->attempts->failures, attempt->failed_anywhere,
			     wide_each_us(attempt), SECONDS_US(WIDE_SECONDS), attempt->now_us);
}

/* ---- failures from one network, or on one device ---- */

/* The wait after so many failures past those that are free. */
static int64_t wait_us(int64_t past)
{
	int64_t seconds = FIRST_WAIT_SECONDS << (past < DOUBLINGS ? past : DOUBLINGS);
	return SECONDS_US(seconds < LONGEST_WAIT_SECONDS ? seconds : LONGEST_WAIT_SECONDS);
}

static void near_charge(const struct attempt *attempt)
{
	struct limit_table *failures = attempt->attempts->failures;
	const int64_t free = attempt->limits->failures, each_us = SECONDS_US(FORGOTTEN_SECONDS);
	if (!free)
		return;
	int64_t owed = limit_charge(failures, attempt->failed, each_us,
				    (free + DOUBLINGS) * each_us, attempt->now_us);
	int64_t count = (owed + each_us - 1) / each_us;
	if (count >= free)
		limit_charge(failures, attempt->waits, wait_us(count - free),
			     SECONDS_US(LONGEST_WAIT_SECONDS), attempt->now_us);
}

/* ---- the whole ---- */

static enum app_err refuse(struct ctx *c, const char *what, int64_t for_us)
{
	int seconds = (int)((for_us + SECONDS_US(1) - 1) / SECONDS_US(1));
	return ctx_fail_retry(c, APP_TOO_MANY, seconds,
			      "Too many wrong %s; try again in %d second%s", what, seconds,
			      seconds == 1 ? "" : "s");
}

enum app_err auth_attempt_check(struct ctx *c, const char *login)
{
	struct attempt attempt;
	if (!attempt_read(c, login, &attempt))
		return APP_OK;
	int64_t near_us = attempt.limits->failures ? limit_owed(attempt.attempts->failures,
								attempt.waits, attempt.now_us)
						   : 0;
	int64_t wide_us = wide_wait_us(&attempt);
	int64_t longer_us = near_us > wide_us ? near_us : wide_us;
	return longer_us > 0 ? refuse(c, "passwords", longer_us) : APP_OK;
}

void auth_attempt_note(struct ctx *c, const char *login, bool is_right)
{
	struct attempt attempt;
	if (!attempt_read(c, login, &attempt))
		return;
	if (!is_right) {
		near_charge(&attempt);
		wide_charge(&attempt);
		return;
	}
	limit_forgive(attempt.attempts->failures, attempt.failed);
	limit_charge(attempt.attempts->known, attempt.known, AUTH_KNOWN_DAYS * DAY_US,
		     AUTH_KNOWN_DAYS * DAY_US, attempt.now_us);
}

/* ---- codes of a second factor ---- */

/* From wherever they come. */
static const struct limit code_limit = { .count = 10, .seconds = 60 * 60 };

/* Taken before it is looked at, so that many at once are no more than one after the other. */
enum app_err factor_attempt(struct ctx *c, int64_t user_id)
{
	struct attempt attempt;
	if (!attempt_counts(c, &attempt))
		return APP_OK;
	struct limit_table *failures = attempt.attempts->failures;
	struct limit_answer answer = limit_take(failures,
						limit_key(failures, CODES, (uint64_t)user_id),
						&code_limit, attempt.now_us);
	return answer.allowed ? APP_OK : refuse(c, "codes", answer.retry_us);
}

void factor_attempt_forgive(struct ctx *c, int64_t user_id)
{
	struct attempt attempt;
	if (attempt_counts(c, &attempt))
		limit_forgive(attempt.attempts->failures,
			      limit_key(attempt.attempts->failures, CODES, (uint64_t)user_id));
}
