/*
 * The account a new installation starts with: made once, from settings that are checked, its
 * password shown once.
 */
#include "core/security.h"
#include "core/security/matches.h"
#include "modules/users/internal.h"
#include "testing/stage.h"
#include "testing/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What the hook writes to stderr. */
static const char *ensure(struct stage *s, enum app_err *ret_err)
{
	const char *path = scene_path(&s->scene, "stderr");
	int kept = dup(STDERR_FILENO);
	int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(kept >= 0 && file >= 0);
	fflush(stderr);
	dup2(file, STDERR_FILENO);
	*ret_err = users_ensure_first_superuser(&s->scene.c);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	char *text = arena_zero(&s->scene.arena, 4096);
	assert_true(pread(file, text, 4095, 0) >= 0);
	close(file);
	return text;
}

static bool may_sign_in(struct stage *s, const char *login, const char *password)
{
	struct user_credentials user;
	stage_ok(s, users_find(&s->scene.c, login, &user));
	return password_matches(&s->scene.c, user.password_hash, password);
}

static void makes_up_a_password(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, NULL);
	enum app_err err;
	const char *shown = ensure(&s, &err);
	stage_ok(&s, err);
	char username[64], password[64];
	const char *at = strstr(shown, "username  ");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "username %63s password %63s", username, password), 2);
	assert_string_equal(username, "admin");
	assert_int_equal(strlen(password), 20);
	assert_true(may_sign_in(&s, "admin", password));
	assert_true(may_sign_in(&s, "admin@example.com", password));
	assert_int_equal(
		stage_int(&s, "SELECT count(*) FROM users WHERE is_superuser AND is_active"), 1);
	stage_close(&s);
}

static void makes_up_a_new_one_each_time(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, NULL);
	enum app_err err;
	const char *first = ensure(&s, &err);
	stage_exec(&s, "DELETE FROM users");
	assert_string_not_equal(first, ensure(&s, &err));
	stage_close(&s);
}

static void takes_the_settings(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, (const char *const[]){ "first_superuser.username=boss",
						    "first_superuser.email=boss@example.org",
						    "first_superuser.password=\"quoted\\ phrase",
						    NULL });
	enum app_err err;
	const char *shown = ensure(&s, &err);
	stage_ok(&s, err);
	assert_string_equal(shown, "");
	assert_true(may_sign_in(&s, "boss@example.org", "\"quoted\\ phrase"));
	stage_close(&s);
}

static void runs_once(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, NULL);
	enum app_err err;
	ensure(&s, &err);
	stage_ok(&s, err);
	assert_string_equal(ensure(&s, &err), "");
	stage_ok(&s, err);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users"), 1);
	stage_close(&s);
}

static void leaves_a_caller_as_it_was(void **state)
{
	(void)state;
	struct stage s;
	stage_open_empty(&s, NULL);
	enum app_err err;
	ensure(&s, &err);
	assert_int_equal(s.scene.c.actor.kind, ACTOR_ANONYMOUS);
	stage_close(&s);
}

struct refusal {
	const char *const *sets;
	const char *before; /* SQL to run first */
	enum app_err err;
	const char *text;
};

static void refuses(void **state)
{
	const struct refusal *want = *state;
	struct stage s;
	stage_open_empty(&s, want->sets);
	if (want->before)
		stage_exec(&s, want->before);
	enum app_err err;
	assert_string_equal(ensure(&s, &err), "");
	assert_int_equal(err, want->err);
	assert_string_equal(ctx_failure_text(&s.scene.c, err), want->text);
	stage_close(&s);
}

#define REFUSES(...) (&(struct refusal){ __VA_ARGS__ })
#define BEGINNING "Cannot create the first superuser: setting first_superuser"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("without settings a password is made up and shown", makes_up_a_password),
		ROW("the made-up password differs each time", makes_up_a_new_one_each_time),
		ROW("with settings nothing is shown", takes_the_settings),
		ROW("a second start does nothing", runs_once),
		ROW("the caller stays who it was", leaves_a_caller_as_it_was),
		ROW_OF("a username that someone has is refused, not taken over", refuses,
		       REFUSES(NULL,
			       "INSERT INTO users (username, username_key, email, email_key,"
			       " created_at, updated_at) VALUES ('Admin', 'admin',"
			       " 'x@example.com', 'x@example.com', 0, 0)",
			       APP_CONFLICT, BEGINNING ": username is already taken")),
	};
	return store_run("modules/users/first_superuser", rows, COUNT_OF(rows), NULL, NULL);
}
