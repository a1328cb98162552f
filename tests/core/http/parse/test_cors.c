/* Which origins are let in, and which settings are refused. */
#include "core/http/parse/cors.h"

#include "testing/rows.h"
#include "testing/scene.h"

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
#define NEVER_SENT(sentence, origin, why) \
	REFUSES(sentence " is refused", origin, "server.cors_origins: '" origin "': " why)
#define BAD_PORT "a port is a number from 1 to 65535 as browsers write it, without zeros before it"
#define NO_HOST "an origin is written like https://app.example.com"
#define BAD_ADDRESS \
	"an address is written as browsers do, such as 127.0.0.1, or in brackets as [::1]"

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
		DECIDES("an address in brackets, with a port", "http://[::1]:8080",
			"http://[::1]:8080", "http://[::1]:8080", true, true),
		DECIDES("an address of version 4, with the last port", "http://127.0.0.1:65535",
			"http://127.0.0.1:65535", "http://127.0.0.1:65535", true, true),
		NEVER_SENT("a port past 65535", "https://a.b:99999", BAD_PORT),
		NEVER_SENT("a port of twenty digits", "https://a.b:99999999999999999999", BAD_PORT),
		NEVER_SENT("port 0", "https://a.b:0", BAD_PORT),
		NEVER_SENT("a port with a zero before it", "https://a.b:0443", BAD_PORT),
		NEVER_SENT("a colon without a port", "https://a.b:", BAD_PORT),
		NEVER_SENT("a port that is a word", "https://a.b:http", BAD_PORT),
		NEVER_SENT("two ports", "https://a.b:1:2", BAD_PORT),
		NEVER_SENT("a port without a host", "https://:8080", NO_HOST),
		NEVER_SENT("a bracket that is not closed", "https://[::1", BAD_ADDRESS),
		NEVER_SENT("a bracket that is not opened", "https://a]", BAD_ADDRESS),
		NEVER_SENT("brackets around nothing", "https://[]", BAD_ADDRESS),
		NEVER_SENT("brackets around a name", "https://[a.b]", BAD_ADDRESS),
		NEVER_SENT("an address without brackets", "https://::1", NO_HOST),
		NEVER_SENT("an address written longer than browsers do", "https://[0:0::1]",
			   BAD_ADDRESS),
		NEVER_SENT("an address with points in brackets", "https://[::ffff:1.2.3.4]",
			   BAD_ADDRESS),
		NEVER_SENT("what follows a bracket and is no port", "https://[::1]a", BAD_PORT),
		NEVER_SENT("an address of three numbers", "https://127.0.1", BAD_ADDRESS),
		NEVER_SENT("an address with a number past 255", "https://1.2.3.256", BAD_ADDRESS),
		NEVER_SENT("a scheme that begins with a digit", "9a://a.b",
			   "an origin is written like https://app.example.com"),
		ROW("a preflight has both headers", knows_preflight),
	};

	return rows_run("cors", rows, COUNT_OF(rows));
}
