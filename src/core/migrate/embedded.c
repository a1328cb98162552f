/*
 * The migrations that were built into the binary, found by their path in the table of embedded
 * files.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/embedded.h"
#include "core/migrate.h"

/* Whether the path is <folder>NNNN_name.sql; then fills `ret`. */
static bool file_is_migration(struct ctx *c, const struct embedded_file *file, const char *folder,
			      struct migration *ret)
{
	if (!str_starts(file->path, folder) || !str_ends(file->path, ".sql") || !file->bytes)
		return false;
	const char *base = file->path + strlen(folder);
	const char *name = strchr(base, '_');
	int64_t number;
	if (!name || strchr(base, '/') || !str_span_to_int64(base, (size_t)(name - base), &number))
		return false;
	name++;
	*ret = (struct migration){
		.number = number,
		.name = arena_strndup(c->arena, name, strlen(name) - strlen(".sql")),
		.sql = (const char *)file->bytes,
	};
	return true;
}

/*
 * Embedded files are sorted by path, and numbers have leading zeroes, so the list comes out by
 * number.
 */
void migrate_embedded(struct ctx *c, const char *driver, const struct migration **ret_list,
		      size_t *ret_count)
{
	const char *folder = arena_printf(c->arena, "sql/%s/", driver);
	struct migration *list = arena_zero(c->arena, (embedded_count + 1) * sizeof(*list));
	size_t count = 0;
	for (size_t i = 0; i < embedded_count; i++)
		count += file_is_migration(c, &embedded_files[i], folder, &list[count]);
	*ret_list = list;
	*ret_count = count;
}
