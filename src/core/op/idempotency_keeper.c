/*
 * Deletes the answers that are kept no longer: looks each minute, and while there are any has the
 * writer delete some hundred at a time, so that nobody waits long behind it.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "core/app.h"
#include "core/db_round.h"
#include "core/idempotency.h"
#include "internal.h"

enum { LOOK_MS = 60 * 1000, STEP_ROWS = 200 };

struct idempotency_keeper {
	struct db_round round;
	/* by the write that is under way */
	int64_t deleted;
};

static const char SQL_DUE[] = "SELECT 1 FROM idempotency WHERE at <= $1 LIMIT 1";
static const char SQL_DELETE[] =
	"DELETE FROM idempotency WHERE (user_id, key) IN (SELECT user_id, key FROM idempotency"
	" WHERE at <= $1 ORDER BY at LIMIT $2)";

static int64_t oldest_us(const struct ctx *c)
{
	return ctx_now(c).us - op_once_kept_us(c);
}

static bool begins(void *of, struct ctx *c)
{
	(void)c;
	struct idempotency_keeper *keeper = of;
	keeper->deleted = 0;
	return true;
}

static enum app_err look(struct ctx *c, void *of, bool *ret_due)
{
	(void)of;
	int64_t due = 0;
	enum app_err err = db_query_int(c, SQL_DUE, BIND(oldest_us(c)), &due);
	*ret_due = due;
	return err;
}

static enum app_err run(struct ctx *c, void *of)
{
	struct idempotency_keeper *keeper = of;
	return db_exec(c, SQL_DELETE, BIND(oldest_us(c), STEP_ROWS), &keeper->deleted);
}

static bool ends(void *of, struct ctx *c)
{
	(void)c;
	const struct idempotency_keeper *keeper = of;
	return keeper->deleted == STEP_ROWS;
}

static const struct db_round_work work = {
	.begins = begins,
	.look = look,
	.run = run,
	.ends = ends,
	.every_ms = LOOK_MS,
	.failure = "answers that are kept no longer could not be deleted",
};

struct idempotency_keeper *idempotency_keeper_start(struct app *app)
{
	struct idempotency_keeper *keeper = mem_new(1, sizeof(*keeper));
	db_round_start(&keeper->round, app, &work, keeper);
	return keeper;
}

void idempotency_keeper_stop(struct idempotency_keeper *keeper)
{
	if (!keeper)
		return;
	db_round_stop(&keeper->round);
	free(keeper);
}
