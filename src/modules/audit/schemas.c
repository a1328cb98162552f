/* The field tables of the audit, and its model. */
#include "internal.h"

static const char *const actors[] = CHOICES("anonymous", "user", "system");

SCHEMA(audit_row,
	FIELD(struct audit_row, id, .required = true, .sort = true),
	FIELD(struct audit_row, at, .required = true),
	FIELD(struct audit_row, operation, .required = true, .filter = FILTER_EQ,
	      .example = "\"posts.create\""),
	FIELD(struct audit_row, outcome, .required = true, .example = "\"ok\"",
	      .doc = "ok, or the code of what it was refused with"),
	FIELD(struct audit_row, actor, .required = true, .choices = actors,
	      .doc = "system: the command line, and the server itself"),
	FIELD(struct audit_row, user_id, .required = true, .nullable = true, .filter = FILTER_EQ,
	      .doc = "The account that had it done"),
	FIELD(struct audit_row, key_id, .required = true, .nullable = true,
	      .doc = "The API key that it was done with"),
	FIELD(struct audit_row, address, .required = true, .nullable = true,
	      .doc = "Where it came from"),
	FIELD(struct audit_row, request_id, .required = true, .nullable = true,
	      .doc = "As in the log, and in the answer's X-Request-ID"),
	FIELD(struct audit_row, subject, .required = true, .nullable = true, .example = "\"posts\"",
	      .doc = "The table of the first row that was written"),
	FIELD(struct audit_row, subject_id, .required = true, .nullable = true,
	      .doc = "The id of that row"),
	FIELD(struct audit_row, change, .required = true, .nullable = true,
	      .doc = "What was sent, without secrets. Much of it is cut: then its last member is "
		     "\xE2\x80\xA6"));

PAGE_SCHEMA(audit_row);

const struct model audit_model = {
	.name = "audit row",
	.table = "audit",
	.row = &audit_row_schema,
};

#define SINCE_FIELD(owner) \
	FIELD(owner, since, .in = IN_QUERY, .doc = "Only what was done then, or later")

static void list_check(struct arena *arena, void *value, struct check_faults *faults)
{
	(void)arena;
	const struct audit_list_input *in = value;
	if (!in->subject != (in->subject_id.is != GIVEN))
		schema_check_fault(faults, in->subject ? "subject_id" : "subject",
				   "a row is named by subject and subject_id");
}

SCHEMA_WITH(audit_list_input, (.check = list_check),
	FIELD(struct audit_list_input, subject, .in = IN_QUERY, .min_len = 1, .max_len = 100,
	      .example = "\"posts\"", .doc = "With subject_id: only what was about that row"),
	FIELD(struct audit_list_input, subject_id, .in = IN_QUERY, .doc = "With subject"),
	SINCE_FIELD(struct audit_list_input),
	LIST_FIELD(struct audit_list_input, list, &audit_row_schema));

SCHEMA(audit_export_input,
	FIELD(struct audit_export_input, after, .in = IN_QUERY, MIN(0), .preset = "0",
	      .doc = "The id of the last line that you have"),
	FIELD(struct audit_export_input, count, .in = IN_QUERY, MIN(1), MAX(AUDIT_EXPORT_MAX),
	      .preset = "1000", .doc = "Lines at most: none is the end"),
	SINCE_FIELD(struct audit_export_input));

SCHEMA_WITH(audit_rows, (.shape = SHAPE_LINES),
	FIELD(struct audit_rows, rows, .required = true, .object = &audit_row_schema));

SCHEMA(audit_purge_input,
	FIELD(struct audit_purge_input, keep_days, .required = true, MIN(1), MAX(36500),
	      .doc = "What is older goes"),
	FIELD(struct audit_purge_input, purged, .in = NOT_INPUT));

SCHEMA(audit_purged,
	FIELD(struct audit_purged, purged, .required = true, .doc = "How many rows are gone"));
