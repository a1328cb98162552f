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
 * not compile. What a field may say stands in core/field.h.
 */
#ifndef CROFT_CORE_SCHEMA_H
#define CROFT_CORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/field.h"

struct arena;
struct buf;

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
/* The same with its secrets: to be compared by a hash with a key, and neither kept nor shown. */
void schema_render_whole(const struct schema *schema, const void *value, struct buf *out);
/*
 * The same in so many bytes at most. Members, and items of arrays, that do not fit are left out as
 * a whole; then the last member is "…":"cut".
 */
void schema_render_input_within(const struct schema *schema, const void *value, size_t most,
				struct buf *out);
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
/* Whether it is the document's own name of what a failure answers with: no schema has it. */
bool schema_name_is_kept(const char *component);
/* "post_create" → "PostCreate"; "created_at" → "Created At". */
void schema_component_name(const char *name, struct buf *out);
void schema_title(const char *name, struct buf *out);

#endif
