/*
 * `croft backup` and `croft restore` of the real binary, alone and beside a server that is written
 * to.
 */
#include "testing/rows.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/attr.h"
#include "core/json.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/program.h"
#include "testing/server.h"

static void seeded_open(struct program *p)
{
	program_open(p);
	program(p, "seed", "--users", "20", "--posts", "30");
	program_assert_code(p, 0);
	program(p, "backup", "b.db");
	program_assert_code(p, 0);
}

static int64_t total(struct program *p, const char *operation)
{
	program(p, "run", operation);
	program_assert_code(p, 0);
	return json_int(p->out, "total");
}

static bool exists(const struct program *p, const char *name)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", p->folder, name);
	return !access(path, F_OK);
}

static void spoil(struct program *p, const char *sql)
{
	char path[256];
	sqlite3 *file;
	snprintf(path, sizeof(path), "%s/data/croft.db", p->folder);
	assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
	if (sqlite3_exec(file, sql, NULL, NULL, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(file));
	sqlite3_close(file);
}

/* ---- backup ---- */

static void backup_writes_two_files(void **state)
{
	(void)state;
	struct program p;
	struct stat st;
	char path[256];
	size_t at;
	const char *why;
	seeded_open(&p);
	text_assert_has(p.out, "Backed up ");
	text_assert_has(p.out, "schema 00");
	char *manifest = program_read(p.folder, "b.db.json");
	assert_non_null(manifest);
	assert_true(json_check(manifest, strlen(manifest), &at, &why));
	assert_json_has(manifest, "'version':'");
	assert_json_has(manifest, "'sha256':'");
	assert_json_has(manifest, "'schema':{'number':");
	free(manifest);
	snprintf(path, sizeof(path), "%s/b.db", p.folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(exists(&p, "b.db.part"));
	assert_false(exists(&p, "b.db-wal"));
	program_close(&p);
}

static void backup_replaces_only_when_told(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	program(&p, "backup", "b.db");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "--force");
	program(&p, "backup", "b.db", "--force");
	program_assert_code(&p, 0);
	program(&p, "backup", "data/croft.db", "--force");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "is the database itself");
	assert_int_equal(total(&p, "users.list"), 20);
	program_close(&p);
}

/* Files of the server, which a backup would bury: there or not, whatever it is told. */
static void backup_replaces_no_file_of_the_server(void **state)
{
	static const struct {
		const char *name, *says;
	} rows[] = {
		{ "data/croft.db-wal", "a part of the database" },
		{ "data/croft.db-shm", "a part of the database" },
		{ "data/croft.db-lock", "a part of the database" },
		{ "data/../data/croft.db-journal", "a part of the database" },
		{ "data/secret", "the generated secret" },
		{ "app.ini", "a file of settings" },
		{ "key", "a file of settings" },
		{ "other", "'other.json' is a file of settings" },
		{ "pipe", "'pipe' is no regular file" },
		{ "/dev/null", "'/dev/null' is no regular file" },
	};
	(void)state;
	struct program p;
	char path[256];
	seeded_open(&p);
	snprintf(path, sizeof(path), "%s/pipe", p.folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	program_write(&p, "key", "0123456789abcdef0123456789abcdef");
	program_write(&p, "other.json", "0123456789abcdef");
	program_write(&p, "app.ini",
		      "[auth]\nsecret_file = key\n"
		      "[first_superuser]\npassword_file = other.json\n");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		program(&p, "backup", rows[i].name, "--force");
		program_assert_code(&p, 1);
		text_assert_has(p.err, rows[i].says);
	}
	assert_int_equal(total(&p, "users.list"), 20);
	program_close(&p);
}

static void backup_needs_a_database(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "backup", "b.db", "--set", "database.url=sqlite:no.db");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "there is no database");
	assert_false(exists(&p, "no.db"));
	assert_false(exists(&p, "b.db"));
	program_close(&p);
}

static void postgres_has_its_own_tools(void **state)
{
	const char *command = *state;
	struct program p;
	program_open(&p);
	program(&p, command, "b.db", "--set", "database.url=postgresql://croft@localhost/croft");
	program_assert_code(&p, 1);
	text_assert_has(p.err, strcmp(command, "backup") ? "pg_restore" : "pg_dump");
	program_close(&p);
}

/* The other is in the middle of its work; what it leaves when it is stopped is in nobody's way. */
static void backups_do_not_mix(void **state)
{
	(void)state;
	struct program p;
	char path[256];
	seeded_open(&p);
	program_write(&p, "b.db.lock", "");
	program_write(&p, "b.db.json.part", "{");
	program_write(&p, "b.db.part", "half");
	snprintf(path, sizeof(path), "%s/b.db.lock", p.folder);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	program(&p, "backup", "b.db", "--force");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "another backup into 'b.db' is being made");
	assert_true(exists(&p, "b.db.part"));
	program(&p, "backup", "other.db");
	program_assert_code(&p, 0);
	close(fd);
	program(&p, "backup", "b.db", "--force");
	program_assert_code(&p, 0);
	assert_false(exists(&p, "b.db.part"));
	assert_false(exists(&p, "b.db.json.part"));
	assert_false(exists(&p, "b.db.lock"));
	program(&p, "restore", "b.db");
	program_assert_code(&p, 0);
	program_close(&p);
}

/* ---- restore ---- */

static void restore_brings_the_old_state_back(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	program(&p, "seed", "--users", "5", "--posts", "0", "--seed", "2");
	program_assert_code(&p, 0);
	assert_int_equal(total(&p, "users.list"), 25);
	program(&p, "restore", "b.db");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "Restored ");
	const char *kept = strstr(p.out, "data/croft.db.before-restore-");
	assert_non_null(kept);
	char url[256];
	snprintf(url, sizeof(url), "database.url=sqlite:%.*s", (int)strcspn(kept, "\n") - 1, kept);
	assert_int_equal(total(&p, "users.list"), 20);
	program(&p, "run", "users.list", "--set", url);
	program_assert_code(&p, 0);
	assert_json_has(p.out, "'total':25");
	program_close(&p);
}

static int64_t counted(struct program *p, const char *sql)
{
	char path[256];
	sqlite3 *file;
	sqlite3_stmt *stmt;
	snprintf(path, sizeof(path), "%s/data/croft.db", p->folder);
	assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(file, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t count = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(file);
	return count;
}

/* A token that was handed out after the backup, or revoked since, is good for nobody. */
static void restore_signs_everybody_out(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	assert_int_equal(counted(&p, "SELECT count(*) FROM users WHERE token_version = 1"), 20);
	program(&p, "restore", "b.db");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "All accounts are signed out.\n");
	assert_int_equal(counted(&p, "SELECT count(DISTINCT token_version) FROM users"
				     " WHERE token_version > 1"),
			 20);
	program_close(&p);
}

/*
 * Whatever second it runs in: each of the next three minutes' names is somebody's, some of them a
 * log's alone.
 */
static void restore_takes_nobodys_name(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	time_t now = time(NULL);
	for (time_t at = now - 1; at < now + 180; at++) {
		char name[80];
		struct tm day;
		strftime(name, sizeof(name), "data/croft.db.before-restore-%Y%m%dT%H%M%SZ",
			 gmtime_r(&at, &day));
		program_write(&p, at % 2 ? name : strcat(name, "-wal"), "mine");
	}
	for (int i = 0; i < 3; i++) {
		program(&p, "restore", "b.db");
		program_assert_code(&p, 0);
		const char *kept = strstr(p.out, "data/croft.db.before-restore-");
		char name[80];
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(kept, "Z") + 1, kept);
		if (!exists(&p, name))
			strcat(name, "-wal");
		char *text = program_read(p.folder, name);
		assert_string_equal(text, "mine");
		free(text);
	}
	program_close(&p);
}

static void restore_works_on_an_empty_machine(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	program(&p, "restore", "b.db", "--set", "database.url=sqlite:new.db");
	program_assert_code(&p, 0);
	text_assert_lacks(p.out, "is kept as");
	program(&p, "run", "users.list", "--set", "database.url=sqlite:new.db");
	assert_json_has(p.out, "'total':20");
	program_close(&p);
}

static void restore_waits_for_no_pipe(void **state)
{
	(void)state;
	struct program p;
	char path[256];
	seeded_open(&p);
	snprintf(path, sizeof(path), "%s/c.db.json", p.folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	program(&p, "restore", "c.db");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "c.db.json' is no regular file");
	snprintf(path, sizeof(path), "%s/b.db", p.folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	program(&p, "restore", "b.db");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "b.db' is no regular file");
	program_close(&p);
}

/* What a manifest or a database holds moves no cursor and paints nothing. */
static void texts_of_others_are_shown_in_one_line(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	char *text = program_read(p.folder, "b.db.json"), changed[4096];
	const char *version = strstr(text, "\"version\":\"") + strlen("\"version\":\"");
	snprintf(changed, sizeof(changed), "%.*s\\u001b[31mred\\n\\u009bK%s", (int)(version - text),
		 text, strchr(version, '"'));
	program_write(&p, "b.db.json", changed);
	free(text);
	program(&p, "restore", "b.db");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "by croft \\x1b[31mred\\x0a\\xc2\\x9bK.");
	spoil(&p, "INSERT INTO croft_migrations (number, name, checksum, applied_at) "
		  "VALUES (9999, char(27) || '[31m', 'x', 0)");
	program(&p, "migrate", "status");
	text_assert_has(p.out, "\\x1b[31m");
	text_assert_lacks(p.out, "\033");
	program_close(&p);
}

static void restore_replaces_databases_only(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	program_write(&p, "notes", "a text, and no database");
	program(&p, "restore", "b.db", "--set", "database.url=sqlite:notes");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "notes' does not begin as an SQLite database does");
	char *text = program_read(p.folder, "notes");
	assert_string_equal(text, "a text, and no database");
	free(text);
	assert_false(exists(&p, "notes-lock"));
	program_write(&p, "empty", "");
	program(&p, "restore", "b.db", "--set", "database.url=sqlite:empty");
	program_assert_code(&p, 0);
	program_close(&p);
}

struct refusal {
	/* changes the manifest, with its quotes swapped; NULL: leaves it */
	const char *manifest_from, *manifest_to;
	long spoil_at; /* changes the backup; 0: leaves it */
	bool no_manifest;
	const char *says;
};

static void manifest_change(const struct program *p, const struct refusal *wrong)
{
	char *text = json_swap(program_read(p->folder, "b.db.json"));
	char *at = strstr(text, wrong->manifest_from);
	assert_non_null(at);
	size_t from = strlen(wrong->manifest_from);
	char changed[4096];
	snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - text), text, wrong->manifest_to,
		 at + from);
	program_write(p, "b.db.json", json_swap(changed));
	free(text);
}

static void backup_spoil(const struct program *p, long at)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/b.db", p->folder);
	FILE *file = fopen(path, "r+e");
	assert_non_null(file);
	assert_int_equal(fseek(file, at, SEEK_SET), 0);
	fputs("\xff\xff\xff\xff\xff\xff\xff", file);
	fclose(file);
}

static void restore_refuses(void **state)
{
	const struct refusal *wrong = *state;
	struct program p;
	char path[256];
	seeded_open(&p);
	program(&p, "seed", "--users", "5", "--posts", "0", "--seed", "2");
	if (wrong->manifest_from)
		manifest_change(&p, wrong);
	if (wrong->spoil_at)
		backup_spoil(&p, wrong->spoil_at);
	snprintf(path, sizeof(path), "%s/b.db.json", p.folder);
	if (wrong->no_manifest)
		assert_int_equal(unlink(path), 0);
	program(&p, "restore", "b.db");
	program_assert_code(&p, 1);
	text_assert_has(p.err, wrong->says);
	assert_int_equal(total(&p, "users.list"), 25);
	assert_false(exists(&p, "data/croft.db.restore-part"));
	program_close(&p);
}

/* ---- beside a server ---- */

struct load {
	const struct server *server;
	atomic_bool stop;
	_Atomic int created;
};

static void *load_run(void *arg)
{
	struct load *load = arg;
	for (int i = 0; !load->stop; i++) {
		struct reply reply;
		char body[256];
		snprintf(body, sizeof(body),
			 "{'username':'load_%d','email':'load_%d@example.com',"
			 "'password':'correct horse battery'}",
			 i, i);
		client_call(load->server,
			    &(struct request){ .method = "POST",
					       .target = "/api/v1/users",
					       .token = load->server->token,
					       .body = body },
			    &reply);
		load->created += reply.status == 201;
		reply_done(&reply);
	}
	return NULL;
}

static void backup_and_restore_beside_a_server(void **state)
{
	(void)state;
	struct server server;
	struct program p;
	struct load load = { .server = &server };
	pthread_t thread;
	char url[256];
	server_start(&server, NULL);
	server_sign_in(&server);
	program_open(&p);
	snprintf(url, sizeof(url), "database.url=sqlite:%s/croft.db", server.folder);
	assert_int_equal(pthread_create(&thread, NULL, load_run, &load), 0);
	AWAIT(load.created >= 5);
	int before = load.created;
	program(&p, "backup", "b.db", "--set", url);
	program_assert_code(&p, 0);
	int after = load.created;
	AWAIT(load.created >= after + 5); /* the server goes on */
	load.stop = true;
	pthread_join(thread, NULL);

	program(&p, "restore", "b.db", "--set", url);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "stop the server");
	assert_int_equal(server_stop(&server), 0);
	program(&p, "restore", "b.db", "--set", url);
	program_assert_code(&p, 0);
	program(&p, "run", "users.list", "{'per_page':1}", "--set", url);
	program_assert_code(&p, 0);
	/* with the first superuser: no fewer than were acknowledged before, and not all of them */
	long users = json_int(p.out, "total");
	assert_in_range(users, before + 1, load.created);
	server_restart(&server, NULL);
	server_end(&server);
	program_close(&p);
}

#define REFUSED(sentence, ...) ROW_OF(sentence, restore_refuses, (&(struct refusal){ __VA_ARGS__ }))

/* ---- full-text indexes ---- */

static int64_t found(struct program *p, const char *q)
{
	char input[64];
	snprintf(input, sizeof(input), "{'q':'%s'}", q);
	program(p, "run", "posts.list", input);
	program_assert_code(p, 0);
	return json_int(p->out, "total");
}

struct spoiled {
	const char *sql, *says;
};

/* The rows are all there, so it is a backup; and whoever starts with it makes the index anew. */
static void a_spoiled_index_is_told_and_mended(void **state)
{
	const struct spoiled *t = *state;
	struct program p;
	seeded_open(&p);
	text_assert_lacks(p.err, "full-text");
	int64_t all = found(&p, "a");
	assert_true(all > 0);
	spoil(&p, t->sql);
	program(&p, "backup", "spoiled.db");
	program_assert_code(&p, 0);
	text_assert_has(p.err, t->says);
	text_assert_has(p.err, "croft db reindex");
	program(&p, "restore", "spoiled.db");
	program_assert_code(&p, 0);
	text_assert_has(p.err, t->says);
	assert_int_equal(found(&p, "a"), all);
	program(&p, "backup", "mended.db");
	program_assert_code(&p, 0);
	text_assert_lacks(p.err, "full-text");
	program_close(&p);
}

int main(void)
{
	static const char backup[] = "backup", restore[] = "restore";
	static const struct spoiled torn = { "DELETE FROM posts_fts_data WHERE id > 10",
					     "the full-text index posts_fts is damaged" };
	static const struct spoiled old = { "UPDATE posts_fts SET words = 'zzzzz'",
					    "posts_fts has not the words of its table" };
	static const struct spoiled more = {
		"INSERT INTO posts_fts (rowid, words) VALUES (77777, 'zzzzz')",
		"posts_fts has not the words of its table"
	};
	const struct CMUnitTest rows[] = {
		ROW_OF("a damaged full-text index is told by backup, and mended by restore",
		       a_spoiled_index_is_told_and_mended, &torn),
		ROW_OF("a full-text index of other words is told by backup, and mended by restore",
		       a_spoiled_index_is_told_and_mended, &old),
		ROW_OF("a full-text index of more rows is told by backup, and mended by restore",
		       a_spoiled_index_is_told_and_mended, &more),
		ROW("backup writes the copy, mode 0600, and its manifest", backup_writes_two_files),
		ROW("backup replaces a file only with --force, and never the database",
		    backup_replaces_only_when_told),
		ROW("backup replaces no file of the server, and nothing that is no file",
		    backup_replaces_no_file_of_the_server),
		ROW("restore waits for no pipe", restore_waits_for_no_pipe),
		ROW("texts of a manifest and of a database are shown in one line",
		    texts_of_others_are_shown_in_one_line),
		ROW("backup creates no database that is missing", backup_needs_a_database),
		ROW_OF("backup of PostgreSQL points to pg_dump", postgres_has_its_own_tools,
		       backup),
		ROW_OF("restore of PostgreSQL points to pg_restore", postgres_has_its_own_tools,
		       restore),
		ROW("restore brings the old state back and keeps the newer one",
		    restore_brings_the_old_state_back),
		ROW("restore signs everybody out", restore_signs_everybody_out),
		ROW("restore works where there is no database yet",
		    restore_works_on_an_empty_machine),
		ROW("a backup into a file that another is made into is refused",
		    backups_do_not_mix),
		ROW("a restore keeps the old database by a name that is nobody's",
		    restore_takes_nobodys_name),
		ROW("restore replaces a database or an empty file, and nothing else",
		    restore_replaces_databases_only),
		REFUSED("restore refuses a backup without its manifest", .no_manifest = true,
			.says = "a backup is two files"),
		REFUSED("restore refuses a changed backup", .spoil_at = 20000,
			.says = "was changed or damaged since"),
		REFUSED("restore refuses another size", .manifest_from = "'size':",
			.manifest_to = "'size':1", .says = "it is not the file"),
		REFUSED("restore refuses a schema newer than it knows",
			.manifest_from = "'number':", .manifest_to = "'number':9", .says = "newer"),
		REFUSED("restore refuses another program's migration",
			.manifest_from = "'checksum':'", .manifest_to = "'checksum':'x",
			.says = "is not the one in this program"),
		REFUSED("restore refuses what is no manifest", .manifest_from = "'version'",
			.manifest_to = "'wersion'", .says = "is not the manifest of a backup"),
		ROW("a backup beside a server under load; a restore only once it has stopped",
		    backup_and_restore_beside_a_server),
	};
	return rows_run("cli/backup", rows, COUNT_OF(rows));
}
