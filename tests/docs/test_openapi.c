/* The OpenAPI document, held against a real server: what it lists comes, and what comes is listed. */
#include "support/rows.h"

#include <stdio.h>
#include <string.h>

#include "support/server.h"

static void answers_are_as_the_document_says(void **state)
{
	static const char *const sets[] = { "auth.password_grant=on", NULL };
	struct server server;
	char command[256], output[16384];
	(void)state;
	server_start(&server, sets);
	/* by its path: the package is Debian's, for Debian's own interpreter */
	snprintf(command, sizeof(command),
		 "/usr/bin/python3 tests/docs/hold-to-document %d '%s' 2>&1", server.port,
		 SERVER_PASSWORD);
	FILE *run = popen(command, "r");
	assert_non_null(run);
	size_t len = fread(output, 1, sizeof(output) - 1, run);
	output[len] = '\0';
	if (pclose(run) != 0)
		fail_msg("%s", output);
	assert_non_null(strstr(output, "answers are as the document says"));
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW("every answer is as the document says, and all that it lists comes",
	    answers_are_as_the_document_says),
};

int main(void)
{
	return rows_run("docs/openapi", rows, sizeof(rows) / sizeof(rows[0]));
}
