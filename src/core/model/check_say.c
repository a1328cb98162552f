/* What is said of a table that is not as its model. */
#include <stdarg.h>

#include "base/buf.h"
#include "check.h"

void table_say(const struct table_check *t, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_printf(t->faults, " Model %s: ", t->model->name);
	buf_vprintf(t->faults, format, args);
	buf_add_char(t->faults, '.');
	va_end(args);
}
