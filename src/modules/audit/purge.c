/*
 * Rows that are too old go, the oldest first, some at a time: each write is short, and those of
 * others get their turn between two.
 */
#include "internal.h"

enum { PURGED_AT_ONCE = 1000 };

static const char SQL_PURGE[] =
	"DELETE FROM audit WHERE id IN"
	" (SELECT id FROM audit WHERE id < $1 AND at < $2 ORDER BY id LIMIT $3)";

enum app_err audit_purge_some(struct ctx *c, void *purging)
{
	struct audit_purging *it = purging;
	int64_t first, purged;
	it->more = false;
	enum app_err err = audit_first_since(c, it->before, &first);
	if (!err)
		err = db_exec(c, SQL_PURGE, BIND(first, it->before, PURGED_AT_ONCE), &purged);
	if (err)
		return err;
	it->last = purged;
	it->more = purged == PURGED_AT_ONCE;
	return APP_OK;
}

static enum app_err prepare_purge(struct ctx *c, struct audit_purge_input *in,
				  struct audit_purged *ret)
{
	(void)ret;
	struct audit_purging it = { .before = { ctx_now(c).us - in->keep_days * DAY_US } };
	enum app_err err;
	do {
		err = db_write_again(c, audit_purge_some, &it);
		in->purged += err ? 0 : it.last;
	} while (!err && it.more);
	return err;
}

PREPARE_FN(prepare_purge, struct audit_purge_input, struct audit_purged)

static enum app_err purge(struct ctx *c, const struct audit_purge_input *in,
			  struct audit_purged *ret)
{
	(void)c;
	ret->purged = in->purged;
	return APP_OK;
}

OPERATION_FN(purge, struct audit_purge_input, struct audit_purged)

const struct operation audit_purge = {
	.name = "audit.purge",
	.summary = "Delete the oldest of the audit",
	.doc = "All that is older than so many days. It leaves a row that says so.",
	.kind = COMMAND,
	.access = ACCESS_SUPERUSER,
	.in = &audit_purge_input_schema,
	.out = &audit_purged_schema,
	.no_dry_run = true,
	PREPARE(prepare_purge),
	RUN(purge),
};
