/*
 * Looks for a text, or bytes, in the memory of another process. It must be ours and dumpable:
 * app.debuggable.
 */
#ifndef CROFT_TESTS_SUPPORT_MEMORY_H
#define CROFT_TESTS_SUPPORT_MEMORY_H

#include <stddef.h>
#include <sys/types.h>

/*
 * A text is known by each of its parts of so many bytes: the allocator writes over the ends of what
 * is freed.
 */
enum { MEMORY_PART = 16, MEMORY_PARTS_MAX = 8 };

/*
 * How often it is in what the process may write to: the count of the part found most often. Of the
 * text, which has at least MEMORY_PART bytes, the rest that makes no whole part is not looked at.
 * Fails the row when the memory cannot be read.
 */
size_t memory_count(pid_t pid, const char *text);
size_t memory_count_bytes(pid_t pid, const void *bytes, size_t len);
/* Says where it is found, and what stands around it. */
void memory_show(pid_t pid, const char *text);
void memory_show_bytes(pid_t pid, const void *bytes, size_t len);

#endif
