/*
 * What this program is called: the binary, what its help and its errors tell people to type, and
 * its settings in the environment. A project of one's own changes the two lines, and the Makefile
 * reads them here. What only this code says to itself, such as the table croft_migrations, is not
 * named by it.
 */
#ifndef CROFT_BASE_APP_NAME_H
#define CROFT_BASE_APP_NAME_H

#define APP_NAME "croft"
/* "SERVER_PORT" behind it is a variable. */
#define APP_PREFIX "CROFT_"

#endif
