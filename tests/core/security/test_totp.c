/* Codes of a second factor: which are right when, how they are told, kept and typed. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/str.h"
#include "core/totp.h"
#include "fixture.h"

/* RFC 6238, appendix B */
static const struct totp_secret of_rfc = { "12345678901234567890" };

struct code_case {
	int64_t at_s, step;
	const char *code;
};

static void code_is_judged(void **state)
{
	const struct code_case *k = *state;
	assert_int_equal(totp_step(&of_rfc, k->code, k->at_s), k->step);
}

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

/* ---- another reader ---- */

/* oathtool's code, of a secret that it reads in base32, in each of some steps in a row. */
static void oathtool_agrees(void **state)
{
	(void)state;
	enum { STEPS = 100 };
	if (access("/usr/bin/oathtool", X_OK))
		skip();
	struct totp_secret secret;
	char text[TOTP_SECRET_ROOM], command[200], line[32], code[TOTP_CODE_ROOM];
	totp_draw(&secret);
	totp_text(&secret, text);
	snprintf(command, sizeof(command), "/usr/bin/oathtool --totp -b %s --now '@%d' --window %d",
		 text, NOW, STEPS - 1);
	FILE *told = popen(command, "r");
	assert_non_null(told);
	for (int64_t i = 0; i < STEPS; i++) {
		assert_non_null(fgets(line, sizeof(line), told));
		line[strcspn(line, "\n")] = '\0';
		totp_code(&secret, NOW / TOTP_STEP_S + i, code);
		assert_string_equal(code, line);
	}
	assert_int_equal(pclose(told), 0);
}

/* ---- the secret ---- */

static void uri_is(const char *issuer, const char *account, const char *expected)
{
	assert_string_equal(totp_uri(scene.c.arena, issuer, account, &of_rfc), expected);
}

static void a_uri_names_who_and_where(void **state)
{
	(void)state;
	uri_is("croft", "ada",
	       "otpauth://totp/croft:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=croft");
}

static void a_uri_is_encoded(void **state)
{
	(void)state;
	uri_is("a b&c:d", "\xc3\xa9/?#%=+\"<~._-",
	       "otpauth://totp/a%20b%26c%3Ad:%C3%A9%2F%3F%23%25%3D%2B%22%3C~._-"
	       "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=a%20b%26c%3Ad");
}

static void two_secrets_differ(void **state)
{
	(void)state;
	struct totp_secret a, b;
	totp_draw(&a);
	totp_draw(&b);
	assert_memory_not_equal(&a, &b, sizeof(a));
}

static void a_sealed_secret_opens(void **state)
{
	(void)state;
	char sealed[TOTP_SEALED_ROOM];
	struct totp_secret opened;
	totp_close(scene.app.security, 7, &of_rfc, sealed);
	assert_null(strstr(sealed, "12345"));
	assert_true(totp_open(scene.app.security, 7, sealed, &opened));
	assert_memory_equal(&opened, &of_rfc, sizeof(opened));
}

static void a_seal_is_of_one_account(void **state)
{
	(void)state;
	char sealed[TOTP_SEALED_ROOM];
	struct totp_secret opened;
	totp_close(scene.app.security, 7, &of_rfc, sealed);
	assert_false(totp_open(scene.app.security, 77, sealed, &opened));
}

static void what_was_changed_does_not_open(void **state)
{
	(void)state;
	char sealed[TOTP_SEALED_ROOM];
	struct totp_secret opened;
	totp_close(scene.app.security, 7, &of_rfc, sealed);
	for (size_t i = 0; i < strlen(sealed); i++) {
		const char kept = sealed[i];
		sealed[i] = kept == 'A' ? 'Q' : 'A';
		assert_false(totp_open(scene.app.security, 7, sealed, &opened));
		sealed[i] = kept;
	}
	sealed[40] = '\0';
	assert_false(totp_open(scene.app.security, 7, sealed, &opened));
	assert_false(totp_open(scene.app.security, 7, "", &opened));
}

/* ---- what is typed ---- */

struct typed_case {
	const char *text, *code;
	enum totp_kind kind;
};

static void typed_is_read(void **state)
{
	const struct typed_case *k = *state;
	char code[TOTP_PAPER_LEN + 1];
	assert_int_equal(totp_typed(k->text, code), k->kind);
	assert_string_equal(code, k->code);
}

static void a_code_on_paper_is_read_again(void **state)
{
	(void)state;
	char one[TOTP_PAPER_ROOM], other[TOTP_PAPER_ROOM], code[TOTP_PAPER_LEN + 1];
	totp_draw_paper(one);
	totp_draw_paper(other);
	assert_string_not_equal(one, other);
	assert_int_equal(strlen(one), TOTP_PAPER_ROOM - 1);
	assert_int_equal(totp_typed(one, code), TOTP_PAPER);
	assert_int_equal(strlen(code), TOTP_PAPER_LEN);
}

#define CODE(sentence, ...) \
	ROW_OF("S30 " sentence, code_is_judged, (&(struct code_case){ __VA_ARGS__ }))
#define TYPED(sentence, ...) ROW_OF(sentence, typed_is_read, (&(struct typed_case){ __VA_ARGS__ }))
#define SCENE(sentence, fn) \
	{ \
		sentence, fn, setup, teardown, NULL \
	}

int main(void)
{
	/* the codes of the RFC have eight digits: these are the last six */
	const struct CMUnitTest rows[] = {
		CODE("a code of RFC 6238 at 59 seconds", 59, 1, "287082"),
		CODE("a code of RFC 6238 in 2005", 1111111109, 37037036, "081804"),
		CODE("a code of RFC 6238 a step later", 1111111111, 37037037, "050471"),
		CODE("a code of RFC 6238 in 2009", 1234567890, 41152263, "005924"),
		CODE("a code of RFC 6238 in 2033", 2000000000, 66666666, "279037"),
		CODE("a code of RFC 6238 in 2603", 20000000000, 666666666, "353130"),
		CODE("a code of the step before", 1111111111, 37037036, "081804"),
		CODE("a code of the step after", 1111111109, 37037037, "050471"),
		CODE("a code of two steps ago is none", 1111111109 + 60, 0, "081804"),
		CODE("a code of two steps ahead is none", 1111111111 - 60, 0, "050471"),
		CODE("another code is none", 59, 0, "287083"),
		CODE("five digits are none", 59, 0, "28708"),
		CODE("eight digits are none", 59, 0, "94287082"),
		CODE("no digits are none", 59, 0, ""),
		ROW("oathtool makes the same codes", oathtool_agrees),
		SCENE("a URI names the service, the account and the secret",
		      a_uri_names_who_and_where),
		SCENE("a URI has nothing of either as it is", a_uri_is_encoded),
		ROW("two secrets differ", two_secrets_differ),
		SCENE("a secret is opened with the key that sealed it", a_sealed_secret_opens),
		SCENE("a secret that was sealed for another account does not open",
		      a_seal_is_of_one_account),
		SCENE("a sealed secret that was changed does not open",
		      what_was_changed_does_not_open),
		TYPED("six digits are of a device", "012345", "012345", TOTP_DEVICE),
		TYPED("digits in two groups, too", " 012 345 ", "012345", TOTP_DEVICE),
		TYPED("groups of letters are of paper", "abcd-efgh-2345-zzzz", "ABCDEFGH2345ZZZZ",
		      TOTP_PAPER),
		TYPED("letters without groups, too", "ABCDEFGH2345ZZZZ", "ABCDEFGH2345ZZZZ",
		      TOTP_PAPER),
		TYPED("a letter too few is neither", "ABCDEFGH2345ZZZ", "", TOTP_NEITHER),
		TYPED("a letter too many is neither", "ABCDEFGH2345ZZZZZ", "", TOTP_NEITHER),
		TYPED("what base32 has not is neither", "ABCDEFGH2345ZZZ1", "", TOTP_NEITHER),
		TYPED("a letter among digits is neither", "01234a", "", TOTP_NEITHER),
		TYPED("digits of other scripts are neither", "\xd9\xa0\xd9\xa1\xd9\xa2", "",
		      TOTP_NEITHER),
		TYPED("nothing is neither", "", "", TOTP_NEITHER),
		ROW("a code on paper is read again", a_code_on_paper_is_read_again),
	};
	return rows_run("core/security/totp", rows, COUNT_OF(rows));
}
