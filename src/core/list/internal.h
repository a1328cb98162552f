/*
 * What the files of the list parameters share: one list query that is being read, and
 * comma-separated terms.
 */
#ifndef CROFT_SRC_CORE_LIST_INTERNAL_H
#define CROFT_SRC_CORE_LIST_INTERNAL_H

#include "core/bind.h"
#include "core/list.h"

/* ---- parameters.c ---- */

/* Where each is, by list_parameter_at(). */
enum {
	PARAMETER_PAGE,
	PARAMETER_PER_PAGE,
	PARAMETER_CURSOR,
	PARAMETER_SORT,
	PARAMETER_Q,
	PARAMETER_FIELDS,
	PARAMETER_INCLUDE,
	PARAMETER_WITH_TOTAL,
	PARAMETER_COUNT,
};

struct list_bind {
	struct binder *b;
	const struct schema *row;
	struct list_query *query;
	/* "query", or "body" for a flat object */
	const struct place *root;
	/* The name under which each parameter came, NULL for those that did not, by its index. */
	const char *given[PARAMETER_COUNT];
	bool has_shown;
	/* and the fault was added */
	bool filters_are_full;
	/* fields named by fields= */
	uint64_t shown;
};

/* Reads the value of a parameter, by the rules of s->field. */
typedef void list_take(struct list_bind *l, const struct subject *s);

/* One parameter that is not a filter. */
struct list_parameter {
	/* rules and doc; offset is in struct list_query */
	struct field field;
	/* Some field of the row must be so, else there is no such parameter. NULL: always. */
	bool (*needs)(const struct field *row_field);
	list_take *take;
};
/* The parameter at the index, or NULL past the last. */
const struct list_parameter *list_parameter_at(size_t index);
bool list_parameter_is_offered(const struct list_parameter *parameter, const struct schema *row);
/* The one of that name that the row's lists have, or NULL. */
const struct list_parameter *list_parameter_find(const struct schema *row, const char *name);
size_t list_parameter_index(const struct list_parameter *parameter);

/* ---- alias.c ---- */

struct list_alias {
	const char *name;
	/* What it stands for; PARAMETER_COUNT: for filters. */
	size_t of;
	/* NULL: it is read as the parameter itself. */
	list_take *take;
};
/* Of what the row's lists have, or NULL. */
const struct list_alias *list_alias_find(const struct schema *row, const char *name);

/* Whether its text may hold what is meant for a secret field. */
bool list_alias_hides(const char *name);

/* ---- filters.c ---- */

/* filters=id:[1,2],username:bob */
void list_take_filters(struct list_bind *l, const struct subject *s);

/* ---- render.c ---- */

/* Adds the parameters that make the query, for struct parameter_reader. */
void list_query_render(const struct field *field, const void *base, struct buf *out);

/* ---- names.c ---- */

/* The field that has the name and may be, or NULL. */
const struct field *list_field_find(const struct schema *row,
				    bool (*may)(const struct field *field), const char *name,
				    size_t len);
/* The names of the fields for which `may` holds, "id, title". */
const char *list_names(struct arena *arena, const struct schema *row,
		       bool (*may)(const struct field *field), const char *between);
/* Every path that include= takes, "author, author.team". */
const char *list_paths(struct arena *arena, const struct schema *row, const char *between);

/* ---- terms.c ---- */

/*
 * Walks "a,b,c". A text without a comma is one term, also when it is empty. list_terms_quoted(): a
 * term may stand in quotes as in RFC 4180, "a,b" or "say ""hi""", which it keeps here; is_broken
 * when they do not fit.
 */
struct list_terms {
	/* at NULL: no term is left */
	const char *at, *end;
	const char *term;
	size_t len;
	bool takes_quotes, is_quoted, is_broken;
};
struct list_terms list_terms_quoted(const char *text, size_t len);
/* Behind the quote that closes the one at *at: one that is not doubled. NULL: there is none. */
const char *list_quoted_end(const char *at, const char *end);
/* The text of the subject, which stands in quotes, becomes the one that they mean. */
void list_unquote(struct arena *arena, struct subject *s);
bool list_terms_next(struct list_terms *terms);
/* Whether there are at most `most` terms; else a fault was added. *ret_count is set either way. */
bool list_terms_check(struct list_bind *l, const struct subject *s, struct list_terms terms,
		      size_t most, size_t *ret_count);
/* Calls take() for each term of a text with at most `most` of them, or adds a fault. */
void list_terms_take(struct list_bind *l, const struct subject *s, size_t most,
		     void (*take)(struct list_bind *l, const struct subject *s,
				  const struct list_terms *term));

/* ---- sort.c, fields.c, include.c ---- */

/* Each takes the parameter of its name. */
void list_take_sort(struct list_bind *l, const struct subject *s);
void list_take_fields(struct list_bind *l, const struct subject *s);
void list_take_include(struct list_bind *l, const struct subject *s);

/* ---- filter.c ---- */

struct list_filter_name {
	const struct field *field;
	enum list_operator op;
};
/*
 * Reads "title__ne". False when no field that can be filtered has the name, or there is no such
 * operator.
 */
bool list_filter_find(const struct schema *row, const char *name, struct list_filter_name *ret);
void list_take_filter(struct list_bind *l, const struct subject *s,
		      const struct list_filter_name *name);
/*
 * "" or "__ne"; the bit of enum field_filter that allows it; what it keeps, with one %s for the
 * field's name.
 */
struct list_operator_info {
	const char *suffix, *doc;
	unsigned bit;
};
extern const struct list_operator_info list_operators[LIST_ISNULL + 1];
/* The rules of one value of the filter; its name and offset are for the caller. */
struct field list_filter_rules(const struct list_filter_name *name);

/* ---- fault.c ---- */

/*
 * Adds "Value error, 'TERM' WHY; RIGHT" with the client's term cut to a length fit for a sentence.
 */
void list_fault_term(struct list_bind *l, const struct subject *s, const struct list_terms *terms,
		     const char *why, const char *right);
/* The text of the parameter, or NULL after a fault. */
const char *list_clean_text(struct list_bind *l, const struct subject *s);

#endif
