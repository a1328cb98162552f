/*
 * What a client may not set: whoever may change a thing sends members besides those that the
 * operation takes, among them every column of the module's tables, and all of them are refused. Of
 * each route with a body there is a row, those of modules to come too.
 */
#include "core/model.h"
#include "core/module.h"
#include "modules/routes.h"

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

/* What is guessed first, whatever the tables have. */
static const char *const guesses[] = {
	"id",         "role",         "roles",          "role_bits",     "is_admin",
	"is_staff",   "is_superuser", "is_active",      "owner_id",      "user_id",
	"author_id",  "created_at",   "updated_at",     "deleted_at",    "password_hash",
	"verified",   "verified_at",  "email_verified", "token_version", "permissions",
	"session_id", "published_at", "__proto__",      "constructor",
};

static const struct schema *form_in(const struct router_entry *entry)
{
	const struct operation *form = entry->route->form;
	return form ? form->in : route_in(entry);
}

static bool takes_members(const struct router_entry *entry)
{
	const struct schema *in = route_in(entry), *form = form_in(entry);
	return (in && schema_uses(in, IN_BODY)) || (form && schema_uses(form, IN_FORM));
}

static bool is_member(const struct schema *schema, const char *name)
{
	const struct field *field = schema_field(schema, name);
	return field && (field->in == IN_BODY || field->in == IN_FORM);
}

/* ---- one member ---- */

struct attempt {
	struct gate *gate;
	const struct router_entry *entry;
	/* The whole input, and the schema in it that has the member. */
	const struct schema *in, *within;
	bool as_form;
};

static void is_refused(const struct attempt *at, const char *name)
{
	struct arena *arena = at->gate->stage.scene.c.arena;
	const struct made made = {
		.arena = arena, .word = "somebody", .with_in = at->within, .with = name
	};
	if (is_member(at->within, name))
		return;
	const struct request request = {
		route_method_name(at->entry->route->method),
		route_target(at->gate, at->entry),
		at->as_form ? FORM : NULL,
		at->as_form ? made_form(&made, at->in) : made_body(&made, at->in),
		NULL,
	};
	struct reply reply = gate_must(at->gate, route_asker(at->entry), &request, 422);
	assert_json_has(reply.body, "'extra_forbidden'");
	assert_json_has(reply.body, arena_printf(arena, "'%s'],'msg':'Extra", name));
	reply_done(&reply);
}

/* ---- all that there are ---- */

static void tries_columns(const struct attempt *at, const struct schema *row)
{
	for (size_t i = 0; i < row->count; i++)
		is_refused(at, row->fields[i].name);
}

static void tries_all(const struct attempt *at)
{
	const struct model *const *models = at->entry->module->models;
	for (size_t i = 0; i < COUNT_OF(guesses); i++)
		is_refused(at, guesses[i]);
	/* what the server fills in, too */
	tries_columns(at, at->within);
	for (; models && *models; models++)
		tries_columns(at, (*models)->row);
}

/* In the body itself, and in each struct within. */
static void tries_within(struct gate *gate, const struct router_entry *entry,
			 const struct schema *in)
{
	struct schema_walk walk = { .arena = gate->stage.scene.c.arena };
	schema_walk_add(&walk, in);
	for (const struct schema *at; (at = schema_walk_next(&walk));) {
		tries_all(&(struct attempt){ gate, entry, in, at, false });
		for (size_t i = 0; i < at->count; i++)
			if (at->fields[i].in == IN_BODY)
				schema_walk_add(&walk, at->fields[i].object);
	}
}

static void tries_route(struct gate *gate, const struct router_entry *entry)
{
	const struct schema *in = route_in(entry), *form = form_in(entry);
	route_target(gate, entry);
	struct gate_rows before = gate_rows(gate);
	if (in && schema_uses(in, IN_BODY))
		tries_within(gate, entry, in);
	if (form && schema_uses(form, IN_FORM))
		tries_all(&(struct attempt){ gate, entry, form, form, true });
	gate_same(gate, &before, "a member that is none");
}

int main(void)
{
	static const struct route_rows kinds[] = {
		{ takes_members, "S33 %s %s: members that it does not take are refused",
		  tries_route },
	};
	return routes_run("modules/members", kinds, COUNT_OF(kinds));
}
