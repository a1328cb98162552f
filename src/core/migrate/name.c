/* What a migration's file is called: for messages, and for one that is made. */
#include <inttypes.h>

#include "base/arena.h"
#include "internal.h"

const char *migration_file(struct ctx *c, int64_t number, const char *name)
{
	return arena_printf(c->arena, "%04" PRId64 "_%s.sql", number, name);
}
