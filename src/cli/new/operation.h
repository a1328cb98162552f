/*
 * What `croft new operation` adds to a module that is there: the C of one operation, and where each
 * piece of it goes. Nothing is written before everything is rendered.
 */
#ifndef CROFT_SRC_CLI_NEW_OPERATION_H
#define CROFT_SRC_CLI_NEW_OPERATION_H

#include "new.h"

/* bytes of the verb: then all lines fit, whatever the module is called */
enum { NEW_VERB_MAX = 15 };

/* All texts live in the arena, or as long as the command line. */
struct new_operation {
	/* "books", "lend" */
	const char *module, *verb;
	bool is_query;
	/* the module has an internal.h, and a file for each subject */
	bool is_spread;
};

/* `kind` is "command", "query" or NULL, which is a command. */
enum app_err new_operation_read(struct ctx *c, const char *module, const char *verb,
				const char *kind, struct new_operation *ret) MUST_USE;
/* In the root of the tree: there is such a module, and nothing there has the operation's names. */
enum app_err new_operation_find(struct ctx *c, struct new_operation *op) MUST_USE;
/* What is added and changed, rendered; nothing is written. */
enum app_err new_operation_files(struct ctx *c, const struct new_operation *op,
				 struct new_file ret[NEW_FILES_MAX], size_t *ret_count) MUST_USE;

/* ---- rendering ---- */

const char *new_operation_structs(struct ctx *c, const struct new_operation *op);
const char *new_operation_schemas(struct ctx *c, const struct new_operation *op);
/* The function and the operation; static where the module is not spread. */
const char *new_operation_code(struct ctx *c, const struct new_operation *op);
/* Its line of the routes, the last one, with what closes the table. */
const char *new_operation_route(struct ctx *c, const struct new_operation *op);
const char *new_operation_test(struct ctx *c, const struct new_operation *op);

#endif
