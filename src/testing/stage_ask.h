/* The two halves of a call on a stage, for those who do something between them. */
#ifndef CROFT_SRC_TESTING_STAGE_ASK_H
#define CROFT_SRC_TESTING_STAGE_ASK_H

#include "testing/stage.h"

/* Forgets what failed before; from here on it is `who` that calls. */
void stage_sign_in(struct stage *s, int who);
/* stage_call_ok() as whoever that is. */
const char *stage_ask_ok(struct stage *s, const struct operation *op, const char *json);

#endif
