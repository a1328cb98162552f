/* What the files that compare share: the model and table at hand, and how a difference is told. */
#ifndef CROFT_SRC_CORE_TABLES_INTERNAL_H
#define CROFT_SRC_CORE_TABLES_INTERNAL_H

#include "core/tables.h"

struct comparison {
	struct ctx *c;
	const struct model *const *models;
	const struct model *model;
	const struct db_table *there;
	struct db_columns_cache *columns;
	struct table_differences *found;
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

/* The indexes that the model's lists and names want. */
void indexes_compare(struct comparison *k);

#endif
