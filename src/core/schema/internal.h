/*
 * What the files of the binder share besides core/bind.h: the steps from a value to its place in
 * the struct.
 */
#ifndef CROFT_SRC_CORE_SCHEMA_INTERNAL_H
#define CROFT_SRC_CORE_SCHEMA_INTERNAL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/bind.h"

/* ---- faults.c ---- */

void fault_missing(struct binder *b, const struct place *at, const char *echo);
/* {"key":"text"} in the arena. */
const char *fault_ctx(struct binder *b, const char *key, const char *text);
/* Moves the list to c->failure; APP_OK when it is empty. */
enum app_err faults_finish(struct binder *b);

/* ---- echo.c ---- */

/*
 * The value as compact JSON, at most about ECHO_MAX bytes: longer text is cut, longer arrays and
 * objects are null.
 */
const char *echo_node(struct binder *b, struct json_node node);
/* Whether the name is, or looks like a misspelling of, the name of a secret field. */
bool echo_hides(struct binder *b, const char *name);
bool echo_has_secrets(struct binder *b);

/* ---- check.c ---- */

/* Each checks the value against the field's rules and stores it, or adds one fault. */
void take_text(struct binder *b, const struct subject *s, const char *text, size_t len);
void take_int(struct binder *b, const struct subject *s, int64_t value);
void take_real(struct binder *b, const struct subject *s, double value);
void take_bool(struct binder *b, const struct subject *s, bool value);
/* JSON without blanks around it, in the arena. */
void take_raw(struct binder *b, const struct subject *s, struct raw_json json);
/* Null, which the field takes. */
void take_null(const struct subject *s);
/* What is null though its type has no such value: a fault, unless the field may be null. */
void take_made_null(struct binder *b, const struct subject *s);
/* An array whose items keep their rules; check_array_max() was asked before. */
void take_array(struct binder *b, const struct subject *s, struct array *array);
/* 'a', 'b' or 'c' */
const char *choices_text(struct binder *b, const char *const *choices);

/* ---- author_check.c ---- */

/*
 * Runs the field's check on the value, which has the field's type and keeps the other rules, and
 * may be changed. False: a fault was added.
 */
bool author_check(struct binder *b, const struct subject *s, void *value);

/* ---- format.c ---- */

/* As in check.c, for a text that is a point in time. */
void take_instant(struct binder *b, const struct subject *s, const char *text);
/* The same of a day. */
void take_date(struct binder *b, const struct subject *s, const char *text);
/* Checks the field's format. *text and *len may become the canonical spelling, in the arena. */
bool format_take(struct binder *b, const struct subject *s, const char **text, size_t *len);

/* ---- bind_members.c, bind_body.c, bind_pairs.c ---- */

/*
 * The members of one object. `flat`: fields of every source are members, not only those of the
 * body.
 */
struct members {
	const struct schema *schema;
	/* .item NULL: an empty one */
	struct json_node object;
	const struct place *at;
	void *base;
	bool flat, secret;
	/* Of the outermost object of a request: where its other fields came from; else NULL. */
	const struct input *others;
	/* by field; set by bind_members() */
	struct json_node *found;
	/* the object without secrets, made when first needed */
	const char *echo;
};
/*
 * Whether the field is a member of such an object. A relation is embedded in answers only, and a
 * list query has names of its own.
 */
bool field_is_member(const struct field *field, bool flat);
void bind_members(struct binder *b, struct members *m);
/* A JSON value, s->node, by the rules of s->field into its member. */
void bind_value(struct binder *b, const struct subject *s);
/* The preset of an absent field, for which field_fills_in(). */
void bind_preset(struct binder *b, const struct field *field, void *base);
/*
 * A JSON text as a value of the field, for what a table says of itself: the struct in the arena, or
 * NULL, and *ret_why tells what is wrong.
 */
const void *bind_value_alone(struct ctx *c, const struct field *field, const char *json,
			     const char **ret_why);
/* One source that is text. */
void bind_pairs(struct binder *b, enum field_source source, const struct input *input, void *base);

/* ---- pairs.c ---- */

/* The first word of the locations of a source. */
const char *source_root(enum field_source source);
/* What came for the field from its source: its name there, and the value, if there was one. */
void pair_subject(struct binder *b, const struct input *input, const struct field *field,
		  struct place *ret_at, struct subject *ret);

/* ---- whole_check.c ---- */

/* Runs the check of the schema, if it has one, on a struct whose fields keep their rules. */
void check_whole(struct binder *b, struct members *m);

/* ---- table_spelling.c ---- */

/* What .trim, .lower and the check of the field cannot go with, or NULL. */
const char *field_spelling_fault(const struct field *field);

/* ---- table_values.c ---- */

/*
 * Which of its choices, its preset and its example the field itself refuses or changes, and why, or
 * NULL. Its rules, and those of the tables that it holds, are sound.
 */
const char *field_values_fault(struct ctx *c, const struct field *field);

/* ---- render.c ---- */

/* Appends a value that is neither array nor object. */
void render_scalar(enum field_type type, const void *value, struct buf *out);

/* ---- arrays and members (member.c) ---- */

/* The type of the value, of an array that of its items. */
enum field_type field_value_type(const struct field *field);
/* An array's items seen as fields of their own, with offset 0. */
struct field array_item(const struct field *array);
size_t array_item_size(const struct field *array);
/*
 * Whether absence is filled in with the preset: a struct maybe_… says itself that nothing was sent.
 */
bool field_fills_in(const struct field *field);

/* ask.c: of a row: a secret, or a column that is .unshown. */
bool field_is_kept_back(const struct field *field);

#endif
