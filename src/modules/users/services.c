/*
 * Service accounts: programs, not people. They have roles and API keys, and nothing to sign in
 * with: no password, no second factor, and an address that nobody can have (RFC 6761 §6.4), so no
 * letter goes there. What finds people by a login finds none of them.
 */
#include "services.h"

#include "base/arena.h"
#include "base/str.h"
#include "core/log.h"
#include "core/model.h"
#include "internal.h"
#include "modules/user_rules.h"
#include "roles.h"

SCHEMA(user_create_service,
	FIELD(struct user_create_service, username, .required = true, USERNAME_RULES,
	      .example = "\"deploy\""),
	FIELD(struct user_create_service, full_name, FULL_NAME_RULES, .doc = "What it is for"),
	FIELD(struct user_create_service, roles, ROLE_NAMES_RULES,
	      .doc = "Names of roles, which takes the permission roles.give; without it those of "
		     "the settings"),
	FIELD(struct user_create_service, email, .in = NOT_INPUT),
	FIELD(struct user_create_service, kind, .in = NOT_INPUT),
	FIELD(struct user_create_service, token_version, .in = NOT_INPUT),
	FIELD(struct user_create_service, role_bits, .in = NOT_INPUT));

bool user_kind_is_service(const char *kind)
{
	return str_eq(kind, USER_SERVICE);
}

enum app_err user_check_person(struct ctx *c, const char *kind)
{
	return user_kind_is_service(kind)
		       ? ctx_fail(c, APP_CONFLICT,
				  "A service account has no e-mail and no password, and is no "
				  "superuser: give it roles and API keys")
		       : APP_OK;
}

enum app_err user_check_promotion(struct ctx *c, int64_t user_id)
{
	struct user_credentials user;
	enum app_err err = user_check_superuser(c);
	if (!err)
		err = users_credentials(c, user_id, &user);
	return err ? err : user_check_person(c, user.kind);
}

static enum app_err create_service(struct ctx *c, const struct user_create_service *in,
				   struct user *ret)
{
	struct user_create_service row = *in;
	row.kind = USER_SERVICE;
	row.email = arena_printf(c->arena, "%s@service.invalid", in->username);
	row.token_version = user_token_version_new();
	enum app_err err = roles_begin(c);
	if (!err)
		err = user_role_bits(c, &in->roles, &row.role_bits);
	if (!err)
		err = model_insert(c, &user_model, &user_create_service_schema, &row, ret);
	if (err)
		return err;
	log_info(c, "service account created", LOG_INT("user_id", ret->id),
		 LOG_INT("by", c->actor.user_id));
	return users_show_one(c, ret);
}

OPERATION_FN(create_service, struct user_create_service, struct user)

const struct operation users_create_service = {
	.name = "users.create_service",
	.summary = "Create a service account",
	.doc = "For a program that acts for nobody in particular: it has roles and API keys, and "
	       "cannot sign in. The username must be free, whatever its case and form.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&users_manage),
	.in = &user_create_service_schema,
	.out = &user_schema,
	.fails_with = { APP_CONFLICT },
	RUN(create_service),
};
