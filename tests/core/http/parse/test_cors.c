/* Which origins are let in, and which settings are refused. */
#include "core/http/parse/cors.h"

#include "support/rows.h"
#include "support/scene.h"

struct cors_case {
	const char *setting, *origin;
	const char *allowed; /* NULL: nothing */
	bool credentials, vary;
};

static void decides(void **state)
{
	const struct cors_case *row = *state;
	struct scene scene;
	struct cors *cors;

	scene_open(&scene);
	assert_int_equal(cors_new(&scene.c, row->setting, &cors), APP_OK);
	struct cors_answer answer = cors_decide(cors, row->origin);
	if (row->allowed)
		assert_string_equal(answer.allow_origin, row->allowed);
	else
		assert_null(answer.allow_origin);
	assert_int_equal(answer.credentials, row->credentials);
	assert_int_equal(answer.vary, row->vary);
	cors_drop(cors);
	scene_close(&scene);
}

struct setting_case {
	const char *setting, *text;
};

static void refuses(void **state)
{
	const struct setting_case *row = *state;
	struct cors *cors = NULL;
	struct scene scene;

	scene_open(&scene);
	assert_int_equal(cors_new(&scene.c, row->setting, &cors), APP_INVALID);
	assert_string_equal(ctx_failure_text(&scene.c, APP_INVALID), row->text);
	assert_null(cors);
	cors_drop(NULL);
	scene_close(&scene);
}

static void knows_preflight(void **state)
{
	(void)state;
	assert_true(cors_is_preflight("https://a.example", "PUT"));
	assert_false(cors_is_preflight("https://a.example", NULL));
	assert_false(cors_is_preflight(NULL, "PUT"));
}

#define GOOD "https://good.example"
#define DECIDES(sentence, ...) ROW_OF(sentence, decides, (&(struct cors_case){ __VA_ARGS__ }))
#define REFUSES(sentence, ...) ROW_OF(sentence, refuses, (&(struct setting_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		DECIDES("nobody is let in by default", "", GOOD, NULL, false, false),
		DECIDES("no setting lets nobody in", NULL, GOOD, NULL, false, false),
		DECIDES("a listed origin is echoed, with Vary", GOOD, GOOD, GOOD, true, true),
		DECIDES("a second one, behind a comma", "http://localhost:5173, " GOOD, GOOD, GOOD,
			true, true),
		DECIDES("an app's own scheme", "capacitor://localhost", "capacitor://localhost",
			"capacitor://localhost", true, true),
		DECIDES("without Origin there is only Vary", GOOD, NULL, NULL, false, true),
		DECIDES("another origin", GOOD, "https://evil.example", NULL, false, true),
		DECIDES("null", GOOD, "null", NULL, false, true),
		DECIDES("a longer host", GOOD, GOOD ".evil", NULL, false, true),
		DECIDES("a host that ends alike", "https://good.example",
			"https://evilgood.example", NULL, false, true),
		DECIDES("a subdomain", GOOD, "https://x.good.example", NULL, false, true),
		DECIDES("another scheme", GOOD, "http://good.example", NULL, false, true),
		DECIDES("another port", GOOD, GOOD ":8443", NULL, false, true),
		DECIDES("another letter case", GOOD, "https://Good.example", NULL, false, true),
		DECIDES("a list for an origin", GOOD, GOOD " " GOOD, NULL, false, true),
		DECIDES("the asterisk lets all in, without credentials", "*", "https://any.example",
			"*", false, false),
		DECIDES("the asterisk without Origin", " * ", NULL, NULL, false, false),

		REFUSES("the asterisk beside others is refused", "* " GOOD,
			"server.cors_origins: \"*\" allows every origin, so it must stand alone"),
		REFUSES("a slash at the end is refused", GOOD "/",
			"server.cors_origins: 'https://good.example/': an origin has no path and "
			"no slash at its end"),
		REFUSES("a host alone is refused", "good.example",
			"server.cors_origins: 'good.example': an origin is written like "
			"https://app.example.com"),
		REFUSES("a scheme alone is refused", "https://",
			"server.cors_origins: 'https://': an origin is written like "
			"https://app.example.com"),
		REFUSES("null is refused", "null",
			"server.cors_origins: 'null': an origin is written like "
			"https://app.example.com"),
		REFUSES("a pattern is refused", "https://*.good.example",
			"server.cors_origins: 'https://*.good.example': \"*\" cannot stand for a "
			"part of an origin"),
		REFUSES("a capital letter is refused", "https://Good.example",
			"server.cors_origins: 'https://Good.example': an origin's host is in lower "
			"case and holds a port at "
			"most"),
		REFUSES("the usual port is refused", GOOD ":443",
			"server.cors_origins: 'https://good.example:443': browsers leave the usual "
			"port out of an origin; "
			"leave it out here too"),
		ROW("a preflight has both headers", knows_preflight),
	};

	return rows_run("cors", rows, COUNT_OF(rows));
}
