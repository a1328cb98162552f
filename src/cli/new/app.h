/* What `croft new app` makes: a project of one's own, beside the tree that it is made of. */
#ifndef CROFT_SRC_CLI_NEW_APP_H
#define CROFT_SRC_CLI_NEW_APP_H

#include "base/attr.h"
#include "base/ctx.h"

/*
 * In the root of the tree, whose tools/new-app makes it, and says what became of it; `ret_status`
 * is what that exits with. A name that cannot be is refused before.
 */
enum app_err new_app_make(struct ctx *c, const char *name, int *ret_status) MUST_USE;

#endif
