/* What modules get wrong together is told at the start, by name. */
#include "core/module.h"

#include <string.h>

#include "core/authenticator.h"
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
		ROW("who signs in is found in any of them", is_found_wherever_it_is),
	};
	return rows_run("core/module check", rows, COUNT_OF(rows));
}
