/* The tables of the built-in modules, as a whole: nothing is left open, nothing is named twice. */
#include <string.h>

#include "base/str.h"
#include "modules/posts/internal.h"
#include "modules/system/internal.h"
#include "modules/users/internal.h"
#include "stage.h"

static const struct module *const modules[] = { &system_module, &users_module, &auth_module,
						&posts_module, NULL };

static void has_sound_routes(void **state)
{
	const struct module *module = *state;
	for (const struct route *route = module->routes; !route_is_end(route); route++) {
		assert_true(route->method == GET || route->method == POST ||
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
	assert_ptr_equal(module_find_operation(modules, op->name), op);
}

static void has_sound_operations(void **state)
{
	const struct module *module = *state;
	for (const struct route *route = module->routes; !route_is_end(route); route++)
		has_sound_operation(module, route->op);
	for (const struct operation *const *op = module->operations; op && *op; op++)
		has_sound_operation(module, *op);
}

static bool may_be_public(const char *name)
{
	return str_starts(name, "system.") || str_starts(name, "auth.");
}

static void keeps_accounts_closed(void **state)
{
	(void)state;
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct route *route = (*m)->routes; !route_is_end(route); route++)
			assert_int_equal(route->op->access == ACCESS_PUBLIC,
					 may_be_public(route->op->name));
	}
}

/* Nothing that an answer is made of is a secret. */
static void shows_no_secret(void **state)
{
	(void)state;
	for (const struct module *const *m = modules; *m; m++) {
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
	stage_ok(&s, modules_check_tables(&s.scene.c, modules));
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("routes of system are sound", has_sound_routes, &system_module),
		ROW_OF("routes of users are sound", has_sound_routes, &users_module),
		ROW_OF("routes of auth are sound", has_sound_routes, &auth_module),
		ROW_OF("routes of posts are sound", has_sound_routes, &posts_module),
		ROW_OF("operations of system are sound", has_sound_operations, &system_module),
		ROW_OF("operations of users are sound", has_sound_operations, &users_module),
		ROW_OF("operations of auth are sound", has_sound_operations, &auth_module),
		ROW_OF("operations of posts are sound", has_sound_operations, &posts_module),
		ROW("only sign-in and system are open to everyone", keeps_accounts_closed),
		ROW("no answer holds a secret", shows_no_secret),
		ROW("models are as the migrations make their tables", fit_their_tables),
		ROW_OF("and as those of PostgreSQL do", fit_their_tables, "postgres"),
	};
	return rows_run("modules/tables", rows, COUNT_OF(rows));
}
