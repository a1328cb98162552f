/*
 * Fuzzes what a client's request line and headers meet first: guard, path and query. The input is a
 * target, a line feed, then header lines "name:value". Whatever the guard and the splitter let pass
 * must keep their promises.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/http/parse/accept.h"
#include "core/http/parse/etag.h"
#include "core/http/parse/guard.h"
#include "core/http/parse/media.h"
#include "core/http/parse/pairs.h"
#include "core/http/parse/range.h"
#include "core/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(const struct router_path *path)
{
	assert(path->count <= ROUTER_SEGMENTS_MAX);
	for (size_t i = 0; i < path->count; i++) {
		const struct router_segment *segment = &path->segments[i];
		assert(segment->len > 0 && strlen(segment->text) == segment->len);
		assert(!strpbrk(segment->text, "/\\\n"));
		assert(strcmp(segment->text, ".") != 0 && strcmp(segment->text, "..") != 0);
		assert(str_is_utf8(segment->text, segment->len));
	}
}

static void check_pairs(const struct input_pair *pairs)
{
	size_t count = 0;

	for (; pairs->name; pairs++, count++) {
		assert(strlen(pairs->value) == pairs->value_len);
		assert(str_is_utf8(pairs->value, pairs->value_len));
	}
	assert(count <= PAIRS_MAX);
}

static void try_target(struct ctx *c, const char *target)
{
	const struct input_pair *pairs;
	const char *why = NULL, *origin = NULL;
	struct router_path path;

	if (guard_target(target, &origin, &why) != APP_OK) {
		assert(why);
		return;
	}
	assert(origin >= target && origin <= target + strlen(target));
	if (*origin != '/')
		return;
	if (router_path_split(c, origin, &path) != APP_OK)
		return;
	check_path(&path);
	if (path.query && pairs_read(c, "query", path.query, path.query_len, &pairs) == APP_OK)
		check_pairs(pairs);
}

static void try_header(struct guard_head *head, char *line)
{
	char *colon = strchr(line, ':');

	if (!colon)
		return;
	*colon = '\0';
	(void)guard_header(head, line, (size_t)(colon - line), colon + 1, strlen(colon + 1));
}

static void try_values(const struct guard_head *head)
{
	static const char *const offers[] = { "application/json", "text/html" };
	static const char etag[] = "\"a\"";
	struct range range;

	(void)accept_best(head->value[GUARD_ACCEPT], offers, 2);
	(void)accept_gzip(head->value[GUARD_ACCEPT_ENCODING]);
	(void)media_kind(head->value[GUARD_CONTENT_TYPE]);
	(void)etag_none_match_hits(head->value[GUARD_IF_NONE_MATCH], etag);
	(void)etag_range_holds(head->value[GUARD_IF_RANGE], etag);
	if (range_select(head->value[GUARD_RANGE], 1000, &range) == RANGE_PART)
		assert(range.len > 0 && range.first + range.len <= 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	struct guard_head head = { 0 };
	struct ctx c;

	arena_init(&arena, 0);
	ctx_init(&c, NULL, &arena);
	char *text = arena_strndup(&arena, (const char *)data, size), *rest = text;
	try_target(&c, strsep(&rest, "\n"));
	while (rest)
		try_header(&head, strsep(&rest, "\n"));
	if (guard_finish(&head, "POST", "HTTP/1.1") == APP_OK)
		assert(head.value[GUARD_HOST] && (!head.chunked || head.content_length == -1));
	try_values(&head);
	return 0;
}
