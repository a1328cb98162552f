/*
 * What is wrong with which items of an input's list, when they are looked at one after the other
 * and none is to be done unless all can be.
 */
#ifndef CROFT_CORE_ITEM_FAULTS_H
#define CROFT_CORE_ITEM_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"

struct field_fault;
struct schema;

struct item_faults {
	struct ctx *c;
	/* the member of the body that is the list, such as "items" */
	const char *list;
	/* of one item; NULL: it has no members */
	const struct schema *item;
	/* the list so far, in the arena; none: NULL */
	struct field_fault *first, *last;
	size_t count;
};

/*
 * Takes what c failed with, whatever that was, for faults of the item with this index, so that c
 * has failed with nothing and the next item can be looked at.
 */
void item_faults_take(struct item_faults *faults, size_t index);
/* Whether there are as many as an answer tells of. */
bool item_faults_are_full(const struct item_faults *faults);
/* APP_INVALID with all that were taken; APP_OK when none was. */
enum app_err item_faults_fail(struct item_faults *faults) MUST_USE;

#endif
