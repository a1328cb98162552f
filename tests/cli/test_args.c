/*
 * What others on the machine see of the command line: no secret of it, while the program itself
 * reads all.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/postgres.h"
#include "testing/server.h"

struct arg {
	const char *given; /* as json_operand() takes it */
	const char *seen;
};

static void hides(void **state)
{
	const struct arg *k = *state;
	char *given = json_operand(k->given), *arg = strdup(given), *copy = args_take(arg);
	assert_string_equal(copy, given);
	assert_string_equal(arg, k->seen);
	free(given);
	free(arg);
	free(copy);
}

static void cmdline_lacks(const struct server *server, const char *part)
{
	char path[64], line[16384];
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)server->pid);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	size_t len = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	assert_true(len > 0);
	for (size_t i = 0; i < len; i++)
		line[i] = line[i] ? line[i] : ' ';
	line[len] = '\0';
	assert_non_null(strstr(line, "first_superuser.password="));
	if (strstr(line, part))
		fail_msg("%s", line);
}

/* The cluster takes any password. */
static void nobody_sees_the_secrets_of_a_server(void **state)
{
	const char *form = *state;
	struct server server;
	char url[POSTGRES_URL_ROOM], set[2 * POSTGRES_URL_ROOM];
	postgres_database(url);
	snprintf(set, sizeof(set), form, strchr(url, '@'));
	server_start(&server, (const char *const[]){ set, NULL });
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	cmdline_lacks(&server, "hunter");
	cmdline_lacks(&server, SERVER_PASSWORD);
	char *log = server_log(&server);
	assert_null(strstr(log, "hunter"));
	free(log);
	server_end(&server);
}

#define ARG(sentence, ...) ROW_OF(sentence, hides, (&(struct arg){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ARG("a URL", "postgresql://u:hunter2@h/x", "postgresql://u:xxxxxxx@h/x"),
		ARG("its other scheme", "postgres://u:a@b@h:1/x", "postgres://u:xxx@h:1/x"),
		ARG("one of a scheme that no driver has", "mysql://u:hunter2@h/x",
		    "mysql://u:xxxxxxx@h/x"),
		ARG("a parameter of one", "redis+tls://h/0?auth=1&password=abc&a=b",
		    "redis+tls://h/0?auth=1&password=xxx&a=b"),
		ARG("a password with a slash", "postgresql://u:a/b?c@h/x",
		    "postgresql://u:xxxxx@h/x"),
		ARG("a parameter", "postgresql://u@h/x?sslmode=require&password=abc&a=b",
		    "postgresql://u@h/x?sslmode=require&password=xxx&a=b"),
		ARG("another parameter", "postgresql://u@h/x?sslpassword=abc",
		    "postgresql://u@h/x?sslpassword=xxx"),
		ARG("a parameter whose name is encoded",
		    "postgresql://u@h/x?a=b&ssl%70assword=abc&c=d",
		    "postgresql://u@h/x?a=b&ssl%70assword=xxx&c=d"),
		ARG("two of them", "postgres:///x?password=a&password=b",
		    "postgres:///x?password=x&password=x"),
		ARG("an input of an operation", "{'password':'abc'}", "{xxxxxxxxxxxxxxxxx"),
		ARG("a broken one behind a blank", " {password:abc", " {xxxxxxxxxxxx"),
		ARG("one with a URL in it", "{'a':'postgres://u:p@h'}", "{xxxxxxxxxxxxxxxxxxxxxxx"),
		ARG("an option that is none", "--password=abc", "--password=xxx"),
		ARG("a setting that is a URL", "database.url=postgresql://u:p@h/x",
		    "database.url=postgresql://u:x@h/x"),
		ARG("a secret", "auth.secret=abc", "auth.secret=xxx"),
		ARG("a password", "--set=first_superuser.password=a=b",
		    "--set=first_superuser.password=xxx"),
		ARG("a secret that looks like a URL", "auth.secret=postgres://b",
		    "auth.secret=xxxxxxxxxxxx"),
		ARG("the file of a secret", "auth.secret_file=/etc/s", "auth.secret_file=/etc/s"),
		ARG("what is none", "server.port=80", "server.port=80"),
		ARG("a URL without one", "postgresql://u@h:5432/x", "postgresql://u@h:5432/x"),
		ARG("a file", "sqlite:data/a:b@c", "sqlite:data/a:b@c"),
		ROW_OF("of a server nobody sees the database's password, its own, or either in the "
		       "log",
		       nobody_sees_the_secrets_of_a_server,
		       "database.url=postgresql://croft:hunter2sesame%s"),
		ROW_OF("nor one that is a parameter", nobody_sees_the_secrets_of_a_server,
		       "database.url=postgresql://croft%s?password=hunter2sesame"),
	};
	return rows_run("cli/args", rows, sizeof(rows) / sizeof(rows[0]));
}
