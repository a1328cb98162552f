/*
 * `croft auth keys` and `croft auth rotate-keys`: the operations of the auth module on the keys
 * that sign access tokens. Without the services of the modules, so that they also run where the
 * keys that there are cannot be opened.
 */
#include "modules/auth.h"
#include "base/app_name.h"
#include "cli.h"
#include "core/op.h"

const char cli_auth_usage[] =
	"Usage: " APP_NAME " auth keys\n"
	"       " APP_NAME " auth rotate-keys [--forget]\n"
	"\n"
	"Shows and renews the keys that sign access tokens. Servers that run take part: none\n"
	"has to be started again.\n"
	"\n"
	"  keys         list them: the key's id as it stands in the header of tokens (kid),\n"
	"               whether it signs, and until when its tokens are taken\n"
	"  rotate-keys  add a key, which signs in a moment, when all servers have it. What the\n"
	"               keys before it signed lives until it expires; so there are three keys\n"
	"               at most, and a fourth is refused for a day\n"
	"               --forget  the new key signs at once, and all others are forgotten: all\n"
	"                         access tokens end. For when a key may be known to others, or\n"
	"                         auth.secret was changed\n"
	"\n"
	"The keys are in the database, sealed with auth.secret. Until the first is added, the\n"
	"one that follows from auth.secret signs.\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " auth rotate-keys\n"
	"  " APP_NAME " auth keys\n";

/* The key that follows from auth.secret was never added: its time is 0, and no day. */
static void say_key(const struct auth_key *key)
{
	char from[INSTANT_TEXT_ROOM] = "-", until[INSTANT_TEXT_ROOM] = "-";
	if (key->signs_from.us)
		instant_text(key->signs_from, from);
	if (key->taken_until.is == GIVEN)
		instant_text(key->taken_until.value, until);
	cli_say("%-11s  %-7s  %-27s  %s", key->kid, key->state, from, until);
}

static int list(struct boot *boot, void *arg)
{
	(void)arg;
	struct nothing none = { 0 };
	struct auth_keys all = { 0 };
	int code = cli_call(boot_ctx(boot), &auth_list_keys, &none, &all);
	if (code)
		return code;
	const struct auth_key *keys = all.keys.items;
	cli_say("%-11s  %-7s  %-27s  %s", "kid", "state", "signs from", "taken until");
	for (size_t i = 0; i < all.keys.count; i++)
		say_key(&keys[i]);
	return CLI_OK;
}

static int rotate(struct boot *boot, void *arg)
{
	struct auth_key added = { 0 };
	char from[INSTANT_TEXT_ROOM];
	int code = cli_call(boot_ctx(boot), &auth_rotate_keys, arg, &added);
	if (code)
		return code;
	instant_text(added.signs_from, from);
	cli_say("Added key %s, which signs from %s on.", added.kid, from);
	return CLI_OK;
}

static int run_keys(struct cli *cli, const void *arg)
{
	const struct auth_rotate *in = arg;
	if (in->forget)
		return cli_usage_error(cli, "'auth keys' takes no --forget");
	int code = cli_check_arguments(cli, 0);
	return code ? code : cli_with_boot(cli, BOOT_READY, list, NULL);
}

static int run_rotate_keys(struct cli *cli, const void *arg)
{
	struct auth_rotate in = *(const struct auth_rotate *)arg;
	int code = cli_check_arguments(cli, 0);
	return code ? code : cli_with_boot(cli, BOOT_READY, rotate, &in);
}

int cli_auth(struct cli *cli)
{
	struct auth_rotate in = { 0 };
	const struct cli_option options[] = { { .name = "--forget", .flag = &in.forget }, { 0 } };
	static const struct cli_subcommand commands[] = {
		{ "keys", run_keys },
		{ "rotate-keys", run_rotate_keys },
		{ 0 },
	};
	cli->boot.signs = true;
	int code = cli_take_options(cli, options, false);
	return code ? code : cli_run_subcommand(cli, commands, &in);
}
