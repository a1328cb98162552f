/* long */
/*
 * Files with secrets or data that others can read or change: production refuses them, elsewhere
 * they are a warning, and with the modes of docs/secrets.md nothing is said. And what croft makes
 * is nobody else's, whatever the umask.
 */
#include "testing/rows.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/json.h"
#include "testing/program.h"
#include "testing/server.h"

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define SECRET "0123456789abcdef0123456789abcdef"
#define PLAIN "[app]\nname = shop\n[auth]\nsecret_file = secret\n"
#define POSTGRES "[database]\nurl = postgresql://u@127.0.0.1/shop?sslmode=disable&"

struct exposed {
	const char *file; /* made unless it is there */
	mode_t wrong, right;
	const char *says;
	const char *ini; /* instead of PLAIN */
	const char *env; /* .env */
};

static const char *at(const struct program *p, const char *name)
{
	static char path[2][256];
	static int turn;
	turn = !turn;
	snprintf(path[turn], sizeof(path[0]), "%s/%s", p->folder, name);
	return path[turn];
}

static void set_mode(const struct program *p, const char *name, mode_t mode)
{
	assert_int_equal(chmod(at(p, name), mode), 0);
}

static mode_t mode_of(const struct program *p, const char *name)
{
	struct stat st;
	if (stat(at(p, name), &st))
		fail_msg("there is no %s", name);
	return st.st_mode & 07777;
}

/* A folder with settings, a secret and the folder of the data, all of them in order. */
static void tree_open(struct program *p, const struct exposed *row)
{
	program_open(p);
	program_write(p, "app.ini", row->ini ? row->ini : PLAIN);
	if (row->env)
		program_write(p, ".env", row->env);
	program_write(p, "secret", SECRET "\n");
	assert_int_equal(mkdir(at(p, "data"), 0700), 0);
	assert_int_equal(mkdir(at(p, "sub"), 0700), 0);
	program_write(p, "sub/secret", SECRET "\n");
	if (access(at(p, row->file), F_OK) != 0)
		program_write(p, row->file, "x");
}

static void check_runs(struct program *p, const char *environment)
{
	char set[64];
	snprintf(set, sizeof(set), "app.environment=%s", environment);
	program(p, "config", "check", "--set", set);
}

static void is_judged(void **state)
{
	const struct exposed *row = *state;
	static const char *const elsewhere[] = { "local", "staging" };
	struct program p;
	tree_open(&p, row);
	set_mode(&p, row->file, row->wrong);
	check_runs(&p, "production");
	program_assert_code(&p, 3);
	text_assert_has(p.err, row->says);
	char *said = strdup(p.err);
	program(&p, "serve", "--set", "app.environment=production", "--set", "server.port=0");
	program_assert_code(&p, 3);
	assert_string_equal(p.err, said);
	free(said);
	for (size_t i = 0; i < COUNT_OF(elsewhere); i++) {
		check_runs(&p, elsewhere[i]);
		program_assert_code(&p, 0);
		text_assert_has(p.err, "croft: warning: ");
		text_assert_has(p.err, row->says);
	}
	set_mode(&p, row->file, row->right);
	check_runs(&p, "production");
	program_assert_code(&p, 0);
	assert_string_equal(p.err, "");
	program_close(&p);
}

/* What is fine where one works on a program, and not where it is used. */
static void is_judged_in_production_only(void **state)
{
	const struct exposed *row = *state;
	struct program p;
	tree_open(&p, row);
	set_mode(&p, row->file, row->wrong);
	check_runs(&p, "production");
	program_assert_code(&p, 3);
	text_assert_has(p.err, row->says);
	check_runs(&p, "local");
	program_assert_code(&p, 0);
	assert_string_equal(p.err, "");
	program_close(&p);
}

static void is_fine_everywhere(void **state)
{
	const struct exposed *row = *state;
	struct program p;
	tree_open(&p, row);
	set_mode(&p, row->file, row->right);
	check_runs(&p, "production");
	program_assert_code(&p, 0);
	assert_string_equal(p.err, "");
	check_runs(&p, "local");
	program_assert_code(&p, 0);
	assert_string_equal(p.err, "");
	program_close(&p);
}

#define EVERYBODY "every user of this machine can "
#define JUDGED(sentence, ...) ROW_OF(sentence, is_judged, (&(struct exposed){ __VA_ARGS__ }))
#define IN_PRODUCTION(sentence, ...) \
	ROW_OF(sentence, is_judged_in_production_only, (&(struct exposed){ __VA_ARGS__ }))
#define FINE(sentence, ...) ROW_OF(sentence, is_fine_everywhere, (&(struct exposed){ __VA_ARGS__ }))

static void link_leads_to_an_exposed_file(void **state)
{
	(void)state;
	struct program p;
	tree_open(&p, &(struct exposed){ .file = "real" });
	program_write(&p, "real", SECRET "\n");
	set_mode(&p, "real", 0644);
	assert_int_equal(unlink(at(&p, "secret")), 0);
	assert_int_equal(symlink("real", at(&p, "secret")), 0);
	check_runs(&p, "production");
	program_assert_code(&p, 3);
	text_assert_has(p.err, "secret has mode 0644, so " EVERYBODY
			       "read the secrets in it: chmod 640 secret");
	set_mode(&p, "real", 0640);
	check_runs(&p, "production");
	program_assert_code(&p, 0);
	program_close(&p);
}

static void link_leads_into_a_folder_of_all(void **state)
{
	(void)state;
	struct program p;
	tree_open(&p, &(struct exposed){ .file = "secret" });
	set_mode(&p, "sub", 0777);
	assert_int_equal(unlink(at(&p, "secret")), 0);
	assert_int_equal(symlink("sub/secret", at(&p, "secret")), 0);
	check_runs(&p, "production");
	program_assert_code(&p, 3);
	text_assert_has(p.err, "/sub has mode 0777, so " EVERYBODY "put other files");
	program_close(&p);
}

/*
 * Root works for the owner of the database, so the one of all these is somebody else's if it is not
 * his or root's.
 */
static void foreign_owner_is_judged(void **state)
{
	const char *file = *state;
	char says[128];
	const struct passwd *user = getpwnam("nobody");
	uid_t nobody = user ? user->pw_uid : 0;
	user = getpwnam("daemon");
	uid_t daemon = user ? user->pw_uid : 0;
	if (geteuid() != 0 || !nobody || !daemon)
		skip();
	struct program p;
	tree_open(&p, &(struct exposed){ .file = file });
	program_write(&p, "data/croft.db", "");
	assert_int_equal(chown(at(&p, "data/croft.db"), daemon, 0), 0);
	assert_int_equal(chown(at(&p, file), daemon, 0), 0);
	check_runs(&p, "production");
	program_assert_code(&p, 0);
	assert_string_equal(p.err, "");
	assert_int_equal(chown(at(&p, file), nobody, 0), 0);
	check_runs(&p, "production");
	program_assert_code(&p, 3);
	snprintf(says, sizeof(says),
		 "%s belongs to the user nobody, who can read and change it: chown daemon %s", file,
		 file);
	text_assert_has(p.err, says);
	program_close(&p);
}

/* ---- what commands read and write besides ---- */

static void seeded_production(struct program *p)
{
	program_open(p);
	program(p, "migrate", "up");
	program_assert_code(p, 0);
	program(p, "backup", "b.db");
	program_assert_code(p, 0);
}

static void refused_by(struct program *p, const char *const *args, const char *says)
{
	static const char *const production[] = { "CROFT_APP_ENVIRONMENT=production", NULL };
	program_run(p, &(struct program_run){ .args = args, .environ = production });
	program_assert_code(p, 3);
	text_assert_has(p->err, says);
	program_run(p, &(struct program_run){ .args = args });
	text_assert_has(p->err, "croft: warning: ");
	text_assert_has(p->err, says);
	program_assert_code(p, 0);
}

static void an_exposed_backup_is_not_restored(void **state)
{
	(void)state;
	struct program p;
	seeded_production(&p);
	set_mode(&p, "b.db", 0644);
	refused_by(&p, ARGS("restore", "b.db"),
		   "b.db has mode 0644, so " EVERYBODY "read the data in it: chmod 640 b.db");
	/* what was restored is made anew, and the old one is as it was */
	assert_int_equal(mode_of(&p, "data/croft.db"), 0600);
	set_mode(&p, "b.db", 0600);
	set_mode(&p, "b.db.json", 0666);
	program(&p, "restore", "b.db", "--set", "app.environment=production");
	program_assert_code(&p, 3);
	text_assert_has(p.err,
			"b.db.json has mode 0666, so " EVERYBODY "change it: chmod 644 b.db.json");
	program_close(&p);
}

static void no_backup_goes_where_all_may_write(void **state)
{
	(void)state;
	struct program p;
	seeded_production(&p);
	assert_int_equal(mkdir(at(&p, "shelf"), 0700), 0);
	set_mode(&p, "shelf", 0777);
	refused_by(&p, ARGS("backup", "shelf/b.db"), "the folder shelf has mode 0777, so ");
	set_mode(&p, "shelf", 01777);
	program(&p, "backup", "shelf/c.db", "--set", "app.environment=production");
	program_assert_code(&p, 0);
	assert_string_equal(p.err, "");
	program_close(&p);
}

static void an_exposed_database_is_refused_by_every_command(void **state)
{
	static const char says[] = "data/croft.db has mode 0644, so " EVERYBODY
				   "read the data in it: chmod 640 data/croft.db";
	(void)state;
	struct program p;
	seeded_production(&p);
	set_mode(&p, "data/croft.db", 0644);
	refused_by(&p, ARGS("migrate", "status"), says);
	refused_by(&p, ARGS("backup", "b.db", "--force"), says);
	refused_by(&p, ARGS("run", "system.version"), says);
	refused_by(&p, ARGS("db", "copy", "sqlite:data/croft.db", "sqlite:copy.db"), says);
	assert_int_equal(mode_of(&p, "copy.db"), 0600);
	program_close(&p);
}

static void what_is_made_is_nobody_elses(void **state)
{
	static const struct {
		const char *name;
		mode_t mode;
	} made[] = {
		{ "data", 0700 },        { "data/croft.db", 0600 }, { "data/croft.db-lock", 0600 },
		{ "data/secret", 0600 }, { "b.db", 0600 },          { "b.db.json", 0600 },
		{ "there", 0700 },       { "there/copy.db", 0600 },
	};
	const mode_t umasks[] = { 0, 022, 077 };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(umasks); i++) {
		struct program p;
		program_open(&p);
		/* left by one that was stopped: never written into */
		program_write(&p, "b.db.json.part", "x");
		set_mode(&p, "b.db.json.part", 0666);
		mode_t before = umask(umasks[i]);
		program(&p, "migrate", "up");
		program(&p, "run", "users.list", "{'per_page':5}");
		program_assert_code(&p, 0);
		program(&p, "backup", "b.db");
		program_assert_code(&p, 0);
		program(&p, "db", "copy", "sqlite:data/croft.db", "sqlite:there/copy.db");
		program_assert_code(&p, 0);
		program(&p, "restore", "b.db");
		program_assert_code(&p, 0);
		umask(before);
		for (size_t k = 0; k < COUNT_OF(made); k++)
			assert_int_equal(mode_of(&p, made[k].name), made[k].mode);
		program_close(&p);
	}
}

/* Root gives the lock to the owner of the database, who may have put the link there. */
static void no_link_is_followed_to_a_lock(void **state)
{
	(void)state;
	const struct passwd *user = getpwnam("nobody");
	struct program p;
	struct stat st;
	program_open(&p);
	program(&p, "migrate", "up");
	program_write(&p, "precious", "x");
	assert_int_equal(unlink(at(&p, "data/croft.db-lock")), 0);
	assert_int_equal(symlink("../precious", at(&p, "data/croft.db-lock")), 0);
	if (geteuid() == 0 && user)
		assert_int_equal(chown(at(&p, "data/croft.db"), user->pw_uid, 0), 0);
	program(&p, "serve", "--set", "server.port=0");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft.db-lock' is a link");
	assert_int_equal(stat(at(&p, "precious"), &st), 0);
	assert_int_equal(st.st_uid, geteuid());
	program_close(&p);
}

struct foreign_link {
	const char *from, *to; /* in the scratch folder; the link is nobody's */
};

/* A user's link to what is root's: no command that root runs follows it, wherever it is. */
static void no_link_of_a_user_leads_root_astray(void **state)
{
	const struct foreign_link *link = *state;
	const char *const *const commands[] = {
		ARGS("restore", "b.db"),
		ARGS("backup", "c.db"),
		ARGS("migrate", "up"),
		ARGS("run", "users.list"),
		ARGS("db", "shell"),
		ARGS("db", "copy", "sqlite:data/croft.db", "sqlite:copy.db"),
		ARGS("db", "copy", "sqlite:b.db", "sqlite:data/croft.db"),
		ARGS("serve", "--set", "server.port=0"),
		ARGS("config", "check"),
	};
	const struct passwd *user = getpwnam("nobody");
	struct program p;
	if (geteuid() != 0 || !user)
		skip();
	seeded_production(&p);
	assert_int_equal(rename(at(&p, "data"), at(&p, "roots")), 0);
	assert_int_equal(unlink(at(&p, "roots/croft.db")), 0);
	program_write(&p, "roots/croft.db", "root's own");
	if (strchr(link->from, '/'))
		assert_int_equal(mkdir(at(&p, "data"), 0700), 0);
	assert_int_equal(symlink(link->to, at(&p, link->from)), 0);
	assert_int_equal(lchown(at(&p, link->from), user->pw_uid, 0), 0);
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		program_run(&p, &(struct program_run){ .args = commands[i] });
		program_assert_code(&p, !strcmp(commands[i][0], "config") ? 3 : 1);
		text_assert_has(p.err, "'data/croft.db' leads through a link of the user ");
		text_assert_has(p.err, "root follows no such link; name the file itself");
		char *text = program_read(p.folder, "roots/croft.db");
		assert_string_equal(text, "root's own");
		free(text);
	}
	assert_true(access(at(&p, "roots/secret"), F_OK) != 0);
	program_close(&p);
}

struct of_nobody {
	/* of the database, behind --set; NULL: as usual */
	const char *url;
	/* where his link data/croft.db leads to; NULL: there is none */
	const char *link_to;
	/* the scratch folder is his, and has no other in it */
	bool has_no_data;
	const char *made[3];
};

static void give_to(const struct passwd *user, const char *path)
{
	assert_int_equal(lchown(path, user->pw_uid, user->pw_gid), 0);
}

/* A command that root runs on another's data makes nothing there that he could not read. */
static void what_root_makes_for_another_is_his(void **state)
{
	const struct of_nobody *row = *state;
	const struct passwd *user = getpwnam("nobody");
	struct program p;
	struct stat st;
	if (geteuid() != 0 || !user)
		skip();
	program_open(&p);
	assert_int_equal(chmod(p.folder, 0755), 0);
	if (row->has_no_data)
		give_to(user, p.folder);
	else
		assert_int_equal(mkdir(at(&p, "data"), 0700), 0);
	if (row->link_to)
		assert_int_equal(symlink(row->link_to, at(&p, "data/croft.db")), 0);
	if (row->link_to)
		give_to(user, at(&p, "data/croft.db"));
	if (!row->has_no_data)
		give_to(user, at(&p, "data"));
	program(&p, "run", "auth.login", "{'login':'a','password':'b'}", "--set",
		row->url ? row->url : "database.url=");
	program_assert_code(&p, 1);
	for (size_t i = 0; i < COUNT_OF(row->made) && row->made[i]; i++) {
		if (lstat(at(&p, row->made[i]), &st))
			fail_msg("there is no %s", row->made[i]);
		assert_int_equal(st.st_uid, user->pw_uid);
	}
	program_close(&p);
}

#define HIS(sentence, ...) \
	ROW_OF(sentence, what_root_makes_for_another_is_his, (&(struct of_nobody){ __VA_ARGS__ }))

/* The check of the settings, which makes nothing, says what a server would refuse. */
static void a_link_to_the_root_folder_is_refused(void **state)
{
	(void)state;
	const struct passwd *user = getpwnam("nobody");
	struct program p;
	if (geteuid() != 0 || !user)
		skip();
	program_open(&p);
	give_to(user, p.folder);
	assert_int_equal(symlink("/", at(&p, "data")), 0);
	give_to(user, at(&p, "data"));
	program(&p, "config", "check");
	program_assert_code(&p, 3);
	text_assert_has(p.err, "'data/croft.db' leads through a link of the user ");
	program_close(&p);
}

/* ---- the log of a server that root runs ---- */

/* The user of the folder has planted it: root would add its lines to any file. */
static void no_link_of_a_user_leads_to_a_log(void **state)
{
	const char *const *commands[] = {
		ARGS("serve", "--set", "server.port=0", "--set", "log.file=logs/croft.log"),
		ARGS("config", "check", "--set", "log.file=logs/croft.log")
	};
	const struct passwd *user = getpwnam("nobody");
	struct program p;
	(void)state;
	if (geteuid() != 0 || !user)
		skip();
	program_open(&p);
	program_write(&p, "precious", "root's own");
	assert_int_equal(mkdir(at(&p, "logs"), 0700), 0);
	give_to(user, at(&p, "logs"));
	assert_int_equal(symlink("../precious", at(&p, "logs/croft.log")), 0);
	give_to(user, at(&p, "logs/croft.log"));
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		program_run(&p, &(struct program_run){ .args = commands[i] });
		program_assert_code(&p, 3);
		text_assert_has(p.err, "'logs/croft.log' leads through a link of the user ");
		char *text = program_read(p.folder, "precious");
		assert_string_equal(text, "root's own");
		free(text);
	}
	program_close(&p);
}

/* The server may be that user's the next time. */
static void a_log_is_its_folders_owners(void **state)
{
	(void)state;
	const struct passwd *user = getpwnam("nobody");
	struct program p;
	struct stat st;
	if (geteuid() != 0 || !user)
		skip();
	program_open(&p);
	assert_int_equal(mkdir(at(&p, "logs"), 0700), 0);
	give_to(user, at(&p, "logs"));
	/* no file is a folder for data: the log is there, and that is all */
	program_write(&p, "data", "x");
	program(&p, "serve", "--set", "server.port=0", "--set", "log.file=logs/croft.log");
	program_assert_code(&p, 1);
	assert_int_equal(stat(at(&p, "logs/croft.log"), &st), 0);
	assert_int_equal(st.st_uid, user->pw_uid);
	assert_int_equal(st.st_mode & 07777, 0600);
	program_close(&p);
}

/* ---- a server ---- */

static void a_server_warns_in_its_log(void **state)
{
	(void)state;
	char path[128];
	struct server server;
	server_start(&server, NULL);
	assert_int_equal(server_stop(&server), 0);
	snprintf(path, sizeof(path), "%s/croft.db", server.folder);
	if (access(path, F_OK) != 0)
		snprintf(path, sizeof(path), "%s/data/croft.db", server.folder);
	assert_int_equal(chmod(path, 0644), 0);
	server_restart(&server, NULL);
	char *log = server_log(&server);
	assert_json_has(log, "'event':'others get at a file of this server'");
	text_assert_has(log, "croft.db has mode 0644, so " EVERYBODY "read the data in it");
	free(log);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(server_stop(&server), 0);
	server_restart(&server, NULL);
	log = server_log(&server);
	text_assert_lacks(log, "others get at a file");
	free(log);
	server_end(&server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		JUDGED("app.ini with a secret", .file = "app.ini", .wrong = 0644, .right = 0640,
		       .ini = "[auth]\nsecret = " SECRET "\n",
		       .says = "app.ini has mode 0644, so " EVERYBODY
			       "read the secrets in it: chmod 640 app.ini"),
		JUDGED("app.ini with a password in the URL of the database", .file = "app.ini",
		       .wrong = 0644, .right = 0640,
		       .ini = PLAIN "[database]\nurl = postgresql://u:pw@127.0.0.1/shop\n",
		       .says = "app.ini has mode 0644, so "),
		JUDGED("app.ini with a password behind the URL", .file = "app.ini", .wrong = 0644,
		       .right = 0640, .ini = PLAIN POSTGRES "password=pw\n",
		       .says = "app.ini has mode 0644, so "),
		JUDGED("app.ini with a secret that its group can change", .file = "app.ini",
		       .wrong = 0660, .right = 0640, .ini = "[auth]\nsecret = " SECRET "\n",
		       .says = "can read and change the secrets in it: chmod 640 app.ini"),
		JUDGED("app.ini that all can change", .file = "app.ini", .wrong = 0666,
		       .right = 0644,
		       .says = "app.ini has mode 0666, so " EVERYBODY
			       "change it: chmod 644 app.ini"),
		IN_PRODUCTION("app.ini without a secret that its group can change: production only",
			      .file = "app.ini", .wrong = 0664, .says = "can change it: chmod"),
		FINE("app.ini without a secret that all can read", .file = "app.ini",
		     .right = 0644),
		FINE("app.ini with the URL of a file that all can read", .file = "app.ini",
		     .right = 0644, .ini = PLAIN "[database]\nurl = sqlite:data/croft.db\n"),
		FINE("app.ini with a URL without a password", .file = "app.ini", .right = 0644,
		     .ini = PLAIN POSTGRES "connect_timeout=3\n"),
		JUDGED(".env with a secret", .file = ".env", .wrong = 0644, .right = 0640,
		       .env = "CROFT_FIRST_SUPERUSER_PASSWORD=tiger-lily-47\n",
		       .says = ".env has mode 0644, so " EVERYBODY
			       "read the secrets in it: chmod 640 .env"),
		FINE(".env without a secret that all can read", .file = ".env", .right = 0644,
		     .env = "CROFT_SERVER_PORT=1234\nCROFT_AUTH_SECRET_FILE=secret\n"),
		JUDGED("the file of a secret", .file = "secret", .wrong = 0604, .right = 0400,
		       .says = "secret has mode 0604, so " EVERYBODY
			       "read the secrets in it: chmod 600 secret"),
		JUDGED("a file that a variable names", .file = "sub/secret", .wrong = 0644,
		       .right = 0640, .env = "CROFT_AUTH_SECRET_FILE=sub/secret\n",
		       .says = "sub/secret has mode 0644, so " EVERYBODY
			       "read the secrets in it: chmod 640 sub/secret"),
		JUDGED("the folder of a secret", .file = "sub", .wrong = 0777, .right = 0755,
		       .ini = "[auth]\nsecret_file = sub/secret\n",
		       .says = "the folder sub has mode 0777, so " EVERYBODY
			       "put other files in the place of those in it: chmod o-w sub"),
		JUDGED("the secret that croft has made", .file = "data/secret", .wrong = 0644,
		       .right = 0600, .says = "data/secret has mode 0644, so "),
		JUDGED("the folder of the data", .file = "data", .wrong = 0755, .right = 0750,
		       .says = "data has mode 0755, so " EVERYBODY "look into it: chmod 750 data"),
		JUDGED("the folder of the data that its group can change", .file = "data",
		       .wrong = 02770, .right = 0700, .says = "can change what is in it"),
		JUDGED("the database", .file = "data/croft.db", .wrong = 0644, .right = 0640,
		       .says = "data/croft.db has mode 0644, so " EVERYBODY
			       "read the data in it: chmod 640 data/croft.db"),
		JUDGED("the log of the database", .file = "data/croft.db-wal", .wrong = 0644,
		       .right = 0600, .says = "data/croft.db-wal has mode 0644"),
		JUDGED("the index of that log", .file = "data/croft.db-shm", .wrong = 0666,
		       .right = 0600, .says = "data/croft.db-shm has mode 0666"),
		JUDGED("the lock of the database", .file = "data/croft.db-lock", .wrong = 0620,
		       .right = 0600, .says = "data/croft.db-lock has mode 0620"),
		JUDGED("the file of the server's log", .file = "croft.log", .wrong = 0644,
		       .right = 0640, .ini = PLAIN "[log]\nfile = croft.log\n",
		       .says = "croft.log has mode 0644, so " EVERYBODY
			       "read the data in it: chmod 640 croft.log"),
		JUDGED("a database elsewhere, its name with a blank", .file = "the shop.db",
		       .wrong = 0606, .right = 0600,
		       .ini = PLAIN "[database]\nurl = sqlite:the shop.db\n",
		       .says = "the shop.db has mode 0606, so " EVERYBODY
			       "read and change the data in it: chmod 600 'the shop.db'"),
		JUDGED("the passwords of PostgreSQL, which are their owner's alone",
		       .file = "pgpass", .wrong = 0640, .right = 0600,
		       .ini = PLAIN POSTGRES "passfile=pgpass\n", .says = "chmod 600 pgpass"),
		JUDGED("the key of a connection to PostgreSQL", .file = "key", .wrong = 0644,
		       .right = 0600, .ini = PLAIN POSTGRES "sslkey=key\n",
		       .says = "key has mode 0644, so "),
		JUDGED("the authority of PostgreSQL's certificate that all can change",
		       .file = "ca", .wrong = 0646, .right = 0644,
		       .ini = PLAIN POSTGRES "sslrootcert=ca\n", .says = "change it: chmod 644 ca"),
		ROW("a link is judged by the file that it leads to", link_leads_to_an_exposed_file),
		ROW("and by the folder of that file", link_leads_into_a_folder_of_all),
		ROW_OF("production refuses an app.ini of somebody else", foreign_owner_is_judged,
		       "app.ini"),
		ROW_OF("production refuses a secret of somebody else", foreign_owner_is_judged,
		       "secret"),
		ROW_OF("production refuses a log of the database that is somebody else's",
		       foreign_owner_is_judged, "data/croft.db-wal"),
		ROW_OF("production refuses a folder of the data that is somebody else's",
		       foreign_owner_is_judged, "data"),
		ROW("a backup that others can read or change is not restored in production",
		    an_exposed_backup_is_not_restored),
		ROW("production makes no backup in a folder where all may write",
		    no_backup_goes_where_all_may_write),
		ROW("a database that others can read is refused by every command on it",
		    an_exposed_database_is_refused_by_every_command),
		ROW("what is made is nobody else's from the first moment, whatever the umask",
		    what_is_made_is_nobody_elses),
		ROW("no link is followed to a lock", no_link_is_followed_to_a_lock),
		ROW_OF("root follows no link of a user to root's file",
		       no_link_of_a_user_leads_root_astray,
		       (&(struct foreign_link){ "data/croft.db", "../roots/croft.db" })),
		ROW_OF("nor one to the folder of that file", no_link_of_a_user_leads_root_astray,
		       (&(struct foreign_link){ "data", "roots" })),
		ROW("nor one to the folder of all", a_link_to_the_root_folder_is_refused),
		HIS("what root's command makes in another's folder is his",
		    .made = { "data/secret", "data/croft.db" }),
		HIS("so is a folder that it makes there, and the file in it",
		    .url = "database.url=sqlite:data/new/deep/croft.db",
		    .made = { "data/new", "data/new/deep/croft.db", "data/secret" }),
		HIS("and the folder of the data", .has_no_data = true,
		    .made = { "data", "data/secret", "data/croft.db" }),
		HIS("and what is made before his link leads nowhere", .link_to = "gone/x",
		    .made = { "data/secret" }),
		ROW("root follows no link of a user to a log", no_link_of_a_user_leads_to_a_log),
		ROW("a log that root makes belongs to the owner of its folder",
		    a_log_is_its_folders_owners),
		ROW("a server warns in its log", a_server_warns_in_its_log),
	};
	return rows_run("cli/exposure", rows, COUNT_OF(rows));
}
