/* The walk through what is to be made: each kind in its turn, in a few big transactions. */
#include "core/seed.h"

#include "base/str.h"
#include "core/db.h"

enum { ROWS_A_WRITE = 10000, TEXTS_CHUNK = 1024 * 1024 };

const struct seed_task *seed_task_find(const struct seed_plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->count; i++)
		if (str_eq(plan->tasks[i].kind->name, name))
			return &plan->tasks[i];
	return NULL;
}

static enum app_err last_ids_read(struct ctx *c, const struct seed_plan *plan)
{
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < plan->count; i++) {
		struct seed_task *task = &plan->tasks[i];
		task->last_id = 0;
		err = db_query_int(c,
				   arena_printf(c->arena, "SELECT coalesce(max(id), 0) FROM %s",
						task->kind->name),
				   BIND(), &task->last_id);
	}
	return err;
}

struct piece {
	const struct seed_kind *kind;
	struct seeder *seeder;
};

static enum app_err piece_write(struct ctx *c, void *arg)
{
	const struct piece *piece = arg;
	return piece->kind->write(c, piece->seeder);
}

/* So many rows in each write; the texts of a write are dropped with it. */
static enum app_err task_run(struct ctx *c, struct seeder *s, const struct seed_task *task)
{
	struct piece piece = { task->kind, s };
	s->done = s->until = 0;
	s->total = task->rows;
	enum app_err err = s->total ? task->kind->begin(c, s) : APP_OK;
	while (!err && s->until < s->total) {
		int64_t left = s->total - s->until;
		s->until += left > ROWS_A_WRITE ? ROWS_A_WRITE : left;
		err = db_write_slow(c, piece_write, &piece);
		arena_reset(&s->arena);
		s->plan->tell(s->plan->arg, task->kind->name, s->until, s->total);
	}
	return err;
}

enum app_err seed_run(struct ctx *c, const struct seed_plan *plan)
{
	struct seeder s = { .plan = plan, .random = { plan->seed } };
	arena_init(&s.arena, TEXTS_CHUNK);
	enum app_err err = last_ids_read(c, plan);
	for (size_t i = 0; !err && i < plan->count; i++)
		err = task_run(c, &s, &plan->tasks[i]);
	arena_done(&s.arena);
	return err;
}
