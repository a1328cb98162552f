/*
 * Patterns match as ECMA-262 has them, whatever PCRE2 makes of them, and what ECMA-262 does not
 * know is refused. Threads each have a cache of their own, freed when they end.
 */
#include "testing/rows.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "core/schema.h"
#include "core/schema/format/pattern.h"
#include "testing/json.h"
#include "testing/scene.h"

struct name {
	const char *name, *slug;
};
SCHEMA(name,
	FIELD(struct name, name, .pattern = "^[A-Z][a-z]+$"),
	FIELD(struct name, slug, .pattern = "^(?:[a-z0-9]+-)*[a-z0-9]+$"));

enum { THREADS = 4, ROUNDS = 500 };

static enum app_err bind_name(struct arena *arena, const char *body)
{
	struct ctx c;
	struct name got;
	const char *text = json_swapped(arena, body);
	struct input input = { .body = text, .body_len = strlen(text) };
	ctx_init(&c, NULL, arena);
	return schema_bind(&c, &name_schema, &input, &got);
}

static void *bind_often(void *ret_wrong)
{
	AUTO(arena) arena = { 0 };
	int *wrong = ret_wrong;
	for (int i = 0; i < ROUNDS; i++) {
		*wrong += bind_name(&arena, "{'name':'Ada','slug':'ada-1'}") != APP_OK;
		*wrong += bind_name(&arena, "{'name':'ada'}") != APP_INVALID;
		*wrong += bind_name(&arena, "{'slug':'a--b'}") != APP_INVALID;
		arena_reset(&arena);
	}
	return NULL;
}

static void threads_match_alike(void **state)
{
	(void)state;
	pthread_t threads[THREADS];
	int wrong[THREADS] = { 0 };
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, bind_often, &wrong[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(wrong[i], 0);
	}
}

struct sample {
	const char *pattern, *text;
	bool matches;
};

static void sample_is_judged(void **state)
{
	const struct sample *row = *state;
	struct scene scene;
	scene_open(&scene);
	const char *fault = pattern_fault(&scene.arena, row->pattern);
	if (fault)
		fail_msg("%s", fault);
	assert_int_equal(pattern_matches(row->pattern, row->text, strlen(row->text)), row->matches);
	scene_close(&scene);
}

#define MATCHES(sentence, pattern_, text_) \
	ROW_OF(sentence, sample_is_judged, (&(struct sample){ pattern_, text_, true }))
#define DIFFERS(sentence, pattern_, text_) \
	ROW_OF(sentence, sample_is_judged, (&(struct sample){ pattern_, text_, false }))

struct mistake {
	const char *pattern, *why;
};

static void mistake_is_told(void **state)
{
	const struct mistake *row = *state;
	struct scene scene;
	scene_open(&scene);
	const char *fault = pattern_fault(&scene.arena, row->pattern);
	assert_non_null(fault);
	assert_string_equal(fault, row->why);
	scene_close(&scene);
}

#define REFUSED(pattern_, why_) \
	ROW_OF("refused: " pattern_, mistake_is_told, (&(struct mistake){ pattern_, why_ }))

#define NO_ESCAPE "ECMA-262 has no such escape"

int main(void)
{
	const struct CMUnitTest rows[] = {
		MATCHES("a no-break space is white space", "^\\s$", "\xC2\xA0"),
		MATCHES("so is the byte order mark", "^\\s$", "\xEF\xBB\xBF"),
		MATCHES("and an ideographic space in a class", "^[\\s]$", "\xE3\x80\x80"),
		MATCHES("and a vertical tab", "^\\s$", "\v"),
		DIFFERS("a no-break space is not what is no white space", "^[^\\s]$", "\xC2\xA0"),
		DIFFERS("nor in a class", "^[\\S]$", "\xC2\xA0"),
		DIFFERS("a next line (U+0085) is no white space", "\\s", "\xC2\x85"),
		DIFFERS("a zero width space is none", "\\s", "\xE2\x80\x8B"),
		DIFFERS("an Arabic digit is no digit", "\\d", "\xD9\xA0"),
		MATCHES("it is what is no digit", "^[\\D]$", "\xD9\xA0"),
		DIFFERS("a letter with an accent is no word character", "\\w", "\xC3\xA9"),
		MATCHES("between the two is a border of a word", "a\\b", "a\xC3\xA9"),
		DIFFERS("the end is not before a last line feed", "^a$", "a\n"),
		DIFFERS("nor is the beginning of a line the beginning", "^b", "a\nb"),
		DIFFERS("a point is no line feed", "^.$", "\n"),
		DIFFERS("nor a carriage return", "^.$", "\r"),
		DIFFERS("nor a line separator", "^.$", "\xE2\x80\xA8"),
		MATCHES("it is any other character, in whole", "^.$", "\xF0\x9F\x98\x80"),
		MATCHES("a class that excludes nothing takes all", "^[^]$", "\n"),
		DIFFERS("an empty class takes nothing", "[]", "a"),
		MATCHES("\\v is a vertical tab", "^\\v$", "\v"),
		DIFFERS("and no other vertical space", "\\v", "\n"),
		MATCHES("\\b is a backspace in a class", "^[\\b]$", "\b"),
		MATCHES("\\u{…} and two surrogates are one character", "^\\u{1F600}\\ud83d\\ude00$",
			"\xF0\x9F\x98\x80\xF0\x9F\x98\x80"),
		MATCHES("\\cJ is a line feed", "^\\cJ$", "\n"),
		DIFFERS("letters have their case", "^a$", "A"),
		MATCHES("a bracket in a class is itself", "^[[:alp]$", "["),
		MATCHES("a group that took no part is empty when it is named again", "^(a)?\\1$",
			""),
		MATCHES("a name for a group", "^(?<l>.)\\k<l>$", "bb"),
		MATCHES("scripts are known", "^\\p{Script=Greek}+\\p{gc=Lu}\\p{L}$",
			"\xCE\xA9\xCE\xA9\xCE\xA9\xCE\xA9"),
		MATCHES("no pattern but the empty one matches all", "", "x"),

		REFUSED("a++", "at byte 2: a quantifier follows another one"),
		REFUSED("(?>a)", "at byte 0: there is no such group; inline flags are none either"),
		REFUSED("(?i)a", "at byte 0: there is no such group; inline flags are none either"),
		REFUSED("\\Aa\\z", "at byte 0: " NO_ESCAPE),
		REFUSED("\\h", "at byte 0: " NO_ESCAPE),
		REFUSED("\\R", "at byte 0: " NO_ESCAPE),
		REFUSED("\\Qa\\E", "at byte 0: " NO_ESCAPE),
		REFUSED("\\e", "at byte 0: " NO_ESCAPE),
		REFUSED("\\-", "at byte 0: " NO_ESCAPE),
		REFUSED("\\ud800", "at byte 0: " NO_ESCAPE),
		REFUSED("[a-\\d]", "at byte 3: a range has a character at each end"),
		REFUSED("[z-a]", "at byte 4: the range is out of order"),
		REFUSED("[a", "at byte 2: a class is not closed"),
		REFUSED("(a", "at byte 2: a group is not closed"),
		REFUSED("a)", "at byte 1: a group is closed that was not opened"),
		REFUSED("*a", "at byte 0: nothing stands before the quantifier"),
		REFUSED("^*", "at byte 1: an assertion cannot be repeated"),
		REFUSED("(?=a)+", "at byte 5: an assertion cannot be repeated"),
		REFUSED("a{,2}", "at byte 1: a brace that is meant as itself is written \\{"),
		REFUSED("a}", "at byte 1: a bracket that is meant as itself has a \\ before it"),
		REFUSED("\\p{Xan}",
			"at byte 0: a property is written \\p{Lu} or \\p{Script=Greek}"),
		REFUSED("(?<=a*)b", "lookbehind assertion is not fixed length"),
		REFUSED("(a)\\2", "reference to non-existent subpattern"),

		ROW("four threads match the same patterns", threads_match_alike),
	};
	return rows_run("patterns", rows, COUNT_OF(rows));
}
