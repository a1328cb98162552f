/*
 * A module that keeps something in a signed cookie, as docs/cookies.md shows it: how its pages look
 * for whoever has this browser, signed in or not.
 */
#ifndef CROFT_TESTS_DOCS_THEME_H
#define CROFT_TESTS_DOCS_THEME_H

#include <string.h>

#include "base/left.h"
#include "core/app.h"
#include "core/cookie.h"
#include "core/http.h"
#include "core/module.h"
#include "core/schema.h"

/* ---- the cookie ---- */

enum { THEME_KEPT_S = 30 * 24 * 60 * 60 };

/* On a machine of one's own there is no https, and so no __Host-. */
static struct cookie theme_cookie(const struct ctx *c)
{
	bool is_plain = c->app->options->environment == ENV_LOCAL;
	return (struct cookie){ .name = is_plain ? "theme" : "__Host-theme",
				.lifetime_s = THEME_KEPT_S,
				.is_plain = is_plain };
}

/* ---- the stages ---- */

/* What was chosen before, or is now. */
struct theme {
	/* NULL: nothing */
	const char *name;
	/* It is to be kept, or with no name to be forgotten. */
	bool is_new;
};
LEFT_DECLARE(theme);
LEFT(theme);

enum { COOKIE };

/* One that is not good is as none. */
static enum app_err read_theme(struct ctx *c, struct http_exchange *x)
{
	const struct cookie cookie = theme_cookie(c);
	struct cookie_value value;
	if (cookie_open(c, &cookie, http_stage_header(x, COOKIE), &value) == COOKIE_THERE)
		theme_leave(c)->name = value.text;
	return APP_OK;
}

enum { SET_COOKIE };

/* Of a refusal nothing is kept. */
static void keep_theme(struct ctx *c, struct http_exchange *x)
{
	const struct cookie cookie = theme_cookie(c);
	const struct theme *theme = theme_left(c);
	const char *header = NULL;
	enum app_err err;
	if (!theme || !theme->is_new || http_status(x) >= 400)
		return;
	if (theme->name)
		err = cookie_sign(c, &cookie, theme->name, strlen(theme->name), &header);
	else
		err = cookie_clear(c, &cookie, &header);
	if (err)
		ctx_recover(c);
	http_stage_set(x, SET_COOKIE, header);
}

static const struct module_stage theme_stages[] = STAGES(
	{
		.name = "theme",
		.place = BEFORE_OPERATION,
		.light = true,
		.run = read_theme,
		.takes = { [COOKIE] = { .name = "Cookie", .doc = "As Set-Cookie has set it" } },
	},
	{
		.name = "theme kept",
		.place = OVER_ANSWER,
		.light = true,
		.finish = keep_theme,
		.sets = { [SET_COOKIE] = { .name = "Set-Cookie", .doc = "What was chosen" } },
	});

/* ---- the operations ---- */

struct theme_choice {
	const char *name;
};

static const char *const theme_names[] = CHOICES("light", "dark");

SCHEMA(theme_choice,
	FIELD(struct theme_choice, name, .required = true, .nullable = true, .choices = theme_names,
	      .doc = "null: whatever the device has"));

static enum app_err tell_theme(struct ctx *c, const struct nothing *in, struct theme_choice *ret)
{
	const struct theme *theme = theme_left(c);
	(void)in;
	ret->name = theme ? theme->name : NULL;
	return APP_OK;
}

OPERATION_FN(tell_theme, struct nothing, struct theme_choice)

static enum app_err choose_theme(struct ctx *c, const struct theme_choice *in,
				 struct theme_choice *ret)
{
	*theme_leave(c) = (struct theme){ .name = in->name, .is_new = true };
	*ret = *in;
	return APP_OK;
}

OPERATION_FN(choose_theme, struct theme_choice, struct theme_choice)

static const struct operation theme_tell = {
	.name = "theme.tell",
	.summary = "Tell how pages look here",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &theme_choice_schema,
	.light = true,
	RUN(tell_theme),
};

static const struct operation theme_choose = {
	.name = "theme.choose",
	.summary = "Choose how pages look here",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &theme_choice_schema,
	.out = &theme_choice_schema,
	RUN(choose_theme),
};

/* ---- the module ---- */

static const struct route theme_routes[] = ROUTES(
	{ GET, "/theme", &theme_tell, .status = 200 },
	{ PUT, "/theme", &theme_choose, .status = 200 });

static const struct module theme_module = {
	.name = "theme",
	.doc = "How pages look.",
	.routes = theme_routes,
	.stages = theme_stages,
};

#endif
