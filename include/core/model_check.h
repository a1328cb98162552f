/* Whether the database has what models speak of, for the start and for `croft migrate check`. */
#ifndef CROFT_CORE_MODEL_CHECK_H
#define CROFT_CORE_MODEL_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/db.h"
#include "core/field_type.h"

struct db_columns_cache;
struct model;
struct schema;

/* Sentences, in the arena. */
struct model_faults {
	const char **at;
	size_t count;
};
/*
 * What the models (NULL at the end) and their relations speak of and the database has not: tables,
 * columns, their types as far as it tells them. core/tables.h asks for more.
 */
enum app_err model_faults(struct ctx *c, const struct model *const *models,
			  struct db_columns_cache *cache, struct model_faults *ret) MUST_USE;
/* Adds "Model book: … .", unless it is there: several relations may lead to one fault. */
void model_faults_add(struct ctx *c, struct model_faults *faults, const struct model *model,
		      const char *says);

/* Whether the column can hold what a field of the type has. */
bool model_check_column(const struct ctx *c, enum field_type type, const struct db_column *column);
/*
 * Whether model_insert() of such an input can make a row: APP_CONFLICT names each column that takes
 * no null, has no default, and gets no value.
 */
enum app_err model_check_insert(struct ctx *c, const struct model *model,
				const struct schema *in_schema) MUST_USE;

#endif
