/*
 * Listens to every statement that runs on a database and asks the database how it goes about it.
 * For `croft db explain`; nothing of it is in the way of a database that is not listened to.
 */
#ifndef CROFT_CORE_TRACE_H
#define CROFT_CORE_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

/*
 * One statement, in the order of first use. Texts are in the arena of the context that began the
 * trace.
 */
struct trace_statement {
	const char *sql;
	/* Lines, each ending with a newline; "" when the database has none for it. */
	const char *plan;
	int64_t runs;
	struct trace_statement *next;
};

struct trace;

/*
 * From here until trace_end() the statements of c->app->db are kept. One trace at a time, begun and
 * ended while nothing runs; contexts of other threads may run statements meanwhile only one after
 * the other.
 */
struct trace *trace_begin(struct ctx *c) MUST_USE;
/* The statements so far, or NULL. */
const struct trace_statement *trace_statements(const struct trace *trace);
void trace_end(struct trace *trace);

#endif
