/*
 * What the writer does beside writes while others wait to write: pieces, which are counted here.
 * That each is bounded is the business of src/core/sqlite/fts and of checkpoint.c.
 */
#include "core/sqlite/notes.h"

enum { JOBS_MOST = 700 };

/* A write that adds so many notes, and sees how many pieces were done before it. */
struct load {
	struct job job; /* first: done() gets its address */
	int first, rows, bytes;
	int64_t pieces;
};

static struct load loads[JOBS_MOST];

static enum app_err load_run(struct ctx *c, void *arg)
{
	struct load *load = arg;
	load->pieces = db_stats(store.db).pieces;
	return db_exec(
		c,
		"INSERT INTO notes (text) WITH RECURSIVE n (i) AS (SELECT CAST($1 AS INTEGER)"
		" UNION ALL SELECT i + 1 FROM n WHERE i < CAST($2 AS INTEGER))"
		" SELECT printf('alpha number%d %*d', i, CAST($3 AS INTEGER), i) FROM n",
		BIND(load->first, load->first + load->rows - 1, load->bytes), NULL);
}

static void load_submit(struct load *load, struct gate *gate)
{
	arena_init(&load->job.arena, 0);
	ctx_init(&load->job.c, &store.scene.app, &load->job.arena);
	load->job.gate = gate;
	load->job.write = (struct db_write){
		.c = &load->job.c, .run = load_run, .arg = load, .done = job_finish
	};
	must(db_write_submit(store.db, &load->job.write));
}

/*
 * One commit each, and all of them wait from the beginning, so there is no pause in which more
 * might be done.
 */
static void loads_do(int count, int rows, int bytes)
{
	struct gate gate;
	struct job holder;
	gate_hold(&store, &gate, &holder);
	for (int i = 0; i < count; i++) {
		struct load *load = &loads[i];
		*load = (struct load){ .first = i * rows, .rows = rows, .bytes = bytes };
		load_submit(load, &gate);
	}
	gate_release(&gate, &holder, (size_t)count);
	for (int i = 0; i < count; i++) {
		must(loads[i].job.result);
		arena_done(&loads[i].job.arena);
	}
}

struct load_case {
	int jobs, rows; /* each */
	int bytes;      /* of a row */
	int most;       /* pieces between two of them */
};

static int pieces_open(void **state)
{
	(void)state;
	store_open_with(&store, (struct db_options){ .batch = 1, .queue = JOBS_MOST + 1 });
	store_do(&store, SQL_NOTES);
	return 0;
}

static void pieces_are_few(void **state)
{
	const struct load_case *k = *state;
	loads_do(k->jobs, k->rows, k->bytes);
	int64_t between = 0;
	for (int i = 1; i < k->jobs; i++) {
		int64_t pieces = loads[i].pieces - loads[i - 1].pieces;
		assert_in_range(pieces, 0, k->most);
		between = pieces > between ? pieces : between;
	}
	/* that many rows leave some work undone */
	assert_true(between >= 1);
	assert_true(k->most == 1 || between > 1);
	assert_true(db_stats(store.db).checkpoints > 0);
	assert_int_equal(found("alpha number"), k->jobs * k->rows);
	AWAIT(!todo());
	assert_int_equal(found("alpha number"), k->jobs * k->rows);
}

/* A piece is done after the write that brought them, and another write then holds the writer. */
static void rows_that_wait_are_known(void **state)
{
	(void)state;
	struct gate first, second;
	struct job holder, next;
	struct load load = { .rows = 2 * 100, .bytes = 10 };
	AWAIT(!todo() && !spends_its_budget("alpha"));
	gate_hold(&store, &first, &holder);
	load_submit(&load, &first);
	gate_init(&second);
	must(job_submit(&store, &next, &second, NULL));
	gate_release(&first, &holder, 1);
	AWAIT(gate_is_held(&store, &second, &next));
	bool spends = spends_its_budget("alpha");
	gate_release(&second, &next, 0);
	must(load.job.result);
	arena_done(&load.job.arena);
	assert_true(spends);
	AWAIT(!todo() && !spends_its_budget("alpha"));
}

#define PIECES(sentence, ...) \
	{ \
		sentence, pieces_are_few, pieces_open, notes_close, \
			(&(struct load_case){ __VA_ARGS__ }) \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		PIECES("whoever waits to write waits for one piece of other work at most", 700, 1,
		       600, .most = 1),
		PIECES("the same where each write brings rows for a whole piece", 25, 100, 600,
		       .most = 1),
		PIECES("where rows pile up, writes that bring many are followed by more pieces, "
		       "and not by all of them",
		       8, 1000, 600, .most = 31),
		PIECES("the same where it is their texts that pile up", 12, 60, 60000, .most = 101),
		{ "while rows wait that take a step, a search is one for another thread",
		  rows_that_wait_are_known, pieces_open, notes_close, NULL },
	};
	return rows_run("core/sqlite pieces", rows, COUNT_OF(rows));
}
