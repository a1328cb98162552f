/*
 * A COMMAND that is done once, however often a user asks for it with one key: the first that
 * succeeds keeps its answer, in its own write, and who comes later with the same key and input is
 * given that. What fails keeps nothing, so it can be mended and sent again.
 */
#ifndef CROFT_CORE_IDEMPOTENCY_H
#define CROFT_CORE_IDEMPOTENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "core/config.h"
#include "core/op.h"
#include "core/security.h"

struct app;

struct idempotency_options {
	/* How long an answer is kept. */
	int64_t keep_minutes;
	/* How many, and how many bytes, an account may have kept in that time; 0: any. */
	int64_t account_answers, account_bytes;
};
/* The settings of section [idempotency]. */
extern const struct option_group idempotency_option_group;

/* Bytes of the longest body that is kept. */
enum { IDEMPOTENCY_BODY_MAX = 64 * 1024 };

/* What a command that has succeeded is answered with. */
struct idempotency_answer {
	int status;
	/* Headers; NULL: none. */
	const char *location, *etag;
	/* NULL: there is none, or it was too large to be kept. */
	const char *body;
	size_t len;
};

/* Makes it of call->out, which is that of a success; inside the write. */
typedef enum app_err idempotency_answer_fn(struct op_call *call, struct idempotency_answer *ret);

/* Of a call that comes with a key: op_call.once. */
struct idempotency_once {
	const char *key;
	idempotency_answer_fn *answers;

	/* ---- once it has ended ---- */

	/* Nothing was done now: the answer is that of before. */
	bool is_repeated;
	struct idempotency_answer answer;

	/* ---- the runner's own ---- */

	/* Of operation and input, in hex. */
	char input_hash[2 * SIGNATURE_BYTES + 1];
	/* When it was asked for; what is no younger than `oldest_us` counts no more. */
	int64_t at_us, oldest_us;
	/* It has taken room. */
	bool is_counted;
};

/*
 * Whether a client may send a key. What is public has no account whose answers these are, and one
 * stranger must not be given another's; a secret answer is kept nowhere.
 */
bool idempotency_takes_key(const struct operation *op);

/*
 * Who has how much kept, for app->kept_answers; core/limit.h counts. A process that has none has no
 * bounds.
 */
struct limit_table *idempotency_room_new(void) MUST_USE;

/*
 * Deletes what is kept no longer, each minute, some hundred rows at a time, until it is stopped,
 * which waits for the step under way. Wants app->ticker. Stopping NULL is fine.
 */
struct idempotency_keeper *idempotency_keeper_start(struct app *app) MUST_USE;
void idempotency_keeper_stop(struct idempotency_keeper *keeper);

#endif
