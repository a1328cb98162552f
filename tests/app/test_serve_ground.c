/* long */
/*
 * The file under a running server is moved, removed or replaced: nothing more is acknowledged, and
 * health says so.
 */
#include "testing/rows.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/program.h"
#include "testing/server.h"
#include "users.h"

/* RFC 9110 §13.2.1: no condition hides what fails without it. */
static int ready_with_if_match(const struct server *server)
{
	struct reply reply;
	client_call(server,
		    &(struct request){ .method = "GET",
				       .target = "/health/ready",
				       .headers = "If-Match: \"a\"\r\n" },
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
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	snprintf(command, sizeof(command), "cd %s && %s", server.folder, (const char *)*state);
	assert_int_equal(system(command), 0);
	assert_int_equal(client_status(&server, "/health/ready"), 503);
	assert_int_equal(create(&server, "after"), 503);
	assert_int_equal(client_status(&server, "/health/ready"), 503);
	assert_int_equal(ready_with_if_match(&server), 503);
	AWAIT(server_logged(&server, "stop the server, put the right file in its place"));
	server_end(&server);
}

static void in_folder(const struct server *server, const char *how)
{
	char command[8192];
	snprintf(command, sizeof(command), "cd %s && %s", server->folder, how);
	assert_int_equal(system(command), 0);
}

static int root_page(const struct server *server, const char *table)
{
	char path[128], *sql;
	sqlite3 *db;
	sqlite3_stmt *stmt;
	snprintf(path, sizeof(path), "%s/croft.db", server->folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sql = sqlite3_mprintf("SELECT rootpage FROM sqlite_schema WHERE name = %Q", table);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int page = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return page;
}

static int list_posts(struct server *server)
{
	struct reply reply = client_ask(server, "GET", "/api/v1/posts", NULL);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

/* As a disk does it: nothing is changed that could be seen from outside. */
static void damage_is_told(void **state)
{
	(void)state;
	struct server server;
	char how[256];
	server_start(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(server_stop(&server), 0);
	snprintf(how, sizeof(how),
		 "touch -r croft.db time && head -c 4096 /dev/urandom | dd of=croft.db bs=4096 "
		 "seek=%d conv=notrunc status=none && touch -r time croft.db",
		 root_page(&server, "posts") - 1);
	in_folder(&server, how);
	server_restart(&server, NULL);
	assert_int_equal(list_posts(&server), 500);
	AWAIT(client_status(&server, "/health/ready") == 503);
	AWAIT(server_logged(&server, "the database file is damaged"));
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
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	server_end(&server);
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
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	in_folder(&server, "ln -sfn other.db croft.db");
	assert_int_equal(create(&server, "lost"), 503);
	assert_int_equal(client_status(&server, "/health/ready"), 503);
	in_folder(&server, "ln -sfn real.db croft.db");
	assert_int_equal(create(&server, "lost"), 201);
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	server_end(&server);
}

/* Whether the log has been copied back and emptied, as it is when nobody writes. */
static bool log_is_empty(const struct server *server)
{
	struct stat st;
	char path[128];
	snprintf(path, sizeof(path), "%s/croft.db-wal", server->folder);
	return !stat(path, &st) && !st.st_size;
}

/*
 * A write that is refused has been with the writer, so that what it did before is done: the log is
 * emptied by one step of a checkpoint.
 */
static void log_await_empty(struct server *server, const char *known)
{
	AWAIT(log_is_empty(server));
	assert_int_equal(create(server, known), 409);
}

static void file_is_overwritten(void **state)
{
	struct server server;
	server_start(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "before"), 201);
	log_await_empty(&server, "before");
	in_folder(&server, "cp croft.db older.db");
	assert_int_equal(create(&server, "between"), 201);
	log_await_empty(&server, "between");
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	in_folder(&server, *state);
	assert_int_equal(create(&server, "after"), 503);
	assert_int_equal(client_status(&server, "/health/ready"), 503);
	AWAIT(server_logged(&server,
			    "something other than SQLite wrote into the database file or its log"));
	AWAIT(server_logged(&server, "start the server again, which looks through the file"));
	server_end(&server);
}

/*
 * A time that is not of our writes is all that is seen: what is there is whole, and the next start
 * finds it so.
 */
static void time_is_changed(void **state)
{
	struct server server;
	(void)state;
	server_start(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "before"), 201);
	log_await_empty(&server, "before");
	in_folder(&server, "touch croft.db");
	assert_int_equal(create(&server, "after"), 503);
	server_stop(&server);
	server_restart(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	assert_int_equal(create(&server, "before"), 409);
	assert_int_equal(create(&server, "after"), 201);
	server_end(&server);
}

/* The log holds commits that are nowhere else. */
static void log_is_overwritten(void **state)
{
	struct server server;
	sqlite3 *other;
	char path[128];
	server_start(&server, NULL);
	server_sign_in(&server);
	AWAIT(log_is_empty(&server));
	/* somebody who reads keeps it from being copied back and emptied */
	snprintf(path, sizeof(path), "%s/croft.db", server.folder);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN; SELECT count(*) FROM users", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(create(&server, "before"), 201);
	in_folder(&server, "cp croft.db-wal older-wal");
	assert_int_equal(create(&server, "between"), 201);
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	in_folder(&server, *state);
	assert_int_equal(create(&server, "after"), 503);
	assert_int_equal(client_status(&server, "/health/ready"), 503);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	server_end(&server);
}

/* The same where nobody writes: readiness sees it. */
static void overwriting_is_seen_by_readiness(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "before"), 201);
	log_await_empty(&server, "before");
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	in_folder(&server, "cp croft.db older.db && cp older.db croft.db");
	assert_int_equal(client_status(&server, "/health/ready"), 503);
	server_end(&server);
}

/* What SQLite does itself, in whatever program, is no overwriting. */
static void other_programs_may_checkpoint(void **state)
{
	(void)state;
	struct server server;
	char path[128];
	sqlite3 *other;
	server_start(&server, NULL);
	server_sign_in(&server);
	snprintf(path, sizeof(path), "%s/croft.db", server.folder);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	static const char *const modes[] = { "PASSIVE", "FULL", "RESTART", "TRUNCATE" };
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		char name[16], sql[256];
		snprintf(name, sizeof(name), "user%zu", i);
		assert_int_equal(create(&server, name), 201);
		snprintf(sql, sizeof(sql),
			 "PRAGMA busy_timeout=30000; CREATE TABLE other%zu (a); "
			 "INSERT INTO other%zu VALUES (zeroblob(100000)); "
			 "VACUUM; PRAGMA wal_checkpoint(%s)",
			 i, i, modes[i]);
		assert_int_equal(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(client_status(&server, "/health/ready"), 200);
	}
	assert_int_equal(create(&server, "last"), 201);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	assert_int_equal(create(&server, "more"), 201);
	AWAIT(log_is_empty(&server));
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	server_end(&server);
}

/* ---- a start and commands on a file that others put there ---- */

/* Leaves the last commits in the log alone, as a stop by force does. */
static void kill_with_log(struct server *server, const char *name)
{
	sqlite3 *other;
	char path[128];
	snprintf(path, sizeof(path), "%s/croft.db", server->folder);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	sqlite3_db_config(other, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	assert_int_equal(sqlite3_exec(other, "BEGIN; SELECT count(*) FROM users", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(create(server, name), 201);
	server_kill(server);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	assert_false(log_is_empty(server));
}

/* With its exit status in `status` and what it says in `said`, in the folder. */
static void command_run(const struct server *server, const char *arguments)
{
	char command[4096], binary[PATH_MAX];
	assert_non_null(realpath(program_binary(), binary));
	assert_true(strlen(binary) < 1024);
	snprintf(
		command, sizeof(command),
		"{ timeout 60 %.1024s --config /dev/null --env-file /dev/null --set app.data_dir=. "
		"--set database.url=sqlite:croft.db --set server.port=0 %.100s > said 2>&1; "
		"echo $? > status; }",
		binary, arguments);
	in_folder(server, command);
}

#define SUMS "cksum croft.db croft.db-wal"

/* The last is a server. */
static const char *const commands[] = { "migrate status", "run posts.list '{}'",
					"backup copy.db --force", "serve" };

static void refused_unchanged(const struct server *server)
{
	in_folder(server, SUMS " > sums");
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		command_run(server, commands[i]);
		in_folder(server, SUMS " | cmp - sums");
		in_folder(server, "grep -q 'nothing was changed' said && ! grep -qx 0 status");
	}
}

static void copy_is_put_over(void **state)
{
	struct server server;
	server_start(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "before"), 201);
	assert_int_equal(server_stop(&server), 0);
	in_folder(&server, "cp croft.db backup.db");
	server_restart(&server, NULL);
	kill_with_log(&server, "after");
	in_folder(&server, *state);
	refused_unchanged(&server);
	in_folder(&server, "mv croft.db-wal aside && rm -f croft.db-shm");
	server_restart(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "before"), 409);
	assert_int_equal(create(&server, "after"), 201);
	assert_int_equal(client_status(&server, "/health/ready"), 200);
	server_end(&server);
}

static void log_is_put_beside(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	server_sign_in(&server);
	kill_with_log(&server, "before");
	in_folder(&server, "cp croft.db-wal older-wal");
	server_restart(&server, NULL);
	assert_int_equal(create(&server, "after"), 201);
	assert_int_equal(server_stop(&server), 0);
	in_folder(&server, "cp older-wal croft.db-wal && chmod 600 croft.db-wal");
	refused_unchanged(&server);
	in_folder(&server, "grep -q 'is not the one that croft left beside' said");
	in_folder(&server, "rm croft.db-wal");
	server_restart(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "before"), 409);
	assert_int_equal(create(&server, "after"), 409);
	server_end(&server);
}

/* What only reads reads the log, and leaves it to the next who writes. */
static void reading_changes_nothing(void **state)
{
	(void)state;
	struct server server;
	server_start(&server, NULL);
	server_sign_in(&server);
	kill_with_log(&server, "last");
	in_folder(&server, SUMS " > sums");
	for (size_t i = 0; i < COUNT_OF(commands) - 1; i++) {
		command_run(&server, commands[i]);
		in_folder(&server, SUMS " | cmp - sums && grep -qx 0 status");
	}
	server_restart(&server, NULL);
	server_sign_in(&server);
	assert_int_equal(create(&server, "last"), 409);
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
		ROW_OF("an older copy is put over the file", file_is_overwritten,
		       "cp older.db croft.db"),
		ROW_OF("an older copy is put over the file with its time", file_is_overwritten,
		       "cp -p older.db croft.db"),
		ROW_OF("the file is emptied", file_is_overwritten, "truncate -s 0 croft.db"),
		ROW_OF("bytes are written into the file", file_is_overwritten,
		       "printf x | dd of=croft.db bs=1 seek=9000 conv=notrunc status=none"),
		ROW_OF("an older copy of its log is put over the log", log_is_overwritten,
		       "cp older-wal croft.db-wal"),
		ROW_OF("its log is emptied", log_is_overwritten, "truncate -s 0 croft.db-wal"),
		ROW_OF("its log loses its beginning", log_is_overwritten,
		       "head -c 32 /dev/zero | dd of=croft.db-wal conv=notrunc status=none"),
		ROW_OF("its log is overwritten with zeros of the same size", log_is_overwritten,
		       "head -c $(stat -c %s croft.db-wal) /dev/zero | dd of=croft.db-wal "
		       "conv=notrunc status=none"),
		ROW("an older copy that is put over the file is seen by readiness alone",
		    overwriting_is_seen_by_readiness),
		ROW("a file whose time was changed is served again by the next start",
		    time_is_changed),
		ROW("another program may write and checkpoint through SQLite",
		    other_programs_may_checkpoint),
		ROW("a file that is damaged is told, with the remedy", damage_is_told),
		ROW("a file that comes back is written again", file_comes_back),

		ROW_OF("a copy put over the file of a killed server is refused while its log is "
		       "there",
		       copy_is_put_over, "cp backup.db croft.db"),
		ROW_OF("a copy put there with its time is refused while the log is there",
		       copy_is_put_over, "cp -p backup.db croft.db"),
		ROW_OF("a copy put in the place of the file is refused while the log is there",
		       copy_is_put_over, "cp backup.db b.db && mv b.db croft.db"),
		ROW("an older log beside a file that was closed is refused", log_is_put_beside),

		ROW("commands that only read leave the file and its log as they are",
		    reading_changes_nothing),
	};
	return rows_run("app/serve ground", rows, COUNT_OF(rows));
}
