/* What a module is: one descriptor, listed in src/app/modules.c. */
#ifndef CROFT_CORE_MODULE_H
#define CROFT_CORE_MODULE_H

#include "base/ctx.h"
#include "core/config.h"
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

struct model;
struct seed_kind;

enum credentials_scheme {
	/* one that the server has no name for */
	CREDENTIALS_OTHER = 0,
	/* RFC 6750 §2.1: the header Authorization: Bearer … */
	CREDENTIALS_BEARER,
};

/* What a request shows to tell who sends it. */
struct credentials {
	enum credentials_scheme scheme;
	/* without the name of the scheme; of the request */
	const char *text;
	size_t len;
};

struct module {
	/* also the tag in the document */
	const char *name;
	/* a sentence about it */
	const char *doc;
	/* or NULL */
	const struct option_group *options;
	/* ends with a zero row, or NULL */
	const struct route *routes;
	/* Those without a route; NULL-terminated, or NULL. */
	const struct operation *const *operations;
	/*
	 * Those of its tables: the start compares them with the database. NULL-terminated, or NULL.
	 */
	const struct model *const *models;
	/* ends with a zero row, or NULL */
	const struct health_check *checks;
	/* Rows to try things out with, see core/seed.h; or NULL. */
	const struct seed_kind *seed;
	/*
	 * One module at most has the next three, and it has all of them.
	 *
	 * Whether the credentials may be good, told without the database: of such that are not no
	 * body is read. The failure is that of authenticate().
	 */
	enum app_err (*screen)(struct ctx *c, const struct credentials *credentials);
	/*
	 * Turns credentials into an actor; those of a scheme that it does not take are refused as
	 * none are, APP_UNAUTHENTICATED.
	 */
	enum app_err (*authenticate)(struct ctx *c, const struct credentials *credentials,
				     struct actor *ret);
	/*
	 * Asked when a command of a user failed: APP_UNAUTHENTICATED when his account is gone since
	 * he was let in, else APP_OK.
	 */
	enum app_err (*confirm)(struct ctx *c);
	/*
	 * `croft serve` calls start() in list order before it listens, stop() in reverse after the
	 * last request; each may be NULL. One whose start() fails with APP_UNAVAILABLE is tried
	 * again. What start() takes from the arena is dropped when it returns.
	 */
	enum app_err (*start)(struct ctx *c);
	void (*stop)(struct ctx *c);
};

/*
 * Whether they go together, for the start: one module at most decides who signs in. APP_INVALID
 * names the fault.
 */
enum app_err modules_check(struct ctx *c, const struct module *const *modules) MUST_USE;
/*
 * Whether the database has what their models speak of: APP_CONFLICT names what it has not, and a
 * model that is used and that no module has in .models.
 */
enum app_err modules_check_tables(struct ctx *c, const struct module *const *modules) MUST_USE;
/*
 * Starts them from number *started on, which counts those that are: after a failure another call
 * goes on with the module that failed.
 */
enum app_err modules_start(struct ctx *c, const struct module *const *modules,
			   size_t *started) MUST_USE;
/* Stops the first *started of them, and none a second time. */
void modules_stop(struct ctx *c, const struct module *const *modules, size_t *started);
/* The operation of that name that can be run, in any module's routes or operations, or NULL. */
const struct operation *module_find_operation(const struct module *const *modules,
					      const char *name);

#endif
