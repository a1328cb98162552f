/* Reads /proc/PID/maps and /proc/PID/mem; see memory.h. */
#include "support/memory.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "testing/rows.h"

enum {
	PIECE_BYTES = 1024 * 1024,
	AROUND = 48, /* bytes shown before and behind what is found */
};

/* The shadow memory of a sanitizer is terabytes of notes on memory, and holds none of it. */
static const uint64_t mapping_max = 1024u * 1024 * 1024;

struct search {
	int mem;
	const char *text;
	size_t len, parts, found[MEMORY_PARTS_MAX];
	size_t told; /* the part whose places are shown */
	bool tell;
	const char *mapping; /* its line in /proc/PID/maps */
	char *piece;         /* PIECE_BYTES and room for a part that goes on in the next one */
};

static void tell(const struct search *search, uint64_t address, const char *at, size_t left,
		 size_t part)
{
	size_t before = (size_t)(at - search->piece), behind = MEMORY_PART + AROUND;
	before = before < AROUND ? before : AROUND;
	behind = behind < left ? behind : left;
	print_error("part %zu at %#llx of %s  ", part, (unsigned long long)address,
		    search->mapping);
	for (const char *byte = at - before; byte < at + behind; byte++)
		print_error("%c", *byte >= ' ' && *byte <= '~' ? *byte : '.');
	print_error("\n");
}

static void look(struct search *search, uint64_t address, size_t len)
{
	for (size_t i = 0; i < search->parts; i++) {
		const char *part = search->text + i * MEMORY_PART, *at = search->piece;
		size_t left = len;
		while ((at = memmem(at, left, part, MEMORY_PART))) {
			left = len - (size_t)(at - search->piece);
			search->found[i]++;
			if (search->tell && i == search->told)
				tell(search, address + (uint64_t)(at - search->piece), at, left, i);
			at++;
			left--;
		}
	}
}

/* What was unmapped or never touched meanwhile cannot be read, and holds nothing. */
static void look_through(struct search *search, uint64_t from, uint64_t to)
{
	size_t kept = 0;
	for (uint64_t at = from; at < to;) {
		size_t wanted = to - at < PIECE_BYTES ? (size_t)(to - at) : PIECE_BYTES;
		ssize_t got = pread(search->mem, search->piece + kept, wanted, (off_t)at);
		if (got <= 0)
			return;
		size_t len = kept + (size_t)got;
		look(search, at - kept, len);
		kept = len < MEMORY_PART - 1 ? len : MEMORY_PART - 1;
		memmove(search->piece, search->piece + len - kept, kept);
		at += (uint64_t)got;
	}
}

static void look_everywhere(struct search *search, FILE *maps)
{
	char line[512], access[8];
	unsigned long long from, to;
	size_t readable = 0;
	search->mapping = line;
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%llx-%llx %7s", &from, &to, access) != 3 ||
		    strncmp(access, "rw", 2) != 0 || to - from > mapping_max)
			continue;
		line[strcspn(line, "\n")] = '\0';
		look_through(search, from, to);
		readable++;
	}
	assert_true(readable > 0);
}

/* Returns the part found most often. */
static size_t run(struct search *search, pid_t pid)
{
	char path[64];
	size_t most = 0, len = search->len;
	assert_true(len >= MEMORY_PART);
	search->parts = len / MEMORY_PART < MEMORY_PARTS_MAX ? len / MEMORY_PART : MEMORY_PARTS_MAX;
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	FILE *maps = fopen(path, "re");
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	search->mem = open(path, O_RDONLY | O_CLOEXEC);
	assert_non_null(maps);
	assert_true(search->mem >= 0);
	search->piece = malloc(PIECE_BYTES + MEMORY_PART);
	assert_non_null(search->piece);
	look_everywhere(search, maps);
	free(search->piece);
	close(search->mem);
	fclose(maps);
	for (size_t i = 0; i < search->parts; i++)
		most = search->found[i] > search->found[most] ? i : most;
	return most;
}

size_t memory_count_bytes(pid_t pid, const void *bytes, size_t len)
{
	struct search search = { .text = bytes, .len = len };
	return search.found[run(&search, pid)];
}

size_t memory_count(pid_t pid, const char *text)
{
	return memory_count_bytes(pid, text, strlen(text));
}

void memory_show_bytes(pid_t pid, const void *bytes, size_t len)
{
	struct search search = { .text = bytes, .len = len };
	size_t told = run(&search, pid);
	search = (struct search){ .text = bytes, .len = len, .told = told, .tell = true };
	run(&search, pid);
}

void memory_show(pid_t pid, const char *text)
{
	memory_show_bytes(pid, text, strlen(text));
}
