/*
 * What not everybody may do: who is not signed in is told 401, and who may less 403, by whatever
 * method and whatever a header says that the method is. Of each route that is not for everybody
 * there are rows, those of modules to come too.
 */
#include "core/module.h"
#include "modules/routes.h"

static const struct {
	enum http_method method;
	const char *name;
} methods[] = {
	{ GET, "GET" }, { GET, "HEAD" },    { POST, "POST" },
	{ PUT, "PUT" }, { PATCH, "PATCH" }, { DELETE, "DELETE" },
};

/* As the method says, and if that is GET, as HEAD. */
static void is_told(struct gate *gate, const struct router_entry *entry, enum gate_who who,
		    int status)
{
	struct request request = route_request(gate, entry);
	struct gate_rows before = gate_rows(gate);
	struct reply reply = gate_must(gate, who, &request, status);
	reply_done(&reply);
	if (entry->route->method == GET) {
		request.method = "HEAD";
		reply = gate_must(gate, who, &request, status);
		reply_done(&reply);
	}
	gate_same(gate, &before, request.target);
}

/* ---- who is not signed in ---- */

static bool is_for_somebody(const struct router_entry *entry)
{
	return route_access(entry->route) != ACCESS_PUBLIC;
}

static void asks_who_it_is(struct gate *gate, const struct router_entry *entry)
{
	is_told(gate, entry, BY_NOBODY, 401);
}

/* ---- who may less ---- */

static bool is_for_few(const struct router_entry *entry)
{
	return !route_is_for_all(entry);
}

/*
 * By a method that the path does not have, too, be it another route's that a parameter leads to;
 * one that it has is a row of its own.
 */
static void refuses_all_methods(struct gate *gate, const struct router_entry *entry)
{
	struct request request = route_request(gate, entry);
	struct gate_rows before = gate_rows(gate);
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		if (routes_find(methods[i].method, entry->path))
			continue;
		request.method = methods[i].name;
		struct reply reply = gate_ask(gate, BY_ADA, &request);
		if (reply.status != 403 && reply.status != 405)
			fail_msg("%s: %s %s: %d: %s", gate->database, request.method,
				 request.target, reply.status, reply.body);
		reply_done(&reply);
	}
	gate_same(gate, &before, request.target);
}

static void is_not_enough(struct gate *gate, const struct router_entry *entry)
{
	is_told(gate, entry, BY_ADA, 403);
	refuses_all_methods(gate, entry);
}

/* ---- by permission ---- */

static bool takes_permission(const struct router_entry *entry)
{
	return route_permission(entry->route);
}

static long ada_id(struct gate *gate)
{
	struct reply reply = gate_must(
		gate, BY_ADA, &(struct request){ "GET", "/api/v1/users/me", NULL, NULL, NULL },
		200);
	long id = reply_int(&reply, "id");
	reply_done(&reply);
	return id;
}

/* That one alone, or all others. */
static const char *permissions_of(struct arena *arena, const struct permission *it, bool alone)
{
	struct module_permissions all = { .modules = app_modules };
	struct buf out;
	buf_init(&out, arena);
	for (const struct permission *at; (at = module_permission_next(&all));)
		if ((at == it) == alone)
			buf_printf(&out, "%s'%s'", out.len ? "," : "", at->name);
	return buf_text(&out);
}

/* Gives Ada a role of these. Returns its path. */
static const char *ada_may(struct gate *gate, const char *permissions)
{
	struct arena *arena = gate->stage.scene.c.arena;
	struct reply reply = gate_must(
		gate, BY_ROOT,
		&(struct request){
			"POST", "/api/v1/roles", NULL,
			arena_printf(arena, "{'name':'rank','permissions':[%s]}", permissions),
			NULL },
		201);
	long id = reply_int(&reply, "id");
	reply_done(&reply);
	reply = gate_must(
		gate, BY_ROOT,
		&(struct request){ "PUT",
				   arena_printf(arena, "/api/v1/users/%ld/roles", ada_id(gate)),
				   NULL, "{'roles':['rank']}", NULL },
		200);
	reply_done(&reply);
	return arena_printf(arena, "/api/v1/roles/%ld", id);
}

static void ada_may_no_more(struct gate *gate, const char *role)
{
	struct reply reply = gate_must(gate, BY_ROOT,
				       &(struct request){ "DELETE", role, NULL, NULL, NULL }, 204);
	reply_done(&reply);
}

static void others_are_not_enough(struct gate *gate, const struct router_entry *entry)
{
	const struct permission *it = route_permission(entry->route);
	const char *role = ada_may(gate, permissions_of(gate->stage.scene.c.arena, it, false));
	is_told(gate, entry, BY_ADA, 403);
	ada_may_no_more(gate, role);
}

/* Inputs without the members that take another permission besides. */
static const struct plain_input {
	const char *path, *body;
} plain_inputs[] = {
	{ "/api/v1/users/services", "{'username':'deploy'}" },
};

static void leave_out(const struct router_entry *entry, struct request *request)
{
	for (size_t i = 0; i < COUNT_OF(plain_inputs); i++)
		if (str_eq(entry->path, plain_inputs[i].path))
			request->body = plain_inputs[i].body;
}

/* Tried, and not done. What it finds may be above her all the same. */
static void it_is_enough(struct gate *gate, const struct router_entry *entry)
{
	const struct permission *it = route_permission(entry->route);
	const char *role = ada_may(gate, permissions_of(gate->stage.scene.c.arena, it, true));
	struct request request = route_request(gate, entry);
	leave_out(entry, &request);
	if (entry->route->op->kind == COMMAND)
		request.headers = "Prefer: dry-run\r\n";
	struct gate_rows before = gate_rows(gate);
	struct reply reply = gate_ask(gate, BY_ADA, &request);
	if (reply.status == 401 || strstr(reply.body, "You lack the permission"))
		fail_msg("%s: %s: %d: %s", gate->database, request.target, reply.status,
			 reply.body);
	reply_done(&reply);
	gate_same(gate, &before, request.target);
	ada_may_no_more(gate, role);
}

/* ---- a method in a header ---- */

static bool is_change(const struct router_entry *entry)
{
	return entry->route->method != GET;
}

/* Asked by root, who may: as if the header were not there. */
static void is_ignored(struct gate *gate, const char *method, const char *target,
		       const char *headers)
{
	struct reply plain = gate_ask(gate, BY_ROOT,
				      &(struct request){ method, target, NULL, NULL, NULL });
	struct reply reply = gate_must(gate, BY_ROOT,
				       &(struct request){ method, target, headers, NULL, NULL },
				       plain.status);
	reply_done(&plain);
	reply_done(&reply);
}

static void is_no_other_method(struct gate *gate, const struct router_entry *entry)
{
	const char *target = route_target(gate, entry);
	const char *name = route_method_name(entry->route->method);
	const char *headers = arena_printf(gate->stage.scene.c.arena,
					   "X-HTTP-Method-Override: %s\r\n"
					   "X-HTTP-Method: %s\r\nX-Method-Override: %s\r\n",
					   name, name, name);
	struct gate_rows before = gate_rows(gate);
	is_ignored(gate, "GET", target, headers);
	is_ignored(gate, "HEAD", target, headers);
	if (!routes_find(POST, entry->path))
		is_ignored(gate, "POST", target, headers);
	gate_same(gate, &before, "a method in a header");
}

int main(void)
{
	static const struct route_rows kinds[] = {
		{ is_for_somebody, "S32 %s %s: nobody who is not signed in", asks_who_it_is },
		{ is_for_few, "S32 %s %s: an account without rights, by any method",
		  is_not_enough },
		{ takes_permission, "S32 %s %s: every permission but the one that it takes",
		  others_are_not_enough },
		{ takes_permission, "S32 %s %s: the one that it takes is enough", it_is_enough },
		{ is_change, "S32 %s %s: no header makes it of another method",
		  is_no_other_method },
	};
	return routes_run("modules/ranks", kinds, COUNT_OF(kinds));
}
