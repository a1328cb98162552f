/* Looking for words among words. */
#include <string.h>

#include "core/text.h"

static bool has_beginning(const char *words, const char *wanted, size_t len)
{
	for (const char *at = words; *at; at++) {
		if (!strncmp(at, wanted, len))
			return true;
		at = strchr(at, ' ');
		if (!at)
			return false;
	}
	return false;
}

bool text_words_begin(const char *words, const char *wanted)
{
	while (*wanted) {
		size_t len = strcspn(wanted, " ");
		if (!has_beginning(words, wanted, len))
			return false;
		wanted += len + (wanted[len] == ' ');
	}
	return true;
}
