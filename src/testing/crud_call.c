/* The module whose rows run, and its operations; see crud_call.h. */
#include "crud_call.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/str.h"
#include "testing/program.h"

struct crud_subject crud_asked;

/* ---- what it has ---- */

const struct operation *crud_op(const char *verb)
{
	const struct module *const modules[] = { crud_asked.module, NULL };
	char name[128];
	snprintf(name, sizeof(name), "%s.%s", crud_asked.module->name, verb);
	const struct operation *op = module_find_operation(modules, name);
	if (!op)
		fail_msg("there is no operation %s", name);
	return op;
}

bool crud_is_declared(void)
{
	return crud_op("create")->crud;
}

const struct schema *crud_row(void)
{
	return crud_op("create")->out;
}

bool crud_is_private(void)
{
	const struct crud *crud = crud_op("create")->crud;
	return crud && crud->is_private;
}

/* Who sends a value for the column. */
static bool crud_is_sent(const struct field *field)
{
	for (size_t i = 0; i < crud_asked.count; i++)
		if (str_eq(crud_asked.values[i].column, field->name))
			return true;
	return false;
}

bool crud_is_filled_in(const struct field *field)
{
	return !field->relation && !crud_is_sent(field);
}

bool crud_has_owner(void)
{
	const struct schema *row = crud_row();
	size_t filled_in = 0;
	for (size_t i = 0; i < row->count; i++)
		filled_in += crud_is_filled_in(&row->fields[i]);
	return filled_in > CRUD_OWN_COLUMNS;
}

bool crud_is_for_few(const char *verb)
{
	return crud_op(verb)->access == ACCESS_SUPERUSER || crud_op(verb)->permission;
}

/* Who may write, and somebody signed in who may not change what that one wrote. */
int crud_writer(void)
{
	return crud_is_for_few("create") ? AS_ROOT : AS_ADA;
}

int crud_other(void)
{
	return crud_writer() == AS_ROOT ? AS_ADA : AS_BOB;
}

/* ---- JSON ---- */

/* "'title':'one','year':1"; `start` stands before it. */
const char *crud_json(struct stage *s, const char *start, enum crud_which which, const char *end)
{
	struct buf json;
	buf_init(&json, s->scene.c.arena);
	buf_add_text(&json, start);
	for (size_t i = 0; i < crud_asked.count; i++) {
		const struct crud_value *value = &crud_asked.values[i];
		buf_printf(&json, "%s'%s':%s", i ? "," : "", value->column,
			   which == CRUD_AS_CREATED ? value->created : value->changed);
	}
	buf_add_text(&json, end);
	return buf_text(&json);
}

const char *crud_row_json(struct stage *s)
{
	return crud_json(s, "{", CRUD_AS_CREATED, "}");
}

/* ---- calling ---- */

/* Calls it and returns the answer, or the faults; it must end with `err`. */
const char *crud_call(struct stage *s, int who, const char *verb, const char *json,
		      enum app_err err)
{
	const char *answer;
	enum app_err got = stage_call(s, who, crud_op(verb), json, &answer);
	if (got != err)
		fail_msg("%s %s: %s instead of %s, %s", verb, json, app_err_slug(got),
			 app_err_slug(err), answer);
	return answer;
}

/* A stage on which the writer has made one row, with the id 1. */
void crud_open(struct stage *s)
{
	crud_asked.open(s);
	crud_call(s, crud_writer(), "create", crud_row_json(s), APP_OK);
}

/* Whether each column is as it was created or changed. */
void crud_is(struct stage *s, enum crud_which which)
{
	const char *answer = crud_call(s, crud_writer(), "get", "{'id':1}", APP_OK);
	for (size_t i = 0; i < crud_asked.count; i++) {
		const struct crud_value *value = &crud_asked.values[i];
		text_assert_has(answer, arena_printf(s->scene.c.arena, "'%s':%s", value->column,
						     which == CRUD_AS_CREATED ? value->created
									      : value->changed));
	}
}
