/*
 * Fuzz target of app.ini: whatever the file holds, each setting is taken whole or its line is
 * named.
 */
#include "fuzz/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = fuzz_file(data, size, path);
	fuzz_load(&(struct config_sources){ .ini_path = path, .ini_required = true });
	close(fd);
	return 0;
}
