/*
 * How long answers are kept, and how much for one account. Rooms are reckoned as limits are, in
 * memory and without a look at the table: each answer takes its part of all that the account has,
 * which comes back evenly in the time for which answers are kept. So no more than twice the bounds
 * is ever kept of what one process was asked for.
 */
#include <string.h>

#include "core/app.h"
#include "core/config.h"
#include "core/idempotency.h"
#include "core/limit.h"
#include "internal.h"

enum { ANSWERS = 1, BYTES };

enum {
	LINES = LIMIT_TABLE_LINES / 4,
	/* Of a row beside its texts: numbers, the hash, what the tables and the index add. */
	ROW_BYTES = 200,
};

struct limit_table *idempotency_room_new(void)
{
	return limit_table_new(LINES);
}

int64_t op_once_kept_us(const struct ctx *c)
{
	const struct idempotency_options *options = config_group(c->app->config,
								 &idempotency_option_group);
	return SECONDS_US(60) * options->keep_minutes;
}

/* Of who acts. */
struct room {
	struct limit_table *table;
	const struct idempotency_options *options;
	struct limit_key answers, bytes;
	/* After which all of it is there again. */
	int64_t whole_us;
	int64_t now_us;
};

/* False: nobody counts here. */
static bool room_of(struct ctx *c, struct room *ret)
{
	struct limit_table *table = c->app->kept_answers;
	if (!table)
		return false;
	ret->table = table;
	ret->options = config_group(c->app->config, &idempotency_option_group);
	ret->answers = limit_key(table, ANSWERS, (uint64_t)c->actor.user_id);
	ret->bytes = limit_key(table, BYTES, (uint64_t)c->actor.user_id);
	ret->whole_us = op_once_kept_us(c);
	ret->now_us = c->clock->monotonic_us(c->clock);
	return true;
}

/* Until there is room for one more; <= 0: there is. */
static int64_t answers_wait_us(const struct room *room)
{
	if (!room->options->account_answers)
		return 0;
	return limit_owed(room->table, room->answers, room->now_us) +
	       room->whole_us / room->options->account_answers - room->whole_us;
}

/* Until there is any; how large the next one is, nobody knows. */
static int64_t bytes_wait_us(const struct room *room)
{
	if (!room->options->account_bytes)
		return 0;
	return limit_owed(room->table, room->bytes, room->now_us) + 1 - room->whole_us;
}

enum app_err op_once_room(struct ctx *c)
{
	struct room room;
	if (!room_of(c, &room))
		return APP_OK;
	int64_t answers_us = answers_wait_us(&room), bytes_us = bytes_wait_us(&room);
	int64_t wait_us = answers_us > bytes_us ? answers_us : bytes_us;
	if (wait_us <= 0)
		return APP_OK;
	int seconds = (int)((wait_us + SECONDS_US(1) - 1) / SECONDS_US(1));
	enum app_err err = ctx_fail_retry(c, APP_TOO_MANY, seconds,
					  "So many answers are kept for this account that it can "
					  "use no further Idempotency-Key for now");
	c->failure.code = "idempotency_keys_spent";
	return err;
}

static int64_t text_bytes(const char *text)
{
	return text ? (int64_t)strlen(text) : 0;
}

static int64_t row_bytes(const struct idempotency_once *once)
{
	const struct idempotency_answer *answer = &once->answer;
	return ROW_BYTES + text_bytes(once->key) + text_bytes(answer->location) +
	       text_bytes(answer->etag) + (answer->body ? (int64_t)answer->len : 0);
}

void op_once_take(struct op_call *call)
{
	struct room room;
	struct idempotency_once *once = call->once;
	if (once->is_counted || !room_of(call->c, &room))
		return;
	once->is_counted = true;
	const struct idempotency_options *options = room.options;
	if (options->account_answers)
		limit_charge(room.table, room.answers, room.whole_us / options->account_answers,
			     room.whole_us, room.now_us);
	if (options->account_bytes)
		limit_charge(room.table, room.bytes,
			     room.whole_us * row_bytes(once) / options->account_bytes,
			     2 * room.whole_us, room.now_us);
}
