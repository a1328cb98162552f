/* What modules get wrong together is told at the start, by name. */
#include "core/module.h"

#include <string.h>

#include "core/authenticator.h"
#include "core/columns.h"
#include "testing/rows.h"
#include "testing/scene.h"

static enum app_err let_in(struct ctx *c, const struct credentials *credentials, struct actor *ret)
{
	(void)c, (void)credentials, (void)ret;
	return APP_OK;
}

static enum app_err look(struct ctx *c, const struct credentials *credentials)
{
	(void)c, (void)credentials;
	return APP_OK;
}

static enum app_err ask(struct ctx *c)
{
	(void)c;
	return APP_OK;
}

#define SIGNS_IN(variable, ...) \
	static const struct module variable = { \
		.name = #variable, .authenticator = &(const struct authenticator){ __VA_ARGS__ } \
	}

static const struct module plain = { .name = "plain" };
SIGNS_IN(whole, .screen = look, .authenticate = let_in, .confirm = ask);
SIGNS_IN(other, .screen = look, .authenticate = let_in, .confirm = ask);
SIGNS_IN(idle, .screen = look, .confirm = ask);
SIGNS_IN(blind, .authenticate = let_in, .confirm = ask);
SIGNS_IN(hasty, .screen = look, .authenticate = let_in);

static const struct health_check whole_checks[] = HEALTH_CHECKS({ "disk", ask });
static const struct health_check nameless_checks[] = HEALTH_CHECKS({ .check = ask },
								   { "disk", ask });
static const struct health_check idle_checks[] = HEALTH_CHECKS({ "disk", ask }, { .name = "mail" });
static const struct module healthy = { .name = "healthy", .checks = whole_checks };
static const struct module nameless = { .name = "nameless", .checks = nameless_checks };
static const struct module unchecked = { .name = "unchecked", .checks = idle_checks };

/* Projects of their owner alone, and tasks of anybody that name one. */
COLUMNS(project,
	(TEXT, name),
	(OWNER, owner_id));
static const struct model project_model = {
	.name = "project",
	.table = "projects",
	.row = &project_schema,
	.timestamps = true,
};
CRUD_OPERATIONS(projects, project, ACCESS_USER, ACCESS_USER, .model = &project_model,
		.is_private = true);
static const struct operation *const projects_operations[] = { &projects_get, NULL };
static const struct module projects = { .name = "projects", .operations = projects_operations };

static const struct relation project_of_task = {
	.kind = BELONGS_TO,
	.model = &project_model,
	.key = "project_id",
};
COLUMNS(task,
	(INT, project_id),
	(ONE, project, project, &project_of_task, .required = true));
static const struct model task_model = {
	.name = "task",
	.table = "tasks",
	.row = &task_schema,
	.timestamps = true,
};

static enum app_err look_at_new(struct ctx *c, void *in)
{
	(void)c, (void)in;
	return APP_OK;
}

static enum app_err look_at_set(struct ctx *c, const void *row, void *set)
{
	(void)c, (void)row, (void)set;
	return APP_OK;
}

#define TASKS(all, access, ...) \
	CRUD_OPERATIONS(all, task, ACCESS_USER, access, \
			.model = &task_model __VA_OPT__(, ) __VA_ARGS__); \
	static const struct operation *const all##_operations[] = { &all##_get, &all##_create, \
								    NULL }; \
	static const struct module all = { .name = #all, .operations = all##_operations }
TASKS(tasks, ACCESS_USER);
TASKS(half, ACCESS_USER, .before_create = look_at_new);
TASKS(careful, ACCESS_USER, .before_create = look_at_new, .before_update = look_at_set);
TASKS(managed, ACCESS_SUPERUSER);

#define NOT_ALL " has not all of screen, authenticate and confirm"

struct modules_case {
	const struct module *modules[4];
	const char *fault; /* NULL: none */
};

static void is_told(void **state)
{
	const struct modules_case *k = *state;
	struct scene scene;
	scene_open(&scene);
	enum app_err err = modules_check(&scene.c, k->modules);
	if (!k->fault) {
		assert_int_equal(err, APP_OK);
	} else {
		assert_int_equal(err, APP_INVALID);
		assert_non_null(strstr(ctx_failure_text(&scene.c, err), k->fault));
	}
	scene_close(&scene);
}

static void is_found_wherever_it_is(void **state)
{
	(void)state;
	const struct module *const none[] = { &plain, NULL };
	const struct module *const last[] = { &plain, &whole, NULL };
	assert_null(modules_authenticator(none));
	assert_ptr_equal(modules_authenticator(last), whole.authenticator);
}

#define MODULES(sentence, text, ...) \
	ROW_OF(sentence, is_told, \
	       (&(struct modules_case){ .modules = { __VA_ARGS__ }, .fault = (text) }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		MODULES("none needs to authenticate", NULL, &plain),
		MODULES("one may have it all", NULL, &plain, &whole),
		MODULES("two that authenticate are refused",
			"Modules whole and other both have an authenticator", &whole, &plain,
			&other),
		MODULES("one that lets nobody in is refused",
			"The authenticator of module idle" NOT_ALL, &whole, &idle),
		MODULES("so is one that does not screen",
			"The authenticator of module blind" NOT_ALL, &blind),
		MODULES("and one that does not ask for the account",
			"The authenticator of module hasty" NOT_ALL, &hasty),
		MODULES("a check of health has a name and a function", NULL, &healthy),
		MODULES("one without a name is refused, and hides none behind it",
			"Module nameless, check ?: it has no name; set .name", &nameless),
		MODULES("one without a function is refused",
			"Module unchecked, check mail: it has no function; set .check", &plain,
			&unchecked),
		MODULES("a client is shown no row that it names and may not see",
			"Operation tasks.create: 'project' shows the project that a client names "
			"in 'project_id', and not everyone may see each: look at it in",
			&tasks, &projects),
		MODULES("a look at what is created is half of it",
			"Operation half.create: ", &projects, &half),
		MODULES("where the author looks at it, it is his to say", NULL, &projects,
			&careful),
		MODULES("superusers see all", NULL, &projects, &managed),
		MODULES("where nothing is hidden, nothing is shown", NULL, &tasks),
		ROW("who signs in is found in any of them", is_found_wherever_it_is),
	};
	return rows_run("core/module check", rows, COUNT_OF(rows));
}
