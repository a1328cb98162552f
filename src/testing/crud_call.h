/* The module whose rows run: its operations, its columns as JSON, and calls of it. */
#ifndef CROFT_SRC_TESTING_CRUD_CALL_H
#define CROFT_SRC_TESTING_CRUD_CALL_H

#include <stdbool.h>

#include "core/crud.h"
#include "testing/crud_rows.h"

/* crud_rows_run() sets it: rows are functions without arguments. */
extern struct crud_subject crud_asked;

const struct operation *crud_op(const char *verb);
/* What is declared has a replacement, too; what is written out has not. */
bool crud_is_declared(void);
const struct schema *crud_row(void);
/* Those of others are as if they were not there. */
bool crud_is_private(void);
/* Of every row: id, created_at, updated_at. */
enum { CRUD_OWN_COLUMNS = 3 };
/* The server says it, and nobody sends it. */
bool crud_is_filled_in(const struct field *field);
bool crud_has_owner(void);
/* Not everyone who is signed in may do it. */
bool crud_is_for_few(const char *verb);
/* Who may write, and somebody signed in who may not change what that one wrote. */
int crud_writer(void);
int crud_other(void);

enum crud_which { CRUD_AS_CREATED, CRUD_AS_CHANGED };

/* "'title':'one','year':1"; `start` stands before it. */
const char *crud_json(struct stage *s, const char *start, enum crud_which which, const char *end);
/* The whole row as it is created. */
const char *crud_row_json(struct stage *s);

/* Calls it and returns the answer, or the faults; it must end with `err`. */
const char *crud_call(struct stage *s, int who, const char *verb, const char *json,
		      enum app_err err);
/* A stage on which the writer has made one row, with the id 1. */
void crud_open(struct stage *s);
/* Whether each column is as it was created or changed. */
void crud_is(struct stage *s, enum crud_which which);

#endif
