/*
 * Field tables: one table describes a C struct, and from it come binding and validating input,
 * rendering output, mapping database rows, and the JSON Schema in the OpenAPI document.
 *
 *	struct post_create {
 *		const char *title;
 *		struct maybe_text summary;
 *	};
 *	SCHEMA(post_create,
 *		FIELD(struct post_create, title, .required = true, .min_len = 1, .max_len = 200,
 *		      .doc = "Headline"),
 *		FIELD(struct post_create, summary, .nullable = true, .max_len = 2000));
 *
 * A field's type is read off the member by _Generic, so a table that disagrees with its struct does
 * not compile.
 */
#ifndef CROFT_CORE_SCHEMA_H
#define CROFT_CORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/ctx.h"

struct arena;
struct buf;
struct schema;

/* ---- member types beyond const char *, int64_t, double, bool, struct instant and date ---- */

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

/*
 * A rule over a whole struct of an input, such as "until is not before from". It is asked when all
 * that the input has within this struct keeps its rules, of the outermost when everything does;
 * structs inside come first. It adds each fault that it finds with schema_check_fault(). Like a
 * check of a field it may change what it sees, has no other effect, and leaves alone what it gave.
 */
struct check_faults;
typedef void schema_check(struct arena *arena, void *value, struct check_faults *faults);
/*
 * Adds "Value error, …" at the field, wherever that came from; `name` NULL: at the struct as a
 * whole, ["body"].
 */
void schema_check_fault(struct check_faults *faults, const char *name, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* How an answer is written that a struct is the whole of. */
enum schema_shape {
	SHAPE_OBJECT = 0,
	/* Its only field, an array, without the object around it: [ … ] */
	SHAPE_ARRAY,
	/* The items of its only field, an array, as JSON, each on a line of its own. */
	SHAPE_LINES,
};

struct schema {
	/* "post_create"; the document calls it "PostCreate". */
	const char *name;
	/* What it describes in C, "struct post_create"; NULL: it was written without SCHEMA(). */
	const char *type;
	/* Of that, in bytes. */
	size_t size;
	const struct field *fields;
	size_t count;
	/* Unknown members of the body are ignored instead of refused. */
	bool open;
	/*
	 * Its rules are those of a list of columns, which has other uses, too: a .required field
	 * with a .preset may be left out.
	 */
	bool shared;
	/* Or NULL. */
	schema_check *check;
	/* Output: no member is null; those that would be are left out. */
	bool omit_null;
	/* Of an answer, as .out of an operation. */
	enum schema_shape shape;
};

/* The first field of the name, or NULL. */
const struct field *schema_field(const struct schema *schema, const char *name);
/* The field of an input that takes the parameters of a list; NULL: none, or no input. */
const struct field *schema_list_field(const struct schema *in);
/* Where the value in the struct at `base` is stored; a struct maybe_… becomes GIVEN. */
void *field_slot(const struct field *field, void *base);
/* Where it is read; NULL when it is a struct maybe_… that is not GIVEN. */
const void *field_content(const struct field *field, const void *base);
/* What a struct maybe_… says; of any other member GIVEN. */
enum presence field_presence(const struct field *field, const void *base);
/* Of a field whose member is a struct maybe_… */
void field_set_null(const struct field *field, void *base);

/*
 * The schemas that lead from one to another by .object, each once, however they share others and
 * hold themselves. Begins with no more than the arena, where it lives:
 *
 *	struct schema_walk walk = { .arena = c->arena };
 *	schema_walk_add(&walk, first);
 *	for (const struct schema *at; (at = schema_walk_next(&walk));)
 *		… schema_walk_add(&walk, at->fields[i].object) …
 */
struct schema_walk {
	struct arena *arena;
	const struct schema **schemas;
	size_t count, room;
	/* Which of them is the first that was not gone to yet. */
	size_t next;
};
/* One that was added before is not gone to again. */
void schema_walk_add(struct schema_walk *walk, const struct schema *schema);
/* In the order of their adding; NULL: there are no more. */
const struct schema *schema_walk_next(struct schema_walk *walk);

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

/* Defines `const struct schema NAME_schema` for `struct NAME`. */
#define SCHEMA(tag, ...) SCHEMA_OF(tag##_schema, #tag, struct tag, __VA_ARGS__)
#define SCHEMA_OF(variable, schema_name, owner, ...) \
	SCHEMA_DEFINE(variable, schema_name, owner, (.open = false), __VA_ARGS__)
/* The same with more members of struct schema: SCHEMA_WITH(event, (.check = event_check), …). */
#define SCHEMA_WITH(tag, rules, ...) \
	SCHEMA_DEFINE(tag##_schema, #tag, struct tag, rules, __VA_ARGS__)
#define SCHEMA_RULES(...) __VA_ARGS__
#define SCHEMA_DEFINE(variable, schema_name, owner, rules, ...) \
	static const struct field variable##_fields[] = { __VA_ARGS__ }; \
	const struct schema variable = { \
		.name = schema_name, \
		.type = #owner, \
		.size = sizeof(owner), \
		.fields = variable##_fields, \
		.count = sizeof(variable##_fields) / sizeof(variable##_fields[0]), \
		SCHEMA_RULES rules, \
	}

/*
 * What contradicts itself in the table, in those that it holds, and in rows that it embeds, as a
 * sentence in the arena; NULL: nothing. Bounds that leave nothing, a preset, an example or a choice
 * that the rules refuse or change, empty choices, patterns that are none, names that are there
 * twice, lists that ask for what there is not. The routes are set up with it, so that such a module
 * does not start.
 */
const char *schema_table_fault(struct ctx *c, const struct schema *schema, bool as_input);

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
/* The column that holds its folded form; NULL: none. */
const char *field_folded_column(const struct field *field);

/* ---- faults ---- */

enum { FIELD_FAULTS_MAX = 100 };

/* One fault of an input in the shape of the FastAPI contract. */
struct field_fault {
	/* What kind it is: "missing", "string_too_short", … */
	const char *type;
	/* Where it is, as a JSON array: ["body","title"]. */
	const char *loc;
	/* For people, in English. */
	const char *msg;
	/* The value, as JSON text; NULL: it is left out, as a secret is. */
	const char *input;
	/* The bound that was broken and the like, as a JSON object, or NULL. */
	const char *ctx;
	const struct field_fault *next;
};

/*
 * Adds a fault of the caller's own finding to c->failure (type "value_error", msg "Value error,
 * …"), for rules a table cannot say. Returns APP_INVALID. `where` is "body", "query", …; `name` the
 * field.
 */
enum app_err schema_fault(struct ctx *c, const char *where, const char *name, const char *format,
			  ...) MUST_USE PRINTF_LIKE(4, 5);

/* Appends the list as a JSON array, the value of "detail". */
void schema_faults_render(const struct field_fault *faults, struct buf *out);

/* ---- input ---- */

/*
 * One name=value of path, query, headers or form, already percent-decoded. NULL name ends an array.
 */
struct input_pair {
	const char *name;
	const char *value;
	size_t value_len;
};

struct input {
	/* Arrays that end with a NULL name; each may be NULL: none. */
	const struct input_pair *path, *query, *headers, *form;
	/* JSON text; NULL: there was no body. */
	const char *body;
	size_t body_len;
};

/*
 * Checks and converts the input into `ret` (schema->size bytes, zeroed by the call); texts live in
 * the arena. All faults are reported at once, in the order path, query, header, body; then the
 * result is APP_INVALID, `ret` is zero and c->failure.fields holds them (at most FIELD_FAULTS_MAX).
 * Body members must have their JSON type ("1" is no integer; 5.0 is one), and integers arrive exact
 * over the whole of int64_t; values from path, query, header and form are text and are parsed.
 * Unknown members of body, query and form are faults; a name given twice is a fault unless its
 * field is an array. Headers match without case, '-' for '_'. A body that is absent, empty or null
 * is the one fault "missing" at ["body"] when the schema has members of it. Locations of form
 * fields begin with "body".
 */
enum app_err schema_bind(struct ctx *c, const struct schema *schema, const struct input *input,
			 void *ret) MUST_USE;

/*
 * The same from one flat JSON object that holds every field whatever its source, as the command
 * line and the queue give it. Locations begin with "body". List parameters are members of the
 * object: texts as in a query, or numbers, true and false.
 */
enum app_err schema_bind_flat(struct ctx *c, const struct schema *schema, const char *json,
			      size_t len, void *ret) MUST_USE;

/*
 * Appends an input as one flat JSON object of which schema_bind_flat() makes the same struct: every
 * field that is input, whatever its source, presets as they were filled in. Left out is what is
 * absent, filled in by the command (NOT_INPUT), or secret: it may be kept and shown.
 */
void schema_render_input(const struct schema *schema, const void *value, struct buf *out);
/*
 * Whether an input has a secret somewhere: then nothing that schema_render_input() gives is all of
 * it.
 */
bool schema_has_secrets(const struct schema *schema);

/* Whether any field comes from the source. */
bool schema_uses(const struct schema *schema, enum field_source source);
/* Whether any field comes from the header of that name. */
bool schema_takes_header(const struct schema *schema, const char *name);

/* ---- output ---- */

enum { HIDDEN_FIELDS_MAX = 63 };
/* Set in a mask that was made, so that one that hides nothing is not 0. */
#define HIDDEN_MASK ((uint64_t)1 << HIDDEN_FIELDS_MAX)

/* The media type of an answer: "application/json", or of lines "application/x-ndjson". */
const char *schema_media_type(const struct schema *schema);

/*
 * Appends the struct as one compact JSON object with all its relations; secret fields are left out.
 * With a .shape it is an array, or lines, each of which ends with a line feed.
 * Of the structs inside, relations that were not loaded are left out, too: a pointer that is NULL,
 * an array whose .items is NULL (a loaded one without rows has items that are not).
 *
 * Inside an array whose .hidden is not 0 the mask decides instead: field i is left out when bit i
 * is set, and a relation that is not hidden is rendered even when it is empty, as null or [].
 */
void schema_render(const struct schema *schema, const void *value, struct buf *out);
/* The mask that hides every relation of the schema, for struct array.hidden. Never 0. */
uint64_t schema_hide_relations(const struct schema *schema);
/*
 * A relation of the struct that must have been loaded, because what is rendered has it, and was
 * not; NULL: none.
 */
const struct field *schema_unloaded(const struct schema *schema, const void *value);

/* ---- document ---- */

/* What a schema says differs by where its struct stands, and so does its name. */
enum schema_form {
	/* The body of a request. */
	FORM_INPUT,
	/* What an operation gives: all of it. */
	FORM_ANSWER,
	/* Within another, where relations may be left out: "PostEmbedded" if it has any. */
	FORM_EMBEDDED,
	/* In a list that is .narrowed, where only the id is there in any case: "PostRow". */
	FORM_ROW,
};
/* The form of the field's .object within one of the form. */
enum schema_form schema_form_within(const struct field *field, enum schema_form form);
/* "post" → "Post", "PostRow" */
void schema_form_name(const struct schema *schema, enum schema_form form, struct buf *out);
/* Whether the form shows the field. */
bool schema_form_has(const struct field *field, enum schema_form form);
/*
 * Appends the JSON Schema (2020-12) as an object. Nested schemas are $refs to
 * #/components/schemas/Name.
 */
void schema_document(const struct schema *schema, enum schema_form form, struct buf *out);
/* Appends the JSON Schema of one field, as used for parameters. */
void field_document(const struct field *field, bool as_input, struct buf *out);
/*
 * Appends what is said in words of a field of an input: its .doc, and what no JSON Schema can say.
 * Nothing, if there is nothing.
 */
void field_describe_input(const struct field *field, struct buf *out);
/* Whether it is the document's own name of what a failure answers with: no schema has it. */
bool schema_name_is_kept(const char *component);
/* "post_create" → "PostCreate"; "created_at" → "Created At". */
void schema_component_name(const char *name, struct buf *out);
void schema_title(const char *name, struct buf *out);

#endif
