/*
 * The audit: who had what done, when, from where, and to which row. Each COMMAND leaves one row in
 * the table `audit`, inside its own write, so that neither is there without the other; see enum
 * op_audit of core/op.h. What the table looks like from outside is the module audit's.
 */
#ifndef CROFT_CORE_AUDIT_H
#define CROFT_CORE_AUDIT_H

#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/config.h"

struct audit_entry {
	/* 0: now */
	struct instant at;
	/* "posts.create" */
	const char *operation;
	/* "ok", or the slug of what it failed with. */
	const char *outcome;
	/* What it was about. */
	struct touched subject;
	/* What was sent, as a JSON object without secrets; NULL: that is not kept. */
	const char *change;
};

/* Those of the module that keeps it, which lists them. */
struct audit_options {
	/* 0: for ever */
	int64_t keep_days;
	/* Of a change; what is longer is cut. 0: none is kept. */
	int64_t change_bytes;
};
extern const struct option_group audit_option_group;

/*
 * Only inside a write: adds a row about whoever acts. Does nothing where no module keeps an audit.
 */
enum app_err audit_write(struct ctx *c, const struct audit_entry *entry) MUST_USE;

/*
 * What is refused writes nothing, so what is to be known of it is noted in memory, and gets its row
 * a moment later, with others: see the module audit. They are lost with the process.
 */
struct audit_notes;

enum { AUDIT_NOTES_MAX = 4096 };

struct audit_notes *audit_notes_new(void) MUST_USE;
/* NULL is fine. */
void audit_notes_drop(struct audit_notes *notes);
/*
 * On any thread: that whoever acts was refused that operation, whose name is a constant. Where the
 * process keeps no notes nothing happens; one too many is dropped, and counted.
 */
void audit_note(struct ctx *c, const char *operation, enum app_err err, struct touched subject);
/* How many wait, and *ret_dropped how many were dropped since this was asked last. */
size_t audit_notes_count(struct audit_notes *notes, int64_t *ret_dropped);
/* Inside a write, never two at once: a row for each of the oldest, at most so many. */
enum app_err audit_notes_write(struct ctx *c, struct audit_notes *notes, size_t most) MUST_USE;
/* These have their rows. */
void audit_notes_forget(struct audit_notes *notes, size_t count);

#endif
