/* The tables of the modules, as a whole: nothing is left open, nothing is named twice. */
#include <stdio.h>
#include <string.h>

#include "app/modules.h"
#include "base/str.h"
#include "core/backup.h"
#include "core/module.h"
#include "core/tables.h"
#include "testing/stage.h"
#include "testing/store.h"

static void has_sound_routes(void **state)
{
	const struct module *module = *state;
	for (const struct route *route = module->routes; !route_is_end(route); route++) {
		assert_true(route->method == GET || route->method == POST || route->method == PUT ||
			    route->method == PATCH || route->method == DELETE);
		assert_true(route->path[0] == '/');
		assert_non_null(route->op);
		if (!route->op->out)
			assert_int_equal(route->status, 204);
		assert_int_equal(route->op->kind, route->method == GET ? QUERY : COMMAND);
	}
}

static void has_sound_operation(const struct module *module, const struct operation *op)
{
	size_t len = strlen(module->name);
	assert_true(str_starts(op->name, module->name) && op->name[len] == '.');
	assert_int_not_equal(op->access, ACCESS_DENY);
	assert_non_null(op->run);
	assert_non_null(op->summary);
	assert_ptr_equal(module_find_operation(app_modules, op->name), op);
}

static void has_sound_operations(void **state)
{
	const struct module *module = *state;
	for (const struct route *route = module->routes; !route_is_end(route); route++)
		has_sound_operation(module, route->op);
	for (const struct operation *const *op = module->operations; op && *op; op++)
		has_sound_operation(module, *op);
}

/* Of the modules that sign people in and write letters: for who is signed in already. */
static bool is_for_users(const char *name)
{
	static const char *const names[] = {
		"accounts.invite",      "accounts.move",      "auth.begin_factor",
		"auth.confirm_factor",  "auth.end_factor",    "auth.end_session",
		"auth.end_sessions_of", "auth.get_factor",    "auth.get_page",
		"auth.introspect",      "auth.list_sessions", "auth.list_sessions_of",
		"auth.logout",          "auth.logout_all",    "auth.print_recovery_codes",
		"auth.prove",           "auth.renew_page",    "auth.reset_factor",
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

static bool may_be_public(const char *name)
{
	return str_starts(name, "system.") ||
	       ((str_starts(name, "auth.") || str_starts(name, "accounts.")) &&
		!is_for_users(name));
}

static void keeps_accounts_closed(void **state)
{
	(void)state;
	for (const struct module *const *m = app_modules; *m; m++) {
		for (const struct route *route = (*m)->routes; !route_is_end(route); route++)
			assert_int_equal(route->op->access == ACCESS_PUBLIC,
					 may_be_public(route->op->name));
	}
}

/* Nothing that an answer is made of is a secret. */
static void shows_no_secret(void **state)
{
	(void)state;
	for (const struct module *const *m = app_modules; *m; m++) {
		for (const struct route *route = (*m)->routes; !route_is_end(route); route++) {
			const struct schema *out = route->op->out;
			for (size_t i = 0; out && i < out->count; i++) {
				assert_false(out->fields[i].secret);
				assert_null(strstr(out->fields[i].name, "password"));
			}
		}
	}
}

/* state: on PostgreSQL. */
static void fit_their_tables(void **state)
{
	struct stage s;
	store_is_postgres = *state;
	stage_open_empty(&s, NULL);
	stage_ok(&s, modules_check_tables(&s.scene.c, app_modules));
	stage_close(&s);
}

/* The same in all that `croft migrate check` asks: rules, indexes, keys. */
static void agree_with_their_tables(void **state)
{
	struct stage s;
	struct table_differences found;
	store_is_postgres = *state;
	stage_open_empty(&s, NULL);
	struct ctx *c = &s.scene.c;
	stage_ok(&s, tables_compare(c, modules_models(c, app_modules), &found));
	if (found.count)
		fail_msg("%zu differences: %s", found.count, found.at[0].says);
	stage_close(&s);
}

/* The schema has moved on, and what must not come back with a backup would. */
static void change_what_is_restored(void **state)
{
	struct stage s;
	(void)state;
	stage_open_empty(&s, NULL);
	for (const struct module *const *m = app_modules; *m; m++) {
		const struct backup_change *change = (*m)->on_restore;
		if (!change)
			continue;
		stage_int(&s, arena_printf(&s.scene.arena, "SELECT count(\"%s\") FROM \"%s\"",
					   change->column, change->table));
		stage_exec(&s, change->sql);
	}
	stage_close(&s);
}

/* ---- the rows of this test: some for each module ---- */

enum { ROWS_MOST = 256, SENTENCE_ROOM = 96 };

static char sentences[ROWS_MOST][SENTENCE_ROOM];
static struct CMUnitTest rows[ROWS_MOST];
static size_t count;

static void add_row(const char *what, CMUnitTestFunction fn, const struct module *module)
{
	assert_true(count < ROWS_MOST);
	snprintf(sentences[count], SENTENCE_ROOM, "%s of %s are sound", what, module->name);
	rows[count] = (struct CMUnitTest)ROW_OF(sentences[count], fn, module);
	count++;
}

int main(void)
{
	const struct CMUnitTest of_all[] = {
		ROW("only sign-in, what letters are for, and system are open to everyone",
		    keeps_accounts_closed),
		ROW("no answer holds a secret", shows_no_secret),
		ROW("models are as the migrations make their tables", fit_their_tables),
		ROW("what they change in a restored backup fits those tables",
		    change_what_is_restored),
		ROW_OF("and as those of PostgreSQL do", fit_their_tables, "postgres"),
		ROW("rules, indexes and keys of the tables are those of the models",
		    agree_with_their_tables),
		ROW_OF("and so they are on PostgreSQL", agree_with_their_tables, "postgres"),
	};
	for (const struct module *const *m = app_modules; *m; m++) {
		add_row("routes", has_sound_routes, *m);
		add_row("operations", has_sound_operations, *m);
	}
	for (size_t i = 0; i < COUNT_OF(of_all); i++)
		rows[count++] = of_all[i];
	return _cmocka_run_group_tests("modules/tables", rows, count, NULL, NULL);
}
