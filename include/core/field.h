/*
 * One row of a field table (core/schema.h): a member of a struct, the rules on its value, and what
 * lists, the table of the database and the document may do with it.
 */
#ifndef CROFT_CORE_FIELD_H
#define CROFT_CORE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/field_type.h"

struct arena;
struct buf;
struct schema;

/* Where a request's value for the field comes from. */
enum field_source { IN_BODY = 0, IN_PATH, IN_QUERY, IN_HEADER, IN_FORM, NOT_INPUT };

enum text_format {
	FORMAT_NONE = 0,
	FORMAT_EMAIL,
	FORMAT_URI,
	FORMAT_UUID,
	FORMAT_DATE,
	FORMAT_DATE_TIME,
	FORMAT_PASSWORD
};

/* Operators of a list filter: field=v, field__ne=v, … see core/list.h. */
enum field_filter {
	/* field=v and field__ne=v. */
	FILTER_EQ = 1,
	/* field__in=a,b. */
	FILTER_IN = 2,
	/* field__gt, __gte, __lt, __lte. */
	FILTER_ORDER = 4,
	/* field__like=text: contains, in any case (see .folded); % and _ are literal. */
	FILTER_LIKE = 8,
	/* field__isnull=true|false. */
	FILTER_NULL = 16,
	FILTER_TEXT = FILTER_EQ | FILTER_IN | FILTER_LIKE,
	FILTER_RANGE = FILTER_EQ | FILTER_ORDER,
};

/*
 * A rule that an author writes in C, on one value that keeps all other rules: NULL, or what is
 * wrong, as a sentence for the client such as "its last digit is wrong". It may put another value
 * in the place of this one, made in the arena, and NULL in that of a text of a field that is
 * .nullable; what it gave it leaves alone when that is sent again. It has no other effect, and the
 * same value gets the same answer.
 */
typedef const char *text_check(struct arena *arena, const char **value);
typedef const char *int_check(struct arena *arena, int64_t *value);
typedef const char *real_check(struct arena *arena, double *value);
typedef const char *bool_check(struct arena *arena, bool *value);
typedef const char *instant_check(struct arena *arena, struct instant *value);
typedef const char *date_check(struct arena *arena, struct date *value);
typedef const char *raw_check(struct arena *arena, const struct raw_json *value);
typedef const char *array_check(struct arena *arena, struct array *value);

struct field_check {
	enum field_type takes;
	/* One of the types above; NULL: no check. */
	void (*run)(void);
};

/*
 * A check of a field, whether or not its member is a struct maybe_…; null and absence are not
 * checked. One on texts or numbers in an array of them looks at each item.
 */
/* clang-format off */
#define CHECK(function) \
	.check = { \
		.takes = _Generic(&(function), \
			text_check *:    FIELD_TEXT, \
			int_check *:     FIELD_INT, \
			real_check *:    FIELD_REAL, \
			bool_check *:    FIELD_BOOL, \
			instant_check *: FIELD_INSTANT, \
			date_check *:    FIELD_DATE, \
			raw_check *:     FIELD_RAW_JSON, \
			array_check *:   FIELD_ARRAY), \
		.run = (void (*)(void))(function), \
	}
/* clang-format on */

struct relation;
struct parameter_reader;

struct field {
	/* On the wire, and of the column. */
	const char *name;
	/* A sentence for the document, or NULL. */
	const char *doc;
	/* JSON text for the document, or NULL. */
	const char *example;
	size_t offset, size;
	enum field_type type;
	/* The member is a struct maybe_… */
	bool maybe;
	enum field_source in;

	/* Input: absence is a fault. Output: it is always there. Relation: it is never null. */
	bool required;
	/*
	 * Input: null is accepted; the member must be a maybe_…, raw or text. Output: it may be
	 * null.
	 */
	bool nullable;
	/* Never rendered, logged or shown in a fault; writeOnly in the document. */
	bool secret;
	/* Output: the program reads the column; nobody is shown it, or asks for anything by it. */
	bool unshown;
	/*
	 * Input: the value when absent, a text as is, other types as their JSON text. A struct
	 * maybe_… stays ABSENT, and the document says no default, so that a change of one field
	 * leaves the others alone though they share their rules.
	 */
	const char *preset;

	/*
	 * Text, also each in an array: white space at both ends goes, and letters become small, as
	 * text_trim() and text_lower() of core/text.h have it, before any other rule. What is left
	 * is bound; a fault shows what was sent. Filters of lists do the same to what they are
	 * asked for: .trim where that is a whole value, .lower always.
	 */
	bool trim, lower;
	/* Text: code points; array: items. 0: no bound. */
	int64_t min_len, max_len;
	/*
	 * Text: a regular expression of ECMA-262 with the flag u, as JSON Schema has them, found
	 * anywhere unless it has ^ and $. \s is Unicode's white space, \d and \w are ASCII. It is
	 * matched under limits; texts over 8 KiB never match, so bound them with max_len.
	 */
	const char *pattern;
	/*
	 * UUIDs, dates and date-times are stored in one spelling, the others as sent. Both that and
	 * what was sent keep the other rules.
	 */
	enum text_format format;
	/* Text: it must be one of these, CHOICES(). */
	const char *const *choices;

	/* Numbers: MIN() and MAX() set them, and the bounds below. */
	bool has_min, has_max;
	bool exclusive_min, exclusive_max;
	double min, max;

	/* CHECK() sets it. */
	struct field_check check;

	/* FIELD_OBJECT: its schema. FIELD_ARRAY: the schema of its items, or NULL. */
	const struct schema *object;
	/* FIELD_ARRAY without .object: FIELD_TEXT, FIELD_INT, FIELD_REAL or FIELD_BOOL. */
	enum field_type item_type;
	/* FIELD_ARRAY of texts: most code points of one item; 0: no bound. */
	int64_t item_max_len;

	/*
	 * Rows of a list: what a client may ask for; see core/list.h. A secret field may be asked
	 * for nothing.
	 */
	bool sort;
	/* Bits of enum field_filter. */
	unsigned filter;
	/* Text: q= looks through it. */
	bool search;
	/*
	 * Text of a row: the column that holds its folded form (text_fold() of core/text.h), which
	 * core/model fills. With .key the text is a name: filters for equal, model_find() and a
	 * unique index on that column take names for the same whatever their case and form. Both:
	 * __like and q look there, so all letters match in any case; without either the letters A
	 * to Z do. A .folded column is empty where the text is ASCII.
	 */
	const char *key, *folded;
	/*
	 * A relation, embedded on include=: a FIELD_OBJECT with it is a pointer to a struct of
	 * .object, and a FIELD_ARRAY is an array of them.
	 */
	const struct relation *relation;
	/* FIELD_LIST_QUERY: see core/bind.h. */
	const struct parameter_reader *reader;
	/* Output, FIELD_ARRAY: its rows have what fields= and include= name. */
	bool narrowed;
	/* The table has no column of the name. */
	bool not_column;
};

#define MIN(value) .has_min = true, .min = (value)
#define MAX(value) .has_max = true, .max = (value)

#define FIELD(owner, member, ...) FIELD_AT(owner, member, #member, __VA_ARGS__)
/* The same of a member that is called otherwise on the wire, or lies in a struct within. */
#define FIELD_AT(owner, path, field_name, ...) \
	{ \
		.name = field_name, .offset = offsetof(owner, path), \
		.size = FIELD_SIZE(owner, path), .type = FIELD_TYPE_OF(((owner *)0)->path), \
		.maybe = FIELD_IS_MAYBE(((owner *)0)->path), __VA_ARGS__ \
	}
/* Fails to compile where C knows that no field can have this type. */
#define FIELD_SIZE(owner, path) \
	(sizeof(((owner *)0)->path) + \
	 0 * sizeof(struct { \
		 _Static_assert( \
			 FIELD_IS_KNOWN(((owner *)0)->path), \
			 "a field is a const char *, int64_t, double, bool, struct instant, " \
			 "struct date, struct raw_json, struct maybe_..., struct array or " \
			 "another struct"); \
		 char unused; \
	 }))

/* ---- its member ---- */

/* Where the value in the struct at `base` is stored; a struct maybe_… becomes GIVEN. */
void *field_slot(const struct field *field, void *base);
/* Where it is read; NULL when it is a struct maybe_… that is not GIVEN. */
const void *field_content(const struct field *field, const void *base);
/* What a struct maybe_… says; of any other member GIVEN. */
enum presence field_presence(const struct field *field, const void *base);
/* Of a field whose member is a struct maybe_… */
void field_set_null(const struct field *field, void *base);

/* ---- what others may do with it ---- */

/*
 * What a client may ask of a row's field: nothing of a secret one. field_may_filter(): the field's
 * own bits of enum field_filter without those that do not fit its type.
 */
bool field_may_sort(const struct field *field);
bool field_may_search(const struct field *field);
bool field_may_show(const struct field *field);
bool field_may_include(const struct field *field);
unsigned field_may_filter(const struct field *field);

/* Whether the table of a row has a column of the field's name, and whether that may be null. */
bool field_is_column(const struct field *field);
bool field_can_be_null(const struct field *field);
/* The least and the most that the bounds of a number let in, of an INT a whole one. */
double field_least(const struct field *field);
double field_most(const struct field *field);
/* Of an INT, exact: the end of int64_t where a bound is beyond that, or is none. */
int64_t field_least_int(const struct field *field);
int64_t field_most_int(const struct field *field);
/* The column that holds its folded form; NULL: none. */
const char *field_folded_column(const struct field *field);

/* Appends the JSON Schema of one field, as used for parameters. */
void field_document(const struct field *field, bool as_input, struct buf *out);
/*
 * Appends what is said in words of a field of an input: its .doc, and what no JSON Schema can say.
 * Nothing, if there is nothing.
 */
void field_describe_input(const struct field *field, struct buf *out);

#endif
