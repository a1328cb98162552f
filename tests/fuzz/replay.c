/*
 * The main() of a fuzz program when no fuzzer drives it: gives it each file named on the command
 * line, once. A fault ends the program through the sanitizer or an assertion.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END) != 0) {
		perror(path);
		return 1;
	}
	long size = ftell(file);
	rewind(file);
	/* Exactly as large as the input, so that reading past its end is seen. */
	uint8_t *data = mem_new((size_t)size + (size == 0), 1);
	size_t len = fread(data, 1, (size_t)size, file);
	fclose(file);
	fprintf(stderr, "%s\n", path);
	(void)LLVMFuzzerTestOneInput(data, len);
	free(data);
	return len == (size_t)size ? 0 : 1;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	return failed;
}
