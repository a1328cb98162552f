/*
 * JSON: text written piece by piece, the strict scan of what comes, and the tree that is read from
 * it, whose values also say where they stand, so that integers are read exactly and raw JSON is
 * kept byte for byte. Knows of no fields.
 */
#ifndef CROFT_CORE_JSON_H
#define CROFT_CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/clock.h"

struct buf;
struct cJSON;

/* ---- writing ---- */

/*
 * The name of a member, a C identifier, with a comma before it unless the object has just begun.
 */
void json_add_key(struct buf *out, const char *name);
/* Quoted and escaped; broken UTF-8 becomes U+FFFD. */
void json_add_text(struct buf *out, const char *text, size_t len);
/* The shortest form that reads back the same; null when it is not finite. */
void json_add_real(struct buf *out, double value);
/* In quotes, as instant_text() has it. */
void json_add_instant(struct buf *out, struct instant value);
/* In quotes, as date_text() has it. */
void json_add_date(struct buf *out, struct date value);
/*
 * Appends JSON as a terminal may be shown it: what a terminal would act on, or a reader not see,
 * in its texts is escaped. It means the same.
 */
void json_printable(const char *text, size_t len, struct buf *out);
/*
 * Appends JSON that has no white space between its signs (but for ends of lines between values) as
 * people read it.
 */
void json_pretty(const char *text, size_t len, struct buf *out);

/* ---- checking ---- */

enum { JSON_DEPTH_MAX = 64, JSON_NODES_MAX = 100000 };

/*
 * Strict RFC 8259 and UTF-8: depth, node count, duplicate keys, \u0000, lone surrogates, trailing
 * bytes, number grammar and range. On failure *ret_at is the fault's offset in code points and
 * *ret_why says why in the words of Python's json ("Expecting value", …).
 */
bool json_check(const char *text, size_t len, size_t *ret_at, const char **ret_why) MUST_USE;
/* The same of a value that will stand within another, which takes one of the levels. */
bool json_check_inner(const char *text, size_t len, size_t *ret_at, const char **ret_why) MUST_USE;

/* ---- reading ---- */

/*
 * One value in document order. `nodes` counts it and all that is inside, so span + nodes is what
 * follows it.
 */
struct json_span {
	const char *at;
	uint32_t len, nodes;
};

/* One value of a tree, for as long as that and its text are there. */
struct json_node {
	/* NULL: there is no value. */
	const struct cJSON *item;
	const struct json_span *span;
};

enum { JSON_SPANS_FIRST = 32 };

/* Lives in one scope: AUTO(json_tree). */
struct json_tree {
	/* NULL until a text was read. */
	struct cJSON *root;
	const struct json_span *spans;
	/* Holds the nodes and their texts, which may be passwords. */
	struct arena nodes;
	/* What is wrong, and where, as json_check() says it. */
	const char *why;
	size_t why_at;
	struct json_span first_spans[JSON_SPANS_FIRST];
};

/* Wipes and drops what was read. */
void json_tree_auto(struct json_tree *tree);

/*
 * Reads the text, which must outlive the tree, by the rules of json_check(). On false tree->why and
 * why_at say what is wrong. Scratch memory comes from the arena.
 */
bool json_tree_read(struct json_tree *tree, struct arena *arena, const char *text,
		    size_t len) MUST_USE;

struct json_node json_tree_top(const struct json_tree *tree);
/* The first value inside an array or object, and the one after; .item is NULL at the end. */
struct json_node json_node_first(struct json_node parent);
struct json_node json_node_next(struct json_node at);
size_t json_node_count(struct json_node parent);

enum number_read {
	NUMBER_OK = 0,
	/* It is no number at all: only of a text, never of a value of JSON. */
	NUMBER_BAD,
	/* An integer beyond int64_t, or a real that is not finite. */
	NUMBER_TOO_BIG,
	/* An integer was wanted, and it has a fraction. */
	NUMBER_FRACTION,
};

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

/* What follows is asked of a value that is there. */
enum json_kind json_node_kind(struct json_node node);
/* The name of a member of an object. */
const char *json_node_name(struct json_node member);
/* JSON_TEXT: unescaped. */
const char *json_node_text(struct json_node text);
/* JSON_BOOL */
bool json_node_is_true(struct json_node truth);
/* JSON_NUMBER as an integer: any int64_t, and 5.0 or 1e3 within ±2^53, where doubles are exact. */
enum number_read json_node_int(struct json_node number, int64_t *ret) MUST_USE;
/* JSON_NUMBER as a double, rounded to the nearest. */
enum number_read json_node_real(struct json_node number, double *ret) MUST_USE;

#endif
