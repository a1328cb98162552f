/* A module as the command line asks for it: its names, and its fields one after the other. */
#include "base/app_name.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/schema.h"
#include "new.h"

const struct new_column *new_owner_of(const struct new_module *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->columns[i].type == NEW_OWNER)
			return &m->columns[i];
	return NULL;
}

/* The document has a name of its own for what a failure answers with. */
static enum app_err row_name_check(struct ctx *c, const char *name)
{
	struct buf component;
	buf_init(&component, c->arena);
	enum app_err err = new_name_check(c, "a row", name);
	schema_component_name(name, &component);
	if (!err && schema_name_is_kept(buf_text(&component)))
		return ctx_fail(c, APP_INVALID,
				"'%s' cannot be the name of a row: %s is what the document calls a "
				"failure; choose another with --singular NAME",
				name, buf_text(&component));
	return err;
}

static enum app_err singular_read(struct ctx *c, const char *singular, struct new_module *m)
{
	m->singular = singular ? singular : new_singular_of(c, m->name);
	if (!m->singular)
		return ctx_fail(c, APP_INVALID,
				"what is one of '%s' called? Say it with --singular NAME", m->name);
	if (str_eq(m->name, m->singular))
		return ctx_fail(c, APP_INVALID,
				"'%s' names the table and one row of it: choose two names",
				m->name);
	return row_name_check(c, m->singular);
}

/* What two columns, of which `before` was named first, have against each other; NULL: nothing. */
static const char *clash_of(struct ctx *c, const struct new_column *before,
			    const struct new_column *column)
{
	if (str_eq(before->name, column->name))
		return "there are two of them: leave one out or give it another name";
	if (before->type == NEW_OWNER && column->type == NEW_OWNER)
		return "a table has one owner at most: leave one out";
	const struct new_column *const pairs[][2] = { { before, column }, { column, before } };
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		const char *key = arena_printf(c->arena, "%s_key", pairs[i][0]->name);
		if (pairs[i][0]->type == NEW_NAME && str_eq(pairs[i][1]->name, key))
			return arena_printf(c->arena,
					    APP_NAME " keeps %s beside the name %s: choose another",
					    key, pairs[i][0]->name);
	}
	return NULL;
}

static enum app_err doubles_check(struct ctx *c, const struct new_module *m)
{
	for (size_t i = 0; i < m->count; i++) {
		for (size_t k = 0; k < i; k++) {
			const char *clash = clash_of(c, &m->columns[k], &m->columns[i]);
			if (clash)
				return ctx_fail(c, APP_INVALID, "field '%s': %s",
						m->columns[i].name, clash);
		}
	}
	return APP_OK;
}

/* A table of nothing but its owner has nothing to change. */
static bool has_value(const struct new_module *m)
{
	return m->count > (new_owner_of(m) ? 1 : 0);
}

enum app_err new_module_read(struct ctx *c, const char *name, const char *singular,
			     char *const *fields, size_t count, struct new_module *ret)
{
	*ret = (struct new_module){ .name = name };
	enum app_err err = new_name_check(c, "a module", name);
	if (!err)
		err = singular_read(c, singular, ret);
	for (size_t i = 0; !err && i < count; i++)
		err = new_column_read(c, fields[i], ret);
	if (!err)
		err = doubles_check(c, ret);
	if (!err && !has_value(ret))
		err = ctx_fail(c, APP_INVALID,
			       "a module needs a field %s, such as title:text: see '" APP_NAME
			       " help new'",
			       count ? "beside its owner" : "at least");
	return err;
}
