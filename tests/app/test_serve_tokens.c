/*
 * Tokens of a running server, as a client has them that is not ours: jose, of npm, verifies them,
 * and what it forges is refused. Skipped where the build had no npm to bring it.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/program.h"
#include "testing/server.h"

enum { PATH_ROOM = 512, OUTPUT_MAX = 16384 };

/* The folder with its node_modules: beside the program, or a folder above, as of other builds. */
static bool find_jose(char ret[PATH_ROOM])
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

static void jose_agrees(void **state)
{
	char jose[PATH_ROOM], command[2048], output[OUTPUT_MAX], set[64];
	struct server server;
	if (!find_jose(jose)) {
		/* tools/run-test shows it */
		printf("# skipped: this build has no jose, which npm brings\n");
		skip();
	}
	bool is_eddsa = !strcmp(*state, "EdDSA");
	snprintf(set, sizeof(set), "auth.signing=%s", is_eddsa ? "eddsa" : "hs256");
	server_start(&server, (const char *const[]){ set, NULL });
	server_sign_in(&server);
	snprintf(command, sizeof(command),
		 "node tests/app/try-tokens.mjs '%s' %d '%s/secret' %s '%s' 2>&1", jose,
		 server.port, server.folder, (const char *)*state, server.token);
	FILE *run = popen(command, "r");
	assert_non_null(run);
	size_t len = fread(output, 1, sizeof(output) - 1, run);
	output[len] = '\0';
	if (pclose(run) != 0)
		fail_msg("%s", output);
	assert_non_null(strstr(output, "answers are as they should be"));
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW_OF("S01 S02 S06 jose verifies tokens of EdDSA by the public keys, and can forge none",
	       jose_agrees, "EdDSA"),
	ROW_OF("S01 S02 S06 jose verifies tokens of HS256 by the secret alone, and can forge none",
	       jose_agrees, "HS256"),
};

int main(void)
{
	return rows_run("app/serve_tokens", rows, COUNT_OF(rows));
}
