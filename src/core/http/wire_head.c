/*
 * What a request says before its body, taken from the library's buffer: the target, the headers and
 * where they lie, who asks. What is not for the library to act on is hidden from it there. Reads
 * with libmicrohttpd's functions, decides nothing: that is for the guard.
 */
#include <string.h>

#include "base/str.h"
#include "exchange.h"
#include "peer.h"
#include "server.h"
#include "wire.h"
#include "wire_library.h"

/* ---- the request line ---- */

/* Where the library keeps the target that this thread has read last. */
static _Thread_local const char *target_read;

bool wire_target_is(const char *text)
{
	return text == target_read;
}

/*
 * We read the query ourselves, from our copy. The library is about to read it into the connection's
 * memory, where a long one makes it hang: for the library the query ends here. The bytes are its
 * buffer of this connection, which is writable.
 */
static void hide_query(const char *target)
{
	char *query = strchr(target, '?');
	if (query)
		query[1] = '\0';
}

/* Of a target that the guard let pass: what stands between the scheme and the path. */
static const char *named_host(struct http_exchange *x, const char *path)
{
	const char *host = strstr(x->target_at, "://") + strlen("://");
	return arena_strndup(&x->arena, host, (size_t)(path - host));
}

static void look_at_target(struct http_exchange *x)
{
	const char *path, *why;
	enum app_err err = guard_target(x->target_at, &path, &why);
	x->raw_target = "";
	if (err) {
		guard_refuse(&x->head, err, why);
		return;
	}
	x->head.for_server = *path == '*';
	x->head.named = path > x->target_at ? named_host(x, path) : NULL;
	bool is_whole = *path == '/' || x->head.for_server;
	x->raw_target = is_whole ? arena_strdup(&x->arena, path)
				 : arena_printf(&x->arena, "/%s", path);
}

void wire_target_read(struct http_exchange *x, const char *target)
{
	x->target_at = target;
	x->target_len = strlen(target);
	target_read = target;
	look_at_target(x);
	hide_query(target);
}

/* ---- the headers ---- */

struct headers_walk {
	struct http_exchange *x;
	struct guard_place place;
};

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name,
				 size_t name_len, const char *value, size_t value_len)
{
	(void)kind;
	struct headers_walk *walk = cls;
	guard_place_header(&walk->place, name, name_len, value, value_len);
	/* the bytes are the library's buffer of this connection, which is writable */
	guard_header(&walk->x->head, name, name_len, (char *)(uintptr_t)value, value_len);
	return MHD_YES;
}

static void look_at_headers(struct http_exchange *x)
{
	const union MHD_ConnectionInfo *size = MHD_get_connection_info(
		x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	size_t head_size = size ? size->header_size : 0;
	struct guard_line line = { .method = x->method_text,
				   .target = x->target_at,
				   .version = x->version_text,
				   .target_len = x->target_len };
	struct headers_walk walk = { .x = x };
	const void **start = peer_start(x->peer);
	guard_place_begin(&walk.place, &line, head_size, *start);
	if (!*start)
		*start = x->method_text;
	MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, on_header, &walk);
	if (head_size > GUARD_HEAD_MAX)
		guard_refuse(&x->head, APP_HEADERS_TOO_LARGE, "The request head is too large");
	if (LIBRARY_IS_LAX && !guard_place_holds(&walk.place))
		guard_refuse(&x->head, APP_BAD_REQUEST,
			     "A line of the request head is empty, folded, holds a NUL or does not "
			     "end in CR LF");
}

static void find_client(struct http_exchange *x)
{
	struct address address;
	if (!peer_address(x->peer, &address))
		return;
	address = networks_client(&x->server->trusted, address, x->head.forwarded,
				  x->head.forwarded_count);
	address_print(&address, x->client);
	x->client_network = address_is_loopback(&address) ? 0 : address_network(&address);
	x->sender.network = x->client_network;
}

void wire_head_read(struct http_exchange *x)
{
	look_at_headers(x);
	find_client(x);
	x->sender.agent = x->head.value[GUARD_USER_AGENT];
	if (guard_finish(&x->head, x->method_text, x->version_text))
		return;
	x->is_head = x->head.method == HEAD;
	x->method = x->is_head ? GET : x->head.method;
}

/* ---- the headers as input ---- */

struct header_pairs {
	struct arena *arena;
	const struct schema *schema;
	size_t count;
	struct input_pair list[GUARD_HEADERS_MAX];
};

static enum MHD_Result on_header_pair(void *cls, enum MHD_ValueKind kind, const char *name,
				      size_t name_len, const char *value, size_t value_len)
{
	(void)kind;
	struct header_pairs *pairs = cls;
	if (!schema_takes_header(pairs->schema, name))
		return MHD_YES;
	char *text = arena_strndup(pairs->arena, value ? value : "", value_len);
	pairs->list[pairs->count++] = (struct input_pair){
		.name = arena_strndup(pairs->arena, name, name_len),
		.value = text,
		/* of one that the guard has kept the end is cut off already */
		.value_len = guard_trim(text, strlen(text)),
	};
	return pairs->count < GUARD_HEADERS_MAX ? MHD_YES : MHD_NO;
}

const struct input_pair *wire_headers(struct http_exchange *x, const struct schema *schema)
{
	struct header_pairs pairs;
	pairs.arena = &x->arena;
	pairs.schema = schema;
	pairs.count = 0;
	MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, on_header_pair, &pairs);
	struct input_pair *list = arena_zero(&x->arena, (pairs.count + 1) * sizeof(*list));
	memcpy(list, pairs.list, pairs.count * sizeof(*list));
	return list;
}

/* ---- the headers by their names ---- */

/* Which of the names a header has, and what was sent. */
struct named_header {
	size_t at;
	const char *value;
	size_t len;
};

struct named_headers {
	const char *const *names;
	size_t name_count, count;
	struct named_header list[GUARD_HEADERS_MAX];
};

/* The first of the names that is this one; name_count: none is. */
static size_t name_find(const struct named_headers *all, const char *name)
{
	size_t at = 0;
	while (at < all->name_count && !str_eq_nocase(all->names[at], name))
		at++;
	return at;
}

static enum MHD_Result on_named_header(void *cls, enum MHD_ValueKind kind, const char *name,
				       size_t name_len, const char *value, size_t value_len)
{
	(void)kind, (void)name_len;
	struct named_headers *all = cls;
	size_t at = name_find(all, name);
	if (at == all->name_count || all->count == GUARD_HEADERS_MAX)
		return MHD_YES;
	/* the bytes are the library's buffer of this connection, which is writable */
	size_t len = value ? guard_trim((char *)(uintptr_t)value, value_len) : 0;
	all->list[all->count++] = (struct named_header){ at, value, len };
	return MHD_YES;
}

/* RFC 9110 §5.3: the lines of one name are one list. */
static const char *value_join(struct arena *arena, const struct named_headers *all, size_t at)
{
	struct buf text;
	bool is_sent = false;
	buf_init(&text, arena);
	for (size_t i = 0; i < all->count; i++) {
		if (all->list[i].at != at)
			continue;
		if (is_sent)
			buf_add_lit(&text, ", ");
		buf_add(&text, all->list[i].value, all->list[i].len);
		is_sent = true;
	}
	return is_sent ? buf_text(&text) : NULL;
}

const char *const *wire_headers_named(struct http_exchange *x, const char *const *names,
				      size_t count)
{
	struct named_headers all;
	const char **values = arena_zero(&x->arena, count * sizeof(*values));
	all.names = names;
	all.name_count = count;
	all.count = 0;
	MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, on_named_header, &all);
	for (size_t i = 0; i < count; i++) {
		size_t first = name_find(&all, names[i]);
		values[i] = first < i ? values[first] : value_join(&x->arena, &all, i);
	}
	return values;
}

/* ---- what the library shall not act on ---- */

/*
 * RFC 9110 §10.1.1: who sends no content is not told to go on. The library would; for it the value
 * ends here. The bytes are its buffer, see hide_query().
 */
void wire_expect_hide(struct http_exchange *x)
{
	char *expect = (char *)(uintptr_t)x->head.value[GUARD_EXPECT];
	if (expect && *expect)
		*expect = '\0';
}
