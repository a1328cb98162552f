/*
 * Start-up checks of operations by themselves, whether a route leads to them or not: who may call
 * them, what they run, their tables and their names. That one takes what its route has is checked
 * with the route.
 */
#include "internal.h"

#include "base/arena.h"
#include "base/str.h"
#include "core/crud.h"
#include "core/model.h"
#include "core/module.h"
#include "core/op.h"
#include "core/schema.h"

/* ---- its tables ---- */

/* The rows that it lists, or NULL. */
static const struct schema *rows_of(const struct operation *op)
{
	const struct field *list = schema_list_field(op->in);
	return list ? list->object : NULL;
}

/* Of what it takes and gives. */
static const char *schemas_fault(struct ctx *c, const struct operation *op)
{
	const struct schema *rows = rows_of(op);
	const char *what = op->in ? schema_table_fault(c, op->in, true) : NULL;
	if (!what && op->out)
		what = schema_table_fault(c, op->out, false);
	if (!what && rows)
		what = schema_table_fault(c, rows, false);
	return what;
}

static const char *row_fault(struct ctx *c, const struct schema *row, const struct schema *in)
{
	const char *what = model_relation_fault(c, row);
	return what ? what : model_fold_fault(c, row, in);
}

/* Of the rows that it lists or gives. */
static const char *rows_fault(struct ctx *c, const struct operation *op)
{
	const struct schema *rows = rows_of(op);
	const char *what = op->out ? row_fault(c, op->out, op->in) : NULL;
	if (!what && rows)
		what = row_fault(c, rows, NULL);
	return what;
}

/* ---- what it promises ---- */

/* Parameters that name fields which the rows it gives have not. */
static const char *list_fault(struct ctx *c, const struct operation *op)
{
	const struct schema *rows = rows_of(op);
	for (size_t i = 0; rows && op->out && i < op->out->count; i++) {
		const struct field *page = &op->out->fields[i];
		if (page->narrowed && page->object != rows)
			return arena_printf(
				c->arena,
				"its parameters are those of a list of '%s', and '%s' of "
				"its answer has rows of '%s'",
				rows->name, page->name, page->object->name);
	}
	return NULL;
}

/* A header that nothing would ever match. */
static const char *match_fault(struct ctx *c, const struct operation *op)
{
	if (!op->in || !op->out || !schema_takes_header(op->in, "if-match") ||
	    model_has_etag(op->out))
		return NULL;
	return arena_printf(
		c->arena,
		"it takes If-Match, and '%s' has no ETag to compare: that is made of id "
		"and updated_at",
		op->out->name);
}

/* ---- its function ---- */

/* One side of it: `type` is what the function has there, `member` where its table belongs. */
static const char *side_fault(struct ctx *c, const char *does, const char *type, const char *member,
			      const struct schema *schema)
{
	const char *told = schema ? schema->type : "struct nothing";
	if (!told || str_eq(type, told))
		return NULL;
	if (!schema)
		return arena_printf(c->arena, "its function %s %s; set %s to the table of that",
				    does, type, member);
	return arena_printf(c->arena, "its function %s %s, but %s is the table of %s", does, type,
			    member, told);
}

/* What is bound into one struct is not read as another. */
static const char *types_fault(struct ctx *c, const struct operation *op,
			       const struct op_types *types)
{
	const char *what = types ? side_fault(c, "takes", types->in, ".in", op->in) : NULL;
	return types && !what ? side_fault(c, "gives", types->out, ".out", op->out) : what;
}

/* ---- its threads ---- */

/* What others must not hold up, and so takes no turn with them and costs the same whoever asks. */
static const char *vital_fault(struct ctx *c, const struct operation *op, const char *it)
{
	if (!op->vital)
		return NULL;
	if (op->kind == COMMAND)
		return arena_printf(
			c->arena, "%s is .vital, and a COMMAND waits for others; leave .vital out",
			it);
	if (op->prepare || op->blocks)
		return arena_printf(c->arena,
				    "%s is .vital, and what has .prepare or .blocks waits for "
				    "others; do all of it in .run",
				    it);
	if (op->in && (schema_uses(op->in, IN_BODY) || schema_uses(op->in, IN_FORM) || rows_of(op)))
		return arena_printf(c->arena,
				    "%s is .vital, and who asks says how much it takes; take "
				    "neither a body nor the parameters of a list",
				    it);
	return NULL;
}

/* ---- what changes alone have ---- */

static const char *query_fault(struct ctx *c, const struct operation *op, const char *it)
{
	if (op->kind == COMMAND)
		return NULL;
	if (op->audit != AUDIT_INPUT)
		return arena_printf(
			c->arena,
			"%s is a QUERY, which leaves nothing in the audit; leave .audit "
			"out",
			it);
	if (op->no_dry_run)
		return arena_printf(c->arena,
				    "%s is a QUERY, of which nothing is tried; leave .no_dry_run "
				    "out",
				    it);
	return NULL;
}

/* ---- who may ---- */

static const char *access_fault(struct ctx *c, const struct operation *op, const char *it)
{
	if (op->access == ACCESS_DENY)
		return arena_printf(c->arena, "%s does not say who may call it; set .access", it);
	if (op->permission && op->access != ACCESS_USER)
		return arena_printf(c->arena,
				    "%s asks for the permission %s, which accounts have; set "
				    ".access to ACCESS_USER",
				    it, op->permission->name);
	if (op->proven_s < 0 || (op->proven_s && op->access == ACCESS_PUBLIC))
		return arena_printf(c->arena,
				    "%s has .proven_s = %lld: it is the seconds of a proof, which "
				    "accounts have",
				    it, (long long)op->proven_s);
	return NULL;
}

/* ---- the operation ---- */

const char *router_operation_fault(struct ctx *c, const struct operation *op, const char *it,
				   bool is_run)
{
	if (!op->name)
		return arena_printf(c->arena, "%s has no name; set .name", it);
	const char *what = access_fault(c, op, it);
	if (!what && is_run && !op->run)
		what = arena_printf(c->arena, "%s has no function to run", it);
	if (!what)
		what = types_fault(c, op, op->run_types);
	if (!what)
		what = types_fault(c, op, op->prepare_types);
	if (!what)
		what = vital_fault(c, op, it);
	if (!what)
		what = query_fault(c, op, it);
	if (!what)
		what = schemas_fault(c, op);
	if (!what)
		what = rows_fault(c, op);
	if (!what)
		what = list_fault(c, op);
	if (!what)
		what = match_fault(c, op);
	return !what && op->crud ? crud_fault(c, op) : what;
}

bool router_is_namesake(const struct operation *op, const struct operation *other)
{
	return other && other != op && str_eq(other->name, op->name);
}

/* ---- those without a route ---- */

/* All that there are. */
struct operations {
	const struct module *const *modules;
	/* routes, and how many */
	const struct router_entry *entries;
	size_t count;
};

/* Whether one that a route leads to, or that is listed before it, has its name. */
static bool is_name_taken(const struct operations *all, const struct operation *const *op)
{
	for (size_t i = 0; i < all->count; i++)
		if (router_is_namesake(*op, all->entries[i].route->op))
			return true;
	for (const struct module *const *module = all->modules; *module; module++) {
		const struct operation *const *other = (*module)->operations;
		for (; other && *other && other != op; other++)
			if (router_is_namesake(*op, *other))
				return true;
		if (other == op)
			break;
	}
	return false;
}

static const char *listed_fault(struct ctx *c, const struct operations *all,
				const struct operation *const *op)
{
	const char *what = router_operation_fault(c, *op, "it", true);
	if (!what && is_name_taken(all, op))
		what = arena_printf(c->arena, "another operation is named %s, too", (*op)->name);
	return what;
}

static enum app_err check_module(struct ctx *c, const struct operations *all,
				 const struct module *module)
{
	for (const struct operation *const *op = module->operations; op && *op; op++) {
		const char *what = listed_fault(c, all, op);
		if (what)
			return ctx_fail(c, APP_INVALID, "Module %s, operation %s: %s", module->name,
					(*op)->name ? (*op)->name : "?", what);
	}
	return APP_OK;
}

enum app_err router_check_operations(struct ctx *c, const struct module *const *modules,
				     const struct router_entry *entries, size_t count)
{
	const struct operations all = { modules, entries, count };
	enum app_err err = APP_OK;
	for (const struct module *const *module = modules; !err && *module; module++)
		err = check_module(c, &all, *module);
	return err;
}
