/*
 * Whether two inputs of a schema are the same, member by member: for those that were written down
 * and read again.
 */
#ifndef CROFT_TESTS_CORE_SCHEMA_SAME_INPUT_H
#define CROFT_TESTS_CORE_SCHEMA_SAME_INPUT_H

#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "core/list.h"
#include "core/schema.h"

static inline bool same_input(const struct schema *schema, const void *a, const void *b);

static inline bool same_text(const char *a, const char *b)
{
	return a && b ? str_eq(a, b) : a == b;
}

static inline bool same_bytes(const struct raw_json *a, const struct raw_json *b)
{
	return a->len == b->len && (!a->len || memcmp(a->text, b->text, a->len) == 0);
}

static inline bool same_scalar(enum field_type type, const void *a, const void *b)
{
	switch (type) {
	case FIELD_TEXT: return same_text(*(const char *const *)a, *(const char *const *)b);
	case FIELD_RAW_JSON: return same_bytes(a, b);
	case FIELD_BOOL: return *(const bool *)a == *(const bool *)b;
	default: return memcmp(a, b, sizeof(int64_t)) == 0;
	}
}

static inline size_t item_size(const struct field *field)
{
	if (field->object)
		return field->object->size;
	return field->item_type == FIELD_BOOL ? sizeof(bool) : sizeof(int64_t);
}

static inline bool same_array(const struct field *field, const struct array *a,
			      const struct array *b)
{
	if (a->count != b->count || !a->items != !b->items)
		return false;
	size_t size = item_size(field);
	for (size_t i = 0; i < a->count; i++) {
		const char *mine = (const char *)a->items + i * size;
		const char *theirs = (const char *)b->items + i * size;
		if (field->object ? !same_input(field->object, mine, theirs)
				  : !same_scalar(field->item_type, mine, theirs))
			return false;
	}
	return true;
}

static inline bool same_filter(const struct list_filter *a, const struct list_filter *b)
{
	if (a->field != b->field || a->operator!= b->operator|| a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct list_value *mine = &a->values[i], *theirs = &b->values[i];
		if (mine->type != theirs->type ||
		    (mine->type == FIELD_TEXT ? !str_eq(mine->text, theirs->text)
					      : mine->integer != theirs->integer))
			return false;
	}
	return true;
}

/* Filters may come in another order. */
static inline bool has_filter(const struct list_query *query, const struct list_filter *filter)
{
	for (size_t i = 0; i < query->filter_count; i++)
		if (same_filter(&query->filters[i], filter))
			return true;
	return false;
}

static inline bool same_query(const struct list_query *a, const struct list_query *b)
{
	if (a->row != b->row || a->page != b->page || a->skip != b->skip ||
	    a->per_page != b->per_page || !same_text(a->cursor, b->cursor) ||
	    a->with_total != b->with_total || !same_text(a->q, b->q) ||
	    a->sort_count != b->sort_count || a->hidden != b->hidden ||
	    a->filter_count != b->filter_count || a->include_count != b->include_count)
		return false;
	for (size_t i = 0; i < a->sort_count; i++)
		if (a->sorts[i].field != b->sorts[i].field ||
		    a->sorts[i].descending != b->sorts[i].descending)
			return false;
	for (size_t i = 0; i < a->include_count; i++)
		if (a->includes[i].depth != b->includes[i].depth ||
		    memcmp(a->includes[i].path, b->includes[i].path,
			   a->includes[i].depth * sizeof(a->includes[i].path[0])) != 0)
			return false;
	for (size_t i = 0; i < a->filter_count; i++)
		if (!has_filter(b, &a->filters[i]))
			return false;
	return true;
}

static inline bool same_member(const struct field *field, const void *a, const void *b)
{
	const void *mine = (const char *)a + field->offset,
		   *theirs = (const char *)b + field->offset;
	if (field->maybe) {
		enum presence is = *(const enum presence *)mine;
		if (is != *(const enum presence *)theirs || is != GIVEN)
			return is == *(const enum presence *)theirs;
	}
	mine = field_content(field, a);
	theirs = field_content(field, b);
	switch (field->type) {
	case FIELD_ARRAY: return same_array(field, mine, theirs);
	case FIELD_OBJECT: return same_input(field->object, mine, theirs);
	case FIELD_LIST_QUERY: return same_query(mine, theirs);
	default: return same_scalar(field->type, mine, theirs);
	}
}

/* But for secrets, which are not written down. */
static inline bool same_input(const struct schema *schema, const void *a, const void *b)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!field->secret && !field->relation && !same_member(field, a, b))
			return false;
	}
	return true;
}

#endif
