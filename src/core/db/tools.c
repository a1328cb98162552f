/* Which programs of its own a database has, as its driver says. */
#include "core/db_tools.h"

#include "drivers.h"

const struct db_tools *db_tools_of(const char *url)
{
	const char *rest;
	const struct db_driver *driver = db_driver_find(url, &rest);
	return driver ? driver->tools : NULL;
}
