/* What the files of the system module share. */
#ifndef CROFT_SRC_MODULES_SYSTEM_INTERNAL_H
#define CROFT_SRC_MODULES_SYSTEM_INTERNAL_H

#include <stdbool.h>

#include "core/schema.h"
#include "modules/system.h"

struct system_info {
	const char *app;
	/* the same */
	const char *environment, *env;
	const char *version;
};

struct system_version {
	const char *version;
};

struct system_live {
	/* "ok" */
	const char *status;
};

struct system_check {
	const char *name;
	bool ok;
	/* what is wrong; NULL when ok */
	const char *detail;
};

struct system_ready {
	/* "ready", "unavailable" or "stopping" */
	const char *status;
	/* of struct system_check */
	struct array checks;
};

extern const struct schema system_info_schema;
extern const struct schema system_version_schema;
extern const struct schema system_live_schema;
extern const struct schema system_check_schema;
extern const struct schema system_ready_schema;

extern const struct operation system_info;
extern const struct operation system_version;
extern const struct operation system_live;
extern const struct operation system_ready;
/* The same, by the name that others know. */
extern const struct operation system_health;

extern const struct route system_routes[];

/*
 * From its start to its stop readiness is shared by those who ask: see ready.c. One app of a
 * process at a time; any other runs the checks for each.
 */
enum app_err system_start(struct ctx *c) MUST_USE;
void system_stop(struct ctx *c);

/* Who this server is; also the front page's JSON. */
void system_describe(const struct app *app, struct system_info *ret);

#endif
