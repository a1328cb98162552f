/* What the start refuses of a declared table, in a sentence with its remedy. */
#include "books.h"

static const struct model other_model = { .name = "other", .table = "books", .row = &user_schema };
static const struct model untimed_model = {
	.name = "untimed",
	.table = "books",
	.row = &book_schema,
};
static const struct model lasting_model = {
	.name = "lasting",
	.table = "books",
	.row = &book_schema,
	.timestamps = true,
};
CRUD_OPERATIONS(lasting, book, ACCESS_USER, ACCESS_USER, .model = &lasting_model);

CRUD_OPERATIONS(shut, book, ACCESS_PUBLIC, ACCESS_PUBLIC, .model = &book_model, .is_private = true);
CRUD_OPERATIONS(ownerless, book, ACCESS_PUBLIC, ACCESS_PUBLIC, .model = &book_model);

static void visible(struct ctx *c, struct model_where *ret)
{
	(void)c;
	ret->sql = "shelf <> 'other'";
}

/* ---- inputs that do not go together ---- */

#define SET_OF(tag, ...) \
	SCHEMA_OF(tag##_schema, #tag, struct book_set, __VA_ARGS__); \
	static const struct crud tag##_crud = { \
		.model = &book_model, \
		.row = &book_schema, \
		.create = &book_create_schema, \
		.set = &tag##_schema, \
		.owner = &book_owner, \
	}
SET_OF(swapped, FIELD(struct book_set, shelf), FIELD(struct book_set, title));
SET_OF(foreign, FIELD(struct book_set, title), FIELD_AT(struct book_set, shelf, "place"));
SET_OF(mistyped, FIELD(struct book_set, title), FIELD_AT(struct book_set, price, "year"));
SCHEMA_OF(certain_schema, "certain", struct book_create, FIELD(struct book_create, title));
static const struct crud certain_crud = {
	.model = &book_model,
	.row = &book_schema,
	.create = &book_create_schema,
	.set = &certain_schema,
	.owner = &book_owner,
};

/* ---- presets that would never be stored ---- */

COLUMNS(issue, (INT_OR_NULL, year, .preset = "2000"));
COLUMNS(note, (TEXT_OR_NULL, body, .preset = "none"));
COLUMNS(copy,
	(TEXT, body),
	(INT, loans, .in = NOT_INPUT, .preset = "3"));

COLUMNS(memo,
	(TEXT, body),
	(OWNER, owner_id, .preset = "1"));

#define MODEL(module, tag) \
	static const struct model tag##_model = { \
		.name = #tag, \
		.table = #module, \
		.row = &tag##_schema, \
		.timestamps = true, \
	}; \
	CRUD_OPERATIONS(module, tag, ACCESS_USER, ACCESS_USER, .model = &tag##_model)
MODEL(issues, issue);
MODEL(notes, note);
MODEL(copies, copy);
MODEL(memos, memo);

/* ---- rows ---- */

struct wrong {
	struct operation op;
	const char *sentence;
};

static void is_refused(void **state)
{
	const struct wrong *wrong = *state;
	struct scene scene;
	scene_open(&scene);
	const char *what = crud_fault(&scene.c, &wrong->op);
	assert_string_equal(what ? what : "nothing", wrong->sentence);
	scene_close(&scene);
}

#define SAYS(sentence, said, ...) \
	ROW_OF(sentence, is_refused, (&(struct wrong){ { __VA_ARGS__ }, said }))
#define WRONG(sentence, said, ...) \
	SAYS(sentence, said, \
	     .crud = &(struct crud){ .row = &book_schema, \
				     .create = &book_create_schema, \
				     .set = &book_set_schema, \
				     __VA_ARGS__ })

int main(void)
{
	static const struct crud_owner nobody = { -1, -1, "" };
	const struct CMUnitTest rows[] = {
		WRONG("no model", "its table has no model; set .model", .owner = &nobody),
		WRONG("a model of other rows",
		      "the rows of model 'other' are not those of the columns 'book'; set .row of "
		      "the model to &book_schema",
		      .model = &other_model, .owner = &nobody),
		WRONG("a model that keeps no time",
		      "rows have created_at and updated_at, which the model keeps; set "
		      ".timestamps of model 'untimed'",
		      .model = &untimed_model, .owner = &nobody),
		WRONG("private rows of nobody",
		      ".is_private needs to know whose a row is; add a column (OWNER, user_id)",
		      .model = &book_model, .owner = &nobody, .is_private = true),
		WRONG("two rules on who sees a row",
		      "it has .is_private and .visible: one of them is too much",
		      .model = &book_model, .owner = &book_owner, .is_private = true,
		      .visible = visible),
		WRONG("rules that go together", "nothing", .model = &book_model,
		      .owner = &book_owner, .is_private = true),
		SAYS("rows of their owner alone, for those whom nobody knows",
		     "with ACCESS_PUBLIC nobody is known, and its rows are their owner's alone: "
		     "nobody would see one; give it ACCESS_USER, or leave out .is_private",
		     .crud = shut_list.crud, .access = ACCESS_PUBLIC),
		SAYS("writes of those, where each row has an owner",
		     "with ACCESS_PUBLIC nobody is known, and each row has an owner: nobody could "
		     "write one; give it ACCESS_USER, or leave out the (OWNER, …)",
		     .crud = ownerless_create.crud, .kind = COMMAND, .access = ACCESS_PUBLIC),
		SAYS("everyone may read what has an owner", "nothing", .crud = ownerless_list.crud,
		     .access = ACCESS_PUBLIC),
		SAYS("a restore of what is deleted for good",
		     "what is deleted is gone for good; set .soft_delete of model 'lasting', or "
		     "leave out CRUD_RESTORE_ROUTE()",
		     .crud = lasting_restore.crud, .crud_restores = lasting_restore.crud_restores),
		SAYS("a deletion for good is none", "nothing", .crud = lasting_delete.crud),
		SAYS("a change with its members in another order",
		     "'title' of 'swapped' is not in 'book_create', or not in this place; give "
		     "both their members in one order",
		     .crud = &swapped_crud),
		SAYS("a change of what creation knows nothing of",
		     "'place' of 'foreign' is not in 'book_create', or not in this place; give "
		     "both their members in one order",
		     .crud = &foreign_crud),
		SAYS("a change of a member to another type",
		     "'year' of 'mistyped' is not what 'book_create' has, as a struct maybe_…; "
		     "make it that",
		     .crud = &mistyped_crud),
		SAYS("a change that cannot leave a member out",
		     "'title' of 'certain' is not what 'book_create' has, as a struct maybe_…; "
		     "make it that",
		     .crud = &certain_crud),
		SAYS("a preset of a number that may be null",
		     "the column 'year': what may be null is null when it is left out; leave out "
		     "_OR_NULL or .preset",
		     .crud = &issues_crud),
		SAYS("a preset of a text that may be null",
		     "the column 'body': what may be null is null when it is left out; leave out "
		     "_OR_NULL or .preset",
		     .crud = &notes_crud),
		SAYS("a preset of what no client sends",
		     "the column 'loans': no client sends it, so none leaves it out; leave out "
		     ".preset",
		     .crud = &copies_crud),
		SAYS("a preset of the owner",
		     "the column 'owner_id': no client sends it, so none leaves it out; leave out "
		     ".preset",
		     .crud = &memos_crud),
	};
	return rows_run("core/crud/start", rows, COUNT_OF(rows));
}
