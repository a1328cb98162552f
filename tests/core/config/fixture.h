/*
 * What the tests of core/config share: three groups of options (two of them in one section) and a
 * load that takes its sources as texts. A header with static functions, because each test program
 * is one file.
 */
#ifndef CROFT_TESTS_CORE_CONFIG_FIXTURE_H
#define CROFT_TESTS_CORE_CONFIG_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "core/config.h"
#include "testing/rows.h"
#include "testing/scene.h"

struct fixture_app {
	int64_t environment;
};
struct fixture_server {
	const char *host;
	int64_t port, timeout, patience, age, body, workers, depth;
	bool proxy;
};
struct fixture_auth {
	const char *secret;
	int64_t level;
};
struct fixture_mail {
	const char *password, *mode, *folder;
};

static const char *const fixture_environments[] = { "local", "testing", "staging", "production",
						    NULL };
static const char *const fixture_modes[] = { "plain", "starttls", NULL };

static OPTION_GROUP(fixture_app_group, "app", struct fixture_app, "The application as a whole.",
		    OPTION(struct fixture_app, environment, .preset = "local",
			   .choices = fixture_environments, .doc = "Where this runs."));
static inline void fixture_check(struct config_check *check, const void *values)
{
	if (((const struct fixture_server *)values)->workers == 13)
		config_check_fault(check, "workers", "%d is no good", 13);
}

static OPTION_GROUP_CHECKED(
	fixture_server_group, "server", struct fixture_server, "How croft listens.", fixture_check,
	OPTION(struct fixture_server, host, .preset = "127.0.0.1", .doc = "Address to listen on."),
	OPTION(struct fixture_server, port, .preset = "8000", .min = 1, .max = 65535,
	       .also = "PORT", .doc = "Port to listen on."),
	OPTION(struct fixture_server, timeout, .preset = "30", .unit = UNIT_SECONDS, .min = 1,
	       .max = 86400, .doc = "Time for one request."),
	OPTION(struct fixture_server, patience, .preset = "250", .unit = UNIT_MILLISECONDS,
	       .doc = "Time for one wait."),
	OPTION(struct fixture_server, age, .preset = "15", .unit = UNIT_MINUTES,
	       .doc = "Age of a token."),
	OPTION(struct fixture_server, body, .preset = "1048576", .unit = UNIT_BYTES,
	       .doc = "Largest body. This sentence is long enough that the comment in app.ini has "
		      "to be broken into two lines."),
	OPTION(struct fixture_server, workers, .preset = "1", .min = 1, .doc = "Threads."),
	OPTION(struct fixture_server, depth, .doc = "Depth of something."),
	OPTION(struct fixture_server, proxy, .doc = "Whether a proxy stands in front."));
static OPTION_GROUP(fixture_auth_group, "auth", struct fixture_auth, "Sign-in.",
		    OPTION(struct fixture_auth, secret, .secret = true, .also = "SIGNING_KEY",
			   .required_in_production = true, .doc = "Signs tokens."),
		    OPTION(struct fixture_auth, level, .preset = "3", .doc = "A level."));
static OPTION_GROUP(fixture_mail_group, "auth", struct fixture_mail, "Letters of sign-in.",
		    OPTION(struct fixture_mail, password, .secret = true,
			   .required_in_production = true, .doc = "Of the mail account."),
		    OPTION(struct fixture_mail, mode, .preset = "starttls",
			   .choices = fixture_modes, .doc = "How the connection is secured."),
		    OPTION(struct fixture_mail, folder, .preset = "out box",
			   .doc = "Where letters are kept."));

static const struct option_group *const fixture_groups[] = {
	&fixture_app_group, &fixture_auth_group, &fixture_server_group, &fixture_mail_group, NULL,
};

/* A good secret and a good password, for production. */
#define GOOD_SECRET "0123456789abcdef0123456789ABCDEF"
#define GOOD_PASSWORD "tiger-lily-47"

/* One load: each source as text. In texts "@" stands for the scratch folder. */
struct fixture_case {
	const char *ini, *env;
	const char *environ[6];
	const char *sets[4];
	const char *tests;  /* .env.test; then .env is where it is by custom */
	const char *file;   /* content of the file "secret" in the scratch folder */
	const char *faults; /* expected, "" for none */
	const char *prints; /* a line that config_print() must have, without its blanks */
};

/* For ROW_OF, whose argument may hold no bare comma. */
#define CASE(...) (&(struct fixture_case){ __VA_ARGS__ })

static const char *fixture_at(struct scene *scene, const char *text)
{
	struct buf out;
	buf_init(&out, &scene->arena);
	for (; *text; text++)
		if (*text == '@')
			buf_add_text(&out, scene->folder);
		else
			buf_add_char(&out, *text);
	return arena_strdup(&scene->arena, buf_text(&out));
}

static const char *fixture_write(struct scene *scene, const char *name, const char *text,
				 size_t len)
{
	const char *path = scene_path(scene, name);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void fixture_texts(struct scene *scene, const char *const *from, size_t room,
			  const char **to)
{
	size_t count = 0;
	for (; count + 1 < room && from[count]; count++)
		to[count] = fixture_at(scene, from[count]);
	to[count] = NULL;
}

static enum app_err fixture_load(struct scene *scene, const struct fixture_case *test,
				 struct buf *faults, struct config **ret)
{
	const char *environ[COUNT_OF(test->environ)], *sets[COUNT_OF(test->sets)];
	struct config_sources sources = { .environ = (char **)(uintptr_t)environ, .sets = sets };
	fixture_texts(scene, test->environ, COUNT_OF(environ), environ);
	fixture_texts(scene, test->sets, COUNT_OF(sets), sets);
	if (test->file)
		fixture_write(scene, "secret", test->file, strlen(test->file));
	if (test->ini) {
		const char *text = fixture_at(scene, test->ini);
		sources.ini_path = fixture_write(scene, "app.ini", text, strlen(text));
	}
	if (test->env) {
		const char *text = fixture_at(scene, test->env);
		sources.env_path = fixture_write(scene, ".env", text, strlen(text));
	}
	if (test->tests) {
		const char *text = fixture_at(scene, test->tests);
		(void)fixture_write(scene, ".env.test", text, strlen(text));
		sources.env_path = scene_path(scene, ".env");
		sources.env_varies = true;
	}
	buf_init(faults, &scene->arena);
	return config_load(&scene->c, fixture_groups, &sources, faults, ret);
}

#endif
