/* Field tables of the system module. */
#include "core/app.h"
#include "internal.h"

static const char *const live_states[] = CHOICES("ok");
static const char *const ready_states[] = CHOICES("ready", "unavailable", "stopping");

SCHEMA(system_info,
	FIELD(struct system_info, app, .required = true),
	FIELD(struct system_info, environment, .required = true, .choices = app_environment_names),
	FIELD(struct system_info, env, .required = true, .choices = app_environment_names,
	      .doc = "The same as environment"),
	FIELD(struct system_info, version, .required = true));

SCHEMA(system_version, FIELD(struct system_version, version, .required = true));

SCHEMA(system_live, FIELD(struct system_live, status, .required = true, .choices = live_states));

SCHEMA(system_check,
	FIELD(struct system_check, name, .required = true),
	FIELD(struct system_check, ok, .required = true),
	FIELD(struct system_check, detail, .required = true, .nullable = true,
	      .doc = "What is wrong"));

SCHEMA(system_ready,
	FIELD(struct system_ready, status, .required = true, .choices = ready_states),
	FIELD(struct system_ready, checks, .required = true, .object = &system_check_schema));
