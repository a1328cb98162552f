/* Two superusers who take each other's rights at once: one of them stays. */
/* threaded */
#include "modules/stage.h"

#include <pthread.h>

enum { ROUNDS = 20 };

struct rival {
	struct stage *stage;
	pthread_t thread;
	pthread_barrier_t *start;
	int64_t id, other;
	const struct operation *op;
	const char *json;
};

static void *take_rights(void *arg)
{
	struct rival *r = arg;
	struct arena arena;
	struct ctx c;
	struct buf out;
	arena_init(&arena, 0);
	ctx_init(&c, &r->stage->scene.app, &arena);
	c.actor = (struct actor){ .kind = ACTOR_USER, .user_id = r->id, .is_superuser = true };
	buf_init(&out, &arena);
	const char *json = arena_printf(&arena, r->json, (int)r->other);
	pthread_barrier_wait(r->start);
	enum app_err err = op_run(&c, r->op, json, strlen(json), &out);
	db_thread_done(r->stage->scene.app.db);
	arena_done(&arena);
	return (void *)(uintptr_t)err;
}

/* How many of the two were refused with 409. */
static int fight(struct rival rivals[2])
{
	int refused = 0;
	pthread_barrier_t start;
	pthread_barrier_init(&start, NULL, 2);
	for (int i = 0; i < 2; i++) {
		rivals[i].start = &start;
		assert_int_equal(pthread_create(&rivals[i].thread, NULL, take_rights, &rivals[i]),
				 0);
	}
	for (int i = 0; i < 2; i++) {
		void *err;
		pthread_join(rivals[i].thread, &err);
		refused += (enum app_err)(uintptr_t)err == APP_CONFLICT;
	}
	pthread_barrier_destroy(&start);
	return refused;
}

static void one_of_two_stays(void **state)
{
	struct stage s;
	stage_open(&s);
	struct rival rivals[2] = {
		{ .stage = &s,
		  .id = ROOT_ID,
		  .other = ADA_ID,
		  .op = &users_update,
		  .json = *state },
		{ .stage = &s,
		  .id = ADA_ID,
		  .other = ROOT_ID,
		  .op = &users_update,
		  .json = *state },
	};
	for (int i = 0; i < ROUNDS; i++) {
		stage_exec(&s, "UPDATE users SET is_superuser = TRUE, is_active = TRUE");
		assert_int_equal(fight(rivals), 1);
		assert_int_equal(
			stage_int(&s,
				  "SELECT count(*) FROM users WHERE is_superuser AND is_active"),
			1);
	}
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("S32 of two superusers who demote each other one stays", one_of_two_stays,
		       "{\"user_id\":%d,\"is_superuser\":false}"),
		ROW_OF("S32 of two superusers who deactivate each other one stays",
		       one_of_two_stays, "{\"user_id\":%d,\"is_active\":false}"),
	};
	return store_run("modules/users/last_superuser", rows, COUNT_OF(rows), NULL, NULL);
}
