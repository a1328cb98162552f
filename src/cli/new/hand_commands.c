/* The writes of a module that is written out, as a template: see hand.c. */
#include "hand.h"

#include "base/arena.h"

/* Of rows with an owner; "%s" is the column. */
static const char who_may[] =
	"/* ---- who may ---- */\n"
	"\n"
	"static enum app_err find_to_change(struct ctx *c, int64_t id, struct @ *ret)\n"
	"{\n"
	"\tconst struct actor *actor = &c->actor;\n"
	"\tenum app_err err = model_get(c, &@_model, id, ret);\n"
	"\tif (err)\n"
	"\t\treturn err;\n"
	"\tif (%s)\n"
	"\t\treturn APP_OK;\n"
	"\tif (actor->kind == ACTOR_USER && actor->user_id == ret->%s)\n"
	"\t\treturn APP_OK;\n"
	"\treturn ctx_fail(c, APP_FORBIDDEN, \"Only its owner or %s may change this\");\n"
	"}\n"
	"\n";

/* Of those rows, too. */
static const char is_above[] =
	"actor->kind == ACTOR_SYSTEM || (actor->kind == ACTOR_USER && actor->is_superuser)";

static const char create_owned[] =
	"\tstruct @_create row = *in;\n"
	"\tif (c->actor.kind != ACTOR_USER)\n"
	"\t\treturn ctx_fail(c, APP_CONFLICT, \"This needs an owner: sign in as a user\");\n"
	"\trow.%s = c->actor.user_id;\n"
	"\treturn model_insert(c, &@_model, &@_create_schema, &row, ret);\n";
static const char create_bare[] =
	"\treturn model_insert(c, &@_model, &@_create_schema, in, ret);\n";

/* How a change begins, which leaves `match`. */
static const char match_owned[] =
	"\tstruct @ before;\n"
	"\tenum app_err err = find_to_change(c, in->id, &before);\n"
	"\tif (err)\n"
	"\t\treturn err;\n"
	"\tconst struct model_match match = { .if_match = in->if_match, .before = &before };\n";
static const char match_bare[] =
	"\tconst struct model_match match = { .if_match = in->if_match };\n";

/* With an operation's end: its name, summary, what it takes, gives and fails with. */
static const char *operation(struct ctx *c, const struct new_module *m, const char *verb,
			     const char *summary, const char *out, const char *fails)
{
	return arena_printf(c->arena,
			    "\n"
			    "const struct operation ~_%s = {\n"
			    "\t.name = \"~.%s\",\n"
			    "\t.summary = \"%s\",\n"
			    "\t.kind = COMMAND,\n"
			    "\t.access = %s,\n"
			    "\t.in = &@_%s_schema,\n"
			    "%s%s"
			    "\tRUN(do_%s),\n"
			    "};\n",
			    verb, verb, summary, new_write_access(c, m), verb, out, fails, verb);
}

static const char *create_text(struct ctx *c, const struct new_module *m)
{
	const struct new_column *owner = new_owner_of(m);
	return arena_printf(c->arena,
			    "/* ---- ~.create ---- */\n\n"
			    "static enum app_err do_create(struct ctx *c, const struct @_create "
			    "*in, struct @ *ret)\n"
			    "{\n%s}\n\n"
			    "OPERATION_FN(do_create, struct @_create, struct @)\n%s\n",
			    owner ? arena_printf(c->arena, create_owned, owner->name) : create_bare,
			    operation(c, m, "create", "Add a row to ~", "\t.out = &@_schema,\n",
				      "\t.fails_with = { APP_CONFLICT },\n"));
}

static const char *update_text(struct ctx *c, const struct new_module *m)
{
	return arena_printf(
		c->arena,
		"/* ---- ~.update ---- */\n\n"
		"static enum app_err do_update(struct ctx *c, const struct @_update *in, struct @ "
		"*ret)\n"
		"{\n%s\treturn model_update(c, &@_model, in->id, &@_update_schema, in, &match, "
		"ret);\n}\n\n"
		"OPERATION_FN(do_update, struct @_update, struct @)\n%s\n",
		new_owner_of(m) ? match_owned : match_bare,
		operation(c, m, "update", "Change a row of ~", "\t.out = &@_schema,\n",
			  new_owner_of(m) ? "\t.fails_with = { APP_FORBIDDEN, APP_CONFLICT },\n"
					  : "\t.fails_with = { APP_CONFLICT },\n"));
}

static const char *delete_text(struct ctx *c, const struct new_module *m)
{
	return arena_printf(
		c->arena,
		"/* ---- ~.delete ---- */\n\n"
		"static enum app_err do_delete(struct ctx *c, const struct @_delete *in, "
		"struct nothing *ret)\n"
		"{\n\t(void)ret;\n%s\treturn model_delete(c, &@_model, in->id, &match);\n}\n\n"
		"OPERATION_FN(do_delete, struct @_delete, struct nothing)\n%s",
		new_owner_of(m) ? match_owned : match_bare,
		operation(c, m, "delete", "Delete a row of ~", "",
			  new_owner_of(m) ? "\t.fails_with = { APP_FORBIDDEN },\n" : ""));
}

static const char *who_may_text(struct ctx *c, const struct new_module *m)
{
	const struct new_column *owner = new_owner_of(m);
	if (!owner)
		return "";
	return arena_printf(c->arena, who_may,
			    m->has_permission ? "actor_may(actor, &~_manage)" : is_above,
			    owner->name, m->has_permission ? "who has ~.manage" : "a superuser");
}

const char *new_hand_commands(struct ctx *c, const struct new_module *m)
{
	return arena_printf(
		c->arena, "/* Writes of the ~ module. */\n#include \"internal.h\"\n\n%s%s%s%s",
		who_may_text(c, m), create_text(c, m), update_text(c, m), delete_text(c, m));
}
