/*
 * Opens a file below a folder, with no way out of it: no "..", no symbolic link anywhere on the
 * way.
 */
#ifndef CROFT_SRC_CORE_STATIC_BENEATH_H
#define CROFT_SRC_CORE_STATIC_BENEATH_H

#include "base/attr.h"

/*
 * Opens `path` (relative, segments divided by single slashes) below the open folder for reading.
 * Returns the file descriptor, which the caller closes, or -1 with errno. By openat2(2) where the
 * kernel has it, else the other way.
 */
int beneath_open(int folder, const char *path) MUST_USE;

/*
 * The other way: segment by segment with O_NOFOLLOW. For kernels before 5.6 and sandboxes that
 * forbid openat2.
 */
int beneath_open_by_segments(int folder, const char *path) MUST_USE;

#endif
