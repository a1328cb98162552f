/* Signatures of our own: what passes, and everything that must not. */
#include "fixture.h"

static struct scene scene;

static int setup(void **state)
{
	(void)state;
	secure_scene_open(&scene, &cheap);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	secure_scene_close(&scene);
	return 0;
}

struct signed_case {
	const char *purpose, *bytes; /* offered with the signature of "cursor" over "bytes" */
	int flip;                    /* bit of the signature that is turned, from 1; 0: none */
	bool passes;
};

static void signature_is_judged(void **state)
{
	const struct signed_case *k = *state;
	unsigned char signature[SIGNATURE_BYTES];
	security_sign(scene.app.security, "cursor", "bytes", 5, signature);
	if (k->flip)
		signature[(k->flip - 1) / 8] ^= (unsigned char)(1 << (k->flip - 1) % 8);
	assert_int_equal(security_verify(scene.app.security, k->purpose, k->bytes, strlen(k->bytes),
					 signature),
			 k->passes);
}

static void another_secret_is_another_signature(void **state)
{
	(void)state;
	struct security_options other = cheap;
	other.secret = "another secret of at least 32 bytes, for sure";
	struct security *security;
	assert_int_equal(security_new(&scene.c, &other, &security), APP_OK);
	unsigned char signature[SIGNATURE_BYTES];
	security_sign(security, "cursor", "bytes", 5, signature);
	assert_false(security_verify(scene.app.security, "cursor", "bytes", 5, signature));
	security_drop(security);
}

static void nothing_can_be_signed(void **state)
{
	(void)state;
	unsigned char signature[SIGNATURE_BYTES];
	security_sign(scene.app.security, "cursor", "", 0, signature);
	assert_true(security_verify(scene.app.security, "cursor", "", 0, signature));
	assert_false(security_verify(scene.app.security, "cursor", "x", 1, signature));
}

#define CASE(sentence, ...) \
	{ \
		sentence, signature_is_judged, setup, teardown, \
			(&(struct signed_case){ __VA_ARGS__ }) \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("what was signed passes", .purpose = "cursor", .bytes = "bytes",
		     .passes = true),
		CASE("other bytes do not", .purpose = "cursor", .bytes = "bytez"),
		CASE("fewer bytes do not", .purpose = "cursor", .bytes = "byte"),
		CASE("another purpose does not accept it", .purpose = "link", .bytes = "bytes"),
		CASE("a purpose that begins alike does not", .purpose = "cursors",
		     .bytes = "bytes"),
		CASE("the boundary of purpose and bytes cannot be moved", .purpose = "cursorb",
		     .bytes = "ytes"),
		CASE("the first bit counts", .purpose = "cursor", .bytes = "bytes", .flip = 1),
		CASE("the last bit counts", .purpose = "cursor", .bytes = "bytes",
		     .flip = SIGNATURE_BYTES * 8),
		{ "another secret signs otherwise", another_secret_is_another_signature, setup,
		  teardown, NULL },
		{ "nothing at all can be signed", nothing_can_be_signed, setup, teardown, NULL },
	};
	return rows_run("core/security/sign", rows, COUNT_OF(rows));
}
