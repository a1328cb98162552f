/* The hooks that modules have for the start and the end of a process, in their order. */
#include "core/module.h"

#include "base/arena.h"

enum app_err modules_start(struct ctx *c, const struct module *const *modules, size_t *started)
{
	for (; modules[*started]; ++*started) {
		const struct module *module = modules[*started];
		const struct arena_mark mark = arena_mark(c->arena);
		enum app_err err = module->start ? module->start(c) : APP_OK;
		if (err)
			return err;
		arena_rewind(c->arena, mark);
	}
	return APP_OK;
}

void modules_stop(struct ctx *c, const struct module *const *modules, size_t *started)
{
	while (*started) {
		const struct module *module = modules[--*started];
		if (module->stop)
			module->stop(c);
	}
}
