/*
 * `croft user sessions`: where a user is signed in, as a table or as JSON lines; and signs him out.
 */
#include "base/buf.h"
#include "cli.h"
#include "core/op.h"
#include "modules/auth.h"
#include "modules/users.h"
#include "user.h"

struct sessions_work {
	const char *login;
	bool json, end;
};

static void say_session(const struct auth_session *session, bool json)
{
	AUTO(buf) line = { 0 };
	if (json) {
		schema_render(&auth_session_schema, session, &line);
		buf_add_char(&line, '\n');
		cli_print(&line);
		return;
	}
	char created[INSTANT_TEXT_ROOM], seen[INSTANT_TEXT_ROOM];
	instant_text(session->created_at, created);
	instant_text(session->last_seen_at, seen);
	cli_say("%8lld  %-27s  %-27s  %-15s  %s", (long long)session->id, created, seen,
		session->address, session->agent ? session->agent : "");
}

static int list(struct ctx *c, struct auth_account *of, bool json)
{
	struct auth_sessions all = { 0 };
	int code = cli_call(c, &auth_list_sessions_of, of, &all);
	if (code)
		return code;
	const struct auth_session *sessions = all.sessions.items;
	if (!json)
		cli_say("%8s  %-27s  %-27s  %-15s  %s", "id", "signed in", "last seen", "address",
			"agent");
	for (size_t i = 0; i < all.sessions.count; i++)
		say_session(&sessions[i], json);
	return CLI_OK;
}

static int list_or_end(struct boot *boot, void *arg)
{
	const struct sessions_work *work = arg;
	struct ctx *c = boot_ctx(boot);
	struct user_login login = { .login = work->login };
	struct user user = { 0 };
	struct nothing none = { 0 };
	int code = cli_call(c, &users_find_by_login, &login, &user);
	if (code)
		return code;
	struct auth_account of = { .user_id = user.id };
	if (!work->end)
		return list(c, &of, work->json);
	code = cli_call(c, &auth_end_sessions_of, &of, &none);
	if (!code)
		user_say_done("Signed out ", work->login);
	return code;
}

int user_sessions(struct cli *cli, const void *arg)
{
	const struct user_arguments *arguments = arg;
	int code = user_check_options(cli, "sessions", arguments, "--end --json");
	if (!code)
		code = user_check_login(cli, "sessions");
	if (!code && arguments->end && arguments->json)
		code = cli_usage_error(cli, "'user sessions' lists them with --json, or ends them "
					    "with --end");
	if (code)
		return code;
	struct sessions_work work = { cli->argv[0], arguments->json, arguments->end };
	return cli_with_boot(cli, BOOT_READY, list_or_end, &work);
}
