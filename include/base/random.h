/* Random bytes from the kernel's generator (getrandom(2)), drawn in blocks per thread. */
#ifndef CROFT_BASE_RANDOM_H
#define CROFT_BASE_RANDOM_H

#include <stddef.h>

/* Unpredictable bytes; ends the process if the kernel cannot give any. */
void random_bytes(void *out, size_t len);

#endif
