/*
 * Fuzz target of the origins in server.cors_origins, a line, and of an Origin header, the next
 * line. What is allowed stands in the setting as a whole word, and every word of a setting that was
 * taken is allowed.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/http/parse/cors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_word_of(const char *setting, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = setting; *at; at += strspn(at, " ,\t\r\n")) {
		size_t here = strcspn(at, " ,\t\r\n");
		if (here == len && !memcmp(at, word, len))
			return true;
		at += here;
	}
	return false;
}

static void check_words(const struct cors *cors, const char *setting)
{
	char *copy = strdup(setting), *rest = copy, *word;
	while ((word = strsep(&rest, " ,\t\r\n")))
		if (*word && !str_eq(word, "*"))
			assert(str_eq(cors_decide(cors, word).allow_origin, word));
	free(copy);
}

static void check(const struct cors *cors, const char *setting, const char *origin)
{
	struct cors_answer answer = cors_decide(cors, origin);
	check_words(cors, setting);
	if (!answer.allow_origin)
		return;
	if (str_eq(answer.allow_origin, "*"))
		assert(!answer.credentials && is_word_of(setting, "*"));
	else
		assert(str_eq(answer.allow_origin, origin) && is_word_of(setting, origin));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	struct cors *cors = NULL;
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	char *setting = arena_strndup(&arena, (const char *)data, size);
	char *origin = strchr(setting, '\n');
	if (origin)
		*origin++ = '\0';
	if (cors_new(&c, setting, &cors))
		assert(str_starts(ctx_failure_text(&c, APP_INVALID), "server.cors_origins: "));
	else
		check(cors, setting, origin ? origin : "");
	cors_drop(cors);
	return 0;
}
