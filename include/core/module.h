/* What a module is: one descriptor, listed in src/app/modules.c. */
#ifndef CROFT_CORE_MODULE_H
#define CROFT_CORE_MODULE_H

#include "base/ctx.h"
#include "core/config.h"
#include "core/module_stage.h"
#include "core/op.h"
#include "core/route.h"

/*
 * A named check for /health/ready and the pre-start: APP_OK or a recorded failure whose text is
 * public.
 */
struct health_check {
	const char *name;
	enum app_err (*check)(struct ctx *c);
};

/* A table of them with its end. */
#define HEALTH_CHECKS(...) \
	{ \
		__VA_ARGS__, \
		{ \
			0 \
		} \
	}

struct authenticator;
struct backup_change;
struct model;
struct seed_kind;
struct service;
struct services;

struct module {
	/* Also the tag of its routes in the document. */
	const char *name;
	/* A sentence about it. */
	const char *doc;
	/* The module's settings, or NULL. */
	const struct option_group *options;
	/* ROUTES(), or NULL. */
	const struct route *routes;
	/* Of its routes that say none, see core/route.h; 0: 1. */
	int version;
	/*
	 * "/shop": its routes are below that and of no version, with a document of their own; with
	 * it go neither .start nor .stop. NULL: they are of the API.
	 */
	const char *mount;
	/* What is said of versions of the API as a whole: API_VERSIONS(), or NULL. */
	const struct api_version *versions;
	/* Those without a route: OPERATIONS(), or NULL. */
	const struct operation *const *operations;
	/* What may be given to accounts: PERMISSIONS(), see core/permission.h; or NULL. */
	const struct permission *const *permissions;
	/* Those of its tables: the start compares them with the database. MODELS(), or NULL. */
	const struct model *const *models;
	/* What it does to requests on their way: STAGES(), or NULL. */
	const struct module_stage *stages;
	/* What it keeps from start to end, in the order in which it is started: SERVICES(). */
	const struct service *const *services;
	/* HEALTH_CHECKS(), or NULL. */
	const struct health_check *checks;
	/* Rows to try things out with, see core/seed.h; or NULL. */
	const struct seed_kind *seed;
	/* What is changed of its rows when `croft restore` puts a backup back; or NULL. */
	const struct backup_change *on_restore;
	/* It has the table of core/audit.h: each COMMAND leaves a row there. */
	bool keeps_audit;
	/* Who signs in; one module at most has it. */
	const struct authenticator *authenticator;
	/*
	 * `croft serve` calls start() in list order before it listens and once all services are
	 * there, stop() in reverse after the last request; each may be NULL. One whose start()
	 * fails with APP_UNAVAILABLE is tried again. What start() takes from the arena is dropped
	 * when it returns.
	 */
	enum app_err (*start)(struct ctx *c);
	void (*stop)(struct ctx *c);
};

/*
 * Whether they go together, for the start: one module at most decides who signs in, and by all that
 * it takes; each check of health has a name and a function; each stage can do what it says in its
 * place; no two services are one; each permission that is asked for is declared, once. Those have
 * their numbers then. APP_INVALID names the fault.
 */
enum app_err modules_check(struct ctx *c, const struct module *const *modules) MUST_USE;
/*
 * All permissions that they declare, in the order of their numbers. Begins with no more than the
 * modules, as struct module_operations does.
 */
struct module_permissions {
	const struct module *const *modules;
	/* How many of its permissions were gone to. */
	size_t count;
};
/* NULL: there are no more. */
const struct permission *module_permission_next(struct module_permissions *all);
/* The declared one of that name, or NULL. */
const struct permission *module_find_permission(const struct module *const *modules,
						const char *name);
/* Gives them their numbers. modules_check() does; for a process that has no server. */
void modules_number_permissions(const struct module *const *modules);
/* That of the module that has one, or NULL. */
const struct authenticator *modules_authenticator(const struct module *const *modules);
/* Whether one of them keeps the audit. */
bool modules_keep_audit(const struct module *const *modules);
/*
 * Whether the database has what their models speak of: APP_CONFLICT names what it has not, and a
 * model that is used and that no module has in .models.
 */
enum app_err modules_check_tables(struct ctx *c, const struct module *const *modules) MUST_USE;
/* All that they list, NULL at the end, in the arena. */
const struct model *const *modules_models(struct ctx *c, const struct module *const *modules);
/*
 * Has their services started with those that are there, in list order. APP_INVALID: two of them are
 * one.
 */
enum app_err modules_add_services(struct ctx *c, const struct module *const *modules,
				  struct services *services) MUST_USE;
/*
 * Starts them from number *started on, which counts those that are: after a failure another call
 * goes on with the module that failed.
 */
enum app_err modules_start(struct ctx *c, const struct module *const *modules,
			   size_t *started) MUST_USE;
/* Stops the first *started of them, and none a second time. */
void modules_stop(struct ctx *c, const struct module *const *modules, size_t *started);

/*
 * All operations, whether or not a route leads to them: of each module those of its routes first.
 * One with two routes comes twice. Begins with no more than the modules:
 *
 *	struct module_operations all = { .modules = modules };
 *	for (const struct operation *op; (op = module_operation_next(&all));)
 */
struct module_operations {
	/* The one that is at hand comes first. */
	const struct module *const *modules;
	/* How many of its routes and of its operations were gone to. */
	size_t routes, operations;
};
/* NULL: there are no more. */
const struct operation *module_operation_next(struct module_operations *all);
/* The first of that name that can be run, or NULL. */
const struct operation *module_find_operation(const struct module *const *modules,
					      const char *name);

#endif
