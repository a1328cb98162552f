/* What is remembered of the roles, by many threads at once: a state is that state, or not there. */
/* threaded */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "core/app.h"
#include "modules/roles/internal.h"
#include "testing/stage.h"

enum { ROUNDS = 2000, READERS = 2 };

static atomic_bool is_over;

/* Of each state all sets are alike. */
static struct permission_set set_of(int64_t state)
{
	uint64_t bits = (uint64_t)state * 0x0101010101010101U;
	return (struct permission_set){ { bits, ~bits, bits, ~bits } };
}

static void *reads(void *arg)
{
	struct ctx_own own;
	ctx_own_init(&own, arg);
	for (int64_t i = 0; !atomic_load(&is_over); i++) {
		struct permission_set found, want = set_of(i % 3 + 1);
		if (roles_recall(&own.c, i % 3 + 1, 5, &found) &&
		    memcmp(&found, &want, sizeof(want)))
			fail_msg("a state has what is another's");
	}
	ctx_own_auto(&own);
	return NULL;
}

static void remember(struct ctx *c, int64_t state)
{
	struct permission_set sets[ROLES_MAX];
	for (int i = 0; i < ROLES_MAX; i++)
		sets[i] = set_of(state);
	roles_remember(c, state, sets);
}

static void a_state_is_whole(void **state)
{
	(void)state;
	struct stage s;
	pthread_t readers[READERS];
	stage_open_empty(&s, NULL);
	stage_start_services(&s, NULL);
	atomic_store(&is_over, false);
	for (int i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, reads, &s.scene.app), 0);
	for (int64_t i = 0; i < ROUNDS; i++)
		remember(&s.scene.c, i % 3 + 1);
	atomic_store(&is_over, true);
	for (int i = 0; i < READERS; i++)
		pthread_join(readers[i], NULL);
	stage_close(&s);
}

static void what_is_remembered_is_found(void **state)
{
	(void)state;
	struct stage s;
	struct permission_set found, want = set_of(2);
	stage_open_empty(&s, NULL);
	stage_start_services(&s, NULL);
	assert_false(roles_recall(&s.scene.c, 2, 1, &found));
	remember(&s.scene.c, 2);
	assert_true(roles_recall(&s.scene.c, 2, 1, &found));
	assert_memory_equal(&found, &want, sizeof(want));
	assert_true(roles_recall(&s.scene.c, 2, 0, &found));
	assert_int_equal(found.bits[0] | found.bits[1], 0);
	assert_false(roles_recall(&s.scene.c, 3, 1, &found));
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("what is remembered is found, and no other state", what_is_remembered_is_found),
		ROW("a state is whole, whoever writes another meanwhile", a_state_is_whole),
	};
	return rows_run("modules/roles memory", rows, COUNT_OF(rows));
}
