/* What the files of cookies share. */
#ifndef CROFT_SRC_CORE_COOKIE_INTERNAL_H
#define CROFT_SRC_CORE_COOKIE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a cookie can have that value. */
bool cookie_value_is_fine(const char *text, size_t len);

#endif
