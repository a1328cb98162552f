/*
 * Which stages of modules the requests of a route go through: a list for each place, in the order
 * of the modules and of their tables, so that no request looks for them.
 */
#include "internal.h"

#include "base/arena.h"
#include "base/str.h"
#include "core/module.h"

/* Those of one route while they are gathered. */
struct gathered {
	const struct module *const *modules;
	/* NULL: of what has no route */
	const struct router_entry *entry;
	struct router_stages *stages;
};

/* Whoever asks it is to be answered whatever else is slow or full. */
static bool waits_for_nothing(const struct operation *op)
{
	return op && op->vital && op->light;
}

/* For what is mounted those of the main application are, too; its own are for nothing else. */
static bool is_beside_mount(const struct gathered *all, const struct module *module)
{
	const char *owners = all->entry ? all->entry->module->mount : NULL;
	return module->mount && !str_eq(module->mount, owners);
}

static bool is_chosen(const struct gathered *all, const struct operation *const *chosen)
{
	const struct operation *runs = all->entry ? all->entry->route->op : NULL;
	while (*chosen && *chosen != runs)
		chosen++;
	return *chosen != NULL;
}

static bool is_for(const struct gathered *all, const struct module *module,
		   const struct module_stage *stage)
{
	if (is_beside_mount(all, module) ||
	    (stage->operations && !is_chosen(all, stage->operations)))
		return false;
	if (!all->entry)
		return stage->all_routes && stage->place == OVER_ANSWER;
	if (module == all->entry->module)
		return true;
	return stage->all_routes && (stage->light || !waits_for_nothing(all->entry->route->op));
}

static size_t headers_count(const struct module_header *headers)
{
	size_t count = 0;
	while (count < MODULE_HEADERS_MAX && headers[count].name)
		count++;
	return count;
}

static void stage_take(struct gathered *all, const struct module_stage *stage,
		       struct router_stage *ret)
{
	struct router_stages *stages = all->stages;
	*ret = (struct router_stage){ .stage = stage, .first_header = stages->header_count };
	stages->header_count += headers_count(stage->takes);
	stages->set_count += headers_count(stage->sets);
	for (size_t i = 0; i < headers_count(stage->sets); i++)
		stages->dresses_failures |= !stage->sets[i].of_success;
	stages->blocks |= stage->blocks;
	stages->asks |= !stage->light;
}

/* Those of the place; `room` is NULL while they are only counted. */
static size_t place_fill(struct gathered *all, enum module_place place, struct router_stage *room)
{
	size_t count = 0;
	for (const struct module *const *module = all->modules; *module; module++) {
		const struct module_stage *stage = (*module)->stages;
		for (; !module_stage_is_end(stage); stage++) {
			if (stage->place != place || !is_for(all, *module, stage))
				continue;
			if (room)
				stage_take(all, stage, &room[count]);
			count++;
		}
	}
	return count;
}

static void headers_fill(struct arena *arena, struct router_stages *stages)
{
	const char **names = arena_zero(arena, (stages->header_count + 1) * sizeof(*names));
	for (enum module_place place = NOWHERE; place < MODULE_PLACES; place++) {
		const struct router_stage *at = stages->at[place];
		for (; at && at->stage; at++)
			for (size_t i = 0; i < headers_count(at->stage->takes); i++)
				names[at->first_header + i] = at->stage->takes[i].name;
	}
	stages->headers = names;
}

static size_t places_fill(struct arena *arena, struct gathered *all)
{
	size_t all_count = 0;
	for (enum module_place place = BEFORE_SENDER; place < MODULE_PLACES; place++) {
		size_t count = place_fill(all, place, NULL);
		if (!count)
			continue;
		struct router_stage *room = arena_zero(arena, (count + 1) * sizeof(*room));
		place_fill(all, place, room);
		all->stages->at[place] = room;
		all_count += count;
	}
	return all_count;
}

const struct router_stages *router_gather_stages(struct arena *arena,
						 const struct module *const *modules,
						 const struct router_entry *entry,
						 size_t *ret_count)
{
	struct router_stages *stages = arena_zero(arena, sizeof(*stages));
	struct gathered all = { .modules = modules, .entry = entry, .stages = stages };
	*ret_count = places_fill(arena, &all);
	if (!*ret_count)
		return NULL;
	headers_fill(arena, stages);
	return stages;
}

enum app_err router_read_stages(struct ctx *c, struct arena *arena,
				const struct module *const *modules, struct router_entry *entry)
{
	size_t count;
	entry->stages = router_gather_stages(arena, modules, entry, &count);
	if (count > ROUTER_STAGES_MAX)
		return router_fault(c, entry,
				    "%zu stages of modules are for it, more than %d: join some",
				    count, ROUTER_STAGES_MAX);
	if (entry->stages && entry->stages->set_count > ROUTER_SETS_MAX)
		return router_fault(c, entry,
				    "the stages of modules that are for it set %zu headers, more "
				    "than %d",
				    entry->stages->set_count, ROUTER_SETS_MAX);
	return APP_OK;
}
