/*
 * The account a new installation starts with. Runs at every start and does nothing once some
 * account is a superuser. It goes through users.create, so the settings are checked by the same
 * rules as any account.
 */
#include <string.h>

#include "base/buf.h"
#include "base/id.h"
#include "base/say.h"
#include "core/app.h"
#include "core/log.h"
#include "core/model.h"
#include "internal.h"

enum { GENERATED_LEN = 20 }; /* 100 random bits */

static const char SQL_HAS_SUPERUSER[] =
	"SELECT count(*) FROM (SELECT 1 FROM users WHERE is_superuser LIMIT 1) AS found";

static void add_member(struct buf *json, const char *name, const char *value)
{
	buf_printf(json, "\"%s\":", name);
	json_add_text(json, value, strlen(value));
	buf_add_lit(json, ",");
}

/* Tells which setting is at fault, and why. */
static enum app_err explain(struct ctx *c, enum app_err err)
{
	const struct field_fault *fault = c->failure.fields;
	const char *text = fault ? fault->msg : app_failure_text(c, err);
	const char *loc = fault ? fault->loc : "";
	const char *key = strstr(loc, "\"password\"")   ? ".password"
			  : strstr(loc, "\"email\"")    ? ".email"
			  : strstr(loc, "\"username\"") ? ".username"
							: "";
	app_recover(c);
	return app_fail(c, err, "Cannot create the first superuser: setting first_superuser%s: %s",
			key, text);
}

static enum app_err create_superuser(struct ctx *c, const struct first_superuser_options *options,
				     const char *password)
{
	struct buf json, out;
	buf_init(&json, c->arena);
	buf_init(&out, c->arena);
	buf_add_lit(&json, "{");
	add_member(&json, "username", options->username);
	add_member(&json, "email", options->email);
	add_member(&json, "password", password);
	buf_add_lit(&json, "\"is_superuser\":true}");

	const struct actor caller = c->actor;
	c->actor = (struct actor){ .kind = ACTOR_SYSTEM };
	enum app_err err = op_run(c, &users_create, json.data, json.len, &out);
	c->actor = caller;
	return err ? explain(c, err) : APP_OK;
}

/* Where nobody can read it, the way to another one is in the log. */
static void show_password(struct ctx *c, const char *username, const char *password)
{
	bool shown = say_error("\n"
			       "  ==============================================================\n"
			       "    The first superuser was created. Its password is shown only\n"
			       "    this once: keep it, or sign in and change it.\n"
			       "\n"
			       "      username  %s\n"
			       "      password  %s\n"
			       "  ==============================================================\n"
			       "\n",
			       username, password);
	if (!shown)
		log_error(c,
			  "the password of the first superuser could not be shown on stderr; "
			  "`croft user password` sets another",
			  LOG_TEXT("username", username));
}

enum app_err users_ensure_first_superuser(struct ctx *c)
{
	int64_t has_superuser;
	enum app_err err = model_int(c, SQL_HAS_SUPERUSER, BIND(), &has_superuser);
	if (err || has_superuser)
		return err;
	const struct first_superuser_options *options = config_group(c->app->config,
								     &first_superuser_option_group);
	if (options->password && options->password[0])
		return create_superuser(c, options, options->password);

	char password[ID_ROOM];
	id_new(password);
	password[GENERATED_LEN] = '\0';
	err = create_superuser(c, options, password);
	if (err)
		return err;
	show_password(c, options->username, password);
	return APP_OK;
}
