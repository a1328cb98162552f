/*
 * The statement that reads one row by its id, the most frequent of all: each thread keeps the texts
 * that it made last.
 */
#include <string.h>

#include "base/str.h"
#include "internal.h"

enum { KNOWN_SLOTS = 8, KNOWN_ROOM = 480, CONDITION_ROOM = 160 };

/* A text, and what it was made of. */
struct known {
	struct model model;
	/* the condition; "": NULL */
	char sql[CONDITION_ROOM], or_else[CONDITION_ROOM];
	size_t binds;
	bool with_deleted;
	char text[KNOWN_ROOM]; /* "": none */
};

/* Thread-local because putting the text together costs as much as a lock that all threads share. */
static _Thread_local struct known known[KNOWN_SLOTS];

static bool is_of_model(const struct known *slot, const struct model *model)
{
	return slot->model.row == model->row && slot->model.table == model->table &&
	       slot->model.soft_delete == model->soft_delete;
}

static bool is_part(const char *kept, const char *part)
{
	return part ? *part && str_eq(kept, part) : !*kept;
}

/* By what it says: who may see a row is never decided by a text that stood at the same address. */
static bool is_of_condition(const struct known *slot, const struct model_where *where)
{
	return slot->binds == where->binds.count && slot->with_deleted == where->with_deleted &&
	       is_part(slot->sql, where->sql) && is_part(slot->or_else, where->or_else);
}

static bool part_fits(const char *part)
{
	return !part || (*part && strlen(part) < CONDITION_ROOM);
}

static void keep(struct known *slot, const struct model *model, const struct model_where *where,
		 const char *text)
{
	if (strlen(text) >= KNOWN_ROOM || !part_fits(where->sql) || !part_fits(where->or_else))
		return;
	slot->model = *model;
	slot->binds = where->binds.count;
	slot->with_deleted = where->with_deleted;
	strcpy(slot->sql, where->sql ? where->sql : "");
	strcpy(slot->or_else, where->or_else ? where->or_else : "");
	strcpy(slot->text, text);
}

const char *one_sql(struct ctx *c, const struct model *model, const struct model_where *where)
{
	uintptr_t mix = (uintptr_t)model / sizeof(*model) + (uintptr_t)where->sql / sizeof(void *);
	struct known *slot = &known[mix % KNOWN_SLOTS];
	if (*slot->text && is_of_model(slot, model) && is_of_condition(slot, where))
		return slot->text;
	struct sql sql;
	sql_init_where(&sql, c, where);
	sql_select(&sql, model);
	sql_where_row(&sql, model, 0, where);
	const char *text = buf_text(&sql.text);
	keep(slot, model, where, text);
	return text;
}
