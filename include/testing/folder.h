/* Scratch folders of tests. */
#ifndef CROFT_TESTING_FOLDER_H
#define CROFT_TESTING_FOLDER_H

#include <stdbool.h>

/* With all that is in it; links are not followed. False when something is left. */
bool folder_remove(const char *path);

#endif
