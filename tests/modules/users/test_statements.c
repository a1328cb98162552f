/*
 * What each operation on accounts asks of the database, whatever else is there; the last of a
 * command is its row in the audit.
 */
#include "modules/users/internal.h"
#include "testing/stage.h"
#include "testing/statements.h"
#include "testing/store.h"

struct asked {
	int who;
	const struct operation *op;
	const char *json;
	int statements;
	/* so many more in PostgreSQL */
	int more;
};

static void asks(void **state)
{
	const struct asked *of = *state;
	struct stage s;
	stage_open(&s);
	assert_statements(&s, of->who, of->op, of->json,
			  of->statements + (store_is_postgres ? of->more : 0));
	stage_close(&s);
}

#define ASKS(sentence, ...) ROW_OF(sentence, asks, (&(struct asked){ __VA_ARGS__, 0 }))
#define ASKS_MORE(sentence, ...) ROW_OF(sentence, asks, (&(struct asked){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ASKS("users.create", AS_ROOT, &users_create,
		     "{'username':'new','email':'new@example.com'}", 6),
		ASKS("users.recent", AS_ROOT, &users_recent, "{'limit':1}", 2),
		ASKS("users.recent of some days", AS_ROOT, &users_recent, "{'days':1}", 2),
		ASKS("users.get", AS_ROOT, &users_get, "{'user_id':2}", 2),
		ASKS("users.update", AS_ROOT, &users_update, "{'user_id':2,'full_name':'Ada King'}",
		     4),
		ASKS("users.update with a password", AS_ROOT, &users_update,
		     "{'user_id':2,'password':'difference engine'}", 5),
		ASKS("users.update that deactivates", AS_ROOT, &users_update,
		     "{'user_id':2,'is_active':false}", 6),
		/* one for each table whose rows go with it; SQLite counts none without a rowid */
		ASKS_MORE("users.delete", AS_ROOT, &users_delete, "{'user_id':2}", 10, 3),
		ASKS("users.change_password", AS_ADA, &users_change_password,
		     "{'current_password':'" ADA_PASSWORD "','new_password':'difference engine'}",
		     7),
		ASKS("users.reset_password", AS_ROOT, &users_reset_password,
		     "{'user_id':2,'password':'difference engine'}", 4),
		ASKS("users.set_password", AS_SYSTEM, &users_set_password,
		     "{'login':'ada','password':'difference engine'}", 3),
	};
	return store_run("modules/users/statements", rows, COUNT_OF(rows), NULL, NULL);
}
