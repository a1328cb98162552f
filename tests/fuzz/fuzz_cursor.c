/*
 * Fuzz target of cursors. The first byte says what the rest is: a cursor as a client sends it
 * ('c'), the values of a row ('r'), or what stands behind the hash in a cursor that we sign as who
 * knows the secret could ('s'). The first is never taken; of a row the values come back, and no bit
 * of its cursor may change; and what was signed is taken only if it says, value by value and
 * written once more, the same bytes.
 */
#include "fuzz/target.h"

#include "base/buf.h"
#include "base/str.h"
#include "core/app.h"
#include "core/model/internal.h"
#include "core/security.h"

enum { HEAD_LEN = 1 + 8, TERMS = 4 };

struct thing {
	int64_t id;
	const char *title;
	struct maybe_real rating;
	bool pinned;
};
SCHEMA(thing,
	FIELD(struct thing, id, .required = true, .sort = true),
	FIELD(struct thing, title, .sort = true, .max_len = 1000),
	FIELD(struct thing, rating, .nullable = true, .sort = true),
	FIELD(struct thing, pinned, .sort = true));

static const struct model thing_model = { .table = "things", .row = &thing_schema };

static struct security *security_once(void)
{
	static struct security *security;
	static const struct security_options options = {
		.secret = "0123456789abcdef0123456789abcdef",
		.issuer = "croft",
		.hash_memory_kib = 1024,
		.hash_passes = 1,
		.hash_running = 1
	};
	AUTO(arena) arena = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	if (!security)
		assert(!security_new(&c, &options, &security));
	return security;
}

struct scene {
	struct ctx c;
	struct list_query query;
	struct order order;
	struct cursor_scope scope;
};

static void scene_set(struct scene *s, bool descending)
{
	list_query_init(&s->query, &thing_schema);
	for (size_t i = 1; i < TERMS; i++)
		s->query.sorts[s->query.sort_count++] = (struct list_sort){
			.field = &thing_schema.fields[i], .descending = descending
		};
	order_init(&s->order, &s->query, "id");
	s->scope = (struct cursor_scope){ &thing_model, &s->query, NULL, &s->order };
}

static bool is_taken(struct scene *s, const char *text, struct db_value values[TERMS + 1])
{
	ctx_recover(&s->c);
	bool taken = !cursor_read(&s->c, &s->scope, text, values);
	if (!taken)
		assert(str_eq(s->c.failure.fields->loc, "[\"query\",\"cursor\"]"));
	return taken;
}

static const char *write_row(struct scene *s, const struct thing *row)
{
	const char *text = NULL;
	assert(!cursor_write(&s->c, &s->scope, row, &text));
	assert(strlen(text) <= LIST_CURSOR_MAX);
	return text;
}

/* The title is what is left of the bytes behind the numbers. */
static void check_row(struct scene *s, const uint8_t *data, size_t size)
{
	struct thing row = { 0 };
	struct db_value values[LIST_SORTS_MAX + 1];
	if (size < 17)
		return;
	memcpy(&row.id, data, 8);
	memcpy(&row.rating.value, data + 8, 8);
	row.rating.is = data[16] & 1 ? GIVEN : IS_NULL;
	row.pinned = data[16] & 2;
	row.title = arena_strndup(s->c.arena, (const char *)data + 17,
				  size - 17 < 1000 ? size - 17 : 1000);
	char *text = arena_strdup(s->c.arena, write_row(s, &row));
	assert(is_taken(s, text, values));
	assert(values[0].len == strlen(row.title) &&
	       !memcmp(values[0].bytes, row.title, values[0].len));
	assert((values[1].type == DB_NULL) == (row.rating.is != GIVEN));
	if (row.rating.is == GIVEN)
		assert(!memcmp(&values[1].real, &row.rating.value, 8));
	assert(values[2].integer == row.pinned && values[3].integer == row.id);
	for (size_t i = 0, len = strlen(text); i < len; i += 1 + len / 16) {
		text[i] ^= 1;
		assert(!is_taken(s, text, values));
		text[i] ^= 1;
	}
	scene_set(s, true);
	assert(!is_taken(s, text, values));
}

static void put(struct buf *out, const struct db_value *value)
{
	uint16_t len = (uint16_t)value->len;
	buf_add_char(out, (char)value->type);
	if (value->type == DB_INT || value->type == DB_BOOL || value->type == DB_DATE)
		buf_add(out, &value->integer, sizeof(value->integer));
	if (value->type == DB_REAL)
		buf_add(out, &value->real, sizeof(value->real));
	if (value->type == DB_TEXT) {
		buf_add(out, &len, sizeof(len));
		buf_add(out, value->bytes, len);
	}
}

static void check_signed(struct scene *s, const uint8_t *data, size_t size)
{
	unsigned char head[4096], signature[SIGNATURE_BYTES];
	struct db_value values[LIST_SORTS_MAX + 1];
	size_t len;
	const char *right = write_row(s, &(struct thing){ .title = "" });
	if (size > 2048 || !str_base64url_decode(right, strlen(right), head, sizeof(head), &len))
		return;
	memcpy(head + HEAD_LEN, data, size);
	len = HEAD_LEN + size;
	security_sign(s->c.app->security, "cursor", head, len, signature);
	memcpy(head + len, signature, sizeof(signature));
	char text[8192];
	str_base64url(head, len + sizeof(signature), text);
	if (!is_taken(s, text, values))
		return;
	struct buf again;
	buf_init(&again, s->c.arena);
	for (size_t i = 0; i < TERMS; i++)
		put(&again, &values[i]);
	assert(again.len == size && !memcmp(again.data, data, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	struct app app = { .security = security_once() };
	struct db_value values[LIST_SORTS_MAX + 1];
	struct scene s;
	if (!size)
		return 0;
	ctx_init(&s.c, &app, &arena);
	scene_set(&s, false);
	if (*data == 'r')
		check_row(&s, data + 1, size - 1);
	else if (*data == 's')
		check_signed(&s, data + 1, size - 1);
	else
		assert(!is_taken(&s, arena_strndup(&arena, (const char *)data + 1, size - 1),
				 values));
	return 0;
}
