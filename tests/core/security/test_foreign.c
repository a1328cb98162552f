/*
 * Hashes that other systems made: each of a kind was made by that system itself, of the password
 * PASSWORD. What is computed is counted on its way, so that "as much for everybody" is a fact
 * rather than a timing.
 */
#include <crypt.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/pbkdf2.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "base/attr.h"
#include "core/log.h"
#include "core/security/foreign.h"
#include "core/security/matches.h"
#include "fixture.h"
#include "testing/json.h"

#define PASSWORD "staple of the engine"

static uint64_t worked[FOREIGN_KINDS];
/* As when no memory can be had for a hash; this is how the library tells. */
static bool memory_is_short;

static void count_crypt(const char *setting)
{
	unsigned number;
	if (sscanf(setting, "$2%*c$%u$", &number) == 1)
		worked[FOREIGN_BCRYPT] += (uint64_t)1 << number;
	else if (sscanf(setting, "$5$rounds=%u$", &number) == 1)
		worked[FOREIGN_SHA256_CRYPT] += number;
	else if (sscanf(setting, "$6$rounds=%u$", &number) == 1)
		worked[FOREIGN_SHA512_CRYPT] += number;
	else if (!strncmp(setting, "$6$", 3))
		worked[FOREIGN_SHA512_CRYPT] += 5000;
	for (size_t i = 0; i < FOREIGN_YESCRYPT_SIZES && !strncmp(setting, "$y$", 3); i++)
		if (!strncmp(setting + 3, foreign_yescrypt[i], 3))
			worked[FOREIGN_YESCRYPT] += (uint64_t)1 << i;
}

/*
 * By its like: the linker would leave a library away that nobody but this calls, and sanitizers
 * have a crypt_r() of their own.
 */
char *crypt_rn(const char *phrase, const char *setting, void *data, int size)
{
	assert_int_equal(size, sizeof(struct crypt_data));
	count_crypt(setting);
	if (memory_is_short) {
		errno = EINVAL;
		return NULL;
	}
	return crypt_ra(phrase, setting, &data, &size);
}

typedef void pbkdf2_fn(size_t, const uint8_t *, unsigned, size_t, const uint8_t *, size_t,
		       uint8_t *);

#define COUNTED(name, text, kind) \
	void name(size_t key_len, const uint8_t *key, unsigned iterations, size_t salt_len, \
		  const uint8_t *salt, size_t len, uint8_t *ret) \
	{ \
		worked[kind] += iterations; \
		((pbkdf2_fn *)dlsym(RTLD_NEXT, text))(key_len, key, iterations, salt_len, salt, \
						      len, ret); \
	}

COUNTED(pbkdf2_hmac_sha1, "nettle_pbkdf2_hmac_sha1", FOREIGN_PBKDF2_SHA1)
COUNTED(pbkdf2_hmac_sha256, "nettle_pbkdf2_hmac_sha256", FOREIGN_PBKDF2_SHA256)
COUNTED(pbkdf2_hmac_sha512, "nettle_pbkdf2_hmac_sha512", FOREIGN_PBKDF2_SHA512)

int crypto_pwhash_scryptsalsa208sha256_ll(const uint8_t *password, size_t len, const uint8_t *salt,
					  size_t salt_len, uint64_t n, uint32_t r, uint32_t p,
					  uint8_t *ret, size_t ret_len)
{
	typedef int scrypt_fn(const uint8_t *, size_t, const uint8_t *, size_t, uint64_t, uint32_t,
			      uint32_t, uint8_t *, size_t);
	scrypt_fn *next = (scrypt_fn *)dlsym(RTLD_NEXT, "crypto_pwhash_scryptsalsa208sha256_ll");
	worked[FOREIGN_SCRYPT] += n * r * p;
	return memory_is_short ? -1 : next(password, len, salt, salt_len, n, r, p, ret, ret_len);
}

/* ---- what matches ---- */

struct hash_case {
	const char *hash;
	const char *password; /* NULL: PASSWORD */
	bool fails;
};

static void matches(void **state)
{
	const struct hash_case *of = *state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	const char *password = of->password ? of->password : PASSWORD;
	assert_int_equal(password_matches(&scene.c, of->hash, password), !of->fails);
	assert_false(password_matches(&scene.c, of->hash, "staple of the engines"));
	assert_false(password_matches(&scene.c, of->hash, ""));
	assert_true(password_is_outdated(&scene.c, of->hash));
	assert_null(password_hash_fault(of->hash));
	secure_scene_close(&scene);
}

#define TEXT_72 "0123456789012345678901234567890123456789012345678901234567890123456789ab"
#define OF_72 "$2b$04$fMRPVUA1quMc7zI1HEBFHOoluYef0k0VDM.n4VCSvEmOYKH95YRGa"
#define DIGESTED_72 "bcrypt_sha256$$2b$04$NrkD0GAa.0W0vgYsxnpv2.BzOCymmTxEGht498wp/fEnzSLkMqLAa"
#define BCRYPT "$2b$04$GDNQTqsO7LDMvNAuPt85b.Py/yEDUf7CEXW/ylxXn10fmd7WogrH6"
#define DJANGO \
	"pbkdf2_sha256$1200$OCGqvFfJWYLzpPSDe52fU3$xaiojIhsZYHY3ssnuv3Uu7Jsz93oA2EphZkioE7BWo4="
#define DJANGO_SHA1 "pbkdf2_sha1$1200$bpXvtZX9mFEa8c94lWpXWp$d+ZrguhVuyfa7/rya4EQ2mCbUU0="
#define PASSLIB_512 \
	"$pbkdf2-sha512$1000$27u3trZWaq3Veq81prRWKg$gBoJDctor3AGi6gCTes.IxqHpcyW3Oau2n4MznidMWKxo" \
	"21ns5YoDjK964SthchRTqkjNdds9MYEd9HEygNE8Q"
#define WERKZEUG \
	"pbkdf2:sha256:1000$q4Zr1mVbK0tXw7Ys$" \
	"3f2d865cdc0c3b8942473a5810717c426c4af034c579746706ae254377c6121b"
#define DIGEST_128 \
	"dbea5a254ba4fe239720e5520a42a93dfb97f67f2d777c5fa487488e3d6db043" \
	"2b21d048a97ab806d208cc5698f7336ccdb620feb8441c0f20e13c357b9401e4"
#define SCRYPT "scrypt:16:8:1$q4Zr1mVbK0tXw7Ys$" DIGEST_128
#define SHA512_CRYPT \
	"$6$rounds=1000$8Pgs2m0BWCIQ8KRq$teeHC9X7Ko0VZ1aDnO27RQl0u.eKbpMeu0NpMLbrlXqTQs61UYiOgNeH" \
	"P4Ma7tggnRh1gmJKUx8v4sQNYOWmt0"
#define SHA256_CRYPT "$5$rounds=1000$yRr3uSGQY/.MMaO5$9jhaGtut1.Gm/Vcq3guIdxHd3IzI6NJPqsRoqMV7iY0"
#define YESCRYPT "$y$j75$abcdefgh1234$PA9Og2Co/veOAh808p1r.6lnuFrFOMBOEIR7M9m8Lz2"
#define MATCH(sentence, stored, ...) \
	ROW_OF(sentence, matches, (&(struct hash_case){ .hash = (stored), __VA_ARGS__ }))

static const struct CMUnitTest match_rows[] = {
	MATCH("bcrypt of Python, $2b$", BCRYPT),
	MATCH("bcrypt, $2a$", "$2a$04$wOMr.RnCg1BlvbwnqOeTUObTEKXNlf1eb/QAf3ykcZqSopDyrM8IG"),
	MATCH("bcrypt of PHP, $2y$, letters of other scripts",
	      "$2y$04$AURCLP2ocoJJPsJR5N/5SenCtwNiLXZDtCD1tWqOuiN7u5GILAmTu",
	      .password = "pässwörd"),
	MATCH("bcrypt sees 72 bytes: another end matches", OF_72, .password = TEXT_72 "y and more"),
	MATCH("bcrypt sees 72 bytes: another beginning does not", OF_72, .password = "x" TEXT_72,
	      .fails = true),
	MATCH("bcrypt sees 72 bytes of 600", OF_72,
	      .password = TEXT_72 TEXT_72 TEXT_72 TEXT_72 TEXT_72 TEXT_72 TEXT_72 TEXT_72),
	MATCH("bcrypt of Django",
	      "bcrypt$$2b$04$Pu/dsTIosyxiU0a6kQH7geRWYRFFlPomyC1QsrUDem0Cu/5fbDo5e"),
	MATCH("bcrypt_sha256 of Django",
	      "bcrypt_sha256$$2b$04$15INhv4IXgLVmZM4M8mXieHVsuOmvw2aK.z6aFtyQoC2pgZ45m2/i"),
	MATCH("bcrypt_sha256 sees all of a long password", DIGESTED_72, .password = TEXT_72 "x"),
	MATCH("bcrypt_sha256: another end does not match", DIGESTED_72, .password = TEXT_72 "y",
	      .fails = true),
	MATCH("PBKDF2 of Django", DJANGO),
	MATCH("PBKDF2 of Django, letters of other scripts",
	      "pbkdf2_sha256$1200$MNv7u3bhiraMOxug4HoNhK$"
	      "E7CTRlvHPE6ho1obwAJllLgoMTjQMfE7RqEWw1eQznk=",
	      .password = "pässwörd 密码"),
	MATCH("PBKDF2 of Django with SHA-1", DJANGO_SHA1),
	MATCH("PBKDF2 of passlib", "$pbkdf2-sha256$1000$ByBkzNkbw7i3tlaqdS7lPA$"
				   "UiTr35ISNDpzGbIWMkIDgtL0KIa6JpdURRsFr7cfq1Q"),
	MATCH("PBKDF2 of passlib with SHA-512", PASSLIB_512),
	MATCH("PBKDF2 of passlib with SHA-1",
	      "$pbkdf2$1000$4NxbS8n5fy8FIESo9f5/7w$zEwQhF3e2j2zGT5.r3Y6QZdCFn8"),
	MATCH("PBKDF2 of werkzeug", WERKZEUG),
	MATCH("PBKDF2 of werkzeug with SHA-1",
	      "pbkdf2:sha1:1000$mVbK0tXw$3f26e8a0e13d7006fbb2e9aef5565bb18d82b249"),
	MATCH("PBKDF2 of werkzeug with SHA-512",
	      "pbkdf2:sha512:1000$8LwTzP2sNd5Rk0Qf$"
	      "ef4d7ec8319f5cace815eee48855d605a8d1b903735d89f4918587631800e1fc"
	      "930a65b2a861ad1bf8cd9a6160a2b74e29487d581ed20f6b744391d583b36ac5"),
	MATCH("scrypt of werkzeug", SCRYPT),
	MATCH("scrypt of werkzeug at its own cost",
	      "scrypt:32768:8:1$Hn3vYc6JtE9xLb2G$"
	      "5cf82d56430ee48fbec49466a3c4934f93f72bf9f74c2631f86dded42557eff0"
	      "f67d1cad8da197faef9563fd2e89ade1f629540872ff0bfa7184a251313ef9db"),
	MATCH("scrypt of other blocks, three times",
	      "scrypt:64:1:3$a$86d2b277c9797041df8c31dc4310836cc5d7ab51602b5265914bebf800d58af3"
	      "45927f9e3068a1970fd91abdbaf5094b74a09917e8fdd68c971157f3b09c341a"),
	MATCH("scrypt of werkzeug, letters of other scripts",
	      "scrypt:16:8:1$q4Zr1mVbK0tXw7Ys$"
	      "fe300bd565c0fd8b48da5c2ecd45eb95b119bd7db6e8256b6cc9ed0cc9fac333"
	      "4b9ee80569f15d268895e5e8988f78eebf6e22786446eb576ee1519015de38da",
	      .password = "pässwörd 密码"),
	MATCH("sha512-crypt with rounds", SHA512_CRYPT),
	MATCH("sha512-crypt without rounds",
	      "$6$yFlIDePi2zWQeQ52$LZe/Uy0TkeLfXnYZrRVf0.NUMVOgCiPxXPPtUb00NPFj9nFROJQ7KOD1"
	      "HKAIEmqXmhEb6ij9ToNk1e9lJmDKW0"),
	MATCH("sha256-crypt", SHA256_CRYPT),
	MATCH("yescrypt", YESCRYPT),
	MATCH("argon2id of Django, four lanes",
	      "argon2$argon2id$v=19$m=1024,t=1,p=4$WERERXBYRE9LWHRBV0ZweWhvd1dEdw$"
	      "aX6lEmNAzc6N7MP7iagM0g"),
	MATCH("argon2id of passlib", "$argon2id$v=19$m=1024,t=1,p=1$Uurd21urFaK0Vuq9FwJAqA$"
				     "5cBjYZnXYggFKbX6vVwzrA"),
	MATCH("argon2i", "$argon2i$v=19$m=1024,t=1,p=1$OufcOwfgvHeudY4RIiRkDA$"
			 "El7UPPRFVsHBEbMCwqx1gg"),
};

/* ---- what cannot be checked ---- */

struct fault_case {
	const char *hash, *fault;
};

static void is_refused(void **state)
{
	const struct fault_case *of = *state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	memset(worked, 0, sizeof(worked));
	assert_string_equal(password_hash_fault(of->hash), of->fault);
	assert_false(password_matches(&scene.c, of->hash, PASSWORD));
	assert_false(password_matches(&scene.c, of->hash, ""));
	for (int kind = 0; kind < FOREIGN_KINDS; kind++)
		assert_int_equal(worked[kind], 0);
	secure_scene_close(&scene);
}

#define UNKNOWN_TEXT \
	"it is no hash that can be checked: argon2, bcrypt, PBKDF2, scrypt, sha512-crypt, " \
	"sha256-crypt and yescrypt can"
#define BROKEN_TEXT "it begins as a hash that can be checked, and goes on otherwise"
#define DEAR_TEXT "checking it takes longer than a sign-in may"
#define UNKNOWN(sentence, hash) \
	ROW_OF(sentence, is_refused, (&(struct fault_case){ hash, UNKNOWN_TEXT }))
#define BROKEN(sentence, hash) \
	ROW_OF(sentence, is_refused, (&(struct fault_case){ hash, BROKEN_TEXT }))
#define DEAR(sentence, hash) ROW_OF(sentence, is_refused, (&(struct fault_case){ hash, DEAR_TEXT }))
#define SALT_22 "GDNQTqsO7LDMvNAuPt85b."
#define DIGEST_31 "Py/yEDUf7CEXW/ylxXn10fmd7WogrH6"
#define DIGEST_42 "9jhaGtut1.Gm/Vcq3guIdxHd3IzI6NJPqsRoqMV7iY"
#define DIGEST_43 DIGEST_42 "0"
#define DIGEST_86 DIGEST_43 DIGEST_43
#define DIGEST_44 "xaiojIhsZYHY3ssnuv3Uu7Jsz93oA2EphZkioE7BWo4="
#define DIGEST_62 "3f2d865cdc0c3b8942473a5810717c426c4af034c579746706ae254377c612"
#define DIGEST_64 DIGEST_62 "1b"
#define TEXT_129 TEXT_72 "012345678901234567890123456789012345678901234567890123456"

static const struct CMUnitTest fault_rows[] = {
	UNKNOWN("nothing", ""),
	UNKNOWN("a password", PASSWORD),
	UNKNOWN("md5-crypt, which is broken", "$1$abcdefgh$9iFVQ8YvLmJfBz.B0gVrs0"),
	UNKNOWN("SHA-1 of Django, which is broken",
		"sha1$abc$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8"),
	UNKNOWN("an unusable password of Django", "!1234567890"),
	UNKNOWN("argon2 that is cut off", "$argon2id$v=19$m=8,t=1,p=1$"),
	BROKEN("bcrypt that is cut off", "$2b$04$" SALT_22),
	BROKEN("bcrypt with a letter more", BCRYPT "a"),
	BROKEN("bcrypt with a letter that none has", "$2b$04$" SALT_22 "!" DIGEST_31),
	BROKEN("bcrypt of a variant that is none", "$2c$04$" SALT_22 DIGEST_31),
	BROKEN("bcrypt without a variant", "$2$04$" SALT_22 DIGEST_31),
	BROKEN("bcrypt at a cost of 3", "$2b$03$" SALT_22 DIGEST_31),
	DEAR("bcrypt at a cost of 17", "$2b$17$" SALT_22 DIGEST_31),
	DEAR("bcrypt at a cost of 31", "$2b$31$" SALT_22 DIGEST_31),
	BROKEN("bcrypt at a cost of 32", "$2b$32$" SALT_22 DIGEST_31),
	BROKEN("bcrypt of Django that is cut off", "bcrypt$"),
	DEAR("PBKDF2 of 2^31 iterations", "pbkdf2_sha256$2147483648$salt$" DIGEST_44),
	DEAR("PBKDF2 of 2^32 + 1 iterations", "pbkdf2_sha256$4294967297$salt$" DIGEST_44),
	DEAR("PBKDF2 of more iterations than a number holds",
	     "pbkdf2_sha256$99999999999999999999$salt$" DIGEST_44),
	DEAR("PBKDF2 of an iteration too many", "pbkdf2_sha256$10000001$salt$" DIGEST_44),
	BROKEN("PBKDF2 of no iterations", "pbkdf2_sha256$0$salt$" DIGEST_44),
	BROKEN("PBKDF2 of -1 iterations", "pbkdf2_sha256$-1$salt$" DIGEST_44),
	BROKEN("PBKDF2 without a salt", "pbkdf2_sha256$1000$$" DIGEST_44),
	BROKEN("PBKDF2 with a salt of 129 bytes", "pbkdf2_sha256$1000$" TEXT_129 "$" DIGEST_44),
	BROKEN("PBKDF2 with a digest of another length",
	       "pbkdf2_sha256$1000$salt$d+ZrguhVuyfa7/rya4EQ2mCbUU0="),
	BROKEN("PBKDF2 with a digest that is no base64", "pbkdf2_sha256$1000$salt$" DIGEST_43 "="),
	BROKEN("PBKDF2 with a digest of other bytes",
	       "pbkdf2_sha256$1000$salt$xaiojIhsZYHY3ssnuv3Uu7Jsz93oA2EphZkioE7BW\xF2"
	       "4="),
	BROKEN("PBKDF2 without a digest", "pbkdf2_sha256$1000$salt"),
	BROKEN("PBKDF2 of passlib without a digest", "$pbkdf2-sha256$1000$c2FsdA"),
	DEAR("PBKDF2 of passlib, 2^31 rounds", "$pbkdf2-sha256$2147483648$ByBkzNkbw7i3tlaqdS7lPA$"
					       "UiTr35ISNDpzGbIWMkIDgtL0KIa6JpdURRsFr7cfq1Q"),
	UNKNOWN("PBKDF2 of werkzeug without iterations", "pbkdf2:sha256$salt$" DIGEST_64),
	BROKEN("PBKDF2 of werkzeug with a number that goes on",
	       "pbkdf2:sha256:1000:1$salt$" DIGEST_64),
	BROKEN("PBKDF2 of werkzeug without a salt", "pbkdf2:sha256:1000$$" DIGEST_64),
	BROKEN("PBKDF2 of werkzeug that is cut off", "pbkdf2:sha256:1000$salt$" DIGEST_62),
	BROKEN("PBKDF2 of werkzeug with a digest too long",
	       "pbkdf2:sha256:1000$salt$" DIGEST_64 "00"),
	BROKEN("PBKDF2 of werkzeug with a digest in capitals",
	       "pbkdf2:sha256:1000$salt$" DIGEST_62 "AB"),
	BROKEN("PBKDF2 of werkzeug with half a byte", "pbkdf2:sha256:1000$salt$" DIGEST_62 "a"),
	DEAR("PBKDF2 of werkzeug of an iteration too many",
	     "pbkdf2:sha256:10000001$salt$" DIGEST_64),
	UNKNOWN("PBKDF2 of werkzeug with another SHA", "pbkdf2:sha2567:1000$salt$" DIGEST_64),
	UNKNOWN("PBKDF2 of werkzeug with MD5", "pbkdf2:md5:1000$salt$" DIGEST_64),
	UNKNOWN("werkzeug's salted SHA-256, which is broken", "sha256$salt$" DIGEST_64),
	UNKNOWN("scrypt without its cost", "scrypt$salt$" DIGEST_128),
	BROKEN("scrypt with two numbers", "scrypt:16:8$salt$" DIGEST_128),
	BROKEN("scrypt with four numbers", "scrypt:16:8:1:1$salt$" DIGEST_128),
	BROKEN("scrypt at a cost that is no power of two", "scrypt:24:8:1$salt$" DIGEST_128),
	BROKEN("scrypt at a cost of one", "scrypt:1:8:1$salt$" DIGEST_128),
	BROKEN("scrypt at a cost of nothing", "scrypt:0:8:1$salt$" DIGEST_128),
	BROKEN("scrypt of no blocks", "scrypt:16:0:1$salt$" DIGEST_128),
	BROKEN("scrypt of no times", "scrypt:16:8:0$salt$" DIGEST_128),
	BROKEN("scrypt of more than its blocks allow", "scrypt:65536:1:1$salt$" DIGEST_128),
	BROKEN("scrypt without a salt", "scrypt:16:8:1$$" DIGEST_128),
	BROKEN("scrypt with a salt of 129 bytes", "scrypt:16:8:1$" TEXT_129 "$" DIGEST_128),
	BROKEN("scrypt that is cut off", "scrypt:16:8:1$salt$" DIGEST_64),
	DEAR("scrypt of 512 MiB", "scrypt:524288:8:1$salt$" DIGEST_128),
	DEAR("scrypt of 256 MiB, twice", "scrypt:262144:8:2$salt$" DIGEST_128),
	DEAR("scrypt of too many blocks", "scrypt:2:1025:1$salt$" DIGEST_128),
	DEAR("scrypt of too many times", "scrypt:2:1:1025$salt$" DIGEST_128),
	DEAR("scrypt of more blocks than a number holds",
	     "scrypt:16:99999999999999999999:99999999999999999999$salt$" DIGEST_128),
	BROKEN("sha512-crypt of 999 rounds", "$6$rounds=999$abc$" DIGEST_86),
	DEAR("sha512-crypt of 999,999,999 rounds", "$6$rounds=999999999$abc$" DIGEST_86),
	BROKEN("sha512-crypt without a digest", "$6$rounds=1000$abc"),
	BROKEN("sha512-crypt with a salt too long", "$6$0123456789abcdefg$" DIGEST_86),
	BROKEN("sha256-crypt with a digest of sha512-crypt", "$5$abc$" DIGEST_86),
	DEAR("yescrypt of 512 MiB", "$y$jET$abcdefgh1234$" DIGEST_43),
	BROKEN("yescrypt with parameters of its own", "$y$jzzz$abcdefgh1234$" DIGEST_43),
	BROKEN("yescrypt without a salt", "$y$j75$$" DIGEST_43),
	BROKEN("yescrypt with a salt of a letter", "$y$j75$a$" DIGEST_43),
	BROKEN("yescrypt with a salt of four letters and one", "$y$j75$abcd.$" DIGEST_43),
	BROKEN("yescrypt with a salt of two letters and bits left over", "$y$j75$a2$" DIGEST_43),
	BROKEN("yescrypt with a salt of three letters and bits left over", "$y$j75$abE$" DIGEST_43),
	BROKEN("yescrypt with a salt of 87 letters",
	       "$y$j75$" TEXT_72 "012345678901234$" DIGEST_43),
	BROKEN("yescrypt with a digest and bits left over", "$y$j75$abcd$" DIGEST_42 "E"),
	BROKEN("sha256-crypt with a digest and bits left over", "$5$abc$" DIGEST_42 "E"),
	BROKEN("sha512-crypt with a digest and bits left over", "$6$abc$" DIGEST_43 DIGEST_42 "2"),
	BROKEN("bcrypt with a salt and bits left over", "$2b$04$GDNQTqsO7LDMvNAuPt85b/" DIGEST_31),
	BROKEN("bcrypt with a digest and bits left over",
	       "$2b$04$" SALT_22 "Py/yEDUf7CEXW/ylxXn10fmd7WogrH7"),
};

/* ---- what is read is what crypt(3) computes ---- */

static void check_against_crypt(const char *setting, const char *digest)
{
	char hash[256];
	struct crypt_data data = { 0 };
	struct foreign_hash unused;
	const char *made = crypt_rn(PASSWORD, setting, &data, sizeof(data));
	bool is_kept = made && !strncmp(made, setting, strlen(setting));
	snprintf(hash, sizeof(hash), "%s%s", setting, digest);
	assert_int_equal(foreign_read(hash, &unused), is_kept ? HASH_READ : HASH_BROKEN);
}

/* Of each length of a salt those that end with so many bits set. */
static void yescrypt_is_read_if_it_is_computed(void **state)
{
	static const int lengths[] = { 1, 2, 3, 4, 5, 6, 7, 8, 84, 85, 86, 87 };
	(void)state;
	char setting[192];
	for (size_t i = 0; i < COUNT_OF(lengths); i++)
		for (const char *end = "./012DEz"; *end; end++) {
			snprintf(setting, sizeof(setting), "$y$j75$%.*s%c$", lengths[i] - 1,
				 TEXT_129, *end);
			check_against_crypt(setting, DIGEST_43);
		}
}

static void bcrypt_is_read_if_it_is_computed(void **state)
{
	(void)state;
	char setting[64];
	for (const char *end = "./Oeuf09z"; *end; end++) {
		snprintf(setting, sizeof(setting), "$2b$04$%.21s%c", SALT_22, *end);
		check_against_crypt(setting, DIGEST_31);
	}
}

static const struct CMUnitTest computed_rows[] = {
	ROW("yescrypt is read if its salt can be computed", yescrypt_is_read_if_it_is_computed),
	ROW("bcrypt is read if its salt comes back", bcrypt_is_read_if_it_is_computed),
};

/* ---- what the log says ---- */

struct log_case {
	const char *hash;
	int warnings;
};

static void warns(void **state)
{
	const struct log_case *of = *state;
	struct scene scene;
	char text[1024] = "";
	secure_scene_open(&scene, &cheap);
	int fd = open(scene_path(&scene, "log"), O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0);
	scene.app.log = log_new(&(struct log_options){ .level = LOG_LEVEL_INFO, .format = 1 }, fd);
	assert_non_null(scene.app.log);
	assert_false(password_matches(&scene.c, of->hash, "wrong"));
	log_drop(scene.app.log);
	scene.app.log = NULL;
	assert_true(pread(fd, text, sizeof(text) - 1, 0) >= 0);
	close(fd);
	assert_int_equal(json_count(text, "{"), of->warnings);
	assert_int_equal(json_count(text, "'level':'warn','event':'a stored password hash costs too"
					  " much to check and is refused'}"),
			 of->warnings);
	secure_scene_close(&scene);
}

#define WARNS(sentence, count, hash) ROW_OF(sentence, warns, (&(struct log_case){ hash, count }))

static const struct CMUnitTest log_rows[] = {
	WARNS("a hash that is too dear brings one line", 1,
	      "pbkdf2_sha256$2147483648$salt$" DIGEST_44),
	WARNS("argon2 that is too dear, too", 1,
	      "argon2$argon2id$v=19$m=1024,t=17,p=4$WERERXBYRE9LWHRBV0ZweWhvd1dEdw$"
	      "aX6lEmNAzc6N7MP7iagM0g"),
	WARNS("a wrong password brings none", 0, BCRYPT),
	WARNS("no hash brings none", 0, NULL),
};

/* ---- the time tells nothing ---- */

struct work_case {
	const char *first, *second; /* two accounts */
	enum foreign_kind kind;
	uint64_t work; /* of each sign-in, once both were tried */
};

static uint64_t work_of(struct scene *scene, const char *hash, enum foreign_kind kind)
{
	memset(worked, 0, sizeof(worked));
	assert_false(password_matches(&scene->c, hash, "wrong"));
	return worked[kind];
}

static void works_for_everybody(void **state)
{
	const struct work_case *of = *state;
	struct scene scene;
	char ours[PASSWORD_HASH_ROOM];
	secure_scene_open(&scene, &cheap);
	assert_int_equal(password_hash(&scene.c, PASSWORD, ours), APP_OK);
	assert_int_equal(work_of(&scene, NULL, of->kind), 0);
	assert_int_equal(work_of(&scene, ours, of->kind), 0);
	work_of(&scene, of->second, of->kind);
	const char *const who[] = { of->first, of->second, ours, NULL, "no hash", OF_72, DJANGO };
	work_of(&scene, of->first, of->kind);
	for (size_t i = 0; i < COUNT_OF(who); i++)
		assert_int_equal(work_of(&scene, who[i], of->kind), of->work);
	secure_scene_close(&scene);
}

#define WORK(sentence, ...) \
	ROW_OF(sentence, works_for_everybody, (&(struct work_case){ __VA_ARGS__ }))

static const struct CMUnitTest work_rows[] = {
	WORK("bcrypt", BCRYPT, BCRYPT, FOREIGN_BCRYPT, 16),
	WORK("bcrypt at two costs", BCRYPT, "$2b$07$" SALT_22 DIGEST_31, FOREIGN_BCRYPT, 128),
	WORK("sha512-crypt at two costs", SHA512_CRYPT, "$6$rounds=2500$abc$" DIGEST_86,
	     FOREIGN_SHA512_CRYPT, 2500),
	WORK("sha256-crypt", SHA256_CRYPT, SHA256_CRYPT, FOREIGN_SHA256_CRYPT, 1000),
	WORK("yescrypt at two costs", YESCRYPT, "$y$j7T$abcdefgh1234$" DIGEST_43, FOREIGN_YESCRYPT,
	     4),
	WORK("PBKDF2 at two costs", DJANGO, "pbkdf2_sha256$2001$salt$" DIGEST_44,
	     FOREIGN_PBKDF2_SHA256, 2001),
	WORK("scrypt at two costs", SCRYPT, "scrypt:64:8:3$salt$" DIGEST_128, FOREIGN_SCRYPT, 1536),
	WORK("scrypt of the same work in other blocks", SCRYPT, "scrypt:128:1:1$salt$" DIGEST_128,
	     FOREIGN_SCRYPT, 128),
	WORK("PBKDF2 of two systems", DJANGO, WERKZEUG, FOREIGN_PBKDF2_SHA256, 1200),
	WORK("PBKDF2 with SHA-1", DJANGO_SHA1, DJANGO_SHA1, FOREIGN_PBKDF2_SHA1, 1200),
	WORK("PBKDF2 with SHA-512", PASSLIB_512, PASSLIB_512, FOREIGN_PBKDF2_SHA512, 1000),
};

/* ---- memory ---- */

static void expect_short(struct scene *scene, const char *hash, const char *password)
{
	bool matches = true;
	memory_is_short = true;
	enum app_err err = password_verify(&scene->c, hash, password, &matches);
	memory_is_short = false;
	assert_int_equal(err, APP_UNAVAILABLE);
	assert_true(matches);
	assert_string_equal(scene->c.failure.cause,
			    "checking a password failed: the memory that the dearest stored hashes "
			    "take cannot be had");
	scene_next(scene);
}

/* The right password, a wrong one, and another's name, once such a hash was checked. */
static void memory_that_cannot_be_had_is_unavailable(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	expect_short(&scene, YESCRYPT, PASSWORD);
	expect_short(&scene, YESCRYPT, "wrong");
	expect_short(&scene, NULL, PASSWORD);
	expect_short(&scene, SCRYPT, PASSWORD);
	expect_short(&scene, SCRYPT, "wrong");
	assert_true(password_matches(&scene.c, YESCRYPT, PASSWORD));
	assert_true(password_matches(&scene.c, SCRYPT, PASSWORD));
	secure_scene_close(&scene);
}

static void a_password_too_long_for_crypt_differs(void **state)
{
	(void)state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	assert_false(
		password_matches(&scene.c, SHA512_CRYPT,
				 TEXT_72 TEXT_72 TEXT_72 TEXT_72 TEXT_72 TEXT_72 TEXT_72 TEXT_72));
	secure_scene_close(&scene);
}

#define ARGON2_PASSES(kib, passes) \
	"$argon2id$v=19$m=" kib ",t=" passes ",p=1$Uurd21urFaK0Vuq9FwJAqA$5cBjYZnXYggFKbX6vVwzrA"
#define ARGON2_OF(kib) ARGON2_PASSES(kib, "1")

/* Nothing is computed. */
static void argon2_of_256_mib_is_the_dearest_to_come(void **state)
{
	(void)state;
	static const char why[] = "checking it takes more than 256 MiB of memory";
	assert_null(password_hash_fault(ARGON2_OF("262144")));
	assert_string_equal(password_hash_fault(ARGON2_OF("262145")), why);
	assert_string_equal(password_hash_fault("argon2" ARGON2_OF("2097152")), why);
	assert_null(password_hash_fault(ARGON2_PASSES("262144", "16")));
	assert_string_equal(password_hash_fault(ARGON2_PASSES("262144", "17")), DEAR_TEXT);
	assert_string_equal(password_hash_fault(ARGON2_PASSES("2097152", "3")), DEAR_TEXT);
}

static const struct CMUnitTest memory_rows[] = {
	ROW("memory that cannot be had is 503 whoever asks, not a wrong password",
	    memory_that_cannot_be_had_is_unavailable),
	ROW("a password that is too long for crypt(3) is a wrong one",
	    a_password_too_long_for_crypt_differs),
	ROW("argon2 that takes more than 256 MiB is not to be stored",
	    argon2_of_256_mib_is_the_dearest_to_come),
};

int main(void)
{
	return rows_run("hashes of other systems", match_rows, COUNT_OF(match_rows)) +
	       rows_run("hashes that cannot be checked", fault_rows, COUNT_OF(fault_rows)) +
	       rows_run("hashes that crypt(3) computes", computed_rows, COUNT_OF(computed_rows)) +
	       rows_run("what is logged of stored hashes", log_rows, COUNT_OF(log_rows)) +
	       rows_run("the memory of hashes", memory_rows, COUNT_OF(memory_rows)) +
	       rows_run("each sign-in works as much, whoever asks", work_rows, COUNT_OF(work_rows));
}
