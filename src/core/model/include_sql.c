/*
 * The queries that load relations. A window numbers the rows of each owner, so that one query
 * brings at most so many for every one of them.
 */
#include "include.h"

enum { ROWS_PER_OWNER = 100 };

static int64_t most_of(const struct relation *relation)
{
	return relation->most > 0 ? relation->most : ROWS_PER_OWNER;
}

/* Of their table: what everyone may see, and what the relation asks for. */
static void add_conditions(struct sql *sql, const struct relation *relation)
{
	sql_where(sql, relation->model, &(struct model_where){ .sql = relation->condition });
}

static void add_key_in(struct sql *sql, const char *column, struct db_binds keys)
{
	sql_and(sql);
	sql_add(sql, column);
	sql_add(sql, " IN (");
	sql_in(sql, keys.values, keys.count);
}

static void belongs_to(struct sql *sql, const struct field *field, struct db_binds keys)
{
	sql_add(sql, "SELECT id AS croft_owner, ");
	sql_columns(sql, field->object);
	sql_add(sql, " FROM ");
	sql_add(sql, field->relation->model->table);
	add_key_in(sql, "id", keys);
	add_conditions(sql, field->relation);
	sql_add(sql, " ORDER BY 1");
}

static void ranked_start(struct sql *sql, const struct field *field)
{
	sql_add(sql, "SELECT croft_owner, ");
	sql_columns(sql, field->object);
	sql_add(sql, " FROM (SELECT ");
}

static void ranked_end(struct sql *sql, const struct relation *relation)
{
	sql_add(sql, ") AS ranked WHERE croft_rank <= ");
	sql_bind(sql, db_bind_int(most_of(relation)));
	sql_add(sql, " ORDER BY croft_owner, croft_rank");
}

static void has_many(struct sql *sql, const struct field *field, struct db_binds keys)
{
	const char *key = field->relation->key;
	ranked_start(sql, field);
	sql_add(sql, key);
	sql_add(sql, " AS croft_owner, ");
	sql_columns(sql, field->object);
	sql_add(sql, ", row_number() OVER (PARTITION BY ");
	sql_add(sql, key);
	sql_add(sql, " ORDER BY id DESC) AS croft_rank FROM ");
	sql_add(sql, field->relation->model->table);
	add_key_in(sql, key, keys);
	add_conditions(sql, field->relation);
	ranked_end(sql, field->relation);
}

/*
 * Their table stands in a query of its own, so that bare names in the condition are theirs alone.
 */
static void many_to_many(struct sql *sql, const struct field *field, struct db_binds keys)
{
	const struct relation *relation = field->relation;
	ranked_start(sql, field);
	sql_add(sql, "croft_link.croft_owner, croft_theirs.*, row_number() OVER"
		     " (PARTITION BY croft_link.croft_owner ORDER BY croft_theirs.croft_id)"
		     " AS croft_rank FROM (SELECT ");
	sql_add(sql, relation->through_ours);
	sql_add(sql, " AS croft_owner, ");
	sql_add(sql, relation->through_theirs);
	sql_add(sql, " AS croft_link_id FROM ");
	sql_add(sql, relation->through);
	add_key_in(sql, relation->through_ours, keys);
	sql_add(sql, ") AS croft_link JOIN (SELECT id AS croft_id, ");
	sql_columns(sql, field->object);
	sql_add(sql, " FROM ");
	sql_add(sql, relation->model->table);
	sql->has_where = false;
	add_conditions(sql, relation);
	sql_add(sql, ") AS croft_theirs ON croft_theirs.croft_id = croft_link.croft_link_id");
	ranked_end(sql, relation);
}

size_t include_sql(struct sql *sql, const struct field *field, struct db_binds keys)
{
	switch (field->relation->kind) {
	case HAS_MANY: has_many(sql, field, keys); break;
	case MANY_TO_MANY: many_to_many(sql, field, keys); break;
	case BELONGS_TO: belongs_to(sql, field, keys); return keys.count;
	}
	return keys.count * (size_t)most_of(field->relation);
}
