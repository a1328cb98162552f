/* The word that pages of ours send: that of a session is no other's. */
#include "core/csrf.h"

#include "core/security/fixture.h"

static struct scene scene;

static int setup(void **state)
{
	(void)state;
	secure_scene_open(&scene, &cheap);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	secure_scene_close(&scene);
	return 0;
}

static void is_of_its_session(void **state)
{
	char token[CSRF_ROOM], again[CSRF_ROOM];
	(void)state;
	csrf_token(&scene.c, 7, token);
	csrf_token(&scene.c, 7, again);
	assert_string_equal(token, again);
	assert_int_equal(strlen(token), CSRF_ROOM - 1);
	assert_true(csrf_is_right(&scene.c, 7, token));
	assert_false(csrf_is_right(&scene.c, 8, token));
	assert_false(csrf_is_right(&scene.c, 70, token));
}

static void is_whole(void **state)
{
	char token[CSRF_ROOM];
	(void)state;
	csrf_token(&scene.c, 7, token);
	for (size_t i = 0; i < CSRF_ROOM - 1; i++) {
		token[i] ^= 1;
		assert_false(csrf_is_right(&scene.c, 7, token));
		token[i] ^= 1;
	}
	token[CSRF_ROOM - 2] = '\0';
	assert_false(csrf_is_right(&scene.c, 7, token));
	assert_false(csrf_is_right(&scene.c, 7, ""));
	assert_false(csrf_is_right(&scene.c, 7, NULL));
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("S57 it is of its session alone", is_of_its_session),
		ROW("S57 nothing of it can be changed", is_whole),
	};
	return rows_run_with("core/cookie/csrf", rows, COUNT_OF(rows), setup, teardown);
}
