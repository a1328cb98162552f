/* What an operation answers, for commands that print it. */
#ifndef CROFT_SRC_CLI_ANSWER_H
#define CROFT_SRC_CLI_ANSWER_H

#include <stdint.h>

#include "base/attr.h"
#include "core/json.h"

struct buf;
struct ctx;
struct operation;

/*
 * Runs it as the system and reads what it answers, which stays in `out`; NULL: it is not
 * read. Returns CLI_OK, or another exit code once it is told what failed.
 */
int answer_ask(struct ctx *c, const struct operation *op, const struct buf *input, struct buf *out,
	       struct json_tree *ret) MUST_USE;

/* The member of that name: its text, "yes" or "no"; "" of anything else. */
const char *answer_text(struct json_node object, const char *name);
/* 0 of what is no integer. */
int64_t answer_int(struct json_node object, const char *name);
/* The first of its "items", as json_node_first(). */
struct json_node answer_items(struct json_node object);
/* Adds the texts of the list that is the member, with blanks between; "-" where there are none. */
void answer_add_texts(struct json_node object, const char *name, struct buf *out);

/* Prints it as one line of JSON. */
void answer_say_line(struct json_node value);

#endif
