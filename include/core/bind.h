/*
 * The binder from within: for a kind of field that reads its parameters itself, as core/list does.
 * The state of one bind, the value under inspection, and what may be done with it. Who only binds
 * an input needs core/schema.h.
 */
#ifndef CROFT_CORE_BIND_H
#define CROFT_CORE_BIND_H

#include <stdbool.h>
#include <stddef.h>

#include "core/json.h"
#include "core/schema.h"

/* One bind. */
struct binder {
	struct ctx *c;
	/* The outermost one: no fault shows its secret fields, nor those of schemas in it. */
	const struct schema *schema;
	struct field_fault *first, *last;
	size_t faults;
	/*
	 * What these fields are called, known once a value was to be shown: members called so, or
	 * nearly so, are left out of it.
	 */
	const char **secrets;
	size_t secret_count;
	bool secrets_known;
};

/*
 * A step of a location: a member's name, or an index when name is NULL. On the stack, outermost
 * last.
 */
struct place {
	const struct place *up;
	const char *name;
	size_t index;
};

/* The value that is being bound: a JSON value or a text of path, query, header or form. */
struct subject {
	const struct field *field;
	const struct place *at;
	/* The struct that the field is a member of. */
	void *base;
	/* The field or one that holds it is secret: no fault shows the value. */
	bool secret;
	/* Where .item is NULL the value is `text`, or absent when that is NULL, too. */
	struct json_node node;
	const char *text;
	size_t len;
	/* JSON text that a fault shows instead of the value, or NULL. */
	const char *echo;
};

/*
 * Reads a field that takes several parameters of its source into one struct. Per bind the binder
 * calls start() once, then take() for each parameter that is no other field and that knows() has,
 * in the order of their coming and none twice, and finish() at last. Faults are added with
 * fault_add().
 */
struct parameter_reader {
	/*
	 * The state, in the arena. Names stand below `root`: "query", or "body" in a flat object.
	 */
	void *(*start)(struct binder *b, const struct field *field, void *base,
		       const struct place *root);
	bool (*knows)(const void *state, const char *name);
	/* Whether a fault of the whole parameter shows no value of it; NULL: each does. */
	bool (*hides)(const char *name);
	/* The parameter s->at->name has the value s->text, which need not end with a NUL. */
	void (*take)(void *state, const struct subject *s);
	/* What follows from all parameters together. */
	void (*finish)(void *state);
	/*
	 * Adds the parameters that make what the struct at `base` has, as members of a flat object:
	 * for schema_render_input().
	 */
	void (*render)(const struct field *field, const void *base, struct buf *out);
};

/*
 * Adds a fault; type and ctx (JSON text or NULL) must live as long as the arena. Past
 * FIELD_FAULTS_MAX: nothing.
 */
void fault_add(struct binder *b, const struct subject *s, const char *type, const char *ctx,
	       const char *format, ...) PRINTF_LIKE(5, 6);
/* "Extra inputs are not permitted"; the value of what may be a misspelt secret is not shown. */
void fault_extra(struct binder *b, const struct subject *s);
bool faults_are_full(const struct binder *b);

/* Bytes that a fault shows of a value, about. */
enum { ECHO_MAX = 512 };
/* The text as JSON, cut: for subject.echo. */
const char *echo_text(struct binder *b, const char *text, size_t len);

/*
 * Reads s->text, which need not end with a NUL, by the rules of s->field into its member, or adds a
 * fault.
 */
void bind_text_value(struct binder *b, const struct subject *s);
/*
 * Whether an array of s->field may be as long; else a fault was added. The lower bound is for after
 * its items.
 */
bool check_array_max(struct binder *b, const struct subject *s, size_t count);

#endif
