/* Service accounts inside the users module: see services.c. */
#ifndef CROFT_SRC_MODULES_USERS_SERVICES_H
#define CROFT_SRC_MODULES_USERS_SERVICES_H

#include <stdint.h>

#include "base/attr.h"
#include "core/schema.h"

struct ctx;

struct user_create_service {
	const char *username;
	const char *full_name;
	/* of const char *: names; .items NULL: those of the settings */
	struct array roles;

	/* by the server */
	const char *email, *kind;
	int64_t token_version, role_bits;
};
extern const struct schema user_create_service_schema;

/* APP_CONFLICT of a service, for a change that is for people alone. */
enum app_err user_check_person(struct ctx *c, const char *kind) MUST_USE;

/* APP_FORBIDDEN unless whoever acts may make it a superuser; APP_CONFLICT of a service. */
enum app_err user_check_promotion(struct ctx *c, int64_t user_id) MUST_USE;

#endif
