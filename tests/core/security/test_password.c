/*
 * Passwords: what is hashed and verified, how often and at which cost. libsodium's functions are
 * counted on their way, so that "exactly one verification" and "costs as much" are facts rather
 * than timings.
 */
#include <dlfcn.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/buf.h"
#include "core/security/matches.h"
#include "fixture.h"

static struct {
	int hashed, verified;
	uint64_t cost; /* of what was verified and hashed since, in KiB times passes */
	size_t most;   /* KiB that one of them took */
	size_t longest;
	bool fails;    /* as when memory is short */
	size_t denied; /* bytes that cannot be had at once, or more; 0: there are no such */
	bool pretends; /* whatever is verified matches, and nothing is computed */
} count;

static void count_len(unsigned long long len)
{
	if (len > count.longest)
		count.longest = (size_t)len;
}

static void count_cost(size_t kib, unsigned long long passes)
{
	count.cost += kib * passes;
	if (kib > count.most)
		count.most = kib;
}

static void count_cost_of(const char *hash)
{
	unsigned long long kib, passes;
	if (sscanf(hash, "$argon2id$v=19$m=%llu,t=%llu,", &kib, &passes) == 2)
		count_cost(kib, passes);
}

void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
	void *(*next)(void *, size_t, int, int, int,
		      off_t) = (void *(*)(void *, size_t, int, int, int, off_t))dlsym(RTLD_NEXT,
										      "mmap");
	return count.denied && len >= count.denied ? MAP_FAILED
						   : next(at, len, protection, flags, fd, offset);
}

int crypto_pwhash_str_alg(char out[crypto_pwhash_STRBYTES], const char *const password,
			  unsigned long long len, unsigned long long passes, size_t memory, int alg)
{
	int (*next)(char *, const char *, unsigned long long, unsigned long long, size_t,
		    int) = (int (*)(char *, const char *, unsigned long long, unsigned long long,
				    size_t, int))dlsym(RTLD_NEXT, "crypto_pwhash_str_alg");
	count.hashed++;
	count_len(len);
	return count.fails ? -1 : next(out, password, len, passes, memory, alg);
}

int crypto_pwhash_str_verify(const char hash[crypto_pwhash_STRBYTES], const char *const password,
			     unsigned long long len)
{
	int (*next)(const char *, const char *, unsigned long long) = (int (*)(
		const char *, const char *, unsigned long long))dlsym(RTLD_NEXT,
								      "crypto_pwhash_str_verify");
	/* an unreadable hash is refused at once, which is no verification */
	count.verified += crypto_pwhash_str_needs_rehash(hash, 1, crypto_pwhash_MEMLIMIT_MIN) >= 0;
	count_len(len);
	count_cost_of(hash);
	return count.pretends ? 0 : next(hash, password, len);
}

int crypto_pwhash(unsigned char *const out, unsigned long long out_len, const char *const password,
		  unsigned long long len, const unsigned char *const salt,
		  unsigned long long passes, size_t memory, int alg)
{
	int (*next)(unsigned char *, unsigned long long, const char *, unsigned long long,
		    const unsigned char *, unsigned long long, size_t,
		    int) = (int (*)(unsigned char *, unsigned long long, const char *,
				    unsigned long long, const unsigned char *, unsigned long long,
				    size_t, int))dlsym(RTLD_NEXT, "crypto_pwhash");
	if (count.pretends)
		return 0;
	int failed = next(out, out_len, password, len, salt, passes, memory, alg);
	count_cost(failed ? 0 : memory / 1024, passes);
	return failed;
}

#define PASSWORD "CANARY-password"

static void a_hash_says_its_cost(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char hash[PASSWORD_HASH_ROOM], again[PASSWORD_HASH_ROOM];
	assert_int_equal(password_hash(&scene.c, PASSWORD, hash), APP_OK);
	assert_int_equal(password_hash(&scene.c, PASSWORD, again), APP_OK);
	assert_memory_equal(hash, "$argon2id$v=19$m=8,t=1,p=1$", 27);
	assert_string_not_equal(hash, again);
	assert_null(strstr(hash, "CANARY"));
	assert_true(strlen(hash) < PASSWORD_HASH_ROOM);
	secure_scene_close(&scene);
}

/* One word, as keyboards of two systems send it. */
#define COMPOSED "p\u00E4ssw\u00F6rd"
#define TYPED "pa\u0308sswo\u0308rd"

struct match_case {
	const char *stored; /* the password that was hashed; NULL: no user */
	const char *given;
	bool expected;
	int verified;
};

static void matches(void **state)
{
	const struct match_case *test = *state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char hash[PASSWORD_HASH_ROOM];
	if (test->stored)
		assert_int_equal(password_hash(&scene.c, test->stored, hash), APP_OK);
	count.verified = 0;
	assert_int_equal(password_matches(&scene.c, test->stored ? hash : NULL, test->given),
			 test->expected);
	assert_int_equal(count.verified, test->verified);
	secure_scene_close(&scene);
}

/* As hashes were made before passwords were composed, and are made elsewhere. */
static void a_hash_of_what_was_typed_still_matches(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char hash[crypto_pwhash_STRBYTES];
	assert_int_equal(crypto_pwhash_str_alg(hash, TYPED, strlen(TYPED), 1, 8192,
					       crypto_pwhash_ALG_ARGON2ID13),
			 0);
	assert_true(password_matches(&scene.c, hash, TYPED));
	assert_false(password_matches(&scene.c, hash, COMPOSED));
	secure_scene_close(&scene);
}

#define TEXT_72 "0123456789012345678901234567890123456789012345678901234567890123456789ab"
#define MATCH(stored, given, expected) (&(struct match_case){ stored, given, expected, 1 })
#define NO_MATCH_TWICE(stored, given) (&(struct match_case){ stored, given, false, 2 })

static const struct CMUnitTest match_rows[] = {
	ROW_OF("the right password", matches, MATCH(PASSWORD, PASSWORD, true)),
	ROW_OF("a wrong password", matches, MATCH(PASSWORD, "wrong", false)),
	ROW_OF("no such user costs one verification", matches, MATCH(NULL, PASSWORD, false)),
	ROW_OF("no such user, no password", matches, MATCH(NULL, "", false)),
	ROW_OF("another case", matches, MATCH(PASSWORD, "canary-PASSWORD", false)),
	ROW_OF("a prefix", matches, MATCH(PASSWORD, "CANARY", false)),
	ROW_OF("an empty password", matches, MATCH(PASSWORD, "", false)),
	ROW_OF("letters of other scripts and blanks", matches,
	       MATCH("pässwörd 密码 ", "pässwörd 密码 ", true)),
	ROW_OF("a blank more", matches, MATCH("pässwörd", "pässwörd ", false)),
	ROW_OF("a password of 144 bytes", matches, MATCH(TEXT_72 TEXT_72, TEXT_72 TEXT_72, true)),
	ROW_OF("S25 equal in 72 bytes, another end", matches,
	       MATCH(TEXT_72 "x", TEXT_72 "y", false)),
	ROW_OF("S25 set with letters and marks apart, given composed", matches,
	       MATCH(TYPED, COMPOSED, true)),
	ROW_OF("S25 set composed, given with letters and marks apart", matches,
	       MATCH(COMPOSED, TYPED, true)),
	ROW_OF("S25 letters and marks apart, and wrong: as it came is tried, too", matches,
	       NO_MATCH_TWICE(COMPOSED, TYPED "!")),
	ROW_OF("the same of no such user costs the same", matches, NO_MATCH_TWICE(NULL, TYPED "!")),
	ROW_OF("S25 a wide letter is another", matches, MATCH("sword", "\uFF53word", false)),
	ROW_OF("S25 a letter without its mark is another", matches,
	       MATCH(COMPOSED, "password", false)),
};

static void an_unreadable_hash_costs_one_verification(void **state)
{
	(void)state;
	const char *hashes[] = { "", "!", "$2b$12$abcdefghijklmnopqrstuv",
				 "$argon2id$v=19$m=8,t=1,p=1$", PASSWORD };
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	for (size_t i = 0; i < COUNT_OF(hashes); i++) {
		count.verified = 0;
		assert_false(password_matches(&scene.c, hashes[i], PASSWORD));
		assert_int_equal(count.verified, 1);
	}
	secure_scene_close(&scene);
}

static void a_hash_beyond_the_bounds_costs_no_more_than_ours(void **state)
{
	(void)state;
	static const char TAIL[] =
		"$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	const char *costs[] = { "m=2097153,t=1,p=1",       "m=8,t=17,p=1",
				"m=4194303,t=4000000,p=1", "m=2097152,t=3,p=1",
				"m=2097152,t=16,p=1",      "m=262145,t=16,p=1" };
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	for (size_t i = 0; i < COUNT_OF(costs); i++) {
		const char *hash = arena_printf(&scene.arena, "$argon2id$v=19$%s%s", costs[i],
						TAIL);
		assert_true(crypto_pwhash_str_needs_rehash(hash, 1, crypto_pwhash_MEMLIMIT_MIN) >=
			    0);
		count.verified = 0;
		count.cost = 0;
		count.pretends = true;
		bool matched = password_matches(&scene.c, hash, PASSWORD);
		count.pretends = false;
		assert_false(matched);
		assert_int_equal(count.verified, 1);
		assert_int_equal(count.cost, 8);
	}
	secure_scene_close(&scene);
}

/*
 * What the settings may be is what a sign-in takes, also once they are lowered; nothing is computed
 * here.
 */
static void the_settings_and_stored_hashes_have_one_bound(void **state)
{
	(void)state;
	static const char *const given[] = { "$argon2id$v=19$m=2097152,t=1,p=1$",
					     "$argon2id$v=19$m=2097152,t=2,p=1$",
					     "$argon2id$v=19$m=262144,t=16,p=1$",
					     "$argon2id$v=19$m=8,t=16,p=1$" };
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	for (size_t i = 0; i < security_option_group.count; i++) {
		const struct option *option = &security_option_group.options[i];
		if (strcmp(option->key, "hash_memory_kib") == 0)
			assert_int_equal(option->max, PASSWORD_KIB_MAX);
		if (strcmp(option->key, "hash_passes") == 0)
			assert_int_equal(option->max, PASSWORD_PASSES_MAX);
	}
	for (size_t i = 0; i < COUNT_OF(given); i++) {
		const char *hash = arena_printf(
			&scene.arena,
			"%sAAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			given[i]);
		count.pretends = true;
		bool matched = password_matches(&scene.c, hash, PASSWORD);
		count.pretends = false;
		assert_true(matched);
	}
	secure_scene_close(&scene);
}

static char *password_of(size_t len)
{
	char *password = malloc(len + 1);
	assert_non_null(password);
	memset(password, 'x', len);
	password[len] = '\0';
	return password;
}

static void a_password_of_1024_bytes_is_the_longest(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char hash[PASSWORD_HASH_ROOM] = "untouched";
	char *longest = password_of(1024), *longer = password_of(1025);
	assert_int_equal(password_hash(&scene.c, longer, hash), APP_INVALID);
	assert_string_equal(ctx_failure_text(&scene.c, APP_INVALID),
			    "A password has at most 1024 bytes");
	assert_string_equal(hash, "untouched");
	scene_next(&scene);
	assert_int_equal(password_hash(&scene.c, longest, hash), APP_OK);
	assert_true(password_matches(&scene.c, hash, longest));
	assert_false(password_matches(&scene.c, hash, longer));
	free(longest);
	free(longer);
	secure_scene_close(&scene);
}

static void a_password_of_1_mib_is_never_hashed(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char hash[PASSWORD_HASH_ROOM];
	assert_int_equal(password_hash(&scene.c, PASSWORD, hash), APP_OK);
	char *huge = password_of(1024 * 1024);
	count.longest = 0;
	count.hashed = count.verified = 0;
	assert_int_equal(password_hash(&scene.c, huge, hash), APP_INVALID);
	assert_int_equal(count.hashed, 0);
	assert_false(password_matches(&scene.c, hash, huge));
	assert_false(password_matches(&scene.c, NULL, huge));
	assert_int_equal(count.verified, 2);
	assert_int_equal(count.longest, 0);
	free(huge);
	secure_scene_close(&scene);
}

static void an_empty_password_does_not_match_by_a_huge_one(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char hash[PASSWORD_HASH_ROOM];
	assert_int_equal(password_hash(&scene.c, "", hash), APP_OK);
	char *huge = password_of(2000);
	assert_false(password_matches(&scene.c, hash, huge));
	free(huge);
	secure_scene_close(&scene);
}

static void another_cost_is_outdated(void **state)
{
	(void)state;
	struct scene old, today;
	struct security_options options = cheap;
	options.hash_passes = 2;
	secure_scene_open(&old, &cheap);
	secure_scene_open(&today, &options);
	char hash[PASSWORD_HASH_ROOM];
	assert_int_equal(password_hash(&old.c, PASSWORD, hash), APP_OK);
	assert_false(password_is_outdated(&old.c, hash));
	assert_true(password_is_outdated(&today.c, hash));
	assert_true(password_is_outdated(&today.c, "$2b$12$abcdefghijklmnopqrstuv"));
	assert_true(password_matches(&today.c, hash, PASSWORD));
	options.hash_passes = 1;
	options.hash_memory_kib = 16;
	secure_scene_close(&today);
	secure_scene_open(&today, &options);
	assert_true(password_is_outdated(&today.c, hash));
	secure_scene_close(&today);
	secure_scene_close(&old);
}

/* ---- of costs that were changed ---- */

struct cost_case {
	int64_t then_kib, then_passes; /* when the account's password was hashed */
	int64_t now_kib, now_passes;
};

static uint64_t cost_of_refusing(struct scene *scene, const char *hash)
{
	count.cost = count.most = 0;
	assert_false(password_matches(&scene->c, hash, "wrong"));
	return count.cost;
}

static void costs_whoever_asks_the_same(void **state)
{
	const struct cost_case *test = *state;
	struct scene then, now;
	struct security_options options = cheap;
	options.hash_memory_kib = test->then_kib;
	options.hash_passes = test->then_passes;
	secure_scene_open(&then, &options);
	char hash[PASSWORD_HASH_ROOM];
	assert_int_equal(password_hash(&then.c, PASSWORD, hash), APP_OK);
	options.hash_memory_kib = test->now_kib;
	options.hash_passes = test->now_passes;
	secure_scene_open(&now, &options);
	uint64_t known = cost_of_refusing(&now, hash);
	assert_true(known >= (uint64_t)(test->now_kib * test->now_passes));
	assert_int_equal(cost_of_refusing(&now, NULL), known);
	assert_int_equal(count.most, test->now_kib);
	assert_int_equal(cost_of_refusing(&now, "$2b$12$abcdefghijklmnopqrstuv"), known);
	assert_int_equal(cost_of_refusing(&now, hash), known);
	secure_scene_close(&now);
	secure_scene_close(&then);
}

#define COST(...) (&(struct cost_case){ __VA_ARGS__ })

static const struct CMUnitTest cost_rows[] = {
	ROW_OF("costs as they were", costs_whoever_asks_the_same, COST(16, 2, 16, 2)),
	ROW_OF("more memory than when it was hashed", costs_whoever_asks_the_same,
	       COST(8, 1, 64, 1)),
	ROW_OF("more passes", costs_whoever_asks_the_same, COST(8, 1, 8, 4)),
	ROW_OF("more of both", costs_whoever_asks_the_same, COST(8, 1, 48, 2)),
	ROW_OF("more memory, as many passes", costs_whoever_asks_the_same, COST(16, 2, 32, 2)),
	ROW_OF("less memory", costs_whoever_asks_the_same, COST(64, 1, 16, 1)),
	ROW_OF("fewer passes", costs_whoever_asks_the_same, COST(8, 4, 8, 1)),
	ROW_OF("more memory and fewer passes of the same cost", costs_whoever_asks_the_same,
	       COST(8, 4, 32, 1)),
};

struct start_case {
	struct security_options options;
	const char *text; /* NULL: starts */
};

static void starts(void **state)
{
	const struct start_case *test = *state;
	struct scene scene;
	scene_open(&scene);
	struct security *security = NULL;
	enum app_err err = security_new(&scene.c, &test->options, &security);
	assert_int_equal(err, test->text ? APP_INVALID : APP_OK);
	if (test->text) {
		assert_string_equal(ctx_failure_text(&scene.c, err), test->text);
		assert_null(security);
	}
	security_drop(security);
	scene_close(&scene);
}

#define START(secret, issuer, memory, passes, text) \
	(&(struct start_case){ { secret, SIGNING_HS256, issuer, memory, passes, 1, 1 }, text })
#define SHORT_SECRET "auth.secret must have at least 32 bytes, best random: `openssl rand -hex 32`"
#define DULL_SECRET \
	"auth.secret repeats fewer than 6 different bytes, so that it can be guessed; best " \
	"random: `openssl rand -hex 32`"
#define BAD_COST "auth.hash_memory_kib or auth.hash_passes is out of range"
#define DEAR_COST \
	"auth.hash_passes is too much: hash_memory_kib times hash_passes is 4194304 (4 GiB) at " \
	"most, which takes some seconds"
#define BAD_ISSUER \
	"auth.issuer must be 1 to 64 letters, digits or punctuation marks, without space, \" and " \
	"\\"
#define TEXT_31 "0123456789012345678901234567890"

static const struct CMUnitTest start_rows[] = {
	ROW_OF("a secret of 32 bytes", starts, START(TEXT_31 "1", "croft", 8, 1, NULL)),
	ROW_OF("an issuer that is a URL", starts,
	       START(SECRET, "https://a.example/?b=c", 8, 1, NULL)),
	ROW_OF("a secret of 31 bytes", starts, START(TEXT_31, "croft", 8, 1, SHORT_SECRET)),
	ROW_OF("a secret of one byte over and over", starts,
	       START("00000000000000000000000000000000", "croft", 8, 1, DULL_SECRET)),
	ROW_OF("a secret of five different bytes", starts,
	       START("abcdeabcdeabcdeabcdeabcdeabcdeabcde", "croft", 8, 1, DULL_SECRET)),
	ROW_OF("a secret of six different bytes", starts,
	       START("abcdefabcdefabcdefabcdefabcdefabcdef", "croft", 8, 1, NULL)),
	ROW_OF("no secret, for those who sign nothing", starts, START("", "croft", 8, 1, NULL)),
	ROW_OF("an empty issuer", starts, START(SECRET, "", 8, 1, BAD_ISSUER)),
	ROW_OF("an issuer with a quote", starts, START(SECRET, "a\"b", 8, 1, BAD_ISSUER)),
	ROW_OF("an issuer with a backslash", starts, START(SECRET, "a\\b", 8, 1, BAD_ISSUER)),
	ROW_OF("an issuer with a blank", starts, START(SECRET, "a b", 8, 1, BAD_ISSUER)),
	ROW_OF("an issuer with other letters", starts, START(SECRET, "ä", 8, 1, BAD_ISSUER)),
	ROW_OF("an issuer of 72 bytes", starts, START(SECRET, TEXT_72, 8, 1, BAD_ISSUER)),
	ROW_OF("too little memory", starts, START(SECRET, "croft", 7, 1, BAD_COST)),
	ROW_OF("more memory than there can be", starts,
	       START(SECRET, "croft", INT64_MAX, 1, BAD_COST)),
	ROW_OF("no passes", starts, START(SECRET, "croft", 8, 0, BAD_COST)),
	ROW_OF("the most memory, and as many passes as a sign-in takes", starts,
	       START(SECRET, "croft", PASSWORD_KIB_MAX, 2, NULL)),
	ROW_OF("the most passes, over as much memory as a sign-in takes", starts,
	       START(SECRET, "croft", 256 * 1024, PASSWORD_PASSES_MAX, NULL)),
	ROW_OF("a pass more over the most memory", starts,
	       START(SECRET, "croft", PASSWORD_KIB_MAX, 3, DEAR_COST)),
	ROW_OF("a KiB more at the most passes", starts,
	       START(SECRET, "croft", 256 * 1024 + 1, PASSWORD_PASSES_MAX, DEAR_COST)),
	ROW_OF("the most memory and the most passes", starts,
	       START(SECRET, "croft", PASSWORD_KIB_MAX, PASSWORD_PASSES_MAX, DEAR_COST)),
	ROW_OF("a KiB more than a sign-in takes", starts,
	       START(SECRET, "croft", PASSWORD_KIB_MAX + 1, 1, BAD_COST)),
	ROW_OF("a pass more than a sign-in takes", starts,
	       START(SECRET, "croft", 8, PASSWORD_PASSES_MAX + 1, BAD_COST)),
};

static void memory_that_cannot_be_had_is_unavailable(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char hash[PASSWORD_HASH_ROOM] = "untouched";
	count.fails = true;
	enum app_err err = password_hash(&scene.c, PASSWORD, hash);
	count.fails = false;
	assert_int_equal(err, APP_UNAVAILABLE);
	assert_string_equal(hash, "untouched");
	assert_string_equal(scene.c.failure.cause,
			    "hashing a password failed: 8 KiB of memory cannot be had");
	secure_scene_close(&scene);
}

/* The right password, a wrong one, and where there is no account; all of 64 MiB. */
static void memory_for_checking_that_cannot_be_had_is_unavailable(void **state)
{
	(void)state;
	struct scene scene;
	struct security_options options = cheap;
	options.hash_memory_kib = 64 * 1024;
	secure_scene_open(&scene, &options);
	char hash[PASSWORD_HASH_ROOM];
	assert_int_equal(password_hash(&scene.c, PASSWORD, hash), APP_OK);
	const char *const tries[][2] = { { hash, PASSWORD }, { hash, "wrong" }, { NULL, "wrong" } };
	for (size_t i = 0; i < COUNT_OF(tries); i++) {
		bool matches = true;
		count.denied = 64 * 1024 * 1024;
		enum app_err err = password_verify(&scene.c, tries[i][0], tries[i][1], &matches);
		count.denied = 0;
		assert_int_equal(err, APP_UNAVAILABLE);
		assert_true(matches);
		scene_next(&scene);
	}
	assert_true(password_matches(&scene.c, hash, PASSWORD));
	secure_scene_close(&scene);
}

static void the_presets_are_fit_to_start(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const struct option_group *const groups[] = { &security_option_group, NULL };
	const char *const sets[] = { "auth.secret=" SECRET, NULL };
	struct buf faults;
	buf_init(&faults, &scene.arena);
	struct config *config = NULL;
	assert_int_equal(config_load(&scene.c, groups, &(struct config_sources){ .sets = sets },
				     &faults, &config),
			 APP_OK);
	const struct security_options *options = config_group(config, &security_option_group);
	assert_string_equal(options->secret, SECRET);
	assert_string_equal(options->issuer, "croft");
	assert_int_equal(options->hash_memory_kib, 19456);
	assert_int_equal(options->hash_passes, 2);
	assert_int_equal(options->hash_running, 2);
	assert_int_equal(options->hash_waiting, 64);
	assert_int_equal(security_new(&scene.c, options, &scene.app.security), APP_OK);
	config_drop(config);
	assert_false(password_matches(&scene.c, NULL, PASSWORD));
	secure_scene_close(&scene);
}

static const struct CMUnitTest rows[] = {
	ROW("a hash says its cost, and its salt is fresh", a_hash_says_its_cost),
	ROW("a hash beyond the bounds costs no more than one of ours",
	    a_hash_beyond_the_bounds_costs_no_more_than_ours),
	ROW("the settings and stored hashes have one bound",
	    the_settings_and_stored_hashes_have_one_bound),
	ROW("an unreadable hash costs one verification", an_unreadable_hash_costs_one_verification),
	ROW("a password of 1,024 bytes is the longest", a_password_of_1024_bytes_is_the_longest),
	ROW("S25 a hash of letters and marks apart still matches them",
	    a_hash_of_what_was_typed_still_matches),
	ROW("S25 a password of 1 MiB is never hashed", a_password_of_1_mib_is_never_hashed),
	ROW("the presets of section auth are fit to start", the_presets_are_fit_to_start),
	ROW("memory that cannot be had is 503, and the cause names no password",
	    memory_that_cannot_be_had_is_unavailable),
	ROW("nor is a password called wrong that could not be checked for want of memory",
	    memory_for_checking_that_cannot_be_had_is_unavailable),
	ROW("an empty password does not match by a huge one",
	    an_empty_password_does_not_match_by_a_huge_one),
	ROW("a hash of another cost still matches and is outdated", another_cost_is_outdated),
};

int main(void)
{
	return rows_run("passwords", rows, COUNT_OF(rows)) +
	       rows_run("matching passwords", match_rows, COUNT_OF(match_rows)) +
	       rows_run("refusing at costs that were changed", cost_rows, COUNT_OF(cost_rows)) +
	       rows_run("start of security", start_rows, COUNT_OF(start_rows));
}
