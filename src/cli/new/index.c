/*
 * The indexes of a module's table, the same on both databases: one for each order that lists offer,
 * alone and with each filter that many rows share.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "new.h"

enum {
	/* PostgreSQL cuts longer names off */
	SQL_NAME_MAX = 63,
};

struct index_writer {
	struct ctx *c;
	const struct new_module *m;
	size_t indexes;
	struct buf out;
};

/*
 * Of one column, or of two and then `second` is not NULL; each ends in the id. No two indexes of a
 * database have one name: what is joined by two "_", which no name has, is told apart.
 */
static const char *index_name(struct ctx *c, const struct new_module *m, const char *first,
			      const char *second, size_t number)
{
	const char *glue = second ? "__" : "";
	const char *name = arena_printf(c->arena, "%s__%s%s%s__idx", m->name, first, glue,
					second ? second : "");
	if (strlen(name) > SQL_NAME_MAX)
		name = arena_printf(c->arena, "%s__%zu__idx", m->name, number);
	return name;
}

/* `start` and where it is made: on one line while there is room. */
static const char *index_line(struct ctx *c, const char *start, const char *on)
{
	bool fits = strlen(start) + strlen(on) < NEW_LINE_MAX;
	return arena_printf(c->arena, "%s%s%s\n", start, fits ? " " : "\n  ", on);
}

struct new_index new_index_of(struct ctx *c, const struct new_module *m, const char *first,
			      const char *second, size_t number)
{
	const char *name = index_name(c, m, first, second, number);
	const char *on = arena_printf(c->arena, "ON %s (%s%s%s, id)%s;", m->name, first,
				      second ? ", " : "", second ? second : "",
				      m->soft_delete ? " WHERE deleted_at IS NULL" : "");
	return (struct new_index){
		name, index_line(c, arena_printf(c->arena, "CREATE INDEX %s", name), on)
	};
}

struct new_index new_key_index_of(struct ctx *c, const struct new_module *m,
				  const struct new_column *column)
{
	const char *name = new_key_index(c, m, column);
	const char *on = arena_printf(c->arena, "ON %s (%s_key)%s;", m->name, column->name,
				      m->soft_delete ? " WHERE deleted_at IS NULL" : "");
	return (struct new_index){
		name, index_line(c, arena_printf(c->arena, "CREATE UNIQUE INDEX %s", name), on)
	};
}

static void index_add(struct index_writer *w, const char *first, const char *second)
{
	w->indexes++;
	buf_add_text(&w->out, new_index_of(w->c, w->m, first, second, w->indexes).sql);
}

/* With each order that is not by the column itself. */
static void shared_add(struct index_writer *w, const char *name)
{
	for (size_t i = 0; i < w->m->count; i++) {
		const struct new_column *sort = &w->m->columns[i];
		if (sort->is_sorted && strcmp(sort->name, name) != 0)
			index_add(w, name, sort->name);
	}
	index_add(w, name, "created_at");
}

const char *new_key_index(struct ctx *c, const struct new_module *m,
			  const struct new_column *column)
{
	return arena_printf(c->arena, "%s_%s_key", m->name, column->name);
}

static void indexes_add(struct index_writer *w)
{
	for (size_t i = 0; i < w->m->count; i++) {
		const struct new_column *column = &w->m->columns[i];
		if (column->type == NEW_NAME)
			buf_add_text(&w->out, new_key_index_of(w->c, w->m, column).sql);
		if (column->is_sorted || (new_is_filtered(column) && column->type != NEW_NAME))
			index_add(w, column->name, NULL);
		if (new_is_shared(column))
			shared_add(w, column->name);
	}
	index_add(w, "created_at", NULL);
}

const char *new_indexes_sql(struct ctx *c, const struct new_module *m)
{
	struct index_writer w = { .c = c, .m = m };
	buf_init(&w.out, c->arena);
	indexes_add(&w);
	return buf_text(&w.out);
}
