/*
 * Tests are rows with sentences for names. A test program is a list of rows and
 * `return rows_run("area", rows, n)`. A row is a function, or a function with the data of its case:
 * ROW_OF("…", checks_one, &(struct some_case){ … }).
 */
#ifndef CROFT_TESTING_ROWS_H
#define CROFT_TESTING_ROWS_H

/* cmocka.h wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ROW(sentence, fn) \
	{ \
		.name = (sentence), .test_func = (fn) \
	}
#define ROW_OF(sentence, fn, data) \
	{ \
		.name = (sentence), .test_func = (fn), .initial_state = (void *)(uintptr_t)(data) \
	}

/* Runs the rows; the result is the exit status of the program. */
#define rows_run(area, rows, count) _cmocka_run_group_tests((area), (rows), (count), NULL, NULL)
#define rows_run_with(area, rows, count, setup, teardown) \
	_cmocka_run_group_tests((area), (rows), (count), (setup), (teardown))

#endif
