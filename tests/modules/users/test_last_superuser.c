/* Two superusers who take each other's rights at once: one of them stays. */
/* threaded */
#include "modules/users/internal.h"
#include "testing/stage.h"
#include "testing/store.h"

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
	c.actor = stage_signed_in(
		&c, (struct actor){ .kind = ACTOR_USER, .user_id = r->id, .is_superuser = true });
	buf_init(&out, &arena);
	const char *json = arena_printf(&arena, r->json, (int)r->other);
	pthread_barrier_wait(r->start);
	enum app_err err = stage_run(&c, r->op, json, &out);
	arena_done(&arena);
	return (void *)(uintptr_t)err;
}

/* Whoever lost the right, or all of the account. */
static bool is_refusal(enum app_err err)
{
	return err == APP_FORBIDDEN || err == APP_UNAUTHENTICATED || err == APP_CONFLICT;
}

/* How many of the two were refused. */
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
		refused += is_refusal((enum app_err)(uintptr_t)err);
	}
	pthread_barrier_destroy(&start);
	return refused;
}

#define LEAVE "{'current_password':'" ROOT_PASSWORD "'}"

static void fight_again_and_again(struct stage *s, struct rival rivals[2])
{
	for (int i = 0; i < ROUNDS; i++) {
		stage_exec(s, "UPDATE users SET is_superuser = TRUE, is_active = TRUE");
		assert_int_equal(fight(rivals), 1);
		assert_int_equal(
			stage_int(s, "SELECT count(*) FROM users WHERE is_superuser AND is_active"),
			1);
	}
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
	fight_again_and_again(&s, rivals);
	stage_close(&s);
}

static void one_of_two_who_leave_stays(void **state)
{
	struct stage s;
	stage_open(&s);
	stage_exec(&s, "UPDATE users SET password_hash ="
		       " (SELECT password_hash FROM users WHERE id = 1)");
	struct rival rivals[2] = {
		{ .stage = &s, .id = ROOT_ID, .op = *state, .json = LEAVE },
		{ .stage = &s, .id = ADA_ID, .op = *state, .json = LEAVE },
	};
	fight_again_and_again(&s, rivals);
	stage_close(&s);
}

/* ---- many at once ---- */

enum { CROWD = 6, FIGHTS = 12 };

static const struct {
	const struct operation *op;
	const char *json;
} takings[] = {
	{ &users_update, "{'user_id':%d,'is_superuser':false}" },
	{ &users_delete, "{'user_id':%d}" },
	{ &users_update, "{'user_id':%d,'is_active':false}" },
};

static void superusers_make(struct stage *s, int64_t ids[CROWD])
{
	const char *answer;
	stage_exec(s, "UPDATE users SET is_superuser = FALSE");
	for (int i = 0; i < CROWD; i++) {
		static int number;
		const char *json = arena_printf(
			s->scene.c.arena,
			"{'username':'chief%d','email':'chief%d@example.com','is_superuser':true}",
			number, number);
		number++;
		stage_ok(s, stage_call(s, AS_SYSTEM, &users_create, json, &answer));
		ids[i] = stage_int(s, "SELECT max(id) FROM users");
	}
}

/*
 * Each takes the rights of the next in a circle; done one after the other, whoever lost them is
 * refused.
 */
static void a_crowd_leaves_one(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	for (int round = 0; round < FIGHTS; round++) {
		struct rival rivals[CROWD];
		int64_t ids[CROWD];
		pthread_barrier_t start;
		superusers_make(&s, ids);
		pthread_barrier_init(&start, NULL, CROWD);
		for (int i = 0; i < CROWD; i++) {
			size_t how = (size_t)(i + round) % COUNT_OF(takings);
			rivals[i] = (struct rival){ .stage = &s,
						    .start = &start,
						    .id = ids[i],
						    .other = ids[(i + 1) % CROWD],
						    .op = takings[how].op,
						    .json = takings[how].json };
			assert_int_equal(
				pthread_create(&rivals[i].thread, NULL, take_rights, &rivals[i]),
				0);
		}
		int done = 0;
		for (int i = 0; i < CROWD; i++) {
			void *ret;
			pthread_join(rivals[i].thread, &ret);
			enum app_err err = (enum app_err)(uintptr_t)ret;
			done += err == APP_OK;
			if (err && !is_refusal(err))
				fail_msg("%s", app_err_slug(err));
		}
		pthread_barrier_destroy(&start);
		assert_int_equal(
			stage_int(&s,
				  "SELECT count(*) FROM users WHERE is_superuser AND is_active"),
			CROWD - done);
		assert_in_range(done, 1, CROWD - 1);
	}
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("of two superusers who demote each other one stays", one_of_two_stays,
		       "{'user_id':%d,'is_superuser':false}"),
		ROW_OF("of two superusers who deactivate each other one stays", one_of_two_stays,
		       "{'user_id':%d,'is_active':false}"),
		ROW_OF("of two superusers who deactivate themselves one stays",
		       one_of_two_who_leave_stays, &users_deactivate_me),
		ROW("of superusers who demote, deactivate and delete each other in a circle some "
		    "stay, and"
		    " whoever lost the right is refused",
		    a_crowd_leaves_one),
	};
	return store_run("modules/users/last_superuser", rows, COUNT_OF(rows), NULL, NULL);
}
