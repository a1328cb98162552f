/* What becomes of letters: files in a folder, and how the settings choose. */
/* threaded */
#include "core/mailer.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "core/pool.h"
#include "testing/stage.h"

static enum app_err write_hello(struct ctx *c, const struct mail_errand *errand, struct letter *ret)
{
	(void)c;
	*ret = (struct letter){ errand->to, "Hello", errand->about, "<p>\n" };
	return APP_OK;
}

static void open_with(struct stage *s, const char *const *sets, enum app_environment environment)
{
	stage_open_empty(s, sets);
	s->options.environment = environment;
	s->scene.app.pool = pool_new(&(struct pool_options){ .waiting = { 8 } });
	stage_start_services(s, NULL);
}

/* The pool goes first: nothing is on its way then. */
static void settle(struct stage *s)
{
	struct mailer *mailer = NULL;
	stage_ok(s, mailer_get(&s->scene.c, &mailer));
	mailer_settle(mailer);
}

static void close_with(struct stage *s)
{
	settle(s);
	pool_drop(s->scene.app.pool);
	stage_close(s);
}

/* How many files the folder has, and the last one's name and mode. */
static int files_of(struct stage *s, char ret_name[256], mode_t *ret_mode)
{
	struct stat st;
	int count = 0;
	const char *path = scene_path(&s->scene, "mail");
	DIR *folder = opendir(path);
	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		strcpy(ret_name, entry->d_name);
		assert_int_equal(fstatat(dirfd(folder), ret_name, &st, 0), 0);
		*ret_mode = st.st_mode & 07777;
	}
	closedir(folder);
	return count;
}

static const struct mail_errand hello = { .write = write_hello,
					  .to = "ada@x.example",
					  .about = "Hello, you.\n" };

static void a_letter_is_a_file(void **state)
{
	(void)state;
	struct stage s;
	char name[256];
	mode_t mode;
	struct stat st;
	open_with(&s, (const char *const[]){ "mail.driver=file", NULL }, ENV_PRODUCTION);
	stage_ok(&s, mailer_post(&s.scene.c, &hello));
	settle(&s);
	assert_int_equal(files_of(&s, name, &mode), 1);
	assert_int_equal(mode, 0600);
	assert_memory_equal(name, STAGE_TIME "-", strlen(STAGE_TIME "-"));
	assert_string_equal(name + strlen(name) - 4, ".eml");
	assert_int_equal(stat(scene_path(&s.scene, "mail"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	stage_ok(&s, mailer_post(&s.scene.c, &hello));
	settle(&s);
	assert_int_equal(files_of(&s, name, &mode), 2);
	close_with(&s);
}

static enum app_err post_in_write(struct ctx *c, void *arg)
{
	enum app_err err = mailer_post(c, &hello);
	return err ? err : *(const enum app_err *)arg;
}

/* A letter about what was undone would be a lie. */
static void what_is_undone_sends_none(void **state)
{
	(void)state;
	struct stage s;
	char name[256];
	mode_t mode;
	enum app_err fails = APP_CONFLICT, goes = APP_OK;
	open_with(&s, (const char *const[]){ "mail.driver=file", NULL }, ENV_LOCAL);
	assert_int_equal(mkdir(scene_path(&s.scene, "mail"), 0700), 0);
	assert_int_equal(db_write(&s.scene.c, post_in_write, &fails), APP_CONFLICT);
	settle(&s);
	assert_int_equal(files_of(&s, name, &mode), 0);
	stage_ok(&s, db_write(&s.scene.c, post_in_write, &goes));
	settle(&s);
	assert_int_equal(files_of(&s, name, &mode), 1);
	close_with(&s);
}

struct choice_case {
	const char *set;
	enum app_environment environment;
	enum app_err err;
};

static void is_chosen(void **state)
{
	const struct choice_case *t = *state;
	struct stage s;
	open_with(&s, (const char *const[]){ t->set, NULL }, t->environment);
	assert_int_equal(mailer_post(&s.scene.c, &hello), t->err);
	if (t->err)
		assert_string_equal(ctx_failure_code(&s.scene.c, t->err), "no_mail");
	close_with(&s);
}

#define CHOOSES(sentence, ...) ROW_OF(sentence, is_chosen, (&(struct choice_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a letter is a file that only its owner reads", a_letter_is_a_file),
		ROW("what is undone sends no letter", what_is_undone_sends_none),
		CHOOSES("who tries things out sees letters", NULL, ENV_LOCAL, APP_OK),
		CHOOSES("production sends none unless it is told how", NULL, ENV_PRODUCTION,
			APP_UNAVAILABLE),
		CHOOSES("mail can be off", "mail.driver=off", ENV_LOCAL, APP_UNAVAILABLE),
	};
	return rows_run("core/mailer/drivers", rows, sizeof(rows) / sizeof(rows[0]));
}
