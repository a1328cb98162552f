/*
 * The OpenAPI document, held against a real server: what it lists comes, and what comes is listed.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>

#include "testing/postgres.h"
#include "testing/server.h"

static void hold(const struct server *server, const char *script, const char *arguments)
{
	char command[512], output[16384];
	/* by its path: the package is Debian's, for Debian's own interpreter */
	snprintf(command, sizeof(command), "/usr/bin/python3 tests/docs/%s %d '%s' %s 2>&1", script,
		 server->port, SERVER_PASSWORD, arguments);
	FILE *run = popen(command, "r");
	assert_non_null(run);
	size_t len = fread(output, 1, sizeof(output) - 1, run);
	output[len] = '\0';
	if (pclose(run) != 0)
		fail_msg("%s", output);
	assert_non_null(strstr(output, "answers are as the document says"));
}

/* Of those who come through a proxy alone, so that they are told so when they shall be. */
#define LIMITED \
	"limits.apply=on", "limits.network_per_minute=1", "limits.user_per_minute=0", \
		"server.trusted_proxies=127.0.0.1"

/* All there is to ask is open, and letters are where they can be read. */
#define OPEN \
	"auth.password_grant=on", "auth.registration=open", "mail.driver=file", \
		"auth.issuer=https://api.example.org", "auth.cookies=true"

static void hold_to_document(const struct server *server)
{
	char mail[160];
	snprintf(mail, sizeof(mail), "%s/mail", server->folder);
	hold(server, "hold-to-document", mail);
}

static void answers_are_as_the_document_says(void **state)
{
	struct server server;
	(void)state;
	server_start(&server, (const char *const[]){ LIMITED, OPEN, NULL });
	hold_to_document(&server);
	server_end(&server);
}

static void a_postgres_says_the_same(void **state)
{
	struct server server;
	char url[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 16];
	(void)state;
	postgres_database(url);
	snprintf(set, sizeof(set), "database.url=%s", url);
	server_start(&server, (const char *const[]){ LIMITED, OPEN, set, NULL });
	hold_to_document(&server);
	server_end(&server);
}

static void a_full_server_answers_so(void **state)
{
	struct server server;
	(void)state;
	server_start(&server, (const char *const[]){ OPEN, "server.max_connections=8", NULL });
	hold(&server, "hold-failures", "full 8");
	server_end(&server);
}

static void faults_of_the_program_answer_so(void **state)
{
	struct server server;
	char broken[160];
	(void)state;
	server_start(&server, (const char *const[]){ OPEN, "app.environment=local", NULL });
	snprintf(broken, sizeof(broken), "broken %s/croft.db", server.folder);
	hold(&server, "hold-failures", broken);
	server_end(&server);
}

static const struct CMUnitTest rows[] = {
	ROW("every answer is as the document says, and all that it lists comes",
	    answers_are_as_the_document_says),
	ROW("so it is on PostgreSQL", a_postgres_says_the_same),
	ROW("a server that is full of connections says so as the document says",
	    a_full_server_answers_so),
	ROW("a fault of the program is answered as the document says, with a page for browsers in "
	    "local",
	    faults_of_the_program_answer_so),
};

int main(void)
{
	return rows_run("docs/openapi", rows, sizeof(rows) / sizeof(rows[0]));
}
