/* What the files that compare share: the model and table at hand, and how a difference is told. */
#ifndef CROFT_SRC_CORE_TABLES_INTERNAL_H
#define CROFT_SRC_CORE_TABLES_INTERNAL_H

#include <stdbool.h>

#include "core/tables.h"

/* Which rows an index has. */
struct partial {
	/* All that the model shows are in it, but for what follows. */
	bool is_whole;
	/* Rows in which this column is null are not; NULL: they are, too. */
	const char *without_null_of;
};

struct comparison {
	struct ctx *c;
	const struct model *const *models;
	const struct model *model;
	const struct db_table *there;
	struct db_columns_cache *columns;
	struct table_differences *found;
	/* Of each index of the table that is at hand. */
	struct partial *partials;
	/* Also that with which the start serves. */
	bool all;
};

/* Fills in what is found of k->models. */
enum app_err comparison_run(struct comparison *k) MUST_USE;

/* Adds it, unless another model of the table said the same; of two the one that stops counts. */
void difference_add(struct comparison *k, struct table_difference difference, const char *format,
		    ...) PRINTF_LIKE(3, 4);

/* Whether the table's CHECKs of the field's column let in what the field does. */
enum app_err rule_compare(struct comparison *k, const struct field *field) MUST_USE;

/*
 * Whether one of the CHECKs of the field's column was written by hand; `has_rules`: the field has
 * rules that would stand in its place.
 */
bool rule_is_by_hand(const struct comparison *k, const struct field *field, bool has_rules);

/* A value of the only column that a condition speaks of. */
struct probe {
	const char *column;
	enum field_type type;
	struct db_value value;
};
/* PROBE_UNKNOWN: it asks for more than that column, or for what is not there. */
enum probe_answer { PROBE_FALSE, PROBE_TRUE, PROBE_NULL, PROBE_UNKNOWN };
/* What the condition says of the value in the table that is at hand. */
enum app_err probe_ask(struct comparison *k, const char *condition, const struct probe *probe,
		       enum probe_answer *ret) MUST_USE;

/* By the condition of an index of the table that is at hand; NULL: it has none. */
enum app_err partial_judge(struct comparison *k, const char *condition,
			   struct partial *ret) MUST_USE;

/* The indexes that the model's lists and names want. */
enum app_err indexes_compare(struct comparison *k) MUST_USE;

#endif
