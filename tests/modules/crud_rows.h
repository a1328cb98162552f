/*
 * The rows of a module that is a table by declaration: what core/crud does, tried with the module's
 * own columns, migrations and accesses, on both databases. A row is made with all its columns, so
 * it is read back as it was sent.
 */
#ifndef CROFT_TESTS_MODULES_CRUD_ROWS_H
#define CROFT_TESTS_MODULES_CRUD_ROWS_H

#include "core/crud.h"
#include "modules/stage.h"

/* One column, in JSON as tests write it. */
struct crud_value {
	const char *column;
	const char *created, *changed;
	/* what it cannot be; NULL: it can be anything */
	const char *refused;
};

static struct {
	/* makes a stage with ada, bob and the table */
	void (*open)(struct stage *s);
	const struct module *module;
	const struct crud_value *values;
	size_t count;
} crud_subject;

/* ---- what it has ---- */

static inline const struct operation *crud_op(const char *verb)
{
	const struct module *const modules[] = { crud_subject.module, NULL };
	char name[128];
	snprintf(name, sizeof(name), "%s.%s", crud_subject.module->name, verb);
	const struct operation *op = module_find_operation(modules, name);
	if (!op)
		fail_msg("there is no operation %s", name);
	return op;
}

static inline const struct crud *crud_rules(void)
{
	return crud_op("create")->crud;
}

static inline bool crud_has_owner(void)
{
	return crud_rules()->owner->row_at >= 0;
}

/* Who may write, and somebody signed in who may not change what that one wrote. */
static inline int crud_writer(void)
{
	return crud_op("create")->access == ACCESS_SUPERUSER ? AS_ROOT : AS_ADA;
}

static inline int crud_other(void)
{
	return crud_writer() == AS_ROOT ? AS_ADA : AS_BOB;
}

/* ---- JSON ---- */

enum crud_which { CRUD_AS_CREATED, CRUD_AS_CHANGED };

/* "'title':'one','year':1"; `start` stands before it. */
static inline const char *crud_json(struct stage *s, const char *start, enum crud_which which,
				    const char *end)
{
	struct buf json;
	buf_init(&json, s->scene.c.arena);
	buf_add_text(&json, start);
	for (size_t i = 0; i < crud_subject.count; i++) {
		const struct crud_value *value = &crud_subject.values[i];
		buf_printf(&json, "%s'%s':%s", i ? "," : "", value->column,
			   which == CRUD_AS_CREATED ? value->created : value->changed);
	}
	buf_add_text(&json, end);
	return buf_text(&json);
}

static inline const char *crud_row_json(struct stage *s)
{
	return crud_json(s, "{", CRUD_AS_CREATED, "}");
}

/* ---- calling ---- */

/* Calls it and returns the answer, or the faults; it must end with `err`. */
static inline const char *crud_call(struct stage *s, int who, const char *verb, const char *json,
				    enum app_err err)
{
	const char *answer;
	enum app_err got = stage_call(s, who, crud_op(verb), json, &answer);
	if (got != err)
		fail_msg("%s %s: %s instead of %s, %s", verb, json, app_err_slug(got),
			 app_err_slug(err), answer);
	return answer;
}

static inline void crud_has(const char *answer, const char *piece)
{
	if (!strstr(answer, piece))
		fail_msg("missing: %s\nin: %s", piece, answer);
}

/* A stage on which the writer has made one row, with the id 1. */
static inline void crud_open(struct stage *s)
{
	crud_subject.open(s);
	crud_call(s, crud_writer(), "create", crud_row_json(s), APP_OK);
}

/* Whether each column is as it was created or changed. */
static inline void crud_is(struct stage *s, enum crud_which which)
{
	const char *answer = crud_call(s, crud_writer(), "get", "{'id':1}", APP_OK);
	for (size_t i = 0; i < crud_subject.count; i++) {
		const struct crud_value *value = &crud_subject.values[i];
		crud_has(answer,
			 arena_printf(s->scene.c.arena, "'%s':%s", value->column,
				      which == CRUD_AS_CREATED ? value->created : value->changed));
	}
}

/* ---- rows ---- */

static inline void crud_row_creates(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	crud_is(&s, CRUD_AS_CREATED);
	stage_close(&s);
}

static inline void crud_row_lists(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	const char *answer = crud_call(&s, crud_writer(), "list", "{}", APP_OK);
	crud_has(answer, "{'items':[{'id':1,");
	crud_has(answer, "'total':1,");
	stage_close(&s);
}

/* Each column alone leaves the others as they are: the last change makes all of them others. */
static inline void crud_row_updates(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	crud_call(&s, crud_writer(), "update", "{'id':1}", APP_OK);
	crud_is(&s, CRUD_AS_CREATED);
	for (size_t i = 0; i < crud_subject.count; i++) {
		const struct crud_value *value = &crud_subject.values[i];
		crud_call(&s, crud_writer(), "update",
			  arena_printf(s.scene.c.arena, "{'id':1,'%s':%s}", value->column,
				       value->changed),
			  APP_OK);
	}
	crud_is(&s, CRUD_AS_CHANGED);
	stage_close(&s);
}

static inline void crud_row_replaces(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	crud_call(&s, crud_writer(), "replace", crud_json(&s, "{'id':1,", CRUD_AS_CHANGED, "}"),
		  APP_OK);
	crud_is(&s, CRUD_AS_CHANGED);
	stage_close(&s);
}

static inline void crud_row_deletes(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	crud_call(&s, crud_writer(), "delete", "{'id':1}", APP_OK);
	crud_call(&s, crud_writer(), "get", "{'id':1}", APP_NOT_FOUND);
	crud_call(&s, crud_writer(), "delete", "{'id':1}", APP_NOT_FOUND);
	crud_has(crud_call(&s, crud_writer(), "list", "{}", APP_OK), "{'items':[],");
	stage_close(&s);
}

static inline void crud_all_refused(struct stage *s, int who, enum app_err err)
{
	crud_call(s, who, "update", "{'id':1}", err);
	crud_call(s, who, "replace", crud_json(s, "{'id':1,", CRUD_AS_CHANGED, "}"), err);
	crud_call(s, who, "delete", "{'id':1}", err);
}

static inline void crud_row_keeps_from_others(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	enum app_err err = crud_rules()->is_private ? APP_NOT_FOUND : APP_FORBIDDEN;
	crud_all_refused(&s, crud_other(), err);
	crud_is(&s, CRUD_AS_CREATED);
	stage_close(&s);
}

/* Reading may be open to everyone. */
static inline void crud_reads_as_nobody(struct stage *s, const char *verb, const char *json)
{
	bool is_public = crud_op(verb)->access == ACCESS_PUBLIC;
	crud_call(s, AS_NOBODY, verb, json, is_public ? APP_OK : APP_UNAUTHENTICATED);
}

static inline void crud_row_wants_sign_in(void **state)
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
static inline void crud_refuses_member(struct stage *s, const char *name)
{
	struct arena *arena = s->scene.c.arena;
	const char *start = arena_printf(arena, "{'%s':3,", name);
	const char *faults = crud_call(s, crud_writer(), "create",
				       crud_json(s, start, CRUD_AS_CREATED, "}"), APP_INVALID);
	crud_has(faults, arena_printf(arena, "'type':'extra_forbidden','loc':['body','%s']", name));
}

static inline void crud_row_takes_no_more(void **state)
{
	(void)state;
	static const char *const own[] = { "id", "created_at", "updated_at" };
	const struct schema *row = crud_rules()->row;
	struct stage s;
	crud_open(&s);
	for (size_t i = 0; i < COUNT_OF(own); i++)
		crud_refuses_member(&s, own[i]);
	for (size_t i = 0; crud_has_owner() && i < row->count; i++)
		if (row->fields[i].offset == (size_t)crud_rules()->owner->row_at)
			crud_refuses_member(&s, row->fields[i].name);
	stage_close(&s);
}

/* In the place of the column, and of a change likewise. */
static inline void crud_row_judges_columns(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	struct arena *arena = s.scene.c.arena;
	for (size_t i = 0; i < crud_subject.count; i++) {
		const struct crud_value *value = &crud_subject.values[i];
		if (!value->refused)
			continue;
		const char *json = arena_printf(arena, "{'id':1,'%s':%s}", value->column,
						value->refused);
		crud_has(crud_call(&s, crud_writer(), "update", json, APP_INVALID),
			 arena_printf(arena, "'loc':['body','%s']", value->column));
	}
	crud_is(&s, CRUD_AS_CREATED);
	stage_close(&s);
}

static inline bool crud_has_names(void)
{
	const struct schema *row = crud_rules()->row;
	for (size_t i = 0; i < row->count; i++)
		if (row->fields[i].key)
			return true;
	return false;
}

static inline void crud_row_takes_names_once(void **state)
{
	(void)state;
	struct stage s;
	crud_open(&s);
	crud_has(crud_call(&s, crud_writer(), "create", crud_row_json(&s), APP_CONFLICT),
		 "is already taken");
	stage_close(&s);
}

/* Else everyone who is signed in changes all rows. */
static inline bool crud_is_guarded(void)
{
	return crud_has_owner() || crud_op("update")->access == ACCESS_SUPERUSER;
}

static inline int crud_rows_run(const char *sqlite, const char *postgres)
{
	struct CMUnitTest rows[] = {
		ROW("one is made and read back, column by column", crud_row_creates),
		ROW("a list has it", crud_row_lists),
		ROW("a change leaves alone what it does not name", crud_row_updates),
		ROW("a replacement takes the place of all columns", crud_row_replaces),
		ROW("what is deleted is not there any more", crud_row_deletes),
		ROW("nobody who is not signed in writes, nor reads what is not public",
		    crud_row_wants_sign_in),
		ROW("nobody says whose it is, nor its id or times", crud_row_takes_no_more),
		ROW("what a column cannot be is told at its place", crud_row_judges_columns),
		/* places for those that follow */
		{ 0 },
		{ 0 },
	};
	size_t count = COUNT_OF(rows) - 2;
	if (crud_is_guarded())
		rows[count++] = (struct CMUnitTest)ROW("nobody else changes or deletes it",
						       crud_row_keeps_from_others);
	if (crud_has_names())
		rows[count++] = (struct CMUnitTest)ROW("a name is taken once",
						       crud_row_takes_names_once);
	return store_run_each(sqlite, postgres, rows, count, NULL, NULL);
}

/*
 * All rows of a module, of whose columns `list` says values, on the stage that `opens` makes; the
 * exit status of the program.
 */
#define CRUD_ROWS(opens, area, its_module, list) \
	(crud_subject.open = opens, crud_subject.module = &its_module, crud_subject.values = list, \
	 crud_subject.count = COUNT_OF(list), crud_rows_run(area, area " (postgres)"))

#endif
