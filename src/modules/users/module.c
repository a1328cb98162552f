/* The users module: its descriptor and settings. Listed in src/app/modules.c. */
#include "core/mailer.h"
#include "internal.h"
#include "roles.h"
#include "session_rows.h"

OPTION_GROUP_CHECKED(
	first_superuser_option_group, "first_superuser", struct first_superuser_options,
	"The account made at the first start, when no account is a superuser yet.",
	users_check_first_superuser,
	OPTION(struct first_superuser_options, username, .preset = "admin", .doc = "Its username."),
	OPTION(struct first_superuser_options, email, .preset = "admin@example.com",
	       .doc = "Its e-mail address."),
	OPTION(struct first_superuser_options, password, .secret = true, .server_only = true,
	       .doc = "Its password. Empty: one is made up and shown once, on the terminal."));

PERMISSION(users_read, "users.read", "See all accounts");
PERMISSION(users_manage, "users.manage",
	   "Create, change and delete accounts that may no more than you");

static const struct permission *const permissions[] = PERMISSIONS(&users_read, &users_manage);

static const struct operation *const operations_without_route[] = OPERATIONS(&users_find_by_login,
									     &users_set_password);

static const struct model *const models[] = MODELS(&user_model, &user_listed_model,
						   &user_credentials_model, &user_session_model);

static const struct service *const services[] = SERVICES(&mailer_service);

const struct module users_module = {
	.name = "users",
	.doc = "Accounts: who may sign in, and who may manage the others.",
	.options = &first_superuser_option_group,
	.routes = users_routes,
	.permissions = permissions,
	.models = models,
	.operations = operations_without_route,
	.services = services,
	.seed = &users_seed,
	.on_restore = &users_on_restore,
	.start = users_ensure_first_superuser,
};
