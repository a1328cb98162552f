/*
 * Patterns of fields: those of ECMA-262 (ecma.h), matched by PCRE2, compiled once per thread, under
 * limits so that no text can make a pattern run away. The only file that knows PCRE2. No
 * just-in-time compilation: it needs memory that is writable and executable, which a hardened
 * service unit forbids.
 */
#include "pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/say.h"
#include "ecma.h"

enum { MATCH_LIMIT = 10000, DEPTH_LIMIT = 1000, HEAP_LIMIT_KIB = 1024 };

/*
 * What a thread has compiled. Patterns come from field tables only, so there are as many as the
 * tables hold.
 */
struct pattern_cache {
	struct map compiled; /* pattern → pcre2_code; the keys are copies */
	pcre2_match_context *limits;
	pcre2_match_data *scratch;
};

/* Made once and never changed after: the one way to free something when a thread ends. */
static pthread_key_t cache_key;
static pthread_once_t cache_key_once = PTHREAD_ONCE_INIT;

static void cache_drop(void *at)
{
	struct pattern_cache *cache = at;
	size_t next = 0;
	const struct map_slot *slot;
	while ((slot = map_next(&cache->compiled, &next))) {
		pcre2_code_free(slot->value);
		free((void *)(uintptr_t)slot->key);
	}
	map_done(&cache->compiled);
	pcre2_match_data_free(cache->scratch);
	pcre2_match_context_free(cache->limits);
	free(cache);
}

static void cache_key_make(void)
{
	if (pthread_key_create(&cache_key, cache_drop)) {
		say_error(APP_NAME ": no thread key left for the pattern cache\n");
		abort();
	}
}

static struct pattern_cache *cache_of_thread(void)
{
	pthread_once(&cache_key_once, cache_key_make);
	struct pattern_cache *cache = pthread_getspecific(cache_key);
	if (cache)
		return cache;
	cache = mem_new(1, sizeof(*cache));
	map_init(&cache->compiled, NULL);
	cache->limits = pcre2_match_context_create(NULL);
	cache->scratch = pcre2_match_data_create(1, NULL);
	if (!cache->limits || !cache->scratch || pthread_setspecific(cache_key, cache))
		mem_out(sizeof(*cache));
	pcre2_set_match_limit(cache->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(cache->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(cache->limits, HEAP_LIMIT_KIB);
	return cache;
}

/* What PCRE2 has against a pattern that ECMA-262 allows. */
struct compile_fault {
	struct ecma_fault ecma; /* .why NULL: it is PCRE2's */
	int error;
};

static pcre2_code *pattern_compile(const char *pattern, struct compile_fault *ret_fault)
{
	AUTO(buf) text = { 0 };
	PCRE2_SIZE at;
	uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C |
			   PCRE2_MATCH_UNSET_BACKREF;
	if (!ecma_translate(pattern, &text, &ret_fault->ecma))
		return NULL;
	return pcre2_compile((PCRE2_SPTR)buf_text(&text), text.len, options, &ret_fault->error, &at,
			     NULL);
}

const char *pattern_fault(struct arena *arena, const char *pattern)
{
	struct compile_fault fault = { 0 };
	unsigned char why[160];
	pcre2_code *code = pattern_compile(pattern, &fault);
	if (code) {
		pcre2_code_free(code);
		return NULL;
	}
	if (fault.ecma.why)
		return arena_printf(arena, "at byte %zu: %s", fault.ecma.at, fault.ecma.why);
	pcre2_get_error_message(fault.error, why, sizeof(why));
	return arena_printf(arena, "%s", (const char *)why);
}

/*
 * One that does not compile is a mistake in a field table, which does not start:
 * schema_table_fault().
 */
static pcre2_code *pattern_must_compile(const char *pattern)
{
	struct compile_fault fault = { 0 };
	pcre2_code *code = pattern_compile(pattern, &fault);
	if (!code) {
		say_error(APP_NAME ": the pattern '%s' is wrong\n", pattern);
		abort();
	}
	return code;
}

bool pattern_matches(const char *pattern, const char *text, size_t len)
{
	struct pattern_cache *cache = cache_of_thread();
	size_t pattern_len = strlen(pattern);
	if (len > PATTERN_TEXT_MAX)
		return false;
	pcre2_code *code = map_get(&cache->compiled, pattern, pattern_len);
	if (!code) {
		code = pattern_must_compile(pattern);
		map_put(&cache->compiled, mem_strdup(pattern), pattern_len, code);
	}
	/* The text is valid UTF-8 by now. A limit that is reached counts as no match. */
	return pcre2_match(code, (PCRE2_SPTR)text, len, 0, PCRE2_NO_UTF_CHECK, cache->scratch,
			   cache->limits) >= 0;
}
