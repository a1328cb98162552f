/*
 * Cursors: where a list goes on, as a text that clients hand back as it is. It holds the values of
 * the last row that the order goes by, and a hash of the list it was made for, and is signed;
 * nothing in it is believed before the signature is checked.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/app.h"
#include "core/security.h"
#include "internal.h"

#define PURPOSE "cursor"
#define HASH_START 0xcbf29ce484222325u

enum {
	CURSOR_FORM = 2,  /* raised when the bytes below change their meaning */
	TEXT_MOST = 1024, /* bytes of one value */
	/* in place of a type: a longer text, which the row itself is asked for */
	TEXT_OF_ROW = 0x7f,
};

/* ---- what a cursor belongs to ---- */

/* FNV-1a, 64 bits: the same in every process. Who may make cursors is the signature's business. */
static void hash_bytes(uint64_t *hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	for (size_t i = 0; i < len; i++)
		*hash = (*hash ^ at[i]) * 0x100000001b3u;
}

static void hash_text(uint64_t *hash, const char *text)
{
	hash_bytes(hash, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void hash_int(uint64_t *hash, int64_t value)
{
	hash_bytes(hash, &value, sizeof(value));
}

/* The filters' hashes are added up, because their order in the query says nothing. */
static void hash_filter(uint64_t *sum, const struct list_filter *filter)
{
	uint64_t filter_hash = HASH_START, *hash = &filter_hash;
	hash_text(hash, filter->field->name);
	hash_int(hash, filter->operator);
	hash_int(hash, (int64_t)filter->count);
	for (size_t i = 0; i < filter->count; i++) {
		const struct list_value *value = &filter->values[i];
		if (value->type == FIELD_TEXT)
			hash_text(hash, value->text);
		else if (value->type == FIELD_REAL)
			hash_bytes(hash, &value->real, sizeof(value->real));
		else
			hash_int(hash, value->integer);
	}
	*sum += filter_hash;
}

static void hash_bind(uint64_t *hash, const struct db_value *value)
{
	hash_int(hash, value->type);
	switch (value->type) {
	case DB_NULL: break;
	case DB_BOOL:
	case DB_DATE:
	case DB_INT: hash_int(hash, value->integer); break;
	case DB_REAL: hash_bytes(hash, &value->real, sizeof(value->real)); break;
	case DB_JSON:
	case DB_TEXT:
	case DB_BLOB:
		hash_int(hash, (int64_t)value->len);
		hash_bytes(hash, value->bytes, value->len);
		break;
	}
}

static void hash_where(uint64_t *hash, const struct model_where *where)
{
	static const struct model_where none;
	if (!where)
		where = &none;
	hash_text(hash, where->sql);
	if (where->or_else)
		hash_text(hash, where->or_else);
	hash_int(hash, where->with_deleted);
	for (size_t i = 0; i < where->binds.count; i++)
		hash_bind(hash, &where->binds.values[i]);
}

static uint64_t scope_hash(const struct cursor_scope *scope)
{
	uint64_t hash = HASH_START, filters = 0;
	hash_text(&hash, scope->model->table);
	for (size_t i = 0; i < scope->order->count; i++) {
		hash_text(&hash, scope->order->terms[i].field->name);
		hash_int(&hash, scope->order->terms[i].descending);
	}
	for (size_t i = 0; i < scope->query->filter_count; i++)
		hash_filter(&filters, &scope->query->filters[i]);
	hash_bytes(&hash, &filters, sizeof(filters));
	hash_int(&hash, scope->query->q != NULL);
	hash_text(&hash, scope->query->q);
	hash_where(&hash, scope->where);
	return hash;
}

/* ---- writing ---- */

static void add_value(struct buf *out, const struct db_value *value)
{
	bool is_long = value->type == DB_TEXT && value->len > TEXT_MOST;
	buf_add_char(out, (char)(is_long ? TEXT_OF_ROW : (int)value->type));
	if (value->type == DB_INT || value->type == DB_BOOL || value->type == DB_DATE)
		buf_add(out, &value->integer, sizeof(value->integer));
	else if (value->type == DB_REAL)
		buf_add(out, &value->real, sizeof(value->real));
	else if (value->type == DB_TEXT && !is_long) {
		uint16_t len = (uint16_t)value->len;
		buf_add(out, &len, sizeof(len));
		buf_add(out, value->bytes, value->len);
	}
}

static void add_values(const struct cursor_scope *scope, const void *row, struct buf *out)
{
	for (size_t i = 0; i < scope->order->count; i++) {
		struct db_value value = field_value(scope->order->terms[i].field, row);
		add_value(out, &value);
	}
}

enum app_err cursor_write(struct ctx *c, const struct cursor_scope *scope, const void *row,
			  const char **ret_text)
{
	struct buf bytes;
	uint64_t hash = scope_hash(scope);
	buf_init(&bytes, c->arena);
	buf_add_char(&bytes, CURSOR_FORM);
	buf_add(&bytes, &hash, sizeof(hash));
	add_values(scope, row, &bytes);
	enum app_err err = security_must_sign(c);
	if (err)
		return err;
	unsigned char signature[SIGNATURE_BYTES];
	security_sign(c->app->security, PURPOSE, bytes.data, bytes.len, signature);
	buf_add(&bytes, signature, sizeof(signature));
	char *text = arena_raw(c->arena, str_base64url_room(bytes.len));
	str_base64url(bytes.data, bytes.len, text);
	*ret_text = text;
	return APP_OK;
}

/* ---- reading ---- */

/* What is left of the bytes; `at` is NULL once they did not fit. */
struct reader {
	const char *at, *end;
};

static const void *take(struct reader *r, size_t len)
{
	if (!r->at || (size_t)(r->end - r->at) < len) {
		r->at = NULL;
		return NULL;
	}
	const char *bytes = r->at;
	r->at += len;
	return bytes;
}

static bool take_copy(struct reader *r, void *to, size_t len)
{
	const void *from = take(r, len);
	if (from)
		memcpy(to, from, len);
	return from != NULL;
}

static bool take_value(struct reader *r, struct db_value *ret)
{
	char type;
	uint16_t len;
	if (!take_copy(r, &type, 1))
		return false;
	*ret = (struct db_value){ .type = type == TEXT_OF_ROW ? DB_TEXT : (enum db_type)type };
	if (type == TEXT_OF_ROW)
		return true;
	switch (ret->type) {
	case DB_NULL: return true;
	case DB_BOOL:
	case DB_DATE:
	case DB_INT: return take_copy(r, &ret->integer, sizeof(ret->integer));
	case DB_REAL: return take_copy(r, &ret->real, sizeof(ret->real));
	case DB_TEXT:
		if (!take_copy(r, &len, sizeof(len)))
			return false;
		ret->len = len;
		ret->bytes = take(r, len);
		return ret->bytes != NULL;
	default: return false;
	}
}

static bool cursor_take(struct reader *r, const struct cursor_scope *scope, struct db_value *values)
{
	char form;
	uint64_t hash;
	if (!take_copy(r, &form, 1) || form != CURSOR_FORM || !take_copy(r, &hash, sizeof(hash)) ||
	    hash != scope_hash(scope))
		return false;
	for (size_t i = 0; i < scope->order->count; i++)
		if (!take_value(r, &values[i]))
			return false;
	return r->at == r->end;
}

static bool cursor_open(struct ctx *c, const char *text, struct reader *ret)
{
	size_t text_len = strlen(text), len;
	if (text_len > LIST_CURSOR_MAX)
		return false;
	char *bytes = arena_raw(c->arena, text_len + 1);
	if (!str_base64url_decode(text, text_len, bytes, text_len + 1, &len) ||
	    len < SIGNATURE_BYTES)
		return false;
	len -= SIGNATURE_BYTES;
	unsigned char signature[SIGNATURE_BYTES];
	memcpy(signature, bytes + len, sizeof(signature));
	*ret = (struct reader){ bytes, bytes + len };
	return security_verify(c->app->security, PURPOSE, bytes, len, signature);
}

/* ---- texts that no cursor has room for ---- */

static bool is_of_row(const struct db_value *value)
{
	return value->type == DB_TEXT && !value->bytes;
}

/*
 * As it is now, deleted or not. Whoever may not see it any more learns nothing of where it stands.
 */
static enum app_err row_find(struct ctx *c, const struct cursor_scope *scope, int64_t id, void *ret)
{
	struct model_where where = scope->where ? *scope->where : (struct model_where){ 0 };
	where.with_deleted = true;
	enum app_err err = model_get_where(c, scope->model, id, &where, ret);
	if (err != APP_NOT_FOUND)
		return err;
	ctx_recover(c);
	return schema_fault(c, "query", "cursor",
			    "the row that the page before ended with is gone, and it was sorted by "
			    "a text too long for a cursor: begin with the first page again");
}

static enum app_err long_texts_take(struct ctx *c, const struct cursor_scope *scope,
				    struct db_value *values)
{
	const struct order *order = scope->order;
	void *row = NULL;
	for (size_t i = 0; i < order->count; i++) {
		if (!is_of_row(&values[i]))
			continue;
		if (!row) {
			row = arena_zero(c->arena, scope->model->row->size);
			/* the id is the last term of every order */
			enum app_err err = row_find(c, scope, values[order->count - 1].integer,
						    row);
			if (err)
				return err;
		}
		values[i] = field_value(order->terms[i].field, row);
	}
	return APP_OK;
}

enum app_err cursor_read(struct ctx *c, const struct cursor_scope *scope, const char *text,
			 struct db_value ret_values[LIST_SORTS_MAX + 1])
{
	struct reader r;
	struct db_value values[LIST_SORTS_MAX + 1];
	if (!cursor_open(c, text, &r) || !cursor_take(&r, scope, values))
		return schema_fault(c, "query", "cursor",
				    "this cursor does not belong to this list: send next_cursor as "
				    "it was given, with the same sort and filters");
	enum app_err err = long_texts_take(c, scope, values);
	if (err)
		return err;
	memcpy(ret_values, values, scope->order->count * sizeof(*values));
	return APP_OK;
}
