/* threaded */
/* The ring of keys: which of them signs, which are taken, and how they are kept. */
#include <pthread.h>
#include <stdatomic.h>

#include "core/keyring.h"
#include "forge.h"
#include "testing/frozen_clock.h"

#define OTHER_SECRET "another secret of more than 32 bytes"
#define RETIRED "the token's key is retired"
#define CANNOT_OPEN \
	"the keys that sign access tokens were sealed with another auth.secret, or changed: set " \
	"the secret from before, or run `croft auth rotate-keys --forget`, which draws a new key " \
	"and ends all access tokens"

enum { LIVE_S = 24 * 60 * 60 + 60 };

struct ringed {
	struct scene scene;
	struct frozen_clock clock;
	/* the own one, one that signs from NOW on, and one that does an hour later */
	struct kept_key keys[3];
};

static void at_time(struct ringed *r, int64_t now_s)
{
	r->clock.us = now_s * 1000000;
}

static void ringed_open(struct ringed *r, const struct security_options *options)
{
	secure_scene_open(&r->scene, options);
	frozen_clock_set(&r->clock, "2027-01-15T08:00:00Z");
	assert_int_equal(r->clock.us, NOW * INT64_C(1000000));
	r->scene.c.clock = &r->clock.clock;
	assert_int_equal(keyring_own(&r->scene.c, &r->keys[0]), APP_OK);
	assert_int_equal(keyring_draw(&r->scene.c, NOW, &r->keys[1]), APP_OK);
	assert_int_equal(keyring_draw(&r->scene.c, NOW + 3600, &r->keys[2]), APP_OK);
}

static void ringed_close(struct ringed *r)
{
	secure_scene_close(&r->scene);
}

static void set(struct ringed *r, size_t first, size_t count)
{
	assert_int_equal(keyring_set(&r->scene.c, r->keys + first, count), APP_OK);
}

/* A token that is good for longer than its key is kept. */
static size_t sign(struct ringed *r, char text[TOKEN_ROOM])
{
	struct token token = sample;
	token.expires_at = NOW + 10 * LIVE_S;
	assert_int_equal(token_sign(&r->scene.c, &token, text), APP_OK);
	return strlen(text);
}

static void expect_good(struct ringed *r, const char *text)
{
	struct token token;
	if (token_verify(&r->scene.c, text, strlen(text), &token))
		fail_msg("refused: %s", r->scene.c.failure.cause);
	assert_int_equal(token.user_id, sample.user_id);
}

static void expect_bad(struct ringed *r, const char *text, const char *cause)
{
	expect_refused(&r->scene, text, strlen(text), cause);
}

/* The header says which key it is. */
static bool is_of(const char *text, const struct kept_key *key)
{
	char header[128], expected[FORGED_ROOM];
	snprintf(header, sizeof(header), "{'alg':'HS256','kid':'%s','typ':'JWT'}", key->id);
	size_t len = encode_json(header, expected);
	return !strncmp(text, expected, len) && text[len] == '.';
}

static void the_own_key_signs_first(void **state)
{
	(void)state;
	struct ringed r;
	char text[TOKEN_ROOM], again[TOKEN_ROOM];
	ringed_open(&r, &cheap);
	assert_string_equal(r.keys[0].id, KEY_ID);
	assert_string_equal(r.keys[0].sealed, "");
	sign(&r, text);
	assert_true(is_of(text, &r.keys[0]));
	set(&r, 0, 0);
	sign(&r, again);
	assert_string_equal(again, text);
	set(&r, 0, 1);
	sign(&r, again);
	assert_string_equal(again, text);
	ringed_close(&r);
}

static void each_signs_from_its_time_on(void **state)
{
	(void)state;
	static const struct {
		int64_t now;
		size_t key;
	} times[] = { { NOW - 1, 0 },
		      { NOW, 1 },
		      { NOW + 3599, 1 },
		      { NOW + 3600, 2 },
		      { NOW + LIVE_S, 2 } };
	struct ringed r;
	char text[TOKEN_ROOM];
	ringed_open(&r, &cheap);
	set(&r, 0, 3);
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		at_time(&r, times[i].now);
		sign(&r, text);
		assert_true(is_of(text, &r.keys[times[i].key]));
		expect_good(&r, text);
	}
	ringed_close(&r);
}

/* Others may have it before we do, and sign with it by a clock that is ahead. */
static void a_key_is_taken_before_it_signs(void **state)
{
	(void)state;
	struct ringed r;
	char text[TOKEN_ROOM];
	ringed_open(&r, &cheap);
	set(&r, 0, 3);
	at_time(&r, NOW + 3600);
	sign(&r, text);
	at_time(&r, NOW);
	expect_good(&r, text);
	ringed_close(&r);
}

static void what_a_retired_key_signed_lives_for_a_day(void **state)
{
	(void)state;
	struct ringed r;
	char first[TOKEN_ROOM], second[TOKEN_ROOM];
	ringed_open(&r, &cheap);
	sign(&r, first);
	set(&r, 0, 2);
	sign(&r, second);
	at_time(&r, NOW + LIVE_S - 1);
	expect_good(&r, first);
	at_time(&r, NOW + LIVE_S);
	expect_bad(&r, first, RETIRED);
	expect_good(&r, second);
	set(&r, 0, 3);
	at_time(&r, NOW + 3600 + LIVE_S - 1);
	expect_good(&r, second);
	at_time(&r, NOW + 3600 + LIVE_S);
	expect_bad(&r, second, RETIRED);
	ringed_close(&r);
}

static void a_key_that_is_gone_signs_nothing_good(void **state)
{
	(void)state;
	struct ringed r;
	char first[TOKEN_ROOM], second[TOKEN_ROOM];
	ringed_open(&r, &cheap);
	sign(&r, first);
	set(&r, 0, 2);
	sign(&r, second);
	set(&r, 2, 1);
	expect_bad(&r, first, NOT_HEADER);
	expect_bad(&r, second, NOT_HEADER);
	sign(&r, first);
	assert_true(is_of(first, &r.keys[2]));
	ringed_close(&r);
}

/* A key's id with another key's signature: the header says which one it must be. */
static void another_s_id(void **state)
{
	(void)state;
	struct ringed r;
	char own[TOKEN_ROOM], drawn[TOKEN_ROOM], mixed[2 * TOKEN_ROOM];
	ringed_open(&r, &cheap);
	sign(&r, own);
	set(&r, 0, 2);
	sign(&r, drawn);
	snprintf(mixed, sizeof(mixed), "%.*s%s", (int)(strchr(own, '.') - own), own,
		 strchr(drawn, '.'));
	expect_bad(&r, mixed, NOT_SIGNED);
	snprintf(mixed, sizeof(mixed), "%.*s%s", (int)(strchr(drawn, '.') - drawn), drawn,
		 strchr(own, '.'));
	expect_bad(&r, mixed, NOT_SIGNED);
	ringed_close(&r);
}

/* ---- keys that do not open ---- */

static void expect_none_taken(struct ringed *r, const struct kept_key *keys, size_t count)
{
	char before[TOKEN_ROOM], after[TOKEN_ROOM];
	sign(r, before);
	assert_int_equal(keyring_set(&r->scene.c, keys, count), APP_CONFLICT);
	assert_string_equal(ctx_failure_text(&r->scene.c, APP_CONFLICT), CANNOT_OPEN);
	ctx_recover(&r->scene.c);
	sign(r, after);
	assert_string_equal(before, after);
	expect_good(r, before);
}

static void another_secret_opens_none(void **state)
{
	(void)state;
	struct ringed ours, theirs;
	struct security_options options = cheap;
	options.secret = OTHER_SECRET;
	ringed_open(&ours, &cheap);
	ringed_open(&theirs, &options);
	set(&ours, 0, 2);
	for (size_t i = 0; i < 3; i++)
		expect_none_taken(&ours, theirs.keys + i, 1);
	expect_none_taken(&ours, theirs.keys, 3);
	/* one of three is not ours */
	ours.keys[1] = theirs.keys[1];
	expect_none_taken(&ours, ours.keys, 3);
	ringed_close(&theirs);
	ringed_close(&ours);
}

static void a_key_with_another_s_id(void **state)
{
	(void)state;
	struct ringed r;
	ringed_open(&r, &cheap);
	struct kept_key swapped = r.keys[1];
	memcpy(swapped.id, r.keys[2].id, sizeof(swapped.id));
	expect_none_taken(&r, &swapped, 1);
	swapped = r.keys[0];
	memcpy(swapped.id, r.keys[2].id, sizeof(swapped.id));
	expect_none_taken(&r, &swapped, 1);
	ringed_close(&r);
}

static void sealed_in_another_spelling(void **state)
{
	(void)state;
	struct ringed r;
	ringed_open(&r, &cheap);
	size_t len = strlen(r.keys[1].sealed);
	assert_int_equal(len, KEY_SEALED_ROOM - 1);
	for (size_t i = 0; i < len; i++) {
		struct kept_key changed = r.keys[1];
		changed.sealed[i] = changed.sealed[i] == 'A' ? 'B' : 'A';
		expect_none_taken(&r, &changed, 1);
		changed = r.keys[1];
		changed.sealed[i] = '\0';
		if (i)
			expect_none_taken(&r, &changed, 1);
	}
	ringed_close(&r);
}

static void more_than_the_ring_holds(void **state)
{
	(void)state;
	struct ringed r;
	ringed_open(&r, &cheap);
	struct kept_key four[] = { r.keys[0], r.keys[1], r.keys[2], r.keys[2] };
	expect_none_taken(&r, four, 4);
	ringed_close(&r);
}

static void without_a_secret(void **state)
{
	(void)state;
	struct scene scene;
	struct kept_key key;
	struct security_options options = cheap;
	options.secret = "";
	secure_scene_open(&scene, &options);
	assert_int_equal(keyring_own(&scene.c, &key), APP_UNAVAILABLE);
	ctx_recover(&scene.c);
	assert_int_equal(keyring_draw(&scene.c, NOW, &key), APP_UNAVAILABLE);
	ctx_recover(&scene.c);
	assert_int_equal(keyring_set(&scene.c, NULL, 0), APP_UNAVAILABLE);
	ctx_recover(&scene.c);
	char text[FORGED_ROOM];
	expect_refused(&scene, text, forge(HEADER, CLAIMS, text), NOT_HEADER);
	secure_scene_close(&scene);
}

static void no_two_keys_are_the_same(void **state)
{
	(void)state;
	struct ringed r;
	ringed_open(&r, &cheap);
	assert_string_not_equal(r.keys[1].id, r.keys[2].id);
	assert_string_not_equal(r.keys[1].sealed, r.keys[2].sealed);
	ringed_close(&r);
}

/* ---- threads ---- */

enum { CHANGES = 300 };

struct reader {
	struct security *security;
	const struct clock *clock;
	const char *text;
	atomic_bool *ends;
	atomic_int *reads;
	bool refused;
};

static void *read_again_and_again(void *arg)
{
	struct reader *reader = arg;
	struct scene scene;
	scene_open(&scene);
	scene.app.security = reader->security;
	scene.c.clock = reader->clock;
	while (!atomic_load(reader->ends)) {
		struct token token;
		if (token_verify(&scene.c, reader->text, strlen(reader->text), &token))
			reader->refused = true;
		ctx_recover(&scene.c);
		atomic_fetch_add(reader->reads, 1);
	}
	scene_close(&scene);
	return NULL;
}

static void the_ring_is_changed_while_it_is_read(void **state)
{
	(void)state;
	struct ringed r;
	char text[TOKEN_ROOM];
	pthread_t threads[2];
	atomic_bool ends = false;
	atomic_int reads = 0;
	ringed_open(&r, &cheap);
	set(&r, 0, 2);
	sign(&r, text);
	struct reader reader = { r.scene.app.security, &r.clock.clock, text, &ends, &reads, false };
	struct reader readers[2] = { reader, reader };
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, read_again_and_again, &readers[i]), 0);
	for (size_t i = 0; i < CHANGES || atomic_load(&reads) < CHANGES; i++)
		set(&r, i % 2, 2);
	atomic_store(&ends, true);
	for (size_t i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		assert_false(readers[i].refused);
	}
	ringed_close(&r);
}

static const struct CMUnitTest rows[] = {
	ROW("the key that follows from the secret signs while there is no other",
	    the_own_key_signs_first),
	ROW("each key signs from its time on", each_signs_from_its_time_on),
	ROW("a key is taken before it signs", a_key_is_taken_before_it_signs),
	ROW("what a retired key signed lives for a day", what_a_retired_key_signed_lives_for_a_day),
	ROW("a key that is gone signs nothing good", a_key_that_is_gone_signs_nothing_good),
	ROW("S06 the kid of another key of the ring", another_s_id),
	ROW("keys that were sealed with another secret: none is taken, and the ring stays",
	    another_secret_opens_none),
	ROW("a key beside another's id is not taken", a_key_with_another_s_id),
	ROW("a sealed key that was changed is not taken", sealed_in_another_spelling),
	ROW("more keys than the ring holds: none is taken", more_than_the_ring_holds),
	ROW("without a secret there are no keys", without_a_secret),
	ROW("no two keys are the same", no_two_keys_are_the_same),
	ROW("the ring is changed while it is read", the_ring_is_changed_while_it_is_read),
};

int main(void)
{
	return rows_run("keyring", rows, COUNT_OF(rows));
}
