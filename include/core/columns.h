/*
 * A table as one list of columns. From it come the struct of a row, the inputs of core/crud.h, and
 * their field tables:
 *
 *	COLUMNS(book,
 *		(SEARCHED, title, .min_len = 1, .max_len = 200, .sort = true),
 *		(TEXT, shelf, .choices = shelves, .preset = "other"),
 *		(INT_OR_NULL, year, MIN(1450), MAX(2100), .filter = FILTER_RANGE),
 *		(OWNER, keeper_id),
 *		(ONE, keeper, user_public, &keeper_of_book));
 *
 * A column is its kind, its name, and the rules of struct field, which row and inputs share. Every
 * row has id, created_at and updated_at besides. What a kind is in C:
 *
 *	kind                   in the row              what a client sends
 *	TEXT                   const char *            required unless it has a .preset
 *	SEARCHED               const char *            the same; found by q= and __like in any case:
 *	                                               its column NAME_folded belongs to the table
 *	NAME                   const char *            the same; unique in any case: NAME_key
 *	INT, REAL, BOOL        int64_t, double, bool   the same
 *	TIME, DATE             struct instant, date    the same
 *	JSON                   struct raw_json         the same
 *	…_OR_NULL              const char * (NULL),    may be null, and is when it is left out
 *	                       struct maybe_…
 *	OWNER                  int64_t                 nothing: who makes a row becomes its owner
 *	ONE, NAME_OF_STRUCT,   a pointer to it         nothing: a relation to embed, see
 *	    &relation                                  struct relation of core/model.h
 *	MANY, …                struct array of it      the same
 *
 * It makes, for book: struct book, book_create, book_set (a change: each member a maybe_…),
 * book_update and book_replace (the id, If-Match, and one of the former), and the schemas of these
 * and of book_ref, book_delete, book_list, book_page, book_batch and book_bulk. At most 32 columns.
 */
#ifndef CROFT_CORE_COLUMNS_H
#define CROFT_CORE_COLUMNS_H

#include "base/each.h"
#include "core/crud.h"

/* clang-format off */

/* ---- what makes of a column what each use needs: COLUMN_<class>_<use> ---- */

#define COLUMN_BARE(...) __VA_ARGS__
#define COLUMN_DO(with, column) COLUMN_PART(COLUMN_BARE with, COLUMN_BARE column)
#define COLUMN_PART(...) COLUMN_OF_KIND(__VA_ARGS__)
#define COLUMN_OF_KIND(use, owner, at, kind, ...) COLUMN_##kind(use, owner, at, __VA_ARGS__)
/* `at`: how the struct `owner` leads to the member, such as "set." */
#define COLUMNS_AS(use, owner, at, ...) FOR_EACH_WITH(COLUMN_DO, (use, owner, at), __VA_ARGS__)

#define COLUMN_FIELD(owner, path, field_name, ...) \
	FIELD_AT(struct owner, path, #field_name, __VA_ARGS__),

/* a value that clients send */
#define COLUMN_VALUE_ROW_MEMBER(owner, at, row, set, null, n, ...) row n;
#define COLUMN_VALUE_ROW_FIELD(owner, at, row, set, null, n, ...) \
	COLUMN_FIELD(owner, n, n, .required = true, .nullable = null __VA_OPT__(,) __VA_ARGS__)
#define COLUMN_VALUE_NEW_MEMBER(owner, at, row, set, null, n, ...) row n;
#define COLUMN_VALUE_NEW_FIELD(owner, at, row, set, null, n, ...) \
	COLUMN_FIELD(owner, at n, n, .required = !null, .nullable = null __VA_OPT__(,) __VA_ARGS__)
#define COLUMN_VALUE_SET_MEMBER(owner, at, row, set, null, n, ...) set n;
#define COLUMN_VALUE_SET_FIELD(owner, at, row, set, null, n, ...) \
	COLUMN_FIELD(owner, at n, n, .nullable = null __VA_OPT__(,) __VA_ARGS__)
#define COLUMN_VALUE_OWNER_AT(...)
#define COLUMN_VALUE_OWNER_SQL(...)
#define COLUMN_VALUE_OWNER_COUNT(...)

/* the account that made the row */
#define COLUMN_MAKER_ROW_MEMBER(owner, at, n, ...) int64_t n;
#define COLUMN_MAKER_ROW_FIELD(owner, at, n, ...) \
	COLUMN_FIELD(owner, n, n, .required = true, \
		     .filter = FILTER_EQ | FILTER_IN, .in = NOT_INPUT __VA_OPT__(,) __VA_ARGS__)
#define COLUMN_MAKER_NEW_MEMBER(owner, at, n, ...) int64_t n;
#define COLUMN_MAKER_NEW_FIELD(owner, at, n, ...) \
	COLUMN_FIELD(owner, at n, n, .in = NOT_INPUT)
#define COLUMN_MAKER_SET_MEMBER(...)
#define COLUMN_MAKER_SET_FIELD(...)
#define COLUMN_MAKER_OWNER_AT(owner, at, n, ...) + 1 + (int)offsetof(struct owner, n)
#define COLUMN_MAKER_OWNER_SQL(owner, at, n, ...) #n " = $1"
#define COLUMN_MAKER_OWNER_COUNT(...) + 1

/* what is embedded */
#define COLUMN_LINK_ROW_MEMBER(owner, at, member, n, tag, ...) member;
#define COLUMN_LINK_ROW_FIELD(owner, at, member, n, tag, its_relation, ...) \
	COLUMN_FIELD(owner, n, n, .object = &tag##_schema, \
		     .relation = its_relation __VA_OPT__(,) __VA_ARGS__)
#define COLUMN_LINK_NEW_MEMBER(...)
#define COLUMN_LINK_NEW_FIELD(...)
#define COLUMN_LINK_SET_MEMBER(...)
#define COLUMN_LINK_SET_FIELD(...)
#define COLUMN_LINK_OWNER_AT(...)
#define COLUMN_LINK_OWNER_SQL(...)
#define COLUMN_LINK_OWNER_COUNT(...)

/* ---- the kinds ---- */

#define COLUMN_SEARCHED_RULES(n) .search = true, .filter = FILTER_TEXT, .folded = #n "_folded"
#define COLUMN_NAME_RULES(n) .filter = FILTER_TEXT, .key = #n "_key"

#define COLUMN_TEXT(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, const char *, struct maybe_text, false, __VA_ARGS__)
#define COLUMN_TEXT_OR_NULL(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, const char *, struct maybe_text, true, __VA_ARGS__)
#define COLUMN_SEARCHED(use, o, at, n, ...) \
	COLUMN_TEXT(use, o, at, n, COLUMN_SEARCHED_RULES(n) __VA_OPT__(,) __VA_ARGS__)
#define COLUMN_SEARCHED_OR_NULL(use, o, at, n, ...) \
	COLUMN_TEXT_OR_NULL(use, o, at, n, COLUMN_SEARCHED_RULES(n) __VA_OPT__(,) __VA_ARGS__)
#define COLUMN_NAME(use, o, at, n, ...) \
	COLUMN_TEXT(use, o, at, n, COLUMN_NAME_RULES(n) __VA_OPT__(,) __VA_ARGS__)
#define COLUMN_NAME_OR_NULL(use, o, at, n, ...) \
	COLUMN_TEXT_OR_NULL(use, o, at, n, COLUMN_NAME_RULES(n) __VA_OPT__(,) __VA_ARGS__)
#define COLUMN_INT(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, int64_t, struct maybe_int, false, __VA_ARGS__)
#define COLUMN_INT_OR_NULL(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, struct maybe_int, struct maybe_int, true, __VA_ARGS__)
#define COLUMN_REAL(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, double, struct maybe_real, false, __VA_ARGS__)
#define COLUMN_REAL_OR_NULL(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, struct maybe_real, struct maybe_real, true, __VA_ARGS__)
#define COLUMN_BOOL(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, bool, struct maybe_bool, false, __VA_ARGS__)
#define COLUMN_BOOL_OR_NULL(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, struct maybe_bool, struct maybe_bool, true, __VA_ARGS__)
#define COLUMN_TIME(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, struct instant, struct maybe_instant, false, __VA_ARGS__)
#define COLUMN_TIME_OR_NULL(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, struct maybe_instant, struct maybe_instant, true, __VA_ARGS__)
#define COLUMN_DATE(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, struct date, struct maybe_date, false, __VA_ARGS__)
#define COLUMN_DATE_OR_NULL(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, struct maybe_date, struct maybe_date, true, __VA_ARGS__)
#define COLUMN_JSON(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, struct raw_json, struct maybe_json, false, __VA_ARGS__)
#define COLUMN_JSON_OR_NULL(use, o, at, ...) \
	COLUMN_VALUE_##use(o, at, struct raw_json, struct maybe_json, true, __VA_ARGS__)
#define COLUMN_OWNER(use, o, at, ...) COLUMN_MAKER_##use(o, at, __VA_ARGS__)
#define COLUMN_ONE(use, o, at, n, tag, ...) \
	COLUMN_LINK_##use(o, at, const struct tag *n, n, tag, __VA_ARGS__)
#define COLUMN_MANY(use, o, at, n, tag, ...) \
	COLUMN_LINK_##use(o, at, struct array n, n, tag, __VA_ARGS__)

/* ---- what a list of columns makes ---- */

/* The structs, for a header; COLUMNS_SCHEMAS() with the same list belongs to one file. */
#define COLUMNS_STRUCTS(tag, ...) \
	struct tag { \
		int64_t id; \
		COLUMNS_AS(ROW_MEMBER, tag, , __VA_ARGS__) \
		struct instant created_at, updated_at; \
	}; \
	struct tag##_create { \
		COLUMNS_AS(NEW_MEMBER, tag, , __VA_ARGS__) \
	}; \
	struct tag##_set { \
		COLUMNS_AS(SET_MEMBER, tag, , __VA_ARGS__) \
	}; \
	struct tag##_update { \
		struct crud_target target; \
		struct tag##_set set; \
	}; \
	struct tag##_replace { \
		struct crud_target target; \
		struct tag##_create row; \
	}; \
	struct tag##_bulk { \
		struct crud_bulk all; \
		struct tag##_set set; \
	}

#define COLUMNS_TARGET(owner, tag) \
	COLUMN_FIELD(owner, target.id, id, .in = IN_PATH, .required = true, \
		     .doc = "Id of the " #tag) \
	COLUMN_FIELD(owner, target.if_match, if_match, IF_MATCH_RULES)

/* An input whose rules are those of the row. */
#define COLUMNS_SCHEMA(variable, schema_name, owner, ...) \
	static const struct field variable##_fields[] = { __VA_ARGS__ }; \
	const struct schema variable = { \
		.name = schema_name, \
		.type = #owner, \
		.size = sizeof(owner), \
		.fields = variable##_fields, \
		.count = sizeof(variable##_fields) / sizeof(variable##_fields[0]), \
		.shared = true, \
	}

#define COLUMNS_SCHEMAS(tag, ...) \
	COLUMNS_SCHEMA(tag##_schema, #tag, struct tag, \
		       COLUMN_FIELD(tag, id, id, .required = true, .sort = true, \
				    .filter = FILTER_EQ | FILTER_IN) \
		       COLUMNS_AS(ROW_FIELD, tag, , __VA_ARGS__) \
		       COLUMN_FIELD(tag, created_at, created_at, .required = true, .sort = true, \
				    .filter = FILTER_RANGE) \
		       COLUMN_FIELD(tag, updated_at, updated_at, .required = true)); \
	PAGE_SCHEMA(tag); \
	COLUMNS_SCHEMA(tag##_create_schema, #tag "_create", struct tag##_create, \
		       COLUMNS_AS(NEW_FIELD, tag##_create, , __VA_ARGS__)); \
	COLUMNS_SCHEMA(tag##_set_schema, #tag "_set", struct tag##_set, \
		       COLUMNS_AS(SET_FIELD, tag##_set, , __VA_ARGS__)); \
	COLUMNS_SCHEMA(tag##_update_schema, #tag "_update", struct tag##_update, \
		       COLUMNS_TARGET(tag##_update, tag) \
		       COLUMNS_AS(SET_FIELD, tag##_update, set., __VA_ARGS__)); \
	COLUMNS_SCHEMA(tag##_replace_schema, #tag "_replace", struct tag##_replace, \
		       COLUMNS_TARGET(tag##_replace, tag) \
		       COLUMNS_AS(NEW_FIELD, tag##_replace, row., __VA_ARGS__)); \
	COLUMNS_SCHEMA(tag##_bulk_schema, #tag "_bulk", struct tag##_bulk, \
		       COLUMN_FIELD(tag##_bulk, all.ids, ids, .required = true, \
				    .item_type = FIELD_INT, .min_len = 1, \
				    .max_len = CRUD_BULK_MAX) \
		       COLUMN_FIELD(tag##_bulk, all.verb, do, .required = true, \
				    .choices = crud_bulk_verbs) \
		       COLUMN_FIELD(tag##_bulk, set, set, .object = &tag##_set_schema, \
				    .doc = "With do=update: what becomes of them")); \
	COLUMNS_SCHEMA(tag##_ref_schema, #tag "_ref", struct crud_ref, \
		       COLUMN_FIELD(crud_ref, id, id, .in = IN_PATH, .required = true, \
				    .doc = "Id of the " #tag)); \
	COLUMNS_SCHEMA(tag##_delete_schema, #tag "_delete", struct crud_delete, \
		       COLUMNS_TARGET(crud_delete, tag)); \
	COLUMNS_SCHEMA(tag##_list_schema, #tag "_list", struct crud_list, \
		       LIST_FIELD(struct crud_list, list, &tag##_schema)); \
	COLUMNS_SCHEMA(tag##_batch_schema, #tag "_batch", struct crud_batch, \
		       FIELD(struct crud_batch, items, .required = true, \
			     .object = &tag##_create_schema, .min_len = 1, \
			     .max_len = CRUD_BATCH_MAX)); \
	_Static_assert(0 COLUMNS_AS(OWNER_COUNT, tag, , __VA_ARGS__) <= 1, \
		       "a table has one OWNER at most"); \
	static const struct crud_owner tag##_owner = { \
		.made_at = -1 COLUMNS_AS(OWNER_AT, tag##_create, , __VA_ARGS__), \
		.row_at = -1 COLUMNS_AS(OWNER_AT, tag, , __VA_ARGS__), \
		.sql = "" COLUMNS_AS(OWNER_SQL, tag, , __VA_ARGS__), \
	}

#define COLUMNS(tag, ...) \
	COLUMNS_STRUCTS(tag, __VA_ARGS__); \
	COLUMNS_SCHEMAS(tag, __VA_ARGS__)
/* clang-format on */

#endif
