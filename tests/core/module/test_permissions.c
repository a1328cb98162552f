/* The permissions of all modules: their numbers, and what is told of wrong ones at the start. */
#include "core/module.h"

#include <stdio.h>
#include <string.h>

#include "core/columns.h"
#include "core/permission.h"
#include "testing/rows.h"
#include "testing/scene.h"

PERMISSION(read, "books.read", "Read books");
PERMISSION(edit, "books.edit_all", "Edit books");
PERMISSION(twin, "books.read", "Read other books");
PERMISSION(lend, "desk.lend2", "Lend books");
PERMISSION(lost, "desk.lost", "Nobody lists it");
PERMISSION(silent, "desk.silent", NULL);
PERMISSION(nameless, NULL, "?");
PERMISSION(star, "*", "All");
PERMISSION(shout, "desk.Lend", "Lend");
PERMISSION(plain, "desk", "Lend");
PERMISSION(open_end, "desk.", "Lend");
PERMISSION(gap, "desk..lend", "Lend");

#define DECLARES(module_name, ...) \
	(&(const struct module){ \
		.name = module_name, \
		.permissions = (const struct permission *const[])PERMISSIONS(__VA_ARGS__) })
#define ASKS(asked) \
	(&(const struct module){ \
		.name = "asking", \
		.operations = (const struct operation *const[]){ \
			&(const struct operation){ .name = "asking.do", .permission = (asked) }, \
			NULL } })

struct permissions_case {
	const struct module *modules[4];
	const char *fault; /* NULL: none */
};

static void is_told(void **state)
{
	const struct permissions_case *k = *state;
	struct scene scene;
	scene_open(&scene);
	enum app_err err = modules_check(&scene.c, k->modules);
	assert_int_equal(err, k->fault ? APP_INVALID : APP_OK);
	if (k->fault)
		assert_string_equal(ctx_failure_text(&scene.c, err), k->fault);
	scene_close(&scene);
}

static void are_numbered(void **state)
{
	(void)state;
	const struct module *const modules[] = { DECLARES("books", &read, &edit), ASKS(NULL),
						 DECLARES("desk", &lend), NULL };
	struct scene scene;
	scene_open(&scene);
	assert_int_equal(modules_check(&scene.c, modules), APP_OK);
	assert_int_equal(*read.number, 1);
	assert_int_equal(*edit.number, 2);
	assert_int_equal(*lend.number, 3);
	assert_int_equal(*lost.number, 0);
	struct module_permissions all = { .modules = modules };
	assert_ptr_equal(module_permission_next(&all), &read);
	assert_ptr_equal(module_permission_next(&all), &edit);
	assert_ptr_equal(module_permission_next(&all), &lend);
	assert_null(module_permission_next(&all));
	assert_ptr_equal(module_find_permission(modules, "desk.lend2"), &lend);
	assert_null(module_find_permission(modules, "desk.lost"));
	scene_close(&scene);
}

/* One more than there are bits for, all of one module. */
enum { MANY = PERMISSIONS_MAX + 1 };

static enum app_err check_many(struct ctx *c, size_t count)
{
	static char names[MANY][8];
	static uint16_t numbers[MANY];
	static struct permission many[MANY];
	static const struct permission *list[MANY + 1];
	memset(list, 0, sizeof(list));
	for (size_t i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "m.p%zu", i);
		many[i] = (struct permission){ names[i], "One of many", &numbers[i] };
		list[i] = &many[i];
	}
	const struct module module = { .name = "many", .permissions = list };
	const struct module *const modules[] = { &module, NULL };
	return modules_check(c, modules);
}

static void are_bounded(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	assert_int_equal(check_many(&scene.c, PERMISSIONS_MAX), APP_OK);
	assert_int_equal(check_many(&scene.c, MANY), APP_INVALID);
	assert_string_equal(scene.c.failure.text,
			    "Module many, permission m.p256: there are more than 256 of them");
	scene_close(&scene);
}

/* Notes that managers see besides their owners. */
COLUMNS(note,
	(TEXT, text),
	(OWNER, owner_id));
static const struct model note_model = {
	.name = "note",
	.table = "notes",
	.row = &note_schema,
	.timestamps = true,
};
CRUD_OPERATIONS(notes, note, ACCESS_USER, ACCESS_WITH(&lend), .model = &note_model,
		.manage = &lost);
static const struct operation *const notes_operations[] = { &notes_get, NULL };
static const struct module notes = { .name = "notes", .operations = notes_operations };
static const struct operation *const making[] = { &notes_create, NULL };
static const struct module makers = { .name = "makers", .operations = making };

static void table_asks_for_one(void **state)
{
	(void)state;
	assert_ptr_equal(notes_create.permission, &lend);
	assert_int_equal(notes_create.access, ACCESS_USER);
	assert_null(notes_get.permission);
}

#define TOLD(sentence, text, ...) \
	ROW_OF(sentence, is_told, \
	       (&(struct permissions_case){ .modules = { __VA_ARGS__ }, .fault = (text) }))
#define NAMES(name) \
	"Module desk, permission '" name "': a name is small letters, digits and underscores " \
	"with dots between, such as desk.edit, of 100 characters at most"
#define UNDECLARED(name, permission) \
	"Operation " name " asks for the permission " permission \
	", which no module declares: add it to .permissions of the module"

int main(void)
{
	const struct CMUnitTest rows[] = {
		TOLD("modules that declare none start", NULL, ASKS(NULL)),
		TOLD("what is asked for may be another module's", NULL, ASKS(&edit),
		     DECLARES("books", &read, &edit)),
		TOLD("what no module declares is not asked for",
		     UNDECLARED("asking.do", "desk.lost"), DECLARES("desk", &lend), ASKS(&lost)),
		TOLD("nor by a table, of whoever manages its rows",
		     UNDECLARED("notes.get", "desk.lost"), DECLARES("desk", &lend), &notes),
		TOLD("nor by one of its operations", UNDECLARED("notes.create", "desk.lend2"),
		     &makers),
		TOLD("two of one name are refused",
		     "Module desk, permission books.read: module books has one of that name",
		     DECLARES("books", &read), DECLARES("desk", &lend, &twin)),
		TOLD("one that is listed twice is refused",
		     "Module desk, permission desk.lend2: module desk has one of that name",
		     DECLARES("desk", &lend, &edit, &lend)),
		TOLD("one needs a word on what it is for",
		     "Module desk, permission desk.silent: nobody knows what it is for; say what "
		     "it lets one do",
		     DECLARES("desk", &silent)),
		TOLD("one needs a name", NAMES(""), DECLARES("desk", &nameless)),
		TOLD("a name is none for all of them", NAMES("*"), DECLARES("desk", &star)),
		TOLD("a name has small letters", NAMES("desk.Lend"), DECLARES("desk", &shout)),
		TOLD("a name has two parts", NAMES("desk"), DECLARES("desk", &plain)),
		TOLD("a name ends with a part", NAMES("desk."), DECLARES("desk", &open_end)),
		TOLD("no part of a name is empty", NAMES("desk..lend"), DECLARES("desk", &gap)),
		ROW("they are numbered as they stand", are_numbered),
		ROW("there is room for 256", are_bounded),
		ROW("a table asks for one in the place of an access", table_asks_for_one),
	};
	return rows_run("core/module permissions", rows, COUNT_OF(rows));
}
