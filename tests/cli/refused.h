/* Rows of what the command line refuses, by its arguments alone. */
#ifndef CROFT_TESTS_CLI_REFUSED_H
#define CROFT_TESTS_CLI_REFUSED_H

#include "testing/rows.h"

#include "testing/program.h"

struct refused {
	const char *args[8];
	const char *says;
};

static inline void is_refused(void **state)
{
	const struct refused *refused = *state;
	struct program p;
	program_open(&p);
	program_run(&p, &(struct program_run){ .args = refused->args });
	program_assert_code(&p, 2);
	text_assert_has(p.err, refused->says);
	program_close(&p);
}

#endif
