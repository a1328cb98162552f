/*
 * Feeds files to a fuzz target, so that a corpus can be replayed without the fuzzer: `fuzz_json corpus/one …`.
 * Without arguments it reads standard input once.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(FILE *file, const char *name)
{
	size_t size = 0, room = 1 << 16, got;
	uint8_t *data = malloc(room);
	while (data && (got = fread(data + size, 1, room - size, file)) > 0) {
		size += got;
		if (size == room)
			data = realloc(data, room *= 2);
	}
	if (!data || ferror(file)) {
		fprintf(stderr, "%s: cannot be read\n", name);
		free(data);
		return 1;
	}
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;
	if (argc == 1)
		return replay(stdin, "standard input");
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		if (!file) {
			perror(argv[i]);
			failed = 1;
			continue;
		}
		failed |= replay(file, argv[i]);
		fclose(file);
	}
	return failed;
}
