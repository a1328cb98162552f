/* The signing key: from the secret that is set, or from one that is made in the data directory. */
#include "base/arena.h"
#include "core/config.h"
#include "core/security.h"
#include "internal.h"

static enum app_err security_open(struct boot *boot)
{
	struct ctx *c = &boot->c;
	struct app *app = &boot->app;
	const struct security_options *options = config_group(app->config, &security_option_group);
	const struct arena_mark mark = arena_mark(c->arena);
	if (boot->args.signs && secret_is_generated(app)) {
		const char *secret, *path;
		enum app_err err = secret_from_data_dir(c, app->options->data_dir, &secret, &path);
		if (err)
			return err;
		config_set_generated(app->config, &security_option_group, "secret", secret, path);
	}
	enum app_err err = security_new(c, options, &app->security);
	if (err)
		return err;
	config_forget(app->config, &security_option_group, "secret");
	arena_rewind(c->arena, mark);
	return APP_OK;
}

enum boot_result boot_security_start(struct boot *boot)
{
	return boot_outcome(boot, security_open(boot));
}

void boot_security_stop(struct boot *boot)
{
	if (boot->app.security)
		security_drop(boot->app.security);
}
