/* The writes that wait for a driver's writer: the oldest first, and not more than are allowed. */
#include "base/clock.h"
#include "core/db_driver.h"

void db_queue_init(struct db_queue *queue)
{
	*queue = (struct db_queue){ .last = &queue->first };
}

bool db_queue_add(struct db_queue *queue, struct db_write *write, int64_t most)
{
	if (queue->closed || queue->waiting >= most)
		return false;
	write->next = NULL;
	write->err = APP_OK;
	write->since_us = clock_monotonic_us();
	*queue->last = write;
	queue->last = &write->next;
	queue->waiting++;
	return true;
}

enum app_err db_queue_refuse(struct ctx *c)
{
	return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
			      "too many changes are waiting; try again in a moment");
}

struct db_write *db_queue_take(struct db_queue *queue, int64_t most)
{
	struct db_write *oldest = queue->first, **end = &queue->first;
	int64_t taken = 0;
	for (; *end && taken < most; taken++)
		end = &(*end)->next;
	if (!taken)
		return NULL;
	queue->first = *end;
	*end = NULL;
	if (!queue->first)
		queue->last = &queue->first;
	queue->waiting -= taken;
	return oldest;
}
