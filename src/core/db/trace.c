/*
 * The trace is a driver in front of the real one: the same table of functions, two of which look at
 * the statement first. So a database without a trace pays nothing for it.
 */
#include "core/trace.h"

#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/app.h"
#include "core/db_driver.h"

enum { DEPTH_MOST = 32 };

struct trace {
	struct db_driver driver; /* first: a database that is listened to points to it */
	const struct db_driver *real;
	struct db *db;
	struct arena *arena;
	struct trace_statement *first, **last;
};

static struct trace *trace_of(const struct ctx *c)
{
	/*
	 * the pointer in struct db is to const because other drivers are; this one is ours to
	 * change
	 */
	return (struct trace *)(uintptr_t)c->app->db->driver;
}

/* Only these have a plan; on PostgreSQL asking for another's would fail the transaction. */
static bool has_plan(const char *sql)
{
	static const char *const words[] = { "SELECT", "INSERT", "UPDATE", "DELETE",
					     "WITH",   "VALUES", "REPLACE" };
	while (*sql == ' ' || *sql == '\t' || *sql == '\n' || *sql == '(')
		sql++;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_starts_nocase(sql, words[i]))
			return true;
	return false;
}

/* A plan is a tree of rows (id, parent, unused, text), or rows of one text with its own indent. */
struct plan_tree {
	int64_t ids[DEPTH_MOST];
	int depth;
};

static int depth_of(struct plan_tree *tree, int64_t id, int64_t parent)
{
	while (tree->depth && tree->ids[tree->depth - 1] != parent)
		tree->depth--;
	int depth = tree->depth;
	if (tree->depth < DEPTH_MOST)
		tree->ids[tree->depth++] = id;
	return depth;
}

static void plan_row(const struct trace *trace, const struct db_rows *rows, struct plan_tree *tree,
		     struct buf *out)
{
	bool is_tree = trace->real->column_count(rows) > 1;
	int depth = is_tree ? depth_of(tree, trace->real->column_int(rows, 0),
				       trace->real->column_int(rows, 1))
			    : 0;
	const char *text = trace->real->column_text(rows, is_tree ? 3 : 0, NULL);
	buf_printf(out, "%*s%s\n", 2 * depth, "", text ? text : "");
}

static enum app_err plan_read(struct trace *trace, struct ctx *c, const char *sql,
			      struct db_binds binds, struct buf *out)
{
	const char *ask = arena_printf(c->arena, "%s%s", trace->real->dialect->explain, sql);
	struct db_rows rows = { 0 };
	struct plan_tree tree = { 0 };
	bool has_row = false;
	enum app_err err = trace->real->query(c, ask, binds, &rows);
	if (err)
		return err;
	while (!(err = trace->real->next(&rows, &has_row)) && has_row)
		plan_row(trace, &rows, &tree, out);
	if (rows.statement)
		trace->real->rows_close(&rows);
	return err;
}

static struct trace_statement *statement_find(const struct trace *trace, const char *sql)
{
	struct trace_statement *at = trace->first;
	while (at && !str_eq(at->sql, sql))
		at = at->next;
	return at;
}

/* The plan comes before the statement: afterwards the rows it is about may be gone. */
static enum app_err listen(struct ctx *c, const char *sql, struct db_binds binds)
{
	struct trace *trace = trace_of(c);
	struct trace_statement *found = statement_find(trace, sql);
	if (found) {
		found->runs++;
		return APP_OK;
	}
	AUTO(buf) plan = { 0 };
	if (has_plan(sql)) {
		enum app_err err = plan_read(trace, c, sql, binds, &plan);
		if (err)
			return err;
	}
	struct trace_statement *made = arena_zero(trace->arena, sizeof(*made));
	made->sql = arena_strdup(trace->arena, sql);
	made->plan = arena_strdup(trace->arena, buf_text(&plan));
	made->runs = 1;
	*trace->last = made;
	trace->last = &made->next;
	return APP_OK;
}

static enum app_err trace_query(struct ctx *c, const char *sql, struct db_binds binds,
				struct db_rows *ret_rows)
{
	enum app_err err = listen(c, sql, binds);
	return err ? err : trace_of(c)->real->query(c, sql, binds, ret_rows);
}

static enum app_err trace_exec(struct ctx *c, const char *sql, struct db_binds binds,
			       int64_t *ret_changed)
{
	enum app_err err = listen(c, sql, binds);
	return err ? err : trace_of(c)->real->exec(c, sql, binds, ret_changed);
}

struct trace *trace_begin(struct ctx *c)
{
	struct trace *trace = arena_zero(c->arena, sizeof(*trace));
	struct db *db = c->app->db;
	trace->real = db->driver;
	trace->driver = *db->driver;
	trace->driver.query = trace_query;
	trace->driver.exec = trace_exec;
	trace->db = db;
	trace->arena = c->arena;
	trace->last = &trace->first;
	db->driver = &trace->driver;
	return trace;
}

const struct trace_statement *trace_statements(const struct trace *trace)
{
	return trace->first;
}

void trace_end(struct trace *trace)
{
	trace->db->driver = trace->real;
}
