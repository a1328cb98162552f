/*
 * One file by two names, each with a log and a lock of its own: whoever would be the second is
 * refused, and nothing is lost.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/program.h"
#include "testing/server.h"
#include "users.h"

enum { SAID_ROOM = 8192, COMMAND_ROOM = 16384, REFUSED = 1, REFUSED_CONFIG = 3 };

struct said {
	int code;
	char text[SAID_ROOM];
};

/*
 * A command of the shell in the server's folder, where $CROFT is the program and $URL what a
 * database's URL begins with.
 */
static struct said shell(const struct server *server, const char *command)
{
	struct said said = { 0 };
	char whole[COMMAND_ROOM];
	char *real = realpath(program_binary(), NULL);
	snprintf(whole, sizeof(whole),
		 "CROFT='timeout %d %s'; cd %s && URL=database.url=sqlite:$PWD && { %s; } 2>&1",
		 PATIENCE_S, real, server->folder, command);
	free(real);
	FILE *out = popen(whole, "r");
	assert_non_null(out);
	size_t len = fread(said.text, 1, sizeof(said.text) - 1, out);
	said.text[len] = '\0';
	char rest[512];
	while (fread(rest, 1, sizeof(rest), out))
		;
	int status = pclose(out);
	said.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return said;
}

static void must_say(const struct server *server, int code, const char *words, const char *command)
{
	struct said said = shell(server, command);
	if (said.code != code || !strstr(said.text, words))
		fail_msg("%s: exit status %d, not %d with '%s': %s", command, said.code, code,
			 words, said.text);
}

static void must_do(const struct server *server, const char *command)
{
	must_say(server, 0, "", command);
}

static int warnings(const struct server *server)
{
	return server_logged(server, "has another name, a hard link");
}

#define SERVE "$CROFT serve --set app.data_dir=second --set server.port=0 --set $URL/"
#define CHECK "$CROFT config check --set app.data_dir=second --set $URL/"
#define MIGRATE "$CROFT migrate status --set app.data_dir=second --set $URL/"

static void start(struct server *server)
{
	server_start(server, NULL);
	server_sign_in(server);
	assert_int_equal(create(server, "first"), 201);
	assert_int_equal(client_status(server, "/health/ready"), 200);
}

static void still_serves(struct server *server, const char *name)
{
	assert_int_equal(create(server, name), 201);
	assert_int_equal(client_status(server, "/health/ready"), 200);
}

static void second_by_a_link_is_refused(void **state)
{
	(void)state;
	struct server server;
	start(&server);
	must_do(&server, "ln croft.db other.db");
	must_say(&server, REFUSED, "has 2 names (hard links)", SERVE "other.db");
	must_say(&server, REFUSED_CONFIG, "has 2 names (hard links)", CHECK "other.db");
	must_say(&server, REFUSED, "has 2 names (hard links)", MIGRATE "other.db");
	still_serves(&server, "second");
	AWAIT(warnings(&server) == 1);
	still_serves(&server, "third");
	assert_int_equal(warnings(&server), 1);
	server_end(&server);
}

/* Its log holds commits that nobody would see by the other name. */
static void link_to_the_file_of_a_killed_server_is_refused(void **state)
{
	(void)state;
	struct server server;
	start(&server);
	must_do(&server, "ln croft.db other.db");
	server_kill(&server);
	must_say(&server, REFUSED, "has 2 names (hard links)", SERVE "other.db");
	server_restart(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "first"), 409);
	still_serves(&server, "second");
	server_end(&server);
}

static void name_that_was_served_is_served_again(void **state)
{
	struct server server;
	start(&server);
	must_do(&server, *state);
	still_serves(&server, "second");
	must_do(&server, CHECK "croft.db");
	must_do(&server, MIGRATE "croft.db");
	assert_int_equal(server_stop(&server), 0);
	must_do(&server, CHECK "croft.db");
	server_restart(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "second"), 409);
	still_serves(&server, "third");
	server_end(&server);
}

static void linked_folder_is_no_second_one(void **state)
{
	(void)state;
	struct server server;
	start(&server);
	must_do(&server, "mkdir snapshot && ln croft.db* snapshot");
	must_say(&server, REFUSED, "under another name", SERVE "snapshot/croft.db");
	assert_int_equal(server_stop(&server), 0);
	must_say(&server, REFUSED, "has 2 names (hard links)", SERVE "snapshot/croft.db");
	must_say(&server, REFUSED_CONFIG, "has 2 names (hard links)", CHECK "snapshot/croft.db");
	must_do(&server, "rm -r snapshot && " CHECK "croft.db");
	server_end(&server);
}

/* What was committed is in a log that is not beside the new name. */
static void file_that_is_open_is_refused_by_its_new_name(void **state)
{
	(void)state;
	struct server server;
	start(&server);
	must_do(&server, "$CROFT backup b.db --set app.data_dir=second --set $URL/croft.db");
	must_do(&server, "mv croft.db other.db");
	must_say(&server, REFUSED, "under another name", SERVE "other.db");
	must_say(&server, REFUSED, "under another name", MIGRATE "other.db");
	must_say(&server, REFUSED, "under another name",
		 "$CROFT backup c.db --set app.data_dir=second --set $URL/other.db");
	must_say(&server, REFUSED, "under another name",
		 "$CROFT restore b.db --set app.data_dir=second --set $URL/other.db");
	must_do(&server, "mv other.db croft.db");
	still_serves(&server, "second");
	server_end(&server);
}

static void second_by_another_lock_is_refused(void **state)
{
	(void)state;
	struct server server;
	start(&server);
	must_do(&server, "mv croft.db-lock l");
	must_say(&server, REFUSED, "under another name", SERVE "croft.db");
	must_do(&server, "mv l croft.db-lock");
	still_serves(&server, "second");
	server_end(&server);
}

static void link_that_leads_to_it_is_the_same_name(void **state)
{
	(void)state;
	struct server server;
	start(&server);
	must_do(&server, "ln -s croft.db other.db && ln -s . folder");
	must_do(&server, MIGRATE "other.db");
	must_do(&server, MIGRATE "folder/croft.db");
	still_serves(&server, "second");
	server_end(&server);
}

/* Who may not mount cannot try it. */
static bool may_mount(const struct server *server)
{
	return !shell(server, "unshare -m mount --bind . .").code;
}

static void mounted_file_is_refused_and_its_folder_is_not(void **state)
{
	(void)state;
	struct server server;
	start(&server);
	if (!may_mount(&server)) {
		server_end(&server);
		skip();
	}
	must_do(&server, "mkdir alone whole && touch alone/croft.db");
	must_say(
		&server, REFUSED, "is mounted without its folder",
		"export CROFT URL; unshare -m sh -c 'mount --bind croft.db alone/croft.db && " SERVE
		"alone/croft.db'");
	must_say(
		&server, REFUSED_CONFIG, "is mounted without its folder",
		"export CROFT URL; unshare -m sh -c 'mount --bind croft.db alone/croft.db && " CHECK
		"alone/croft.db'");
	must_do(&server, "export CROFT URL; unshare -m sh -c 'mount --bind . whole && " MIGRATE
			 "whole/croft.db'");
	still_serves(&server, "second");
	server_end(&server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a second server by a hard link is refused, and the first is told of the link",
		    second_by_a_link_is_refused),
		ROW("so is one when the first was killed, which starts again by its own name",
		    link_to_the_file_of_a_killed_server_is_refused),
		ROW_OF("a backup of hard links stops no server and no start",
		       name_that_was_served_is_served_again, "mkdir s && ln croft.db* s"),
		ROW_OF("nor does a link to the file alone", name_that_was_served_is_served_again,
		       "ln croft.db snapshot"),
		ROW("nothing is served out of a folder of hard links",
		    linked_folder_is_no_second_one),
		ROW("a file that a server has open is refused by the name that it was moved to",
		    file_that_is_open_is_refused_by_its_new_name),
		ROW("a second server with a lock of its own is refused",
		    second_by_another_lock_is_refused),
		ROW("a link that leads to the file or its folder is the same name",
		    link_that_leads_to_it_is_the_same_name),
		ROW("a file that is mounted without its folder is refused, one in a mounted folder "
		    "not",
		    mounted_file_is_refused_and_its_folder_is_not),
	};
	return rows_run("app/serve names", rows, COUNT_OF(rows));
}
