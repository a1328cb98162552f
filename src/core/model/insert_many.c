/*
 * Inserting many rows in few statements. When one of them breaks a rule all is undone, and the rows
 * are tried once more only to name each that does: a statement that fails is halved until the row
 * is alone.
 */
#include <string.h>

#include "base/arena.h"
#include "batch.h"
#include "core/item_faults.h"
#include "internal.h"

static enum app_err insert_fast(struct batch *b)
{
	AUTO(db_tx) tx = { 0 };
	enum app_err err = db_tx_begin(b->c, &tx);
	while (!err && b->done < b->in->count) {
		size_t size = batch_chunk_size(b);
		err = batch_chunk_run(b, size);
		b->done += size;
	}
	return err ? err : db_tx_commit(&tx);
}

/* ---- which rows it was ---- */

static bool is_broken_rule(enum app_err err)
{
	return err == APP_CONFLICT || err == APP_INVALID;
}

/*
 * A rule of the tables that no member of the row is named by: nothing that the client could mend.
 */
static bool is_authors_fault(const struct batch *b)
{
	const struct failure *failure = &b->c->failure;
	const struct field *field = failure->column ? schema_field(b->schema, failure->column)
						    : NULL;
	return failure->is_rule && (!field || field->in != IN_BODY);
}

/* Rows that are in order stay until the end, so that a second one like them is found out. */
static enum app_err chunk_try(const struct batch *b, size_t size)
{
	AUTO(db_tx) tx = { 0 };
	enum app_err err = db_tx_begin(b->c, &tx);
	if (!err)
		err = batch_chunk_run(b, size);
	return err ? err : db_tx_commit(&tx);
}

/*
 * Inserts the next rows, or notes the next one as faulty. *ret_settled is how many are done with: 0
 * when fewer are to be tried.
 */
static enum app_err chunk_settle(const struct batch *b, size_t size, struct item_faults *faults,
				 size_t *ret_settled)
{
	enum app_err err = chunk_try(b, size);
	*ret_settled = err && size > 1 ? 0 : size;
	if (err && (!is_broken_rule(err) || (size == 1 && is_authors_fault(b))))
		return err;
	if (err && size == 1)
		item_faults_take(faults, b->done);
	ctx_recover(b->c);
	return APP_OK;
}

/*
 * From the front, so that the same rows are named as one by one: half as many after a failure,
 * twice as many after a success.
 */
static enum app_err insert_each(struct batch *b, struct item_faults *faults)
{
	AUTO(db_tx) all = { 0 };
	enum app_err err = db_tx_begin(b->c, &all);
	if (err)
		return err;
	size_t size = 0, settled;
	for (b->done = 0; b->done < b->in->count && !item_faults_are_full(faults);
	     b->done += settled) {
		size_t fitting = batch_chunk_size(b);
		size = !size || size > fitting ? fitting : size;
		err = chunk_settle(b, size, faults, &settled);
		if (err)
			return err;
		size = settled ? size * 2 : size / 2;
	}
	return APP_OK;
}

enum app_err model_insert_many(struct ctx *c, const struct model *model,
			       const struct schema *in_schema, const char *field,
			       const struct array *in, int64_t *ret_ids)
{
	struct batch b = { .c = c, .model = model, .schema = in_schema, .field = field, .in = in };
	enum app_err err = write_check(c, model, "model_insert_many");
	if (err || !in->count)
		return err;
	if (ret_ids)
		b.ids = arena_raw(c->arena, in->count * sizeof(*b.ids));
	err = insert_fast(&b);
	if (!err)
		ctx_touch(c, model->table, ret_ids ? *b.ids : 0);
	if (!err && ret_ids)
		memcpy(ret_ids, b.ids, in->count * sizeof(*b.ids));
	if (!is_broken_rule(err))
		return err;
	struct failure failure = c->failure;
	struct item_faults faults = { .c = c, .list = field, .item = in_schema };
	ctx_recover(c);
	err = insert_each(&b, &faults);
	if (err)
		return err;
	if (faults.first)
		return item_faults_fail(&faults);
	/* Singly each row is in order: what failed is said as it was. */
	c->failure = failure;
	return failure.err;
}
