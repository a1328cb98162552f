/* What modules get wrong together is told at the start, by name. */
#include "core/module.h"

#include <string.h>

#include "support/rows.h"
#include "support/scene.h"

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

static const struct module plain = { .name = "plain" };
static const struct module whole = {
	.name = "whole", .screen = look, .authenticate = let_in, .confirm = ask
};
static const struct module other = {
	.name = "other", .screen = look, .authenticate = let_in, .confirm = ask
};
static const struct module looks = { .name = "looks", .screen = look };
static const struct module asks = { .name = "asks", .confirm = ask };
static const struct module blind = { .name = "blind", .authenticate = let_in, .confirm = ask };
static const struct module hasty = { .name = "hasty", .screen = look, .authenticate = let_in };

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

#define MODULES(sentence, text, ...) \
	ROW_OF(sentence, is_told, \
	       (&(struct modules_case){ .modules = { __VA_ARGS__ }, .fault = (text) }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		MODULES("none needs to authenticate", NULL, &plain),
		MODULES("one may have it all", NULL, &plain, &whole),
		MODULES("two that authenticate are refused",
			"Modules whole and other both have authenticate", &whole, &plain, &other),
		MODULES("screening without authenticating is refused", "Module looks" NOT_ALL,
			&whole, &looks),
		MODULES("asking for the account without authenticating is refused",
			"Module asks" NOT_ALL, &asks),
		MODULES("authenticating without screening is refused", "Module blind" NOT_ALL,
			&blind),
		MODULES("authenticating without asking for the account is refused",
			"Module hasty" NOT_ALL, &hasty),
	};
	return rows_run("core/module check", rows, COUNT_OF(rows));
}
