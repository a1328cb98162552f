/*
 * What a member of a struct may be that a field describes: const char *, int64_t, double, bool,
 * struct instant and struct date, and the types below; and how its type is read off the member. The
 * rules on its value are core/field.h's.
 */
#ifndef CROFT_CORE_FIELD_TYPE_H
#define CROFT_CORE_FIELD_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

/* A JSON value kept as its (valid, compact or not) text. len 0: null. */
struct raw_json {
	const char *text;
	size_t len;
};

/*
 * Absent and null told apart: what a PATCH needs. As output, anything but GIVEN is rendered as
 * null.
 */
enum presence { ABSENT = 0, IS_NULL, GIVEN };

struct maybe_text {
	enum presence is;
	const char *value;
};
struct maybe_int {
	enum presence is;
	int64_t value;
};
struct maybe_real {
	enum presence is;
	double value;
};
struct maybe_bool {
	enum presence is;
	bool value;
};
struct maybe_instant {
	enum presence is;
	struct instant value;
};
struct maybe_date {
	enum presence is;
	struct date value;
};
struct maybe_json {
	enum presence is;
	struct raw_json value;
};

/*
 * An array. Items are structs of .item, or int64_t / const char * when .item_type says so;
 * contiguous.
 */
struct array {
	void *items;
	size_t count;
	/* Output: bit i leaves field i of the items out; see schema_render(). */
	uint64_t hidden;
};

enum field_type {
	FIELD_TEXT,
	FIELD_INT,
	FIELD_REAL,
	FIELD_BOOL,
	FIELD_INSTANT,
	FIELD_DATE,
	FIELD_RAW_JSON,
	FIELD_ARRAY,
	/* Input: many parameters that .reader takes, such as LIST_FIELD of core/list.h. */
	FIELD_LIST_QUERY,
	/* A struct member described by .object: held by value, or with .relation a pointer. */
	FIELD_OBJECT,
};

/* clang-format off */
#define FIELD_TYPE_OF(member) \
	_Generic((member), \
		const char *:         FIELD_TEXT, \
		int64_t:              FIELD_INT, \
		double:               FIELD_REAL, \
		bool:                 FIELD_BOOL, \
		struct instant:       FIELD_INSTANT, \
		struct date:          FIELD_DATE, \
		struct raw_json:      FIELD_RAW_JSON, \
		struct maybe_text:    FIELD_TEXT, \
		struct maybe_int:     FIELD_INT, \
		struct maybe_real:    FIELD_REAL, \
		struct maybe_bool:    FIELD_BOOL, \
		struct maybe_instant: FIELD_INSTANT, \
		struct maybe_date:    FIELD_DATE, \
		struct maybe_json:    FIELD_RAW_JSON, \
		struct array:         FIELD_ARRAY, \
		default:              FIELD_OBJECT)

/*
 * Of types that C would turn into one of these, and lose or garble what they hold. int64_t, which
 * is long or long long, stands by itself: no type may be named twice.
 */
#define FIELD_IS_KNOWN(member) \
	_Generic((member), \
		int64_t: true, \
		default: _Generic((member), \
			char:               false, \
			signed char:        false, \
			unsigned char:      false, \
			short:              false, \
			unsigned short:     false, \
			int:                false, \
			unsigned:           false, \
			long:               false, \
			unsigned long:      false, \
			long long:          false, \
			unsigned long long: false, \
			float:              false, \
			long double:        false, \
			char *:             false, \
			void *:             false, \
			const void *:       false, \
			default:            true))

#define FIELD_IS_MAYBE(member) \
	_Generic((member), \
		struct maybe_text:    true, \
		struct maybe_int:     true, \
		struct maybe_real:    true, \
		struct maybe_bool:    true, \
		struct maybe_instant: true, \
		struct maybe_date:    true, \
		struct maybe_json:    true, \
		default:              false)
/* clang-format on */

#endif
