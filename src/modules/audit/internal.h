/* What the files of the audit module share. */
#ifndef CROFT_SRC_MODULES_AUDIT_INTERNAL_H
#define CROFT_SRC_MODULES_AUDIT_INTERNAL_H

#include "core/db_round.h"
#include "core/list.h"
#include "core/model.h"
#include "core/service.h"
#include "modules/audit.h"

/* One command, or what was refused. */
struct audit_row {
	int64_t id;
	struct instant at;
	const char *operation;
	const char *outcome;
	const char *actor;
	struct maybe_int user_id;
	/* unless GIVEN: by no API key */
	struct maybe_int key_id;
	/* NULL: not known */
	const char *address, *request_id;
	/* NULL: it was about no row */
	const char *subject;
	struct maybe_int subject_id;
	/* of no length: nothing was kept of what was sent */
	struct raw_json change;
};

struct audit_list_input {
	/* NULL: about any row, else both are given */
	const char *subject;
	struct maybe_int subject_id;
	struct maybe_instant since;
	struct list_query list;
};

struct audit_export_input {
	int64_t after, count;
	struct maybe_instant since;
};

struct audit_rows {
	/* of struct audit_row */
	struct array rows;
};

struct audit_purge_input {
	int64_t keep_days;
	/* by the prepare function */
	int64_t purged;
};

struct audit_purged {
	int64_t purged;
};

enum { AUDIT_EXPORT_MAX = 1000 };

extern const struct schema audit_row_schema;
extern const struct schema audit_row_page_schema;
extern const struct schema audit_list_input_schema;
extern const struct schema audit_export_input_schema;
extern const struct schema audit_rows_schema;
extern const struct schema audit_purge_input_schema;
extern const struct schema audit_purged_schema;
extern const struct model audit_model;
extern const struct service audit_keeper_service;
extern const struct permission audit_reading;
extern const struct route audit_routes[];

/*
 * since.c: an id before which no row is as new as that. Rows that come at the same time may have
 * their ids in another order, so some of those behind it are older, too.
 */
enum app_err audit_first_since(struct ctx *c, struct instant since, int64_t *ret_id) MUST_USE;

/* ---- purge.c ---- */

/* What is older goes, some at a time. */
struct audit_purging {
	struct instant before;
	/* What the last write deleted, and whether there is more to delete. */
	int64_t last;
	bool more;
};
/* Inside a write. */
enum app_err audit_purge_some(struct ctx *c, void *purging) MUST_USE;

#endif
