/*
 * What is remembered of the roles, because every request asks: the permissions of each, in one
 * state of the table, which its number names. Readers take no lock: they see by a count whether
 * somebody wrote meanwhile (a seqlock), and then read the table. The parts are atomic and ordered
 * by themselves, so that no fence is needed.
 */
#include <stdatomic.h>

#include "core/app.h"
#include "internal.h"

struct roles_memory {
	/* odd: somebody writes */
	atomic_uint count;
	atomic_int_least64_t state;
	atomic_uint_least64_t words[ROLES_MAX][SET_WORDS];
};
SERVICE_DECLARE(roles_memory);
SERVICE(roles_memory, NULL, NULL);

/* NULL: this process has no services, and remembers nothing. */
static struct roles_memory *memory_of(struct ctx *c)
{
	struct roles_memory *memory = NULL;
	if (c->app->services && roles_memory_get(c, &memory))
		ctx_recover(c);
	return memory;
}

bool roles_recall(struct ctx *c, int64_t state, int64_t bits, struct permission_set *ret)
{
	struct roles_memory *m = memory_of(c);
	struct permission_set set = { 0 };
	unsigned count = m ? atomic_load_explicit(&m->count, memory_order_acquire) : 1;
	if (count % 2 || atomic_load_explicit(&m->state, memory_order_acquire) != state)
		return false;
	for (int role = 0; role < ROLES_MAX; role++)
		for (size_t i = 0; i < SET_WORDS && (bits >> role & 1); i++)
			set.bits[i] |= atomic_load_explicit(&m->words[role][i],
							    memory_order_acquire);
	if (atomic_load_explicit(&m->count, memory_order_relaxed) != count)
		return false;
	*ret = set;
	return true;
}

/* Where another writes at the same time, this state is for the next one to remember. */
void roles_remember(struct ctx *c, int64_t state, const struct permission_set sets[ROLES_MAX])
{
	struct roles_memory *m = memory_of(c);
	unsigned count = m ? atomic_load_explicit(&m->count, memory_order_relaxed) : 1;
	if (count % 2 || !atomic_compare_exchange_strong(&m->count, &count, count + 1))
		return;
	atomic_store_explicit(&m->state, state, memory_order_release);
	for (int role = 0; role < ROLES_MAX; role++)
		for (size_t i = 0; i < SET_WORDS; i++)
			atomic_store_explicit(&m->words[role][i], sets[role].bits[i],
					      memory_order_release);
	atomic_store_explicit(&m->count, count + 2, memory_order_release);
}
