/* The file under a running server is moved, removed or replaced: nothing more is acknowledged, and health says so. */
#include "support/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/str.h"
#include "support/await.h"
#include "support/client.h"
#include "support/program.h"
#include "support/server.h"

static int create(struct server *server, const char *name)
{
	char body[128];
	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"email\":\"%s@example.com\"}", name,
		 name);
	struct reply reply = client_ask(server, "POST", "/api/v1/users", body);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

static int ready(struct server *server)
{
	struct reply reply;
	client_call(server, &(struct request){ .method = "GET", .target = "/health/ready" },
		    &reply);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

/* `how` is a shell command in the server's folder. */
static void file_goes_away(void **state)
{
	struct server server;
	char command[512];
	server_start(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "before"), 201);
	assert_int_equal(ready(&server), 200);
	snprintf(command, sizeof(command), "cd %s && %s", server.folder, (const char *)*state);
	assert_int_equal(system(command), 0);
	assert_int_equal(ready(&server), 503);
	assert_int_equal(create(&server, "after"), 503);
	assert_int_equal(ready(&server), 503);
	char *log = server_log(&server);
	text_assert_has(log, "stop the server, put the right file in its place");
	free(log);
	server_end(&server);
}

/* Another database is copied over the open one, under the log of the first: SQLite cannot make sense of that. */
static void damage_is_told(void **state)
{
	(void)state;
	struct server server;
	char command[512];
	server_start(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(ready(&server), 200);
	snprintf(command, sizeof(command),
		 "cd %s && for at in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do head -c "
		 "4096 "
		 "/dev/urandom | dd of=croft.db bs=4096 seek=$at conv=notrunc status=none; done",
		 server.folder);
	/* what is in the log or kept in memory hides it: until something else is read */
	AWAIT(create(&server, "more") == 201);
	assert_int_equal(server_stop(&server), 0);
	server_restart(&server, NULL);
	assert_int_equal(system(command), 0);
	AWAIT(ready(&server) == 503 || create(&server, "other") >= 500);
	AWAIT(ready(&server) == 503);
	char *log = server_log(&server);
	text_assert_has(log, "the database file is damaged");
	free(log);
	server_end(&server);
}

static void file_comes_back(void **state)
{
	(void)state;
	struct server server;
	char from[128], to[128];
	server_start(&server, NULL);
	server_sign_in(&server);
	snprintf(from, sizeof(from), "%s/croft.db", server.folder);
	snprintf(to, sizeof(to), "%s/elsewhere.db", server.folder);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(create(&server, "lost"), 503);
	assert_int_equal(rename(to, from), 0);
	assert_int_equal(create(&server, "lost"), 201);
	assert_int_equal(ready(&server), 200);
	server_end(&server);
}

static void in_folder(const struct server *server, const char *how)
{
	char command[512];
	snprintf(command, sizeof(command), "cd %s && %s", server->folder, how);
	assert_int_equal(system(command), 0);
}

/* SQLite resolves a link when it opens the file, and keeps the log beside what it leads to. */
static void link_is_served(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "before"), 201);
	assert_int_equal(server_stop(&server), 0);
	in_folder(&server, "mv croft.db real.db && cp real.db other.db && ln -s real.db croft.db");
	server_restart(&server, NULL);
	assert_int_equal(create(&server, "after"), 201);
	assert_int_equal(ready(&server), 200);
	in_folder(&server, "ln -sfn other.db croft.db");
	assert_int_equal(create(&server, "lost"), 503);
	assert_int_equal(ready(&server), 503);
	in_folder(&server, "ln -sfn real.db croft.db");
	assert_int_equal(create(&server, "lost"), 201);
	assert_int_equal(ready(&server), 200);
	server_end(&server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("the database file is moved", file_goes_away, "mv croft.db other.db"),
		ROW_OF("the database file is removed", file_goes_away, "rm croft.db"),
		ROW_OF("the database file is replaced", file_goes_away,
		       "cp croft.db new.db && mv new.db croft.db"),
		ROW_OF("the database file is moved and a link to it put in its place",
		       file_goes_away, "mv croft.db croft.db.r && ln -s croft.db.r croft.db"),
		ROW_OF("its log is moved and a link to it put in its place", file_goes_away,
		       "mv croft.db-wal w && ln -s w croft.db-wal"),
		ROW_OF("the index of its log is moved and a link to it put in its place",
		       file_goes_away, "mv croft.db-shm s && ln -s s croft.db-shm"),
		ROW_OF("its lock is moved and a link to it put in its place", file_goes_away,
		       "mv croft.db-lock l && ln -s l croft.db-lock"),
		ROW("a link to the file is served from the start, until it leads elsewhere",
		    link_is_served),
		ROW_OF("its log is removed", file_goes_away, "rm croft.db-wal"),
		ROW_OF("the index of its log is removed", file_goes_away, "rm croft.db-shm"),
		ROW_OF("its lock is replaced", file_goes_away,
		       "rm croft.db-lock && touch croft.db-lock.new && mv croft.db-lock.new "
		       "croft.db-lock"),
		ROW("a file that is damaged is told, with the remedy", damage_is_told),
		ROW("a file that comes back is written again", file_comes_back),
	};
	return rows_run("app/serve ground", rows, COUNT_OF(rows));
}
