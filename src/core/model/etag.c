/*
 * ETags of rows and the If-Match header. A tag is made of id and updated_at, which grows with every
 * change; it is a strong one. The tags of files are core/http's own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/etag.h"
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

/*
 * Of a tag of ours, which has no second '-' and no ';': whether this one is it with a suffix inside
 * the quotes.
 */
static bool has_suffix(const struct etag *tag, const char *etag)
{
	size_t len = strlen(etag) - 1;
	return tag->len > len + 1 && !memcmp(tag->opaque, etag, len) &&
	       (tag->opaque[len] == '-' || tag->opaque[len] == ';');
}

static enum etag_match tag_match(const struct etag *tag, const char *etag)
{
	size_t len = strlen(etag);
	if (!len) /* a row that has none */
		return ETAG_OTHER;
	if (tag->len == len && !memcmp(tag->opaque, etag, len))
		return tag->weak ? ETAG_ALTERED : ETAG_MATCHED;
	return has_suffix(tag, etag) ? ETAG_ALTERED : ETAG_OTHER;
}

/*
 * A list that is written wrongly somewhere matches nothing: then nothing is changed either. No tag
 * at all is no list.
 */
enum etag_match etag_match(const char *if_match, const char *etag)
{
	struct etag tag;
	enum etag_step step;
	enum etag_match match = ETAG_BROKEN;
	if (etag_list_is_any(if_match))
		return ETAG_MATCHED;
	while ((step = etag_list_next(&if_match, &tag)) == ETAG_STEP_TAG) {
		enum etag_match one = tag_match(&tag, etag);
		if (match == ETAG_BROKEN || match == ETAG_OTHER || one == ETAG_MATCHED)
			match = one;
	}
	return step == ETAG_STEP_END ? match : ETAG_BROKEN;
}
