/* Which options of `croft migrate` belong to which of its commands. */
#include "migrate.h"

#include "base/attr.h"

int migrate_check_options(const struct cli *cli, const void *given, unsigned allowed, int most)
{
	static const char *const belongs[] = {
		"--yes is for 'migrate down' and 'migrate redo'",
		"--auto is for 'migrate new'",
		"--drop is for 'migrate new --auto'",
	};
	const struct migrate_options *o = given;
	const bool is_given[] = { o->yes, o->from_models, o->drop };
	int code = cli_check_arguments(cli, most);
	for (size_t i = 0; !code && i < COUNT_OF(belongs); i++)
		if (is_given[i] && !(allowed & 1u << i))
			code = cli_usage_error(cli, "%s", belongs[i]);
	return code;
}
