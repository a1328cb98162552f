/*
 * A small installation for tests of modules: settings, a migrated database in a scratch folder, a
 * frozen clock and two accounts. Operations are called as one of them through op_run(); the answer
 * is one text to compare. JSON is written as testing/json.h says, both what is sent and what is
 * answered. There is no server: that is testing/server.h.
 */
#ifndef CROFT_TESTING_STAGE_H
#define CROFT_TESTING_STAGE_H

#include "testing/rows.h"

#include <stdint.h>

#include "base/buf.h"
#include "core/app.h"
#include "core/migrate.h"
#include "core/op.h"
#include "testing/frozen_clock.h"
#include "testing/scene.h"

/*
 * The accounts of every stage: root is a superuser, ada is not. bob is there where a test makes
 * him. stage_actor() knows whether they are signed in.
 */
enum { ROOT_ID = 1, ADA_ID = 2, BOB_ID = 3 };
#define ROOT_PASSWORD "correct horse battery"
#define ADA_PASSWORD "staple of the engine"
#define STAGE_TIME "2026-01-02T03:04:05Z"

/* Who calls. */
enum { AS_NOBODY, AS_ADA, AS_ROOT, AS_SYSTEM, AS_BOB, AS_GONE, AS_GONE_ROOT, STAGE_ACTORS };
/* An account that stage_account() made. */
#define AS_USER(id) (STAGE_ACTORS + (int)(id))
/* Of whom there is no row any more. */
enum { GONE_ID = 77 };

extern const struct actor stage_actors[STAGE_ACTORS];

struct service_given;

struct stage {
	struct scene scene;
	struct app_options options;
	struct frozen_clock clock;
	/* How many rows factories have made. */
	int made;
	/* What was answered, as it came. */
	struct buf out;
};

/* ---- beginning and ending ---- */

/* With root and ada. */
void stage_open(struct stage *s);
/* The same with settings, as stage_open_empty() takes them. */
void stage_open_with(struct stage *s, const char *const *sets);
/* With bob, too, whose rows are neither ada's nor a superuser's. */
void stage_open_three(struct stage *s);
/*
 * Everything but the accounts. `sets` are settings "section.key=value", NULL-terminated, or NULL.
 */
void stage_open_empty(struct stage *s, const char *const *sets);
void stage_close(struct stage *s);

/* One account more, with this name and no password; its id, for AS_USER(). */
int64_t stage_account(struct stage *s, const char *username);

/*
 * Starts the services of all modules but those that are given: see GIVEN() in core/service.h. The
 * list ends with a zero row; NULL: none is given.
 */
void stage_start_services(struct stage *s, const struct service_given *given);

/* Fails the row, with what was recorded, unless it is APP_OK. */
void stage_ok(struct stage *s, enum app_err err);

/* ---- calling operations ---- */

/*
 * One call of an operation and its whole answer: JSON, the list of faults as JSON, or the failure's
 * text as it is.
 */
struct stage_case {
	int who;
	const struct operation *op;
	const char *json;
	enum app_err err;
	const char *answer;
};

/* The answer is in the arena until the next scene_next(). */
enum app_err stage_call(struct stage *s, int who, const struct operation *op, const char *json,
			const char **ret_answer);
/* The same where the answer must be APP_OK; else the row fails and shows it. */
const char *stage_call_ok(struct stage *s, int who, const struct operation *op, const char *json);
void stage_expect(struct stage *s, const struct stage_case *want);
/* The same of what must be refused and leave everything as it was, by what `sum` makes of it. */
void stage_refuses(struct stage *s, const struct stage_case *want, int64_t (*sum)(struct stage *));

/* The row of a stage_case on a fresh stage: CASE("…", AS_ADA, &posts_get, "{…}", APP_OK, "{…}"). */
void stage_answers(void **state);
#define CASE(sentence, who, op, json, err, answer) \
	ROW_OF(sentence, stage_answers, (&(struct stage_case){ who, op, json, err, answer }))

/* op_run() with JSON as tests write it; what it adds to `out` is as it is. */
enum app_err stage_run(struct ctx *c, const struct operation *op, const char *json,
		       struct buf *out);
/* The actor as he would be let in now; one whose row is gone had version 0. */
struct actor stage_signed_in(struct ctx *c, struct actor actor);
struct actor stage_actor(struct ctx *c, int who);

/* ---- the database by hand ---- */

/* The first column of the first row. */
int64_t stage_int(struct stage *s, const char *sql);
void stage_exec(struct stage *s, const char *sql);
/* The same for db_write(): `sql` is a text. */
enum app_err stage_exec_write(struct ctx *c, void *sql);

struct stage_migrations {
	const struct migration *list;
	size_t count;
};

/* All that are embedded in this binary for the driver of the stage, as the server applies them. */
struct stage_migrations stage_migrations(struct stage *s);
void stage_migrate_up(struct stage *s);
/* Takes back all migrations after number `last`. */
void stage_migrate_down(struct stage *s, int64_t last);

/* SQL for a text of so many characters, on either. */
#define STAGE_LONG(count) \
	"(WITH RECURSIVE long (n, text) AS (SELECT 1, 'x' UNION ALL SELECT n + 1, text || 'x'" \
	" FROM long WHERE n < " count ") SELECT max(text) FROM long)"

#endif
