/*
 * ETags of rows and the If-Match header. A tag is made of id and updated_at, which grows with every
 * change; it is a strong one. The tags of files are core/http's own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "internal.h"

bool model_has_etag(const struct schema *row)
{
	const struct field *id = row ? schema_field(row, "id") : NULL;
	const struct field *at = row ? schema_field(row, "updated_at") : NULL;
	return id && id->type == FIELD_INT && at && at->type == FIELD_INSTANT;
}

void model_etag(const struct schema *row, const void *value, char ret[MODEL_ETAG_ROOM])
{
	*ret = '\0';
	if (!value || !model_has_etag(row))
		return;
	struct db_value id_is = field_value(schema_field(row, "id"), value);
	struct db_value at_is = field_value(schema_field(row, "updated_at"), value);
	if (id_is.type == DB_INT && at_is.type == DB_INT)
		snprintf(ret, MODEL_ETAG_ROOM, "\"%" PRId64 "-%" PRIx64 "\"", id_is.integer,
			 (uint64_t)at_is.integer);
}

/* The end of the quoted part that begins here, or NULL. */
static const char *opaque_end(const char *at)
{
	if (*at++ != '"')
		return NULL;
	while (str_is_etag_char(*at))
		at++;
	return *at == '"' ? at + 1 : NULL;
}

static const char *skip_blank(const char *at)
{
	return at + strspn(at, " \t");
}

/*
 * Of a tag of ours, which has no second '-' and no ';': whether these bytes are it with a suffix
 * inside the quotes.
 */
static bool has_suffix(const char *start, const char *end, const char *etag)
{
	size_t len = strlen(etag) - 1;
	return (size_t)(end - start) > len + 1 && !memcmp(start, etag, len) &&
	       (start[len] == '-' || start[len] == ';');
}

static enum etag_match tag_match(const char *start, const char *end, bool weak, const char *etag)
{
	size_t len = strlen(etag);
	if ((size_t)(end - start) == len && !memcmp(start, etag, len))
		return weak ? ETAG_ALTERED : ETAG_MATCHED;
	return has_suffix(start, end, etag) ? ETAG_ALTERED : ETAG_OTHER;
}

/*
 * A list that is written wrongly somewhere matches nothing: then nothing is changed either. No tag
 * at all is no list.
 */
enum etag_match etag_match(const char *if_match, const char *etag)
{
	const char *at = skip_blank(if_match);
	if (*at == '*')
		return *skip_blank(at + 1) ? ETAG_BROKEN : ETAG_MATCHED;
	enum etag_match match = ETAG_BROKEN;
	for (;;) {
		at += strspn(at, " \t,");
		if (!*at)
			return match;
		bool weak = at[0] == 'W' && at[1] == '/';
		const char *start = weak ? at + 2 : at;
		const char *end = opaque_end(start);
		if (!end)
			return ETAG_BROKEN;
		enum etag_match one = tag_match(start, end, weak, etag);
		if (match == ETAG_BROKEN || match == ETAG_OTHER || one == ETAG_MATCHED)
			match = one;
		at = skip_blank(end);
		if (*at && *at != ',')
			return ETAG_BROKEN;
	}
}
