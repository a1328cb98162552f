/*
 * A running server, as clients of npm have it that are not ours: jose verifies its tokens, and what
 * it forges is refused; oauth4webapi and openid-client do what OAuth2 has of it. Skipped where the
 * build had no npm to bring them.
 */
#include "testing/rows.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/program.h"
#include "testing/server.h"

enum { PATH_ROOM = 512, OUTPUT_MAX = 16384 };

/* The folder with its node_modules: beside the program, or a folder above, as of other builds. */
static bool find_clients(char ret[PATH_ROOM])
{
	static const char *const places[] = { "vendor", "../vendor" };
	const char *binary = program_binary(), *slash = strrchr(binary, '/');
	for (size_t i = 0; slash && i < COUNT_OF(places); i++) {
		char inner[PATH_ROOM + 32];
		snprintf(ret, PATH_ROOM, "%.*s/%s", (int)(slash - binary), binary, places[i]);
		snprintf(inner, sizeof(inner), "%s/node_modules/jose/package.json", ret);
		if (!access(inner, R_OK))
			return true;
	}
	return false;
}

static void clients_or_skip(char ret[PATH_ROOM])
{
	if (find_clients(ret))
		return;
	/* tools/run-test shows it */
	printf("# skipped: this build has no clients of OAuth2, which npm brings\n");
	skip();
}

static void agrees(const char *command)
{
	char output[OUTPUT_MAX];
	FILE *run = popen(command, "r");
	assert_non_null(run);
	size_t len = fread(output, 1, sizeof(output) - 1, run);
	output[len] = '\0';
	if (pclose(run) != 0)
		fail_msg("%s", output);
	assert_non_null(strstr(output, "answers are as they should be"));
}

static void jose_agrees(void **state)
{
	char clients[PATH_ROOM], command[2048], set[64];
	struct server server;
	clients_or_skip(clients);
	bool is_eddsa = !strcmp(*state, "EdDSA");
	snprintf(set, sizeof(set), "auth.signing=%s", is_eddsa ? "eddsa" : "hs256");
	server_start(&server, (const char *const[]){ set, NULL });
	server_sign_in(&server);
	snprintf(command, sizeof(command),
		 "node tests/app/try-tokens.mjs '%s' %d '%s/secret' %s '%s' 2>&1", clients,
		 server.port, server.folder, (const char *)*state, server.token);
	agrees(command);
	server_end(&server);
}

/* Of a browser that was signed in when nobody had proven anything yet. */
static void prove_long_ago(const struct server *server)
{
	char path[128];
	sqlite3 *db;
	snprintf(path, sizeof(path), "%s/croft.db", server->folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				      "CREATE TRIGGER long_ago AFTER INSERT ON sessions"
				      " WHEN NEW.agent = 'long ago' BEGIN"
				      " UPDATE sessions SET proven_at = 0 WHERE id = NEW.id; END",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void client_agrees(void **state)
{
	char clients[PATH_ROOM], command[2048];
	struct server server;
	clients_or_skip(clients);
	server_start(&server, (const char *const[]){ "auth.signing=eddsa",
						     "auth.issuer=https://croft.test", NULL });
	prove_long_ago(&server);
	snprintf(command, sizeof(command), "node tests/app/try-clients.mjs '%s' %d %s '%s' 2>&1",
		 clients, server.port, (const char *)*state, SERVER_PASSWORD);
	agrees(command);
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW_OF("S01 S02 S06 jose verifies tokens of EdDSA by the public keys, and can forge none",
	       jose_agrees, "EdDSA"),
	ROW_OF("S01 S02 S06 jose verifies tokens of HS256 by the secret alone, and can forge none",
	       jose_agrees, "HS256"),
	ROW_OF("S13 S18 S30 oauth4webapi finds, signs in, refreshes, introspects, revokes, proves, "
	       "is a client",
	       client_agrees, "oauth4webapi"),
	ROW_OF("S13 S18 S30 openid-client does so", client_agrees, "openid-client"),
};

int main(void)
{
	return rows_run("app/serve_tokens", rows, COUNT_OF(rows));
}
