/* Counting statements by listening to the database. */
#include "testing/statements.h"

#include <inttypes.h>

#include "core/trace.h"
#include "stage_ask.h"

/* How many there are, and which: a line each, the number of its runs before it. */
static int64_t statements_tell(const struct trace_statement *first, struct buf *out)
{
	int64_t runs = 0;
	for (const struct trace_statement *at = first; at; at = at->next) {
		runs += at->runs;
		buf_printf(out, "\n%4" PRId64 "  %s", at->runs, at->sql);
	}
	return runs;
}

void statements_must_be(struct stage *s, int who, const struct operation *op, const char *json,
			int count, const char *file, int line)
{
	struct buf said;
	buf_init(&said, s->scene.c.arena);
	stage_sign_in(s, who);
	struct trace *trace = trace_begin(&s->scene.c);
	stage_ask_ok(s, op, json);
	trace_end(trace);
	int64_t runs = statements_tell(trace_statements(trace), &said);
	if (runs == count)
		return;
	print_error("%s:%d: %s made %" PRId64 " statements instead of %d:%s\n", file, line,
		    op->name, runs, count, buf_text(&said));
	_fail(file, line);
}
