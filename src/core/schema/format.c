/*
 * Texts with a format, instants and dates: what is wrong becomes a fault, in the words of pydantic.
 * UUIDs become canonical lower case, dates and date-times in other spellings those of RFC 3339; the
 * others stay as sent. How UUIDs, e-mail addresses and URLs are spelled is in `format/`.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "format/email.h"
#include "format/url.h"
#include "format/uuid.h"
#include "internal.h"

/* ---- those that are texts only ---- */

static bool take_uuid(struct binder *b, const struct subject *s, const char **text, size_t *len)
{
	char uuid[UUID_ROOM];
	if (!uuid_read(*text, *len, uuid)) {
		const char *why = uuid_fault(b->c->arena, *text, *len, !s->secret);
		fault_add(b, s, "uuid_parsing", fault_ctx(b, "error", why),
			  "Input should be a valid UUID, %s", why);
		return false;
	}
	*text = arena_strndup(b->c->arena, uuid, UUID_LEN);
	*len = UUID_LEN;
	return true;
}

static bool take_url(struct binder *b, const struct subject *s, const char *text, size_t len)
{
	if (len > URL_MAX) {
		fault_add(b, s, "url_too_long", "{\"max_length\":2083}",
			  "URL should have at most 2083 characters");
		return false;
	}
	if (url_has_other_scheme(text)) {
		fault_add(b, s, "url_scheme", "{\"expected_schemes\":\"'http' or 'https'\"}",
			  "URL scheme should be 'http' or 'https'");
		return false;
	}
	const char *why = url_fault(text);
	if (why)
		fault_add(b, s, "url_parsing", fault_ctx(b, "error", why),
			  "Input should be a valid URL, %s", why);
	return !why;
}

static bool take_email(struct binder *b, const struct subject *s, const char *text, size_t len)
{
	const char *why = email_fault(b->c->arena, text, len, !s->secret);
	if (why)
		fault_add(b, s, "value_error", fault_ctx(b, "reason", why),
			  "value is not a valid email address: %s", why);
	return !why;
}

/* ---- dates and times ---- */

void take_instant(struct binder *b, const struct subject *s, const char *text)
{
	const char *why = NULL;
	struct instant at;
	if (instant_parse(text, &at, &why)) {
		if (author_check(b, s, &at))
			*(struct instant *)field_slot(s->field, s->base) = at;
	} else if (str_eq(why, "timezone offset is missing")) {
		fault_add(b, s, "timezone_aware", NULL, "Input should have timezone info");
	} else {
		fault_add(b, s, "datetime_from_date_parsing", fault_ctx(b, "error", why),
			  "Input should be a valid datetime or date, %s", why);
	}
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

/* As in pydantic a date may be told by its midnight. False: a fault was added. */
static bool date_read(struct binder *b, const struct subject *s, const char *text, struct date *ret)
{
	const char *why = NULL;
	if (date_parse(text, ret, &why))
		return true;
	if (strlen(text) > DATE_LEN && is_date_time(b->c->arena, text)) {
		if (is_midnight(text))
			return date_parse(arena_strndup(b->c->arena, text, DATE_LEN), ret, NULL);
		fault_add(b, s, "date_from_datetime_inexact", NULL,
			  "Datetimes provided to dates should have zero time - e.g. be exact "
			  "dates");
		return false;
	}
	fault_add(b, s, "date_from_datetime_parsing", fault_ctx(b, "error", why),
		  "Input should be a valid date or datetime, %s", why);
	return false;
}

void take_date(struct binder *b, const struct subject *s, const char *text)
{
	struct date date;
	if (date_read(b, s, text, &date) && author_check(b, s, &date))
		*(struct date *)field_slot(s->field, s->base) = date;
}

/* It is stored as YYYY-MM-DD, with which every spelling begins. */
static bool take_date_text(struct binder *b, const struct subject *s, const char **text,
			   size_t *len)
{
	struct date ignored;
	if (!date_read(b, s, *text, &ignored))
		return false;
	if (*len != DATE_LEN)
		*text = arena_strndup(b->c->arena, *text, DATE_LEN);
	*len = DATE_LEN;
	return true;
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

/* ---- all of them ---- */

bool format_take(struct binder *b, const struct subject *s, const char **text, size_t *len)
{
	switch (s->field->format) {
	case FORMAT_EMAIL: return take_email(b, s, *text, *len);
	case FORMAT_URI: return take_url(b, s, *text, *len);
	case FORMAT_UUID: return take_uuid(b, s, text, len);
	case FORMAT_DATE: return take_date_text(b, s, text, len);
	case FORMAT_DATE_TIME: return take_date_time(b, s, text, len);
	default: return true;
	}
}
