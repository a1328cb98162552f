/*
 * Fuzz target of queries and form bodies (application/x-www-form-urlencoded). A plain decoder,
 * written down here once more, says which pairs there are; and pairs that are encoded again are
 * read as the same.
 */
#include "fuzz/target.h"

#include "base/buf.h"
#include "base/str.h"
#include "core/http/parse/pairs.h"

struct text {
	char *at;
	size_t len;
};

static int hex_of(unsigned char digit)
{
	static const char digits[] = "00112233445566778899aAbBcCdDeEfF";
	const char *at = digit ? strchr(digits, digit) : NULL;
	return at ? (int)(at - digits) / 2 : -1;
}

/* In place; false: a broken escape. */
static bool decode(struct text *text)
{
	size_t out = 0;
	for (size_t i = 0; i < text->len; i++) {
		char byte = text->at[i] == '+' ? ' ' : text->at[i];
		if (byte == '%') {
			int high = i + 1 < text->len ? hex_of((unsigned char)text->at[i + 1]) : -1;
			int low = i + 2 < text->len ? hex_of((unsigned char)text->at[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			byte = (char)(high * 16 + low);
			i += 2;
		}
		text->at[out++] = byte;
	}
	text->len = out;
	return str_is_utf8(text->at, out);
}

static bool has_control(const struct text *text)
{
	for (size_t i = 0; i < text->len; i++)
		if ((unsigned char)text->at[i] < 32 || text->at[i] == 127)
			return true;
	return false;
}

static bool is_pair(struct text pair, const struct input_pair *got)
{
	char *equals = memchr(pair.at, '=', pair.len);
	size_t name_len = equals ? (size_t)(equals - pair.at) : pair.len;
	struct text name = { pair.at, name_len };
	struct text value = { equals ? equals + 1 : pair.at, equals ? pair.len - name_len - 1 : 0 };
	if (!decode(&name) || has_control(&name) || !decode(&value) ||
	    memchr(value.at, '\0', value.len))
		return false;
	if (got)
		assert(got->name && strlen(got->name) == name.len &&
		       !memcmp(got->name, name.at, name.len) && got->value_len == value.len &&
		       !memcmp(got->value, value.at, value.len) && !got->value[value.len]);
	return true;
}

/* Whether all pieces between '&' are pairs, and those that were read (NULL: none was). */
static bool are_pairs(const uint8_t *data, size_t size, const struct input_pair *got)
{
	char *copy = fuzz_text(data, size);
	size_t count = 0;
	bool fine = true;
	for (size_t at = 0, len; at < size && fine; at += len + 1) {
		char *end = memchr(copy + at, '&', size - at);
		len = end ? (size_t)(end - copy) - at : size - at;
		if (!len)
			continue;
		fine = is_pair((struct text){ copy + at, len }, got ? &got[count] : NULL);
		count++;
	}
	free(copy);
	assert(!got || (fine && !got[count].name && count <= PAIRS_MAX));
	return fine && count <= PAIRS_MAX;
}

static void encode(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ' && i % 2)
			buf_add_char(out, '+');
		else if (str_is_alpha(text[i]))
			buf_add_char(out, text[i]);
		else
			buf_printf(out, "%%%02x", (unsigned char)text[i]);
	}
}

static void check_round(struct ctx *c, const struct input_pair *pairs)
{
	const struct input_pair *again = NULL;
	struct buf out;
	buf_init(&out, c->arena);
	for (const struct input_pair *pair = pairs; pair->name; pair++) {
		encode(&out, pair->name, strlen(pair->name));
		buf_add_char(&out, '=');
		encode(&out, pair->value, pair->value_len);
		buf_add_char(&out, '&');
	}
	assert(!pairs_read(c, "form", buf_text(&out), out.len, &again));
	for (; pairs->name; pairs++, again++)
		assert(str_eq(pairs->name, again->name) && str_eq(pairs->value, again->value));
	assert(!again->name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	const struct input_pair *pairs = NULL;
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	char *text = fuzz_text(data, size);
	enum app_err err = pairs_read(&c, "form", text, size, &pairs);
	assert(!err == are_pairs(data, size, err ? NULL : pairs));
	if (err)
		assert(err == APP_BAD_REQUEST && *ctx_failure_text(&c, err) && !pairs);
	else
		check_round(&c, pairs);
	free(text);
	return 0;
}
