/*
 * Somebody must be able to give rights back: the last active superuser loses neither his own nor
 * his account, whoever wants to take them.
 */
#include "core/model.h"
#include "internal.h"

/* All who take rights stand in one line: two at once would leave nobody. */
static const char LOCK_RIGHTS[] = "users.rights";

static const char SQL_LAST_SUPERUSER[] =
	"id = $1 AND is_superuser AND is_active AND NOT EXISTS"
	" (SELECT 1 FROM users WHERE is_superuser AND is_active AND id <> $1)";

enum app_err user_check_not_last(struct ctx *c, int64_t user_id)
{
	int64_t is_last;
	const struct model_where last = { .sql = SQL_LAST_SUPERUSER, .binds = BIND(user_id) };
	enum app_err err = db_lock(c, LOCK_RIGHTS);
	if (!err)
		err = model_count(c, &user_model, &last, &is_last);
	if (err || !is_last)
		return err;
	return ctx_fail(c, APP_CONFLICT,
			"This is the last active superuser: make another one first");
}
