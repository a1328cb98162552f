/*
 * How much an operation asks of the database: what must not grow with the rows that are there.
 *
 *	assert_statements(&s, AS_ADA, &posts_list, "{'include':'author'}", 3);
 */
#ifndef CROFT_TESTING_STATEMENTS_H
#define CROFT_TESTING_STATEMENTS_H

#include "testing/stage.h"

/*
 * Calls the operation, as stage_call() does. The row fails, with the statements, unless the answer
 * is APP_OK and so many of them ran. BEGIN and COMMIT are not among them.
 */
#define assert_statements(s, who, op, json, count) \
	statements_must_be(s, who, op, json, count, __FILE__, __LINE__)

void statements_must_be(struct stage *s, int who, const struct operation *op, const char *json,
			int count, const char *file, int line);

#endif
