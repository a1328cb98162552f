/* What is tried on CHECKs: texts (rule.c), numbers (rule_number.c), each value (rule_try.c). */
#ifndef CROFT_SRC_CORE_TABLES_RULE_H
#define CROFT_SRC_CORE_TABLES_RULE_H

#include "internal.h"

struct trial {
	struct comparison *k;
	const struct field *field;
	/* The conditions could not be asked. */
	bool is_unknown;
	/* The value that is tried is named by the field, or by a condition. */
	bool is_named;
};

/* `what` says the value: "'science'", "a text of 200 characters". */
enum app_err rule_try(struct trial *t, struct db_value value, bool is_allowed,
		      const char *what) MUST_USE;
/* Whether its column has a CHECK. */
bool rule_has_check(const struct trial *t);
bool rule_has_bounds(const struct field *field);
/* Whether the field allows all that is within its bounds. */
bool rule_is_open(const struct field *field);

enum app_err rule_try_integers(struct trial *t) MUST_USE;
enum app_err rule_try_reals(struct trial *t) MUST_USE;

#endif
