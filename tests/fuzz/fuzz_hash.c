/*
 * Fuzz target of hashes of other systems. Regular expressions say which there are; what is read is
 * of one of these, at a bounded work, and is not read when its end is cut off.
 */
#include "fuzz/target.h"

#include <regex.h>

#include "core/security/foreign.h"

#define LETTERS "[./0-9A-Za-z]"
#define NUMBER "[1-9][0-9]*"
#define BASE64 "[+/0-9A-Za-z]"
/* The last letters of so many that are bytes. */
#define END_2 LETTERS "[./01]"
#define END_3 LETTERS "{2}[./0-9A-D]"
#define BCRYPT_REST LETTERS "{21}[.Oeu]" LETTERS "{30}[.CGKOSWaeimquy26]"
/* 86 letters at most. */
#define YESCRYPT_SALT \
	"((" LETTERS "{4}){0,20}(" LETTERS "{4}|" END_3 ")|(" LETTERS "{4}){0,21}" END_2 ")"
#define OF_32_BYTES LETTERS "{40}" END_3
#define OF_64_BYTES LETTERS "{84}" END_2

struct form {
	const char *pattern;
	/* All that fits is read, at whatever cost; else base64 may be broken beyond that. */
	bool is_whole;
};

static const struct form forms[] = {
	{ "^(bcrypt[$]|bcrypt_sha256[$])?[$]2[abxy][$](0[4-9]|[12][0-9]|3[01])[$]" BCRYPT_REST "$",
	  true },
	{ "^[$]5[$]" LETTERS "{0,16}[$]" OF_32_BYTES "$", true },
	{ "^[$]6[$]" LETTERS "{0,16}[$]" OF_64_BYTES "$", true },
	{ "^[$]5[$]rounds=[1-9][0-9]{3,}[$]" LETTERS "{0,16}[$]" OF_32_BYTES "$", true },
	{ "^[$]6[$]rounds=[1-9][0-9]{3,}[$]" LETTERS "{0,16}[$]" OF_64_BYTES "$", true },
	{ "^[$]y[$]j(75|85|[7-9A-F]T)[$]" YESCRYPT_SALT "[$]" OF_32_BYTES "$", true },
	{ "^pbkdf2_sha256[$]" NUMBER "[$][^$]{1,128}[$]" BASE64 "{43}=$", false },
	{ "^pbkdf2_sha1[$]" NUMBER "[$][^$]{1,128}[$]" BASE64 "{27}=$", false },
	{ "^pbkdf2:sha1:" NUMBER "[$][^$]{1,128}[$][0-9a-f]{40}$", true },
	{ "^pbkdf2:sha256:" NUMBER "[$][^$]{1,128}[$][0-9a-f]{64}$", true },
	{ "^pbkdf2:sha512:" NUMBER "[$][^$]{1,128}[$][0-9a-f]{128}$", true },
	{ "^scrypt:" NUMBER ":" NUMBER ":" NUMBER "[$][^$]{1,128}[$][0-9a-f]{128}$", false },
	{ "^[$]pbkdf2[$]" NUMBER "[$][./0-9A-Za-z]*[$][./0-9A-Za-z]{27}$", false },
	{ "^[$]pbkdf2-sha256[$]" NUMBER "[$][./0-9A-Za-z]*[$][./0-9A-Za-z]{43}$", false },
	{ "^[$]pbkdf2-sha512[$]" NUMBER "[$][./0-9A-Za-z]*[$][./0-9A-Za-z]{86}$", false },
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

static bool fits(int i, const char *text)
{
	static regex_t made[FORMS];
	static bool is_made[FORMS];
	if (!is_made[i])
		assert(!regcomp(&made[i], forms[i].pattern, REG_EXTENDED | REG_NOSUB));
	is_made[i] = true;
	return regexec(&made[i], text, 0, NULL, 0) == 0;
}

static void check_cut(const char *text)
{
	struct foreign_hash unused;
	char *cut = strdup(text);
	assert(cut);
	cut[strlen(cut) - 1] = '\0';
	assert(foreign_read(cut, &unused) != HASH_READ);
	free(cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct foreign_hash hash;
	enum hash_reading reading = foreign_read(text, &hash);
	bool fits_one = false, fits_whole = false;
	for (int i = 0; i < FORMS; i++) {
		bool is_one = fits(i, text);
		fits_one |= is_one;
		fits_whole |= is_one && forms[i].is_whole;
	}
	bool is_known = reading == HASH_READ || reading == HASH_TOO_DEAR;
	assert(!is_known || fits_one);
	assert(!fits_whole || is_known);
	if (reading == HASH_READ) {
		assert(hash.work > 0 && hash.work <= foreign_work_max(hash.kind));
		assert(hash.salt_len <= FOREIGN_SALT_MAX && hash.digest_len <= FOREIGN_DIGEST_MAX);
		check_cut(text);
	}
	free(text);
	return 0;
}
