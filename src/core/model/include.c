/*
 * Loading what rows refer to: one query for a relation, however many rows there are. The rows that
 * were loaded are the owners of the relations below them. The SQL is in include_sql.c.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "include.h"

/*
 * The rows that a relation is loaded into. They need not lie side by side: those of several lists
 * do not.
 */
struct owners {
	const struct schema *schema;
	void **rows;
	size_t count;
};

struct loader {
	struct ctx *c;
	const struct list_query *query;
};

static int keys_compare(const void *a, const void *b)
{
	int64_t x = ((const struct db_value *)a)->integer,
		y = ((const struct db_value *)b)->integer;
	return (x > y) - (x < y);
}

/* The values of the owners' field, sorted, each once, nulls left out. */
static struct db_binds keys_of(struct ctx *c, const struct owners *owners,
			       const struct field *field)
{
	struct db_value *keys = arena_raw(c->arena, (owners->count + 1) * sizeof(*keys));
	size_t count = 0, unique = 0;
	for (size_t i = 0; i < owners->count; i++) {
		struct db_value value = field_value(field, owners->rows[i]);
		if (value.type == DB_INT)
			keys[count++] = value;
	}
	qsort(keys, count, sizeof(*keys), keys_compare);
	for (size_t i = 0; i < count; i++)
		if (!unique || keys[unique - 1].integer != keys[i].integer)
			keys[unique++] = keys[i];
	return (struct db_binds){ keys, unique };
}

/* ---- what was loaded, by owner ---- */

struct loaded {
	char *items;
	size_t size, count;
	const int64_t *owners; /* ascending */
};

/* The first row of the owner or of a later one. */
static size_t loaded_find(const struct loaded *loaded, int64_t owner)
{
	size_t low = 0, high = loaded->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (loaded->owners[middle] < owner)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void give_one(const struct loaded *loaded, const struct field *field, void *row, int64_t key)
{
	size_t at = loaded_find(loaded, key);
	void *found = at < loaded->count && loaded->owners[at] == key
			      ? loaded->items + at * loaded->size
			      : NULL;
	memcpy((char *)row + field->offset, &found, sizeof(found));
}

static void give_list(const struct loaded *loaded, const struct field *field, void *row,
		      int64_t key, uint64_t hidden)
{
	size_t from = loaded_find(loaded, key), to = from;
	while (to < loaded->count && loaded->owners[to] == key)
		to++;
	struct array list = { .items = loaded->items + from * loaded->size,
			      .count = to - from,
			      .hidden = hidden };
	memcpy((char *)row + field->offset, &list, sizeof(list));
}

/* Relations of the embedded rows that this query does not load below `field`; never 0. */
static uint64_t hidden_below(const struct list_query *query, const struct field *field)
{
	uint64_t hidden = HIDDEN_MASK | schema_hide_relations(field->object);
	for (size_t i = 0; i < query->include_count; i++) {
		const struct list_include *include = &query->includes[i];
		if (include->depth < 2 || include->path[0] != field)
			continue;
		size_t at = (size_t)(include->path[1] - field->object->fields);
		if (at < HIDDEN_FIELDS_MAX)
			hidden &= ~((uint64_t)1 << at);
	}
	return hidden;
}

static void loaded_give(const struct loader *loader, const struct loaded *loaded,
			const struct owners *owners, const struct field *field,
			const struct field *key)
{
	uint64_t hidden = hidden_below(loader->query, field);
	for (size_t i = 0; i < owners->count; i++) {
		struct db_value value = field_value(key, owners->rows[i]);
		if (field->type == FIELD_ARRAY)
			give_list(loaded, field, owners->rows[i], value.integer, hidden);
		else if (value.type == DB_INT)
			give_one(loaded, field, owners->rows[i], value.integer);
	}
}

/* ---- loading ---- */

static enum app_err chunk_load(struct ctx *c, const struct field *field, struct db_binds keys,
			       struct loaded *loaded)
{
	struct sql sql;
	struct array list;
	int64_t *owners;
	sql_init(&sql, c, NULL);
	size_t most = include_sql(&sql, field, keys);
	enum app_err err = model_owned(c, &sql, field->object, most, &list, &owners);
	if (err)
		return err;
	if (!loaded->count) {
		*loaded = (struct loaded){ list.items, field->object->size, list.count, owners };
		return APP_OK;
	}
	size_t all = loaded->count + list.count;
	char *items = arena_raw(c->arena, all * loaded->size + 1);
	int64_t *ids = arena_raw(c->arena, all * sizeof(*ids) + 1);
	memcpy(items, loaded->items, loaded->count * loaded->size);
	memcpy(ids, loaded->owners, loaded->count * sizeof(*ids));
	if (list.count) {
		memcpy(items + loaded->count * loaded->size, list.items, list.count * loaded->size);
		memcpy(ids + loaded->count, owners, list.count * sizeof(*ids));
	}
	*loaded = (struct loaded){ items, loaded->size, all, ids };
	return APP_OK;
}

/*
 * Beyond SQL_IN_MOST different keys, which a page of lists of lists can have, another statement for
 * as many more.
 */
static enum app_err relation_load(const struct loader *loader, const struct owners *owners,
				  const struct field *field, struct loaded *ret)
{
	struct ctx *c = loader->c;
	const char *fault = relation_fault(c, owners->schema, field);
	if (fault)
		return ctx_fail_cause(c, APP_INTERNAL, "%s", fault);
	const struct field *key = relation_key(owners->schema, field);
	struct db_binds keys = keys_of(c, owners, key);
	struct loaded loaded = { .items = arena_raw(c->arena, 1), .size = field->object->size };
	enum app_err err = APP_OK;
	for (size_t at = 0; !err && at < keys.count; at += SQL_IN_MOST) {
		size_t left = keys.count - at;
		struct db_binds some = { keys.values + at,
					 left < SQL_IN_MOST ? left : SQL_IN_MOST };
		err = chunk_load(c, field, some, &loaded);
	}
	if (err)
		return err;
	loaded_give(loader, &loaded, owners, field, key);
	*ret = loaded;
	return APP_OK;
}

/* ---- paths ---- */

static struct owners owners_of(struct ctx *c, const struct schema *schema, void *rows, size_t count)
{
	struct owners owners = { .schema = schema, .count = count };
	owners.rows = arena_raw(c->arena, (count + 1) * sizeof(*owners.rows));
	for (size_t i = 0; i < count; i++)
		owners.rows[i] = (char *)rows + i * schema->size;
	return owners;
}

/* Whether an include before this one begins with (or is) the same path. */
static bool is_repeated(const struct list_query *query, size_t at, size_t depth)
{
	for (size_t i = 0; i < at; i++)
		if (query->includes[i].depth >= depth &&
		    !memcmp(query->includes[i].path, query->includes[at].path,
			    depth * sizeof(query->includes[i].path[0])))
			return true;
	return false;
}

/* The second step of every path that begins with `field`. */
static enum app_err below_load(const struct loader *loader, const struct field *field,
			       const struct loaded *loaded)
{
	const struct list_query *query = loader->query;
	struct owners owners = owners_of(loader->c, field->object, loaded->items, loaded->count);
	for (size_t i = 0; i < query->include_count; i++) {
		const struct list_include *include = &query->includes[i];
		if (include->depth < 2 || include->path[0] != field || is_repeated(query, i, 2))
			continue;
		struct loaded ignored;
		enum app_err err = relation_load(loader, &owners, include->path[1], &ignored);
		if (err)
			return err;
	}
	return APP_OK;
}

enum app_err model_include(struct ctx *c, const struct model *model, const struct list_query *query,
			   void *rows, size_t count)
{
	const struct loader loader = { c, query };
	struct owners owners = owners_of(c, model->row, rows, count);
	for (size_t i = 0; i < query->include_count; i++) {
		const struct field *field = query->includes[i].path[0];
		if (is_repeated(query, i, 1))
			continue;
		struct loaded loaded;
		enum app_err err = relation_load(&loader, &owners, field, &loaded);
		if (!err)
			err = below_load(&loader, field, &loaded);
		if (err)
			return err;
	}
	return APP_OK;
}

enum app_err model_embed(struct ctx *c, const struct model *model, void *row)
{
	struct list_query nothing_below;
	list_query_init(&nothing_below, model->row);
	const struct loader loader = { c, &nothing_below };
	struct owners owners = owners_of(c, model->row, row, 1);
	for (size_t i = 0; i < model->row->count; i++) {
		struct loaded ignored;
		const struct field *field = &model->row->fields[i];
		enum app_err err = field->relation
					   ? relation_load(&loader, &owners, field, &ignored)
					   : APP_OK;
		if (err)
			return err;
	}
	return APP_OK;
}
