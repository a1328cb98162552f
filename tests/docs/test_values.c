/*
 * What the OpenAPI document allows is taken, and what it forbids refused: each operation on both
 * databases.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>

#include "testing/postgres.h"
#include "testing/server.h"

/* One server for each database, which all rows share. */
static struct server servers[2];
enum { ON_SQLITE, ON_POSTGRES };

static int servers_open(void **state)
{
	char url[POSTGRES_URL_ROOM], on_postgres[POSTGRES_URL_ROOM + 16];
	const char *sets[] = { "auth.password_grant=on",
			       "auth.registration=open",
			       "mail.driver=file",
			       "auth.cookies=true",
			       NULL,
			       NULL };
	(void)state;
	server_start(&servers[ON_SQLITE], sets);
	postgres_database(url);
	snprintf(on_postgres, sizeof(on_postgres), "database.url=%s", url);
	sets[4] = on_postgres;
	server_start(&servers[ON_POSTGRES], sets);
	return 0;
}

static int servers_close(void **state)
{
	(void)state;
	server_end(&servers[ON_SQLITE]);
	server_end(&servers[ON_POSTGRES]);
	return 0;
}

static void try_values(int database, const char *operations, const char *said)
{
	char command[4096], output[16384];
	/* by its path: the package is Debian's, for Debian's own interpreter */
	snprintf(command, sizeof(command), "/usr/bin/python3 tests/docs/try-values %d '%s' %s 2>&1",
		 servers[database].port, SERVER_PASSWORD, operations);
	FILE *run = popen(command, "r");
	assert_non_null(run);
	size_t len = fread(output, 1, sizeof(output) - 1, run);
	output[len] = '\0';
	if (pclose(run) != 0)
		fail_msg("%s", output);
	assert_non_null(strstr(output, said));
}

static void values_on_sqlite(void **state)
{
	try_values(ON_SQLITE, *state, "forbidden ones refused");
}

static void values_on_postgres(void **state)
{
	try_values(ON_POSTGRES, *state, "forbidden ones refused");
}

#define EACH_OPERATION(EACH) \
	EACH("users-list"), EACH("users-create"), EACH("users-recent"), EACH("users-stats"), \
		EACH("users-me"), EACH("users-update_me"), EACH("users-change_password"), \
		EACH("users-me-2"), EACH("users-update_me-2"), EACH("users-delete_me"), \
		EACH("users-delete_me-2"), EACH("users-deactivate_me"), EACH("users-get"), \
		EACH("users-update"), EACH("users-delete"), EACH("users-create_batch"), \
		EACH("users-reset_password"), EACH("auth-login"), EACH("auth-token"), \
		EACH("auth-refresh_token"), EACH("auth-revoke"), EACH("auth-introspect"), \
		EACH("auth-metadata"), EACH("auth-logout"), EACH("auth-logout_all"), \
		EACH("auth-prove"), EACH("auth-list_sessions"), EACH("auth-end_session"), \
		EACH("auth-list_sessions_of"), EACH("auth-end_sessions_of"), EACH("auth-jwks"), \
		EACH("auth-login_by_cookie"), EACH("auth-get_page"), \
		EACH("auth-second_step_by_cookie"), EACH("auth-renew_page"), \
		EACH("auth-second_step"), EACH("auth-get_factor"), EACH("auth-begin_factor"), \
		EACH("auth-confirm_factor"), EACH("auth-end_factor"), \
		EACH("auth-print_recovery_codes"), EACH("auth-reset_factor"), \
		EACH("accounts-register"), EACH("accounts-verify"), EACH("accounts-resend"), \
		EACH("accounts-invite"), EACH("accounts-accept"), EACH("accounts-move"), \
		EACH("accounts-restore_password"), EACH("accounts-reset_password"), \
		EACH("users-set_roles"), EACH("roles-list_permissions"), EACH("roles-list"), \
		EACH("roles-create"), EACH("roles-get"), EACH("roles-update"), \
		EACH("roles-delete"), EACH("keys-list"), EACH("keys-create"), EACH("keys-get"), \
		EACH("keys-update"), EACH("keys-delete"), EACH("keys-list_of"), \
		EACH("keys-delete_of"), EACH("keys-delete_all_of"), EACH("posts-list"), \
		EACH("posts-create"), EACH("posts-create_batch"), EACH("posts-get"), \
		EACH("posts-update"), EACH("posts-delete"), EACH("posts-restore"), \
		EACH("posts-by_user"), EACH("system-info"), EACH("system-version"), \
		EACH("system-live"), EACH("system-ready"), EACH("system-health"), \
		EACH("users-create_service"), EACH("keys-create_of")
#define AS_IT_IS(name) name
#define BOTH(name) \
	ROW_OF(name " takes what the document allows, and nothing else", values_on_sqlite, name), \
		ROW_OF(name " does so on PostgreSQL", values_on_postgres, name)

static void every_operation_is_tried(void **state)
{
	static const char *const names[] = { EACH_OPERATION(AS_IT_IS) };
	char all[2048] = "";
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		strcat(all, names[i]);
		strcat(all, " ");
	}
	try_values(ON_SQLITE, all, "they are all of the document");
}

static const struct CMUnitTest rows[] = {
	ROW("every operation of the document is tried", every_operation_is_tried),
	EACH_OPERATION(BOTH),
};

int main(void)
{
	return rows_run_with("docs/values", rows, sizeof(rows) / sizeof(rows[0]), servers_open,
			     servers_close);
}
