/*
 * Numbers that hold for as long as a table does not change, such as its count. A few, shared by all threads.
 * Called by core/model; what a version is, the driver knows.
 */
#include <string.h>

#include "core/app.h"
#include "internal.h"

void db_memory_init(struct db_memory *memory)
{
	pthread_mutex_init(&memory->lock, NULL);
}

void db_memory_done(struct db_memory *memory)
{
	pthread_mutex_destroy(&memory->lock);
}

/* The slot of the key, or a free one; NULL when there is neither. Called with the lock held. */
static struct db_memory_slot *slot_of(struct db_memory *memory, struct db_memory_key key)
{
	for (size_t i = 0; i < DB_MEMORY_SLOTS; i++) {
		struct db_memory_slot *slot = &memory->slots[i];
		if (!slot->key.table ||
		    (slot->key.which == key.which && !strcmp(slot->key.table, key.table)))
			return slot;
	}
	return NULL;
}

bool db_recall(struct ctx *c, struct db_memory_key key, uint64_t version, int64_t *ret_number)
{
	struct db_memory *memory = &c->app->db->memory;
	pthread_mutex_lock(&memory->lock);
	const struct db_memory_slot *slot = slot_of(memory, key);
	bool known = slot && slot->key.table && slot->version == version;
	if (known)
		*ret_number = slot->number;
	pthread_mutex_unlock(&memory->lock);
	return known;
}

void db_remember(struct ctx *c, struct db_memory_key key, uint64_t version, int64_t number)
{
	struct db_memory *memory = &c->app->db->memory;
	pthread_mutex_lock(&memory->lock);
	struct db_memory_slot *slot = slot_of(memory, key);
	if (!slot)
		slot = &memory->slots[memory->next++ % DB_MEMORY_SLOTS];
	*slot = (struct db_memory_slot){ .key = key, .version = version, .number = number };
	pthread_mutex_unlock(&memory->lock);
}
