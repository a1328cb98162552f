/* The files that a module is made of, each at its place in the tree. */
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "core/migrate.h"
#include "new.h"

static enum app_err list_change(struct ctx *c, const struct new_module *m, struct new_file *ret)
{
	const char *text;
	*ret = (struct new_file){ .path = "src/app/modules.c", .is_change = true };
	enum app_err err = new_clean_check(c, ret->path);
	if (!err)
		err = new_file_read(c, ret->path, &text);
	return err ? err : new_list_text(c, m, text, &ret->text);
}

static enum app_err migrations_make(struct ctx *c, const struct new_module *m,
				    struct new_file ret[2])
{
	const char *file;
	enum app_err err = migrate_next_file(c, "sql", m->name, &file);
	if (err)
		return err;
	for (int is_postgres = 0; is_postgres < 2; is_postgres++) {
		ret[is_postgres].path = arena_printf(c->arena, "sql/%s/%s",
						     is_postgres ? "postgres" : "sqlite", file);
		ret[is_postgres].text = new_migration_text(c, m, is_postgres);
	}
	return APP_OK;
}

enum app_err new_module_files(struct ctx *c, const struct new_module *m,
			      struct new_file ret[NEW_FILES_MAX])
{
	struct arena *arena = c->arena;
	const struct new_file files[] = {
		{ arena_printf(arena, "include/modules/%s.h", m->name), new_header_text(c, m),
		  false },
		{ arena_printf(arena, "src/modules/%s/module.c", m->name), new_code_text(c, m),
		  false },
		{ arena_printf(arena, "tests/modules/%s/test_%s.c", m->name, m->name),
		  new_test_text(c, m), false },
	};
	memset(ret, 0, NEW_FILES_MAX * sizeof(*ret));
	memcpy(ret, files, sizeof(files));
	enum app_err err = migrations_make(c, m, ret + COUNT_OF(files));
	return err ? err : list_change(c, m, ret + COUNT_OF(files) + 2);
}
