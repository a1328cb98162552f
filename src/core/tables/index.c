/*
 * The indexes that lists want (docs/authoring.md, "What lists offer is cheap"): each sort in its
 * order, alone and with each filter by what many rows share, each ending in the id; of the other
 * filters their own column. And one that makes each name unique.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/dialect.h"
#include "internal.h"

/* Whether all rows that are asked for are in it, of which none has a null in `given` (or NULL). */
static bool is_whole(const struct comparison *k, size_t index, const char *given)
{
	const struct partial *partial = &k->partials[index];
	const char *lacks = partial->without_null_of;
	return partial->is_whole && (!lacks || (given && str_eq(lacks, given)));
}

static bool has_column(const struct db_index *index, size_t at, const char *name, bool in_order)
{
	return at < index->count && str_eq(index->columns[at].name, name) &&
	       (!in_order || index->columns[at].is_plain);
}

/* Whoever finds rows by a value of the field gives no null, unless lists may ask for that. */
static const char *never_null(const struct field *field)
{
	return field_may_filter(field) & FILTER_NULL ? NULL : field->name;
}

/* In the order of lists: no id is null, but the database may go by where nulls would stand. */
static bool has_id(const struct db_index *index, size_t at)
{
	return has_column(index, at, "id", true) || (at == index->count && index->ends_in_id);
}

/* An order that is wanted: of `first`, or of `second` for one value of it; NULL: none. */
struct wanted {
	const struct field *first, *second;
	/* It is an order, and not only rows that are found. */
	bool is_sort;
};

/* So that it is read backwards for a list that descends: by both. An id by itself ascends. */
static bool goes_one_way(const struct db_index *index, size_t at)
{
	bool id_descends = at + 1 < index->count && index->columns[at + 1].descends;
	return index->columns[at].descends == id_descends;
}

/* Behind its first `at` columns. */
static bool leads_there(const struct db_index *index, size_t at, const struct wanted *wanted)
{
	const struct field *second = wanted->second;
	if (!has_column(index, at, wanted->first->name, wanted->is_sort && !second))
		return false;
	if (second && !has_column(index, ++at, second->name, true))
		return false;
	return has_id(index, at + 1) && (!wanted->is_sort || goes_one_way(index, at));
}

/* `most`: how many columns may stand before. */
static bool is_led(const struct comparison *k, const struct wanted *wanted, size_t most)
{
	bool is_found = wanted->second || !wanted->is_sort;
	const char *given = is_found ? never_null(wanted->first) : NULL;
	for (size_t i = 0; i < k->there->index_count; i++) {
		const struct db_index *index = &k->there->indexes[i];
		size_t end = is_whole(k, i, given) ? index->count : 0;
		for (size_t at = 0; at <= most && at < end; at++)
			if (leads_there(index, at, wanted))
				return true;
	}
	return false;
}

/* By hand a list may always be asked with a condition of its own, whose column comes first. */
static size_t columns_before(const struct comparison *k)
{
	return k->model->row->shared ? 0 : SIZE_MAX;
}

static bool is_found_by(const struct comparison *k, const struct field *field)
{
	for (size_t i = 0; i < k->there->index_count; i++) {
		const struct db_index *index = &k->there->indexes[i];
		size_t end = is_whole(k, i, never_null(field)) ? index->count : 0;
		for (size_t at = 0; at < end; at++)
			if (has_column(index, at, field->name, false) && at <= columns_before(k))
				return true;
	}
	return false;
}

static bool has_unique(const struct comparison *k, const char *column)
{
	for (size_t i = 0; i < k->there->index_count; i++) {
		const struct db_index *index = &k->there->indexes[i];
		if (index->is_unique && is_whole(k, i, column) && index->count == 1 &&
		    has_column(index, 0, column, false))
			return true;
	}
	return false;
}

/* ---- what is wanted ---- */

/* The id has its index in any case. */
static bool is_indexed(const struct field *field)
{
	return field_is_column(field) && !str_eq(field->name, "id");
}

static bool is_missing(const struct comparison *k, const struct field *field)
{
	return field && !db_columns_find(&k->there->columns, field->name);
}

static bool is_sorted_by(const struct field *field)
{
	return is_indexed(field) && field_may_sort(field);
}

/* Very many rows may have one value: what it finds must come in the order of the list. */
static bool is_shared(const struct comparison *k, const struct field *field)
{
	return field->choices || field->type == FIELD_BOOL || model_relation_of(k->model, field);
}

/* "value COLLATE \"C\"" */
static const char *in_order(const struct comparison *k, const struct field *field)
{
	const char *by = field->type == FIELD_TEXT ? db_dialect(k->c)->by_code_point : "";
	return arena_printf(k->c->arena, "%s%s", field->name, by);
}

static void order_wanted(struct comparison *k, const struct wanted *wanted)
{
	const struct field *first = wanted->first, *second = wanted->second;
	struct arena *arena = k->c->arena;
	if (is_led(k, wanted, columns_before(k)))
		return;
	const char *columns = wanted->is_sort && !second ? in_order(k, first) : first->name;
	const char *asked = wanted->is_sort ? "sorted" : "filtered";
	asked = arena_printf(arena, "%s by %s", second ? "filtered" : asked, first->name);
	if (second) {
		columns = arena_printf(arena, "%s, %s", columns, in_order(k, second));
		asked = arena_printf(arena, "%s and sorted by %s", asked, second->name);
	}
	const struct table_difference index = {
		.part = TABLE_INDEX,
		.field = first,
		.order = second ? second->name : NULL,
		.follows = is_missing(k, first) || is_missing(k, second),
		.stops = wanted->is_sort && !second && !is_led(k, wanted, SIZE_MAX),
	};
	difference_add(
		k, index,
		"lists are %s, and no index of the table %s leads there: CREATE INDEX ... ON "
		"%s (%s, id)%s, or leave out .%s",
		asked, k->model->table, k->model->table, columns,
		k->model->soft_delete ? " WHERE deleted_at IS NULL" : "",
		wanted->is_sort ? "sort" : "filter");
}

static void filter_wanted(struct comparison *k, const struct field *field)
{
	const struct schema *row = k->model->row;
	if (!(field_may_filter(field) & FILTER_EQ) || field->key)
		return;
	if (!is_shared(k, field)) {
		if (!is_found_by(k, field))
			order_wanted(k, &(struct wanted){ .first = field });
		return;
	}
	order_wanted(k, &(struct wanted){ .first = field });
	for (size_t i = 0; i < row->count; i++)
		if (is_sorted_by(&row->fields[i]) && &row->fields[i] != field)
			order_wanted(k, &(struct wanted){ field, &row->fields[i], true });
}

static void name_wanted(struct comparison *k, const struct field *field)
{
	if (!field->key || has_unique(k, field->key))
		return;
	difference_add(k,
		       (struct table_difference){
			       .part = TABLE_INDEX,
			       .field = field,
			       .column = field->key,
			       .follows = !db_columns_find(&k->there->columns, field->key),
			       .is_unique = true },
		       "the table %s has no unique index on %s, so that two rows may have one %s",
		       k->model->table, field->key, field->name);
}

static enum app_err partials_judge(struct comparison *k)
{
	enum app_err err = APP_OK;
	k->partials = arena_zero(k->c->arena, (k->there->index_count + 1) * sizeof(*k->partials));
	for (size_t i = 0; !err && i < k->there->index_count; i++)
		err = partial_judge(k, k->there->indexes[i].condition, &k->partials[i]);
	return err;
}

enum app_err indexes_compare(struct comparison *k)
{
	enum app_err err = partials_judge(k);
	for (size_t i = 0; !err && i < k->model->row->count; i++) {
		const struct field *field = &k->model->row->fields[i];
		if (!is_indexed(field))
			continue;
		if (k->all)
			name_wanted(k, field);
		if (is_sorted_by(field))
			order_wanted(k, &(struct wanted){ .first = field, .is_sort = true });
		if (k->all)
			filter_wanted(k, field);
	}
	return err;
}
