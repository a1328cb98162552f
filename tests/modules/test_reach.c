/*
 * What is somebody else's: whatever operation there is, Ada asks it for what is Bob's, and gets
 * nothing of it, and nothing of it changes. Of each route there are rows, those of modules to come
 * too.
 */
#include "modules/routes.h"

/* ---- by its id ---- */

static bool has_id(const struct router_entry *entry)
{
	return entry->param_count > 0;
}

/* A list may be shown without what is his. */
static bool is_harmless(const struct router_entry *entry, const struct reply *reply)
{
	const struct schema *in = route_in(entry);
	return reply->status == 403 || reply->status == 404 ||
	       (reply->status == 200 && in && schema_list_field(in) &&
		!strstr(reply->body, GATE_MARK));
}

/* What is to be brought back is deleted first; what is asked of it afterwards is another's. */
static void delete_if_restored(struct gate *gate, const char *target)
{
	static const char verb[] = "/restore";
	if (!str_ends(target, verb))
		return;
	const char *thing = arena_strndup(gate->stage.scene.c.arena, target,
					  strlen(target) - strlen(verb));
	struct reply reply = gate_must(gate, BY_BOB,
				       &(struct request){ "DELETE", thing, NULL, NULL, NULL }, 204);
	reply_done(&reply);
	gate->thing_count = 0;
}

/* Bob has the second factor that is asked for. */
static void give_factor(struct gate *gate, const char *target)
{
	if (str_ends(target, "/second-factor"))
		stage_exec(&gate->stage,
			   arena_printf(gate->stage.scene.c.arena,
					"INSERT INTO second_factors (user_id, secret, confirmed_at,"
					" created_at) VALUES (%ld, 'x', 1, 1)",
					thing_id(gate, "user_id", "/api/v1/users")));
}

/* That whoever may is not refused: so it was not something else that was in Ada's way. */
static void owner_may(struct gate *gate, const struct router_entry *entry,
		      const struct request *request)
{
	const struct operation *op = entry->route->op;
	bool is_command = op && op->kind == COMMAND;
	if (is_command && !op_may_be_tried(op))
		return;
	struct request trial = *request;
	trial.headers = is_command ? "Prefer: dry-run\r\n" : NULL;
	struct reply reply = gate_must(gate, route_asker(entry), &trial,
				       route_status(entry->route));
	reply_done(&reply);
}

static void ada_reaches_for(struct gate *gate, const struct router_entry *entry)
{
	const struct made made = { .arena = gate->stage.scene.c.arena, .word = "adawashere" };
	const char *method = route_method_name(entry->route->method);
	const struct request request = { method, route_target(gate, entry), NULL,
					 made_body(&made, route_in(entry)), NULL };
	delete_if_restored(gate, request.target);
	give_factor(gate, request.target);
	struct gate_rows before = gate_rows(gate);
	struct reply reply = gate_ask(gate, BY_ADA, &request);
	if (!is_harmless(entry, &reply))
		fail_msg("%s: Ada sent %s to %s, which is Bob's, with %s, and was not told 403 or "
			 "404, but %d: %s",
			 gate->database, method, request.target,
			 request.body ? request.body : "nothing", reply.status, reply.body);
	reply_done(&reply);
	owner_may(gate, entry, &request);
	gate_same(gate, &before, "what she sent");
}

/* ---- in lists and the like ---- */

static bool is_looked_through(const struct router_entry *entry)
{
	return entry->route->method == GET && !has_id(entry);
}

static void sees_nothing(struct gate *gate, const char *target)
{
	struct reply reply = gate_ask(gate, BY_ADA,
				      &(struct request){ "GET", target, NULL, NULL, NULL });
	if (strstr(reply.body, GATE_MARK))
		fail_msg("%s: %s shows Ada what is Bob's: %s", gate->database, target, reply.body);
	reply_done(&reply);
}

/* All that a list may embed, "author,tags"; in the arena. */
static const char *relations_of(struct gate *gate, const struct schema *row)
{
	struct buf out;
	const char *comma = "";
	buf_init(&out, gate->stage.scene.c.arena);
	for (size_t i = 0; i < row->count; i++) {
		if (!field_may_include(&row->fields[i]))
			continue;
		buf_printf(&out, "%s%s", comma, row->fields[i].name);
		comma = ",";
	}
	return buf_text(&out);
}

static void looks_through(struct gate *gate, const struct router_entry *entry)
{
	struct arena *arena = gate->stage.scene.c.arena;
	const struct field *list = route_in(entry) ? schema_list_field(route_in(entry)) : NULL;
	long bob = thing_id(gate, "user_id", "/api/v1/users");
	thing_id(gate, "post_id", "/api/v1/posts");
	sees_nothing(gate, entry->path);
	if (!list)
		return;
	sees_nothing(gate, arena_printf(arena, "%s?include=%s", entry->path,
					relations_of(gate, list->object)));
	sees_nothing(gate, arena_printf(arena, "%s?q=%s", entry->path, GATE_MARK));
	for (size_t i = 0; i < list->object->count; i++) {
		const struct field *field = &list->object->fields[i];
		if (field->type == FIELD_INT && field_may_filter(field) & FILTER_EQ)
			sees_nothing(gate, arena_printf(arena, "%s?%s=%ld", entry->path,
							field->name, bob));
		for (size_t j = 0; field->choices && field->choices[j]; j++)
			sees_nothing(gate, arena_printf(arena, "%s?%s=%s", entry->path, field->name,
							field->choices[j]));
	}
}

int main(void)
{
	static const struct route_rows kinds[] = {
		{ has_id, "S31 %s %s: what is somebody else's is out of reach", ada_reaches_for },
		{ is_looked_through, "S31 %s %s: what is somebody else's is not shown",
		  looks_through },
	};
	return routes_run("modules/reach", kinds, COUNT_OF(kinds));
}
