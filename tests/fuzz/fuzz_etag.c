/*
 * Fuzz target of lists of entity tags: If-Match, If-None-Match and If-Range. The first line is what
 * stands between the quotes of our tag, the second is the header. A reader of the grammar of RFC
 * 9110 §8.8.3 and §13.1, written down here once more, says which tags are in the list: what it
 * refuses hits nothing.
 */
#include "fuzz/target.h"

#include "core/http/parse/etag.h"
#include "core/model/internal.h"

enum { TAGS_MAX = 4096 };

struct tags {
	bool is_list, any; /* the header is in order; it is "*" */
	size_t count;
	struct tag {
		bool weak;
		const char *text;
		size_t len;
	} list[TAGS_MAX];
};

enum state { BEFORE, WEAK, SLASH, INSIDE, BEHIND, ALL };

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

/* One step of the automaton; false: no list. */
static bool step(enum state *state, struct tags *tags, const char *at)
{
	struct tag *tag = &tags->list[tags->count];
	unsigned char byte = (unsigned char)*at;
	switch (*state) {
	case BEFORE:
		*tag = (struct tag){ .weak = byte == 'W', .text = at + 1 };
		*state = byte == 'W' ? WEAK : byte == '"' ? INSIDE : byte == '*' ? ALL : BEFORE;
		return *state != BEFORE || byte == ',' || is_blank(*at);
	case WEAK: *state = SLASH; return byte == '/';
	case SLASH:
		tag->text = at + 1;
		*state = INSIDE;
		return byte == '"';
	case INSIDE:
		tag->len = (size_t)(at - tag->text);
		*state = byte == '"' ? BEHIND : INSIDE;
		tags->count += byte == '"';
		return byte > ' ' && byte != 0x7f;
	case BEHIND: *state = byte == ',' ? BEFORE : BEHIND; return byte == ',' || is_blank(*at);
	case ALL: return is_blank(*at);
	}
	return false;
}

static struct tags *tags_read(const char *header)
{
	struct tags *tags = calloc(1, sizeof(*tags));
	enum state state = BEFORE;
	assert(tags);
	for (const char *at = header; *at && (at == header || tags->is_list); at++)
		tags->is_list = tags->count < TAGS_MAX - 1 && step(&state, tags, at);
	tags->is_list = tags->is_list || !*header;
	tags->is_list = tags->is_list && (state == BEFORE || state == BEHIND || state == ALL);
	tags->any = tags->is_list && state == ALL && header[strspn(header, " \t")] == '*';
	tags->is_list = tags->is_list && (state != ALL || tags->any);
	return tags;
}

static bool holds(const struct tags *tags, const char *opaque, bool weak_too)
{
	for (size_t i = 0; tags->is_list && i < tags->count; i++) {
		const struct tag *tag = &tags->list[i];
		if ((weak_too || !tag->weak) && tag->len == strlen(opaque) &&
		    !memcmp(tag->text, opaque, tag->len))
			return true;
	}
	return false;
}

/* A tag of ours that something on the way has changed is told from another one. */
static void check_altered(const struct tags *tags, const char *opaque, enum etag_match match)
{
	bool altered = holds(tags, opaque, true);
	size_t len = strlen(opaque);
	for (size_t i = 0; tags->is_list && i < tags->count; i++) {
		const struct tag *tag = &tags->list[i];
		altered |= tag->len > len && !memcmp(tag->text, opaque, len) &&
			   (tag->text[len] == '-' || tag->text[len] == ';');
	}
	assert((match == ETAG_ALTERED) == (altered && match != ETAG_MATCHED));
}

static bool is_opaque(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == '"' || *text == 0x7f)
			return false;
	return true;
}

static void check(const char *opaque, const char *header)
{
	char *tag = NULL;
	struct tags *tags = tags_read(header);
	bool strong = tags->any || holds(tags, opaque, false);
	assert(asprintf(&tag, "\"%s\"", opaque) > 0);
	enum etag_match match = etag_match(header, tag);
	assert((match == ETAG_MATCHED) == strong);
	assert((match == ETAG_BROKEN) == (!tags->is_list || (!tags->count && !tags->any)));
	check_altered(tags, opaque, match);
	assert(etag_match_holds(header, tag) == strong);
	assert(etag_match_holds(header, NULL) == tags->any);
	assert(etag_none_match_hits(header, tag) == (tags->any || holds(tags, opaque, true)));
	assert(etag_range_holds(header, tag) == (strcmp(header, tag) == 0));
	free(tag);
	free(tags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text;
	const char *opaque = fuzz_line(&rest), *header = fuzz_line(&rest);
	if (is_opaque(opaque))
		check(opaque, header);
	free(text);
	return 0;
}
