/*
 * The services of a process: a list in the order in which they are started. Knows no module. What
 * a list should not hold is told where it is put together.
 */
#include "core/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/mem.h"
#include "core/app.h"

struct entry {
	const struct service *service;
	void *self;
	/* by somebody else, who keeps it */
	bool is_given;
	bool is_there;
};

struct services {
	struct entry *list;
	size_t count;
};

static struct entry *entry_add(struct services *services, const struct service *service)
{
	services->list = mem_resize(services->list,
				    (services->count + 1) * sizeof(*services->list));
	struct entry *entry = &services->list[services->count++];
	*entry = (struct entry){ .service = service };
	return entry;
}

static struct entry *entry_find(const struct services *services, const struct service *service)
{
	for (size_t i = 0; i < services->count; i++)
		if (services->list[i].service == service)
			return &services->list[i];
	return NULL;
}

/* ---- their life ---- */

struct services *services_new(const struct service_given *given)
{
	struct services *services = mem_new(1, sizeof(*services));
	for (; given && given->service; given++) {
		struct entry *entry = entry_add(services, given->service);
		entry->self = given->self;
		entry->is_given = entry->is_there = true;
	}
	return services;
}

void services_drop(struct services *services)
{
	if (!services)
		return;
	for (size_t i = 0; i < services->count; i++)
		if (!services->list[i].is_given)
			free(services->list[i].self);
	free(services->list);
	free(services);
}

void services_add(struct services *services, const struct service *service)
{
	if (!entry_find(services, service))
		entry_add(services, service)->self = mem_new(1, service->size);
}

static enum app_err entry_start(struct ctx *c, struct entry *entry)
{
	const struct arena_mark mark = arena_mark(c->arena);
	enum app_err err = entry->service->start(c, entry->self);
	if (err) {
		memset(entry->self, 0, entry->service->size);
		return err;
	}
	entry->is_there = true;
	arena_rewind(c->arena, mark);
	return APP_OK;
}

enum app_err services_start(struct ctx *c, struct services *services)
{
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < services->count; i++)
		if (!services->list[i].is_there)
			err = entry_start(c, &services->list[i]);
	return err;
}

void services_stop(struct ctx *c, struct services *services)
{
	for (size_t i = services->count; i-- > 0;) {
		struct entry *entry = &services->list[i];
		if (entry->is_there && !entry->is_given) {
			entry->service->stop(c, entry->self);
			entry->is_there = false;
		}
	}
}

/* ---- reaching one ---- */

/* What an author has forgotten; clients are told nothing of it. */
static enum app_err get_fail(struct ctx *c, const struct service *service,
			     const struct entry *entry)
{
	if (!entry)
		return ctx_fail_cause(c, APP_INTERNAL,
				      "no module lists the service %s in its .services",
				      service->name);
	return ctx_fail_cause(c, APP_INTERNAL,
			      "the service %s is not started yet: list it, or its module, before "
			      "the one that asks for it",
			      service->name);
}

enum app_err service_get(struct ctx *c, const struct service *service, void **ret)
{
	const struct services *services = c->app->services;
	if (!services)
		return ctx_fail(c, APP_UNAVAILABLE,
				"The service %s is not there: " APP_NAME " serve, run, user invite "
				"and db explain start those of the modules, and nothing else does",
				service->name);
	const struct entry *entry = entry_find(services, service);
	if (!entry || !entry->is_there)
		return get_fail(c, service, entry);
	*ret = entry->self;
	return APP_OK;
}
