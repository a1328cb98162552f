/* Faults of the items of a list, each with the place of its item. Binds nothing. */
#include "core/item_faults.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/json.h"
#include "core/schema.h"

/* The texts of core/db begin with the column, where a rule belongs to one. */
static const char *member_named(const struct schema *schema, const char *text)
{
	for (size_t i = 0; schema && i < schema->count; i++) {
		const char *name = schema->fields[i].name;
		if (str_starts(text, name) && text[strlen(name)] == ' ')
			return name;
	}
	return NULL;
}

/* Up to the place within the item. */
static void loc_start(const struct item_faults *faults, size_t index, struct buf *loc)
{
	buf_init(loc, faults->c->arena);
	buf_add_lit(loc, "[\"body\",");
	json_add_text(loc, faults->list, strlen(faults->list));
	buf_add_char(loc, ',');
	buf_add_int(loc, (int64_t)index);
}

static void append(struct item_faults *faults, struct field_fault *fault)
{
	fault->next = NULL;
	if (faults->last)
		faults->last->next = fault;
	else
		faults->first = fault;
	faults->last = fault;
	faults->count++;
}

/* What failed is a sentence. */
static void take_text(struct item_faults *faults, size_t index, const char *text)
{
	struct arena *arena = faults->c->arena;
	struct field_fault *fault = arena_zero(arena, sizeof(*fault));
	const char *member = member_named(faults->item, text);
	struct buf loc;
	loc_start(faults, index, &loc);
	if (member) {
		buf_add_char(&loc, ',');
		json_add_text(&loc, member, strlen(member));
	}
	buf_add_char(&loc, ']');
	fault->type = "value_error";
	fault->loc = buf_text(&loc);
	fault->msg = arena_printf(arena, "Value error, %s", text);
	fault->ctx = "{\"error\":{}}";
	append(faults, fault);
}

/* What failed is a list of faults, whose places begin with "body", as if the item were all. */
static void take_list(struct item_faults *faults, size_t index, const struct field_fault *list)
{
	static const char body[] = "[\"body\"";
	for (; list && !item_faults_are_full(faults); list = list->next) {
		struct field_fault *fault = arena_raw(faults->c->arena, sizeof(*fault));
		struct buf loc;
		*fault = *list;
		if (str_starts(list->loc, body)) {
			loc_start(faults, index, &loc);
			buf_add_text(&loc, list->loc + sizeof(body) - 1);
			fault->loc = buf_text(&loc);
		}
		append(faults, fault);
	}
}

void item_faults_take(struct item_faults *faults, size_t index)
{
	const struct failure *failure = &faults->c->failure;
	if (failure->fields)
		take_list(faults, index, failure->fields);
	else
		take_text(faults, index, ctx_failure_text(faults->c, failure->err));
	ctx_recover(faults->c);
}

bool item_faults_are_full(const struct item_faults *faults)
{
	return faults->count >= FIELD_FAULTS_MAX;
}

enum app_err item_faults_fail(struct item_faults *faults)
{
	if (!faults->first)
		return APP_OK;
	enum app_err err = ctx_fail(faults->c, APP_INVALID, "%s%s", faults->first->msg,
				    faults->count > 1 ? " (and more)" : "");
	faults->c->failure.fields = faults->first;
	return err;
}
