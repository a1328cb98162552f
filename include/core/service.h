/*
 * What a module keeps from the start of a process to its end, and whoever has a context may reach:
 * a client of another system, a cache, a table that was read from a file. A service is a struct,
 * and the functions that make and end it. Beside the struct, mostly in a header, and in a file:
 *
 *	SERVICE_DECLARE(mailer);
 *	SERVICE(mailer, start_mailer, stop_mailer);
 *
 * Its module lists it in .services, and mailer_get(c, &mailer) finds it wherever the services were
 * started: `croft serve`, `croft run` and `croft db explain` do. Many threads reach it at once:
 * what changes in it has its own lock. What a test is to see in its place is a function pointer in
 * the struct, and the struct that it hands in with GIVEN().
 */
#ifndef CROFT_CORE_SERVICE_H
#define CROFT_CORE_SERVICE_H

#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"

struct services;

/* It is known by the address of this. */
struct service {
	/* "mailer" */
	const char *name;
	/* Of its struct. */
	size_t size;
	/*
	 * Fills in `self`, which is zeroed and on the heap. On failure it is not stopped, and when
	 * that is APP_UNAVAILABLE it may be tried again, with all zeroes. Services that were listed
	 * before it, by this module or those before, can be reached.
	 */
	enum app_err (*start)(struct ctx *c, void *self);
	/* Ends what start() began; the struct itself is freed afterwards. */
	void (*stop)(struct ctx *c, void *self);
};

/* A list of them with its end, for .services of a module: SERVICES(&mailer_service). */
#define SERVICES(...) \
	{ \
		__VA_ARGS__, NULL \
	}

/* What is there in place of what the service's start() would make. */
struct service_given {
	const struct service *service;
	void *self;
};

#define SERVICE_DECLARE(tag) \
	extern const struct service tag##_service; \
	MUST_USE MAYBE_UNUSED static inline enum app_err tag##_get(struct ctx *c, \
								   struct tag **ret) \
	{ \
		void *self = NULL; \
		enum app_err err = service_get(c, &tag##_service, &self); \
		if (!err) \
			*ret = self; \
		return err; \
	} \
	_Static_assert(sizeof(struct tag) > 0, "struct " #tag " is above this line")

/*
 * `start_fn`: enum app_err (struct ctx *, struct mailer *); `stop_fn`: void of the same. NULL:
 * zeroes are all that it begins with, or it has nothing to end.
 */
#define SERVICE(tag, start_fn, stop_fn) \
	static enum app_err tag##_service_start(struct ctx *c, void *self) \
	{ \
		enum app_err (*typed)(struct ctx *, struct tag *) = start_fn; \
		return typed ? typed(c, self) : APP_OK; \
	} \
	static void tag##_service_stop(struct ctx *c, void *self) \
	{ \
		void (*typed)(struct ctx *, struct tag *) = stop_fn; \
		if (typed) \
			typed(c, self); \
	} \
	const struct service tag##_service = { \
		.name = #tag, \
		.size = sizeof(struct tag), \
		.start = tag##_service_start, \
		.stop = tag##_service_stop, \
	}

/* A row of a list that ends with a zero row: the service of that name is this struct. */
#define GIVEN(tag, object) \
	{ \
		.service = &tag##_service, .self = 1 ? (object) : (struct tag *)0 \
	}

/*
 * The service's struct. APP_UNAVAILABLE: this process has started none. APP_INTERNAL: no module
 * lists it, or it is started later than whoever asks.
 */
enum app_err service_get(struct ctx *c, const struct service *service, void **ret) MUST_USE;

/*
 * For the services of a process, none of which is started yet. `given` ends with a zero row; NULL:
 * none is given.
 */
struct services *services_new(const struct service_given *given) MUST_USE;
/* Those that were started were stopped. NULL is fine. */
void services_drop(struct services *services);
/* It is to be started, behind those that were added before, unless it is given. */
void services_add(struct services *services, const struct service *service);
/*
 * Starts those that are not: after a failure another call goes on with the one that failed. They
 * are found in c->app->services.
 */
enum app_err services_start(struct ctx *c, struct services *services) MUST_USE;
/* In reverse; none a second time. */
void services_stop(struct ctx *c, struct services *services);

#endif
