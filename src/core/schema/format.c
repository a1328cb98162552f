/*
 * Texts with a format: UUID, date and date-time here, e-mails in email.c, URLs in url.c. UUIDs
 * become canonical lower case, dates and date-times in other spellings those of RFC 3339; the
 * others stay as sent. The words are those of pydantic.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

/* ---- UUID ---- */

enum { UUID_SIMPLE = 32, UUID_HYPHENATED = 36 };

static bool is_hex(char byte)
{
	byte = str_lower(byte);
	return str_is_digit(byte) || (byte >= 'a' && byte <= 'f');
}

static bool is_hyphen_place(size_t at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

/* The text without "urn:uuid:" or braces. */
static const char *uuid_core(const char *text, size_t *len)
{
	if (*len >= 2 && text[0] == '{' && text[*len - 1] == '}') {
		*len -= 2;
		return text + 1;
	}
	if (str_starts(text, "urn:uuid:")) {
		*len -= 9;
		return text + 9;
	}
	return text;
}

static bool is_uuid(const char *text, size_t len)
{
	if (len != UUID_SIMPLE && len != UUID_HYPHENATED)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool hyphen = len == UUID_HYPHENATED && is_hyphen_place(i);
		if (hyphen ? text[i] != '-' : !is_hex(text[i]))
			return false;
	}
	return true;
}

/* The first group whose length is wrong; the last one when the others are right. */
static const char *group_fault(struct arena *arena, const char *core, size_t len)
{
	static const size_t wanted[] = { 8, 4, 4, 4, 12 };
	for (size_t group = 0; group < 5; group++) {
		const char *hyphen = memchr(core, '-', len);
		size_t found = hyphen ? (size_t)(hyphen - core) : len;
		if (found != wanted[group])
			return arena_printf(
				arena, "invalid group length in group %zu: expected %zu, found %zu",
				group, wanted[group], found);
		core += found + 1;
		len -= found + 1;
	}
	return "invalid length";
}

static const char *uuid_fault(struct binder *b, const struct subject *s, const char *text,
			      size_t len)
{
	struct arena *arena = b->c->arena;
	size_t core_len = len, hyphens = 0;
	const char *core = uuid_core(text, &core_len);
	for (size_t i = 0; i < core_len; i++) {
		uint32_t ignored;
		size_t step = str_utf8_next(core + i, core_len - i, &ignored);
		hyphens += core[i] == '-';
		if (core[i] == '-' || is_hex(core[i]))
			continue;
		if (s->secret)
			return "invalid character";
		return arena_printf(arena, "invalid character: found `%.*s` at %zu", (int)step,
				    core + i, (size_t)(core - text) + i + 1);
	}
	if (!hyphens && core == text)
		return arena_printf(
			arena, "invalid length: expected length 32 for simple format, found %zu",
			len);
	if (hyphens != 4)
		return arena_printf(arena, "invalid group count: expected 5, found %zu",
				    hyphens + 1);
	return group_fault(arena, core, core_len);
}

static bool take_uuid(struct binder *b, const struct subject *s, const char **text, size_t *len)
{
	size_t core_len = *len;
	const char *core = uuid_core(*text, &core_len);
	if (!is_uuid(core, core_len) || (core != *text && core_len != UUID_HYPHENATED)) {
		const char *why = uuid_fault(b, s, *text, *len);
		fault_add(b, s, "uuid_parsing", fault_ctx(b, "error", why),
			  "Input should be a valid UUID, %s", why);
		return false;
	}
	char *canonical = arena_raw(b->c->arena, UUID_HYPHENATED + 1);
	for (size_t i = 0; i < UUID_HYPHENATED; i++) {
		canonical[i] = is_hyphen_place(i) ? '-' : str_lower(*core++);
		if (is_hyphen_place(i) && *core == '-')
			core++;
	}
	canonical[UUID_HYPHENATED] = '\0';
	*text = canonical;
	*len = UUID_HYPHENATED;
	return true;
}

/* ---- the rest ---- */

static bool take_email(struct binder *b, const struct subject *s, const char *text, size_t len)
{
	const char *why = email_fault(b->c->arena, text, len, !s->secret);
	if (why)
		fault_add(b, s, "value_error", fault_ctx(b, "reason", why),
			  "value is not a valid email address: %s", why);
	return !why;
}

enum { DATE_LEN = 10, DATE_TIME_LEN_MIN = 20 };

/* Whether the text is a date and a time, in a zone or none. */
static bool is_date_time(struct arena *arena, const char *text)
{
	struct instant ignored;
	return instant_parse(text, &ignored, NULL) ||
	       instant_parse(arena_printf(arena, "%sZ", text), &ignored, NULL);
}

/* Whether the time of such a text is midnight on its own clock. */
static bool is_midnight(const char *text)
{
	const char *time = text + DATE_LEN + 1;
	return !str_is_digit(time[strspn(time, "0:.,")]);
}

/* As in pydantic a date may be told by its midnight; it is stored as YYYY-MM-DD. */
static bool take_date(struct binder *b, const struct subject *s, const char **text, size_t *len)
{
	const char *why = NULL;
	if (date_check(*text, &why))
		return true;
	if (*len > DATE_LEN && is_date_time(b->c->arena, *text)) {
		if (is_midnight(*text)) {
			*text = arena_strndup(b->c->arena, *text, DATE_LEN);
			*len = DATE_LEN;
			return true;
		}
		fault_add(b, s, "date_from_datetime_inexact", NULL,
			  "Datetimes provided to dates should have zero time - e.g. be exact "
			  "dates");
		return false;
	}
	fault_add(b, s, "date_from_datetime_parsing", fault_ctx(b, "error", why),
		  "Input should be a valid date or datetime, %s", why);
	return false;
}

/*
 * Of a text that instant_parse() takes: whether it is spelled as RFC 3339 has it, capitals
 * included.
 */
static bool is_rfc3339(const char *text, size_t len)
{
	return len >= DATE_TIME_LEN_MIN && text[10] == 'T' && text[16] == ':' &&
	       !strchr(text, ',') &&
	       (text[len - 1] == 'Z' || (text[len - 3] == ':' && strchr("+-", text[len - 6])));
}

/*
 * What is promised to be a date-time must be one when it is read back: other spellings are stored
 * in UTC.
 */
static bool take_date_time(struct binder *b, const struct subject *s, const char **text,
			   size_t *len)
{
	struct instant at;
	struct field as_instant = { .name = s->field->name, .type = FIELD_INSTANT };
	struct subject probe = *s;
	size_t before = b->faults;
	probe.field = &as_instant;
	probe.base = &at;
	take_instant(b, &probe, *text);
	if (b->faults != before || faults_are_full(b))
		return false;
	if (!is_rfc3339(*text, *len)) {
		char utc[INSTANT_TEXT_ROOM];
		*len = instant_text(at, utc);
		*text = arena_strndup(b->c->arena, utc, *len);
	}
	return true;
}

bool format_take(struct binder *b, const struct subject *s, const char **text, size_t *len)
{
	switch (s->field->format) {
	case FORMAT_EMAIL: return take_email(b, s, *text, *len);
	case FORMAT_URI: return url_take(b, s, *text, *len);
	case FORMAT_UUID: return take_uuid(b, s, text, len);
	case FORMAT_DATE: return take_date(b, s, text, len);
	case FORMAT_DATE_TIME: return take_date_time(b, s, text, len);
	default: return true;
	}
}
