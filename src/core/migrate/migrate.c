/*
 * Applying and reverting migrations. Each runs in a write of its own, which also looks at what is
 * applied: so two programs that start at once take turns, and the second finds the work done.
 */
#include "core/migrate.h"

#include <string.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/str.h"
#include "core/db.h"
#include "core/db_signal.h"
#include "internal.h"

static const char SQL_ADD[] =
	"INSERT INTO croft_migrations (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)";
static const char SQL_REMOVE[] = "DELETE FROM croft_migrations WHERE number = $1";

/* One turn: what there is, and whether a migration was applied or reverted. */
struct turn {
	const struct migration *list;
	size_t count;
	struct migration_state *states;
	size_t state_count;
	bool did;
};

static enum app_err turn_look(struct ctx *c, struct turn *turn)
{
	enum app_err err = migration_table(c);
	if (err)
		return err;
	return migration_states(c, turn->list, turn->count, &turn->states, &turn->state_count);
}

static enum app_err look_run(struct ctx *c, void *arg)
{
	return turn_look(c, arg);
}

static const struct migration *known_find(const struct turn *turn, int64_t number)
{
	for (size_t i = 0; i < turn->count; i++) {
		if (turn->list[i].number == number)
			return &turn->list[i];
	}
	return NULL;
}

/* Puts the place before the cause when a statement fails. */
static enum app_err cause_place(struct ctx *c, enum app_err err, const char *place)
{
	if (err != APP_INTERNAL || !c->failure.cause)
		return err;
	const char *cause = c->failure.cause;
	ctx_recover(c);
	return ctx_fail_cause(c, APP_INTERNAL, "%s%s", place, cause);
}

static enum app_err sql_run(struct ctx *c, const struct migration *m,
			    const struct migration_part *part)
{
	enum app_err err = db_script(c, part->sql, part->len, part->line);
	return cause_place(c, err,
			   arena_printf(c->arena, "%s, ", migration_file(c, m->number, m->name)));
}

/* A step that is no SQL stands on a line of its own: what is before it runs first. */
static enum app_err step_run(struct ctx *c, const struct migration *m, const char *line, int number)
{
	struct migration_fold fold;
	if (migration_is_keys_last(line))
		return APP_OK;
	enum app_err err = migration_fold_read(c, m, line, number, &fold);
	if (err)
		return err;
	err = migration_fold_run(c, m, &fold);
	return cause_place(c, err,
			   arena_printf(c->arena, "%s, line %d: ",
					migration_file(c, m->number, m->name), number));
}

static enum app_err lines_run(struct ctx *c, const struct migration *m,
			      const struct migration_part *part)
{
	enum app_err err = APP_OK;
	struct migration_part sql = { .sql = part->sql, .line = part->line };
	const char *end = part->sql + part->len;
	int number = part->line;
	for (const char *line = part->sql; !err && line < end; number++) {
		const char *line_end = memchr(line, '\n', (size_t)(end - line));
		const char *next = line_end ? line_end + 1 : end;
		if (str_starts(line, MIGRATION_STEP)) {
			sql.len = (size_t)(line - sql.sql);
			err = sql_run(c, m, &sql);
			if (!err)
				err = step_run(c, m, line, number);
			sql = (struct migration_part){ .sql = next, .line = number + 1 };
		}
		line = next;
	}
	sql.len = (size_t)(end - sql.sql);
	db_signal(c, DB_SEARCH); /* it may have made an index, or put rows on its list */
	return err ? err : sql_run(c, m, &sql);
}

struct part_of {
	const struct migration *m;
	const struct migration_part *part;
	/* of the lines themselves */
	enum app_err err;
};

static enum app_err lines_run_of(struct ctx *c, void *arg)
{
	struct part_of *it = arg;
	it->err = lines_run(c, it->m, it->part);
	return it->err;
}

static enum app_err part_run(struct ctx *c, const struct migration *m,
			     const struct migration_part *part)
{
	struct part_of it = { .m = m, .part = part };
	if (!part->keys_last)
		return lines_run(c, m, part);
	enum app_err err = db_keys_last(c, lines_run_of, &it);
	if (it.err || err != APP_CONFLICT)
		return err;
	const char *says = arena_strdup(c->arena, ctx_failure_text(c, err));
	ctx_recover(c);
	return ctx_fail(c, err, "%s: %s", migration_file(c, m->number, m->name), says);
}

static enum app_err apply(struct ctx *c, const struct migration *m)
{
	struct migration_text text;
	enum app_err err = migration_split(c, m, &text);
	if (!err)
		err = part_run(c, m, &text.up);
	if (err)
		return err;
	char checksum[MIGRATION_CHECKSUM_ROOM];
	migration_checksum(m->sql, checksum);
	return db_exec(c, SQL_ADD, BIND(m->number, m->name, (const char *)checksum, ctx_now(c)),
		       NULL);
}

static enum app_err revert(struct ctx *c, const struct migration *m)
{
	struct migration_text text;
	enum app_err err = migration_split(c, m, &text);
	if (err)
		return err;
	if (!text.has_down)
		return ctx_fail(c, APP_CONFLICT,
				"%s has no part '-- migrate:down', so it cannot be reverted",
				migration_file(c, m->number, m->name));
	err = part_run(c, m, &text.down);
	if (err)
		return err;
	return db_exec(c, SQL_REMOVE, BIND(m->number), NULL);
}

/* As turn_look(); and refuses what does not fit together. */
static enum app_err turn_check(struct ctx *c, struct turn *turn)
{
	enum app_err err = turn_look(c, turn);
	return err ? err : migration_check(c, turn->states, turn->state_count);
}

static enum app_err up_run(struct ctx *c, void *arg)
{
	struct turn *turn = arg;
	enum app_err err = turn_check(c, turn);
	if (err)
		return err;
	for (size_t i = 0; i < turn->state_count; i++) {
		if (turn->states[i].applied)
			continue;
		turn->did = true;
		return apply(c, known_find(turn, turn->states[i].number));
	}
	return APP_OK;
}

static enum app_err down_run(struct ctx *c, void *arg)
{
	struct turn *turn = arg;
	enum app_err err = turn_check(c, turn);
	if (err)
		return err;
	for (size_t i = turn->state_count; i > 0; i--) {
		if (!turn->states[i - 1].applied)
			continue;
		turn->did = true;
		return revert(c, known_find(turn, turn->states[i - 1].number));
	}
	return APP_OK;
}

static enum app_err turns_take(struct ctx *c, const struct turn *first, db_write_fn *run,
			       int64_t most, int64_t *ret_done)
{
	*ret_done = 0;
	while (*ret_done < most) {
		struct turn turn = *first;
		enum app_err err = db_write_slow(c, run, &turn);
		if (err)
			return err;
		if (!turn.did)
			break;
		++*ret_done;
	}
	return APP_OK;
}

enum app_err migrate_up(struct ctx *c, const struct migration *list, size_t count,
			int64_t *ret_done)
{
	return turns_take(c, &(struct turn){ .list = list, .count = count }, up_run, INT64_MAX,
			  ret_done);
}

enum app_err migrate_down(struct ctx *c, const struct migration *list, size_t count, int64_t steps,
			  int64_t *ret_done)
{
	return turns_take(c, &(struct turn){ .list = list, .count = count }, down_run, steps,
			  ret_done);
}

enum app_err migrate_status(struct ctx *c, const struct migration *list, size_t count,
			    struct migration_state **ret_states, size_t *ret_count)
{
	return migration_states_look(c, list, count, ret_states, ret_count);
}

enum app_err migrate_verify(struct ctx *c, const struct migration *list, size_t count)
{
	struct migration_state *states;
	size_t all, pending = 0;
	const char *first = NULL;
	enum app_err err = migration_states_look(c, list, count, &states, &all);
	if (!err)
		err = migration_check(c, states, all);
	for (size_t i = all; !err && i-- > 0;) {
		if (states[i].applied)
			continue;
		first = migration_file(c, states[i].number, states[i].name);
		pending++;
	}
	if (pending)
		err = ctx_fail(c, APP_CONFLICT,
			       "%zu migration%s pending, from %s on: run '" APP_NAME " migrate up'",
			       pending, pending == 1 ? " is" : "s are", first);
	return err;
}

enum app_err migrate_pending(struct ctx *c, const struct migration *list, size_t count,
			     int64_t *ret_pending)
{
	struct turn turn = { .list = list, .count = count };
	enum app_err err = db_write(c, look_run, &turn);
	if (!err)
		err = migration_check(c, turn.states, turn.state_count);
	if (err)
		return err;
	int64_t pending = 0;
	for (size_t i = 0; i < turn.state_count; i++)
		pending += !turn.states[i].applied;
	*ret_pending = pending;
	return APP_OK;
}
