/* What two paths have to do with each other, beyond their text. */
#ifndef CROFT_BASE_FILE_H
#define CROFT_BASE_FILE_H

#include <stdbool.h>

/* Whether both lead to one file, by links or not. False when one of them leads to none. */
bool file_is_same(const char *path, const char *other);

#endif
