/* What Set-Cookie says, and which cookies are refused because browsers would. */
#include "core/cookie.h"

#include <string.h>

#include "base/attr.h"
#include "testing/rows.h"
#include "testing/scene.h"

struct set_case {
	struct cookie cookie;
	const char *value;
	/* the header, or else what its failure's cause ends with */
	const char *want, *cause;
};

static void is_set(void **state)
{
	const struct set_case *k = *state;
	struct scene scene;
	const char *header = NULL;
	scene_open(&scene);
	enum app_err err = cookie_set(&scene.c, &k->cookie, k->value, &header);
	if (k->want) {
		assert_int_equal(err, APP_OK);
		assert_string_equal(header, k->want);
	} else {
		assert_int_equal(err, APP_INTERNAL);
		assert_non_null(strstr(scene.c.failure.cause, k->cause));
	}
	scene_close(&scene);
}

static void is_cleared(void **state)
{
	(void)state;
	const struct cookie cookie = { .name = "__Host-a", .lifetime_s = 60 };
	struct scene scene;
	const char *header = NULL;
	scene_open(&scene);
	assert_int_equal(cookie_clear(&scene.c, &cookie, &header), APP_OK);
	assert_string_equal(header, "__Host-a=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
	scene_close(&scene);
}

/* state: bytes of the value */
static void may_be_so_long(void **state)
{
	size_t len = *(const size_t *)*state;
	char value[COOKIE_VALUE_MAX + 2];
	const struct cookie cookie = { .name = "a" };
	struct scene scene;
	const char *header;
	scene_open(&scene);
	memset(value, 'x', len);
	value[len] = '\0';
	assert_int_equal(cookie_set(&scene.c, &cookie, value, &header),
			 len <= COOKIE_VALUE_MAX ? APP_OK : APP_INTERNAL);
	scene_close(&scene);
}

#define NAMED(...) \
	{ \
		.name = __VA_ARGS__ \
	}
#define SET(sentence, cookie, value, want) \
	ROW_OF(sentence, is_set, (&(struct set_case){ cookie, value, want, NULL }))
#define REFUSED(sentence, cookie, value, cause) \
	ROW_OF(sentence, is_set, (&(struct set_case){ cookie, value, NULL, cause }))
#define LONG(sentence, len) ROW_OF(sentence, may_be_so_long, (&(size_t){ len }))
#define A_YEAR_AND_MORE ((int64_t)COOKIE_DAYS_MAX * 24 * 60 * 60)
#define SIXTEEN "0123456789abcdef"

int main(void)
{
	const struct CMUnitTest rows[] = {
		SET("S57 what is not said is the strictest that works", NAMED("a"), "b",
		    "a=b; Path=/; Secure; HttpOnly; SameSite=Lax"),
		SET("S57 of this very host alone", NAMED("__Host-a"), "b",
		    "__Host-a=b; Path=/; Secure; HttpOnly; SameSite=Lax"),
		SET("with a lifetime, a path and a stricter site",
		    NAMED("a", .lifetime_s = 60, .path = "/shop", .site = COOKIE_STRICT), "b",
		    "a=b; Path=/shop; Max-Age=60; Secure; HttpOnly; SameSite=Strict"),
		SET("for plain http and scripts",
		    NAMED("a", .is_plain = true, .is_for_scripts = true), "b",
		    "a=b; Path=/; SameSite=Lax"),
		SET("for any site", NAMED("a", .site = COOKIE_ANY_SITE), "b",
		    "a=b; Path=/; Secure; HttpOnly; SameSite=None"),
		SET("as long as browsers keep any", NAMED("a", .lifetime_s = A_YEAR_AND_MORE), "",
		    "a=; Path=/; Max-Age=34560000; Secure; HttpOnly; SameSite=Lax"),
		ROW("cleared it has no value and no time", is_cleared),
		REFUSED("a second longer", NAMED("a", .lifetime_s = A_YEAR_AND_MORE + 1), "b",
			"for so long"),
		REFUSED("an empty name", NAMED(""), "b", "no token"),
		REFUSED("a name with a blank", NAMED("a b"), "b", "no token"),
		REFUSED("a name with =", NAMED("a=b"), "b", "no token"),
		REFUSED("a name of 65 bytes", NAMED(SIXTEEN SIXTEEN SIXTEEN SIXTEEN "x"), "b",
			"name is too long"),
		REFUSED("S57 __Host- over plain http", NAMED("__Host-a", .is_plain = true), "b",
			"https alone"),
		REFUSED("the same in another case, as browsers look at it",
			NAMED("__hOST-a", .is_plain = true), "b", "https alone"),
		REFUSED("__Secure- over plain http", NAMED("__Secure-a", .is_plain = true), "b",
			"https alone"),
		REFUSED("__Host- below a path", NAMED("__Host-a", .path = "/shop"), "b",
			"the path is /"),
		REFUSED("any site over plain http",
			NAMED("a", .site = COOKIE_ANY_SITE, .is_plain = true), "b", "https alone"),
		REFUSED("a path that is none", NAMED("a", .path = "shop"), "b", "slash"),
		REFUSED("a path that ends the attribute", NAMED("a", .path = "/; Domain=x"), "b",
			"semicolon"),
		REFUSED("a value that ends itself", NAMED("a"), "b; Domain=x", "no cookie has"),
		REFUSED("a value with a line break", NAMED("a"), "b\r\nX: y", "no cookie has"),
		REFUSED("a value with a quote", NAMED("a"), "\"b\"", "no cookie has"),
		LONG("the longest value", COOKIE_VALUE_MAX),
		LONG("a byte more", COOKIE_VALUE_MAX + 1),
	};
	return rows_run("core/cookie/set", rows, COUNT_OF(rows));
}
