/*
 * The README's commands, copied from it and run against a server: what a new user pastes must work.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "testing/json.h"
#include "testing/server.h"

enum { LINES_LEAST = 5 };

/*
 * The script: each line of the README that signs in or calls curl, at the test's port, stopping at
 * the first fault.
 */
static int write_script(FILE *script, int port)
{
	fprintf(script,
		"set -eu\ncurl() { command curl -sS --fail-with-body \"$@\"; echo; }\n"
		"PASSWORD='%s'\n",
		SERVER_PASSWORD);
	FILE *readme = fopen("README.md", "r");
	assert_non_null(readme);
	char *line = NULL;
	size_t room = 0;
	int count = 0;
	while (getline(&line, &room, readme) > 0) {
		if (strncmp(line, "curl ", 5) != 0 && strncmp(line, "TOKEN=", 6) != 0)
			continue;
		count++;
		char *rest = line;
		for (char *at; (at = strstr(rest, "127.0.0.1:8000"));
		     rest = at + strlen("127.0.0.1:8000"))
			fprintf(script, "%.*s127.0.0.1:%d", (int)(at - rest), rest, port);
		fputs(rest, script);
	}
	free(line);
	fclose(readme);
	return count;
}

static void the_curl_lines_of_the_readme_work(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	char path[128], command[256], output[8192];
	snprintf(path, sizeof(path), "%s/readme.sh", server.folder);
	FILE *script = fopen(path, "w");
	assert_non_null(script);
	assert_true(write_script(script, server.port) >= LINES_LEAST);
	fclose(script);
	snprintf(command, sizeof(command), "sh %s 2>&1", path);
	FILE *run = popen(command, "r");
	size_t len = fread(output, 1, sizeof(output) - 1, run);
	output[len] = '\0';
	int status = pclose(run);
	if (status != 0)
		fail_msg("status %d: %s", status, output);
	assert_json_has(output, "'username':'ada'");
	assert_json_has(output, "'total':2");
	assert_json_has(output, "'status':'ready'");
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW("the curl lines of the README work", the_curl_lines_of_the_readme_work),
};

int main(void)
{
	return rows_run("docs/readme", rows, sizeof(rows) / sizeof(rows[0]));
}
