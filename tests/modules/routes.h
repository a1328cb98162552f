/*
 * Rows of every route that the binary has, and Bob's things behind the parameters of their paths. A
 * new module is tried without a line of its own, unless it has things that are not made by a POST
 * where they are listed: see route_kinds.
 */
#ifndef CROFT_TESTS_MODULES_ROUTES_H
#define CROFT_TESTS_MODULES_ROUTES_H

#include "app/modules.h"
#include "base/str.h"
#include "core/router.h"
#include "modules/gate.h"
#include "modules/made.h"

enum { ROUTE_ROWS_MOST = 512, ROUTE_SENTENCE_ROOM = 160 };

/*
 * What a parameter of a path is the id of, where that is not what a POST to the path before it
 * makes: what Bob asks for, and the member of the answer that is the id.
 */
static const struct route_kind {
	const char *parameter;
	struct request request;
	int status;
	const char *member;
} route_kinds[] = {
	{ "user_id", { "GET", "/api/v1/users/me", NULL, NULL, NULL }, 200, "id" },
	{ "session_id", { "GET", "/api/v1/auth/sessions", NULL, NULL, NULL }, 200, "id" },
	{ "post_id",
	  { "POST", "/api/v1/posts", NULL, "{'title':'" GATE_MARK "','tags':['t']}", NULL },
	  201,
	  "id" },
	{ "key_id",
	  { "POST", "/api/v1/api-keys", NULL, "{'name':'" GATE_MARK "'}", NULL },
	  201,
	  "id" },
};

/* ---- all routes ---- */

static struct scene routes_scene;
static struct router *routes_router;

static inline const struct router_entry *routes_all(size_t *ret_count)
{
	return router_entries(routes_router, ret_count);
}

/* The one of a method and a path, or NULL. */
static inline const struct router_entry *routes_find(enum http_method method, const char *path)
{
	size_t count;
	const struct router_entry *all = routes_all(&count);
	for (size_t i = 0; i < count; i++)
		if (all[i].route->method == method && str_eq(all[i].path, path))
			return &all[i];
	return NULL;
}

static inline const struct schema *route_in(const struct router_entry *entry)
{
	return entry->route->op ? entry->route->op->in : NULL;
}

/* Whether everyone who is signed in may ask. */
static inline bool route_is_for_all(const struct router_entry *entry)
{
	enum op_access access = route_access(entry->route);
	return access == ACCESS_PUBLIC ||
	       (access == ACCESS_USER && !route_permission(entry->route));
}

/* Who may ask, of those who may the least. */
static inline enum gate_who route_asker(const struct router_entry *entry)
{
	if (route_access(entry->route) == ACCESS_PUBLIC)
		return BY_NOBODY;
	return route_is_for_all(entry) ? BY_BOB : BY_ROOT;
}

/* ---- things of Bob's ---- */

/* Made where such things are listed. */
static inline long thing_make(struct gate *gate, const char *parameter, const char *list)
{
	const struct router_entry *entry = routes_find(POST, list);
	long id = -1;
	if (entry && !entry->param_count) {
		const struct made made = { .arena = gate->stage.scene.c.arena, .word = GATE_MARK };
		const struct request request = { "POST", list, NULL,
						 made_body(&made, route_in(entry)), NULL };
		struct reply reply = gate_ask(gate, route_asker(entry), &request);
		id = reply_int(&reply, "id");
		reply_done(&reply);
	}
	if (id < 0)
		fail_msg("Nobody knows how Bob comes to have what {%s} is the id of: say so in a "
			 "line of route_kinds in tests/modules/routes.h.",
			 parameter);
	return id;
}

static inline long thing_have(struct gate *gate, const char *parameter, const char *list)
{
	for (size_t i = 0; i < COUNT_OF(route_kinds); i++) {
		const struct route_kind *kind = &route_kinds[i];
		if (!str_eq(kind->parameter, parameter))
			continue;
		struct reply reply = gate_must(gate, BY_BOB, &kind->request, kind->status);
		long id = reply_int(&reply, kind->member);
		reply_done(&reply);
		return id;
	}
	return thing_make(gate, parameter, list);
}

static inline long thing_id(struct gate *gate, const char *parameter, const char *list)
{
	for (size_t i = 0; i < gate->thing_count; i++)
		if (str_eq(gate->things[i].parameter, parameter))
			return gate->things[i].id;
	assert_true(gate->thing_count < GATE_THINGS);
	struct gate_thing *thing = &gate->things[gate->thing_count];
	thing->id = thing_have(gate, parameter, list);
	snprintf(thing->parameter, sizeof(thing->parameter), "%s", parameter);
	gate->thing_count++;
	return thing->id;
}

/* The path with the ids of what is Bob's, in the arena. */
static inline const char *route_target(struct gate *gate, const struct router_entry *entry)
{
	struct arena *arena = gate->stage.scene.c.arena;
	struct buf out;
	buf_init(&out, arena);
	for (const char *at = entry->path; *at;) {
		if (*at != '{') {
			buf_add_char(&out, *at++);
			continue;
		}
		size_t before = (size_t)(at - entry->path), len = strcspn(at, "}");
		const char *list = arena_strndup(arena, entry->path, before - 1);
		const char *parameter = arena_strndup(arena, at + 1, len - 1);
		buf_printf(&out, "%ld", thing_id(gate, parameter, list));
		at += len + 1;
	}
	return buf_text(&out);
}

/* What it takes, of what is Bob's. */
static inline struct request route_request(struct gate *gate, const struct router_entry *entry)
{
	const struct made made = { .arena = gate->stage.scene.c.arena, .word = "adawashere" };
	return (struct request){ route_method_name(entry->route->method), route_target(gate, entry),
				 NULL, made_body(&made, route_in(entry)), NULL };
}

/* ---- rows ---- */

/* Of each route that it is for there is a row, on one gate after the other. */
struct route_rows {
	bool (*wants)(const struct router_entry *entry);
	/* With the method and the path in it. */
	const char *sentence;
	void (*run)(struct gate *gate, const struct router_entry *entry);
};

static struct route_row {
	const struct route_rows *kind;
	const struct router_entry *entry;
	char sentence[ROUTE_SENTENCE_ROOM];
} routes_each[ROUTE_ROWS_MOST];
static struct CMUnitTest routes_rows[ROUTE_ROWS_MOST + 1];
static size_t routes_row_count;

static inline void runs_on_gates(void **state)
{
	const struct route_row *row = *state;
	for (size_t i = 0; i < GATES; i++) {
		scene_next(&gates[i].stage.scene);
		row->kind->run(&gates[i], row->entry);
	}
}

static inline void routes_add(const struct route_rows *kind, const struct router_entry *entry)
{
	assert_true(routes_row_count < ROUTE_ROWS_MOST);
	struct route_row *row = &routes_each[routes_row_count];
	*row = (struct route_row){ .kind = kind, .entry = entry };
	snprintf(row->sentence, sizeof(row->sentence), kind->sentence,
		 route_method_name(entry->route->method), entry->path);
	routes_rows[routes_row_count++] = (struct CMUnitTest)ROW_OF(row->sentence, runs_on_gates,
								    row);
}

static inline void gives_no_hash_away(void **state)
{
	(void)state;
	assert_true(gate_answers > 0);
	if (gate_leak)
		fail_msg("%s", gate_leak);
}

/* Runs them, and at last one that looks back at all answers; the exit status of the program. */
static inline int routes_run(const char *area, const struct route_rows *kinds, size_t count)
{
	size_t entries;
	scene_open(&routes_scene);
	if (router_new(&routes_scene.c, app_modules, &routes_router))
		abort();
	const struct router_entry *all = routes_all(&entries);
	for (size_t kind = 0; kind < count; kind++)
		for (size_t i = 0; i < entries; i++)
			if (kinds[kind].wants(&all[i]))
				routes_add(&kinds[kind], &all[i]);
	routes_rows[routes_row_count++] = (struct CMUnitTest)ROW(
		"S34 none of all these answers has the hash of a password", gives_no_hash_away);
	int failed = _cmocka_run_group_tests(area, routes_rows, routes_row_count, gates_open,
					     gates_close);
	router_drop(routes_router);
	scene_close(&routes_scene);
	return failed;
}

#endif
