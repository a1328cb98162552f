/* Many rows that are inserted together, a chunk to a statement. */
#ifndef CROFT_SRC_CORE_MODEL_BATCH_H
#define CROFT_SRC_CORE_MODEL_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "core/model.h"

struct batch {
	struct ctx *c;
	const struct model *model;
	const struct schema *schema;
	const char *field;
	const struct array *in;
	/* NULL: nobody asks */
	int64_t *ids;
	/* rows */
	size_t done;
};

/* How many rows the next statement takes. */
size_t batch_chunk_size(const struct batch *b);
/* Inserts so many rows behind those that are done. */
enum app_err batch_chunk_run(const struct batch *b, size_t size) MUST_USE;

#endif
