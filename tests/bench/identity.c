/*
 * The program with two routes more, of what tests/bench/identity compares: an account that everyone
 * may read, and one that is made without a permission, a limit and a row in the audit. They run
 * what GET /users/{user_id} and POST /users run.
 */
#define app_modules modules_of_the_program
#include "app/modules.c"
#undef app_modules

#include "cli/main.h"
#include "modules/users/internal.h"

static struct operation open_read, bare_create;

static const struct route bench_routes[] = ROUTES(
	{ GET, "/bench/users/{user_id}", &open_read, .status = 200, .limit = LIMIT_NONE },
	{ POST, "/bench/users", &bare_create, .status = 201, .limit = LIMIT_NONE });

static const struct module bench_module = {
	.name = "bench",
	.doc = "What others do, with less around it.",
	.routes = bench_routes,
};

const struct module *const app_modules[] = {
	&roles_module, &users_module, &keys_module,   &auth_module,  &accounts_module,
	&posts_module, &audit_module, &system_module, &bench_module, NULL,
};

int main(int argc, char **argv)
{
	open_read = users_get;
	open_read.name = "bench.read";
	open_read.access = ACCESS_PUBLIC;
	open_read.permission = NULL;
	bare_create = users_create;
	bare_create.name = "bench.create";
	bare_create.permission = NULL;
	bare_create.audit = AUDIT_NONE;
	return cli_main(argc, argv);
}
