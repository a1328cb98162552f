/* The list that makes this binary: its modules. A new one is a line here. */
#include "app/modules.h"

#include "base/attr.h"
#include "core/config.h"
#include "core/db.h"
#include "core/http.h"
#include "core/idempotency.h"
#include "core/log.h"
#include "core/mailer.h"
#include "core/module.h"
#include "core/openapi.h"
#include "core/security.h"
#include "modules/accounts.h"
#include "modules/audit.h"
#include "modules/auth.h"
#include "modules/keys.h"
#include "modules/posts.h"
#include "modules/roles.h"
#include "modules/system.h"
#include "modules/users.h"
#include "options.h"

/* One a line, so that a new module is a line of its own. */
/* clang-format off */
const struct module *const app_modules[] = {
	&roles_module,
	&users_module,
	&keys_module,
	&auth_module,
	&accounts_module,
	&posts_module,
	&audit_module,
	&system_module,
	NULL,
};
/* clang-format on */

static const struct option_group *const core_option_groups[] = {
	&app_option_group,     &http_option_group,     &http_limits_option_group,
	&db_option_group,      &security_option_group, &log_option_group,
	&openapi_option_group, &mail_option_group,     &idempotency_option_group,
};

const struct option_group *const *app_option_groups(void)
{
	/* the last one stays NULL, as it is in the list of modules */
	static const struct option_group
		*groups[COUNT_OF(core_option_groups) + COUNT_OF(app_modules)];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(core_option_groups); i++)
		groups[count++] = core_option_groups[i];
	for (size_t i = 0; app_modules[i]; i++)
		if (app_modules[i]->options)
			groups[count++] = app_modules[i]->options;
	return groups;
}
