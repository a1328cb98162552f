/*
 * Fuzz target of URLs of PostgreSQL servers. The first line is a password, the others a piece of
 * the URL before it and one behind it: neither what is said of a URL that is refused nor what is
 * shown of one that is taken holds the password. Messages of the library do not, either, once they
 * were passed on.
 */
#include "fuzz/target.h"

#include "base/str.h"
#include "core/postgres/internal.h"

/* Long and unlike any word of ours. */
static bool is_secret(const char *password)
{
	return strlen(password) >= 6 && strpbrk(password, "0123456789") &&
	       strspn(password, "abcdefghijklmnopqrstuvwxyz0123456789!?,;_~.=&") ==
		       strlen(password);
}

static void check_said(const struct postgres_place *place, const char *message)
{
	char why[POSTGRES_WHY_ROOM];
	memset(why, 'x', sizeof(why));
	postgres_place_say(place, message, why);
	assert(memchr(why, '\0', sizeof(why)) && !strchr(why, '\n'));
	/* a password of nothing but stars hides among those that blot it out */
	if (place->password && !strchr(place->password, '*') && strlen(place->password) > 1)
		assert(!strstr(why, place->password));
	if (!place->password)
		assert(!strncmp(why, message, strlen(why)));
}

static void check_url(const char *url, const char *password, const char *message)
{
	AUTO(arena) arena = { 0 };
	struct postgres_place place = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	if (postgres_place_read(&c, "database.url", url, &place)) {
		const char *text = ctx_failure_text(&c, APP_INVALID);
		assert(str_starts(text, "database.url ") || str_starts(text, "database.url: "));
		assert(!place.list);
		assert(!password || !strstr(text, password));
		return;
	}
	assert(place.list);
	if (password && place.password && strstr(place.password, password))
		assert(!strstr(place.shown, password));
	check_said(&place, message);
	check_said(&place, url);
	postgres_place_done(&place);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text, *url = NULL;
	const char *password = fuzz_line(&rest), *before = fuzz_line(&rest);
	const char *behind = fuzz_line(&rest), *message = rest ? rest : "";
	bool appears_else = strstr(before, password) || strstr(behind, password);
	assert(asprintf(&url, "postgresql://%s:%s@%s", before, password, behind) > 0);
	bool may_be_told = strchr(before, '/') || strchr(before, '?') || strchr(before, '@');
	check_url(url, is_secret(password) && !appears_else && !may_be_told ? password : NULL,
		  message);
	check_url(text, NULL, message);
	free(url);
	free(text);
	return 0;
}
