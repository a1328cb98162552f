/* What `croft new module --by-hand` writes: the files of a module below src/modules. */
#ifndef CROFT_SRC_CLI_NEW_HAND_H
#define CROFT_SRC_CLI_NEW_HAND_H

#include "new.h"

/* Of these all but their header; how many there are, which is no more than NEW_HAND_FILES. */
enum { NEW_HAND_FILES = 6 };
size_t new_hand_files(struct ctx *c, const struct new_module *m,
		      struct new_file ret[NEW_HAND_FILES]);

const char *new_hand_schemas(struct ctx *c, const struct new_module *m);
/* With "@" for the row and "~" for the module. */
const char *new_hand_commands(struct ctx *c, const struct new_module *m);

#endif
