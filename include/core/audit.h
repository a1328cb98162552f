/*
 * The audit: who had what done, when, from where, and to which row. Each COMMAND leaves one row in
 * the table `audit`, inside its own write, so that neither is there without the other; see enum
 * op_audit of core/op.h. What the table looks like from outside is the module audit's.
 */
#ifndef CROFT_CORE_AUDIT_H
#define CROFT_CORE_AUDIT_H

#include "base/attr.h"
#include "base/ctx.h"

struct audit_entry {
	/* "posts.create" */
	const char *operation;
	/* "ok", or the slug of what it failed with. */
	const char *outcome;
	/* What it was about. */
	struct touched subject;
	/* What was sent, as a JSON object without secrets; NULL: that is not kept. */
	const char *change;
};

enum {
	/* Bytes of a change; what is longer is cut. */
	AUDIT_CHANGE_MAX = 8192,
};

/*
 * Only inside a write: adds a row about whoever acts. Does nothing where no module keeps an audit.
 */
enum app_err audit_write(struct ctx *c, const struct audit_entry *entry) MUST_USE;

#endif
