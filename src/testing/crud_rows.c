/* What is tried of each table by declaration. */
#include "testing/crud_rows.h"

#include "app/modules.h"
#include "base/arena.h"
#include "core/crud.h"
#include "crud_call.h"
#include "testing/program.h"
#include "testing/store.h"

enum { CRUD_MODULES_MAX = 200 };

static void crud_row_creates(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	crud_is(&s, CRUD_AS_CREATED);
	stage_close(&s);
}

/* As the start does: beside the modules of the program, of which it may be one. */
static void crud_row_starts(void **state)
{
	(void)state;
	const struct module *modules[CRUD_MODULES_MAX + 2] = { crud_asked.module };
	size_t count = 1;
	for (size_t i = 0; app_modules[i]; i++) {
		assert_true(count <= CRUD_MODULES_MAX);
		if (app_modules[i] != crud_asked.module)
			modules[count++] = app_modules[i];
	}
	struct stage s;
	crud_asked.open(&s);
	stage_ok(&s, modules_check_tables(&s.scene.c, modules));
	stage_close(&s);
}

static void crud_row_lists(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	const char *answer = crud_call(&s, crud_writer(), "list", "{}", APP_OK);
	text_assert_has(answer, "{'items':[{'id':1,");
	text_assert_has(answer, "'total':1,");
	stage_close(&s);
}

/* Each column alone leaves the others as they are: the last change makes all of them others. */
static void crud_row_updates(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	crud_call(&s, crud_writer(), "update", "{'id':1}", APP_OK);
	crud_is(&s, CRUD_AS_CREATED);
	for (size_t i = 0; i < crud_asked.count; i++) {
		const struct crud_value *value = &crud_asked.values[i];
		crud_call(&s, crud_writer(), "update",
			  arena_printf(s.scene.c.arena, "{'id':1,'%s':%s}", value->column,
				       value->changed),
			  APP_OK);
	}
	crud_is(&s, CRUD_AS_CHANGED);
	stage_close(&s);
}

static void crud_row_replaces(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	crud_call(&s, crud_writer(), "replace", crud_json(&s, "{'id':1,", CRUD_AS_CHANGED, "}"),
		  APP_OK);
	crud_is(&s, CRUD_AS_CHANGED);
	stage_close(&s);
}

static void crud_row_deletes(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	crud_call(&s, crud_writer(), "delete", "{'id':1}", APP_OK);
	crud_call(&s, crud_writer(), "get", "{'id':1}", APP_NOT_FOUND);
	crud_call(&s, crud_writer(), "delete", "{'id':1}", APP_NOT_FOUND);
	text_assert_has(crud_call(&s, crud_writer(), "list", "{}", APP_OK), "{'items':[],");
	stage_close(&s);
}

static void crud_all_refused(struct stage *s, int who, enum app_err err)
{
	crud_call(s, who, "update", "{'id':1}", err);
	if (crud_is_declared())
		crud_call(s, who, "replace", crud_json(s, "{'id':1,", CRUD_AS_CHANGED, "}"), err);
	crud_call(s, who, "delete", "{'id':1}", err);
}

static void crud_row_keeps_from_others(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	enum app_err err = crud_is_private() ? APP_NOT_FOUND : APP_FORBIDDEN;
	crud_all_refused(&s, crud_other(), err);
	crud_is(&s, CRUD_AS_CREATED);
	stage_close(&s);
}

/* Reading may be open to everyone. */
static void crud_reads_as_nobody(struct stage *s, const char *verb, const char *json)
{
	bool is_public = crud_op(verb)->access == ACCESS_PUBLIC;
	crud_call(s, AS_NOBODY, verb, json, is_public ? APP_OK : APP_UNAUTHENTICATED);
}

static void crud_row_wants_sign_in(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	crud_call(&s, AS_NOBODY, "create", crud_row_json(&s), APP_UNAUTHENTICATED);
	crud_all_refused(&s, AS_NOBODY, APP_UNAUTHENTICATED);
	crud_reads_as_nobody(&s, "list", "{}");
	crud_reads_as_nobody(&s, "get", "{'id':1}");
	crud_is(&s, CRUD_AS_CREATED);
	stage_close(&s);
}

/* A create that sends one member more. */
static void crud_refuses_member(struct stage *s, const char *name)
{
	struct arena *arena = s->scene.c.arena;
	const char *start = arena_printf(arena, "{'%s':3,", name);
	const char *faults = crud_call(s, crud_writer(), "create",
				       crud_json(s, start, CRUD_AS_CREATED, "}"), APP_INVALID);
	text_assert_has(faults,
			arena_printf(arena, "'type':'extra_forbidden','loc':['body','%s']", name));
}

static void crud_row_takes_no_more(void **state)
{
	(void)state;
	const struct schema *row = crud_row();
	size_t refused = 0;
	struct stage s;
	crud_open(&s);
	for (size_t i = 0; i < row->count; i++) {
		if (!crud_is_filled_in(&row->fields[i]))
			continue;
		crud_refuses_member(&s, row->fields[i].name);
		refused++;
	}
	assert_true(refused >= CRUD_OWN_COLUMNS);
	stage_close(&s);
}

/* In the place of the column, and of a change likewise. */
static void crud_row_judges_columns(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	struct arena *arena = s.scene.c.arena;
	for (size_t i = 0; i < crud_asked.count; i++) {
		const struct crud_value *value = &crud_asked.values[i];
		if (!value->refused)
			continue;
		const char *json = arena_printf(arena, "{'id':1,'%s':%s}", value->column,
						value->refused);
		text_assert_has(crud_call(&s, crud_writer(), "update", json, APP_INVALID),
				arena_printf(arena, "'loc':['body','%s']", value->column));
	}
	crud_is(&s, CRUD_AS_CREATED);
	stage_close(&s);
}

static bool crud_has_names(void)
{
	const struct schema *row = crud_row();
	for (size_t i = 0; i < row->count; i++)
		if (row->fields[i].key)
			return true;
	return false;
}

static void crud_row_takes_names_once(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	text_assert_has(crud_call(&s, crud_writer(), "create", crud_row_json(&s), APP_CONFLICT),
			"is already taken");
	stage_close(&s);
}

/* Else everyone who is signed in changes all rows. */
static bool crud_is_guarded(void)
{
	return crud_has_owner() || crud_is_for_few("update");
}

/* Whoever has it changes what is another's; NULL: nobody but superusers. */
static const struct permission *crud_permission(void)
{
	const struct operation *op = crud_op("update");
	return op->permission || !op->crud ? op->permission : op->crud->manage;
}

static void crud_row_opens_by_permission(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	const struct module *const *modules = s.scene.app.modules;
	stage_call_ok(&s, AS_ROOT, module_find_operation(modules, "roles.create"),
		      arena_printf(s.scene.c.arena, "{'name':'x','permissions':['%s']}",
				   crud_permission()->name));
	stage_call_ok(&s, AS_ROOT, module_find_operation(modules, "users.set_roles"),
		      "{'user_id':3,'roles':['x']}");
	crud_call(&s, AS_BOB, "update", "{'id':1}", APP_OK);
	crud_call(&s, AS_BOB, "delete", "{'id':1}", APP_OK);
	stage_close(&s);
}

int crud_rows_run(const char *area, const struct crud_subject *subject)
{
	crud_asked = *subject;
	struct CMUnitTest rows[] = {
		ROW("its models and the tables of the database agree", crud_row_starts),
		ROW("one is made and read back, column by column", crud_row_creates),
		ROW("a list has it", crud_row_lists),
		ROW("a change leaves alone what it does not name", crud_row_updates),
		ROW("what is deleted is not there any more", crud_row_deletes),
		ROW("nobody who is not signed in writes, nor reads what is not public",
		    crud_row_wants_sign_in),
		ROW("nobody says whose it is, nor its id or times", crud_row_takes_no_more),
		ROW("what a column cannot be is told at its place", crud_row_judges_columns),
		/* places for those that follow */
		{ 0 },
		{ 0 },
		{ 0 },
		{ 0 },
	};
	size_t count = COUNT_OF(rows) - 4;
	if (crud_is_declared())
		rows[count++] = (struct CMUnitTest)ROW(
			"a replacement takes the place of all columns", crud_row_replaces);
	if (crud_is_guarded())
		rows[count++] = (struct CMUnitTest)ROW("nobody else changes or deletes it",
						       crud_row_keeps_from_others);
	if (crud_permission())
		rows[count++] = (struct CMUnitTest)ROW("who has the permission changes it",
						       crud_row_opens_by_permission);
	if (crud_has_names())
		rows[count++] = (struct CMUnitTest)ROW("a name is taken once",
						       crud_row_takes_names_once);
	return store_run(area, rows, count, NULL, NULL);
}
