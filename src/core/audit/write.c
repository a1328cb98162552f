/* The row that a change leaves. */
#include "core/audit.h"

#include "core/app.h"
#include "core/db.h"

static const char SQL_WRITE[] =
	"INSERT INTO audit (at, operation, outcome, actor, user_id, key_id, address, request_id,"
	" subject, subject_id, change) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

static const char *const actors[] = {
	[ACTOR_ANONYMOUS] = "anonymous", [ACTOR_USER] = "user", [ACTOR_SYSTEM] = "system"
};

static struct db_value id_or_null(int64_t id)
{
	return id ? db_bind_int(id) : DB_NONE;
}

/* "": it is not known. */
static const char *address_of(const struct ctx *c)
{
	return c->client && *c->client->address ? c->client->address : NULL;
}

enum app_err audit_write(struct ctx *c, const struct audit_entry *entry)
{
	if (!c->app->keeps_audit)
		return APP_OK;
	struct instant at = entry->at.us ? entry->at : ctx_now(c);
	return db_exec(c, SQL_WRITE,
		       BIND(at, entry->operation, entry->outcome, actors[c->actor.kind],
			    id_or_null(c->actor.user_id), id_or_null(c->actor.key_id),
			    address_of(c), c->request_id, entry->subject.table,
			    id_or_null(entry->subject.id), entry->change),
		       NULL);
}
