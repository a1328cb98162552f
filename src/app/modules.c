/*
 * The lists that make this binary: its modules, and the settings of core and modules. A new
 * module is one line in each; modules start in this order and stop in reverse.
 */
#include <stddef.h>

#include "app/modules.h"
#include "core/config.h"
#include "core/db.h"
#include "core/http.h"
#include "core/log.h"
#include "core/security.h"
#include "modules/auth.h"
#include "modules/posts.h"
#include "modules/system.h"
#include "modules/users.h"
#include "options.h"

/* One a line, so that a new module is a line of its own. */
/* clang-format off */
const struct module *const app_modules[] = {
	&users_module,
	&auth_module,
	&posts_module,
	&system_module,
	NULL,
};
/* clang-format on */

const struct option_group *const app_option_groups[] = {
	&app_option_group,
	&http_option_group,
	&db_option_group,
	&security_option_group,
	&log_option_group,
	&auth_option_group,
	&first_superuser_option_group,
	NULL,
};
