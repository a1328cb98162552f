/* The list of drivers, for the files of core/db that ask by a URL what a driver says of itself. */
#ifndef CROFT_SRC_CORE_DB_DRIVERS_H
#define CROFT_SRC_CORE_DB_DRIVERS_H

#include "core/db_driver.h"

/* By the URL's text alone; NULL: none has its scheme. *ret_rest is what stands behind that. */
const struct db_driver *db_driver_find(const char *url, const char **ret_rest);

#endif
