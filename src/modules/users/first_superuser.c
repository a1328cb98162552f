/*
 * The account a new installation starts with. Runs at every start and does nothing once some
 * account is a superuser. It goes through users.create, so the settings are checked by the same
 * rules as any account.
 */
#include <string.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/say.h"
#include "core/app.h"
#include "core/json.h"
#include "core/log.h"
#include "core/model.h"
#include "internal.h"

/* 100 random bits */
enum { GENERATED_LEN = 20 };

static const struct model_where superusers = { .sql = "is_superuser" };

static void add_member(struct buf *json, const char *name, const char *value)
{
	buf_printf(json, "\"%s\":", name);
	json_add_text(json, value, strlen(value));
	buf_add_lit(json, ",");
}

static const char *key_of(const struct field_fault *fault)
{
	static const char *const keys[] = { "username", "email", "password" };
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (strstr(fault->loc, keys[i]))
			return keys[i];
	return "username";
}

static void input_json(const struct first_superuser_options *options, const char *password,
		       struct buf *json)
{
	buf_add_lit(json, "{");
	add_member(json, "username", options->username);
	add_member(json, "email", options->email);
	if (password && *password)
		add_member(json, "password", password);
	buf_add_lit(json, "\"is_superuser\":true}");
}

/* Empty: one will be made up. */
static void check_password(struct config_check *check,
			   const struct first_superuser_options *options)
{
	const char *service = config_check_text(check, "app.name");
	const struct user_password password = { .text = options->password,
						.username = options->username,
						.email = options->email };
	if (!options->password || !*options->password)
		return;
	const char *fault = user_password_fault(config_check_ctx(check)->arena, &password,
						service ? service : "");
	if (fault)
		config_check_fault(check, "password", "%s", fault);
}

/* By the rules of any account, whether or not there is one to make. */
void users_check_first_superuser(struct config_check *check, const void *values)
{
	const struct first_superuser_options *options = values;
	struct ctx *c = config_check_ctx(check);
	struct user_create in;
	struct buf json;
	buf_init(&json, c->arena);
	input_json(options, options->password, &json);
	const struct input input = { .body = json.data, .body_len = json.len };
	if (!schema_bind(c, &user_create_schema, &input, &in)) {
		check_password(check, options);
		return;
	}
	for (const struct field_fault *fault = c->failure.fields; fault; fault = fault->next)
		config_check_fault(check, key_of(fault), "%s", fault->msg);
}

/* What the settings cannot know: that someone has the name already, say. */
static enum app_err explain(struct ctx *c, enum app_err err)
{
	const struct field_fault *fault = c->failure.fields;
	const char *text = fault ? fault->msg : ctx_failure_text(c, err);
	const char *key = fault ? arena_printf(c->arena, ".%s", key_of(fault)) : "";
	if (err == APP_UNAVAILABLE)
		return err;
	ctx_recover(c);
	return ctx_fail(c, err, "Cannot create the first superuser: setting first_superuser%s: %s",
			key, text);
}

static enum app_err create_superuser(struct ctx *c, const struct first_superuser_options *options,
				     const char *password)
{
	struct buf json, out;
	buf_init(&json, c->arena);
	buf_init(&out, c->arena);
	input_json(options, password, &json);

	const struct actor caller = c->actor;
	c->actor = (struct actor){ .kind = ACTOR_SYSTEM };
	enum app_err err = op_run(c, &users_create, json.data, json.len, &out);
	c->actor = caller;
	return err ? explain(c, err) : APP_OK;
}

/* Where nobody can read it, the way to another one is in the log. */
static void show_password(struct ctx *c, const char *username, const char *password, bool sure)
{
	bool shown = say_error("\n"
			       "  ==============================================================\n"
			       "    The first superuser %s created. Its password is shown only\n"
			       "    this once: keep it, or sign in and change it.\n"
			       "\n"
			       "      username  %s\n"
			       "      password  %s\n"
			       "  ==============================================================\n"
			       "\n",
			       sure ? "was" : "may have been", username, password);
	if (!shown)
		log_error(c,
			  "the password of the first superuser could not be shown on stderr; "
			  "`" APP_NAME " user password` sets another",
			  LOG_TEXT("username", username));
}

/*
 * A password that was drawn and may be somebody's by now must be shown: nobody else will ever know
 * it.
 */
static enum app_err superuser_make(struct ctx *c)
{
	const struct first_superuser_options *options = config_group(c->app->config,
								     &first_superuser_option_group);
	if (options->password && options->password[0])
		return create_superuser(c, options, options->password);

	char password[ID_ROOM];
	id_new(password);
	password[GENERATED_LEN] = '\0';
	enum app_err err = create_superuser(c, options, password);
	if (!err || db_outcome_is_unknown(c))
		show_password(c, options->username, password, !err);
	mem_wipe(password, sizeof(password));
	return err;
}

/*
 * Servers that start at once on one database may all find none. The names are unique, so one of
 * them makes it and the others are told of a conflict: then there is one, and that is all they
 * wanted.
 */
static enum app_err ensure(struct ctx *c)
{
	int64_t before, now;
	enum app_err err = model_count(c, &user_model, &superusers, &before);
	if (err || before)
		return err;
	err = superuser_make(c);
	if (err != APP_CONFLICT)
		return err;
	const struct failure conflict = c->failure;
	ctx_recover(c);
	err = model_count(c, &user_model, &superusers, &now);
	if (err || now)
		return err;
	c->failure = conflict;
	return conflict.err;
}

/* Nobody asks for the password after that. */
enum app_err users_ensure_first_superuser(struct ctx *c)
{
	enum app_err err = ensure(c);
	if (!err)
		config_forget(c->app->config, &first_superuser_option_group, "password");
	return err;
}
