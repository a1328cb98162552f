/* What a command is given to read, whole. */
#ifndef CROFT_SRC_CLI_INPUT_H
#define CROFT_SRC_CLI_INPUT_H

#include <stddef.h>

#include "base/attr.h"

struct buf;

/*
 * Reads the file, or standard input when the path is "-", to its end. Returns 0, or the exit code
 * once it is told what is wrong: it cannot be read, or is longer than so many MiB, which keeps a
 * wrong file from filling the memory.
 */
int input_read(const char *path, int most_mib, struct buf *ret) MUST_USE;

#endif
