/* The files that a module is made of, each at its place in the tree. */
#include <string.h>

#include "base/arena.h"
#include "core/migrate.h"
#include "hand.h"

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

/* Of its folder below src/modules: one file, or one for each subject. */
static size_t code_make(struct ctx *c, const struct new_module *m, struct new_file *ret)
{
	if (m->by_hand)
		return new_hand_files(c, m, ret);
	*ret = (struct new_file){
		.path = arena_printf(c->arena, "src/modules/%s/module.c", m->name),
		.text = new_code_text(c, m),
	};
	return 1;
}

enum app_err new_module_files(struct ctx *c, const struct new_module *m,
			      struct new_file ret[NEW_FILES_MAX], size_t *ret_count)
{
	size_t count = 0;
	memset(ret, 0, NEW_FILES_MAX * sizeof(*ret));
	ret[count++] = (struct new_file){
		.path = arena_printf(c->arena, "include/modules/%s.h", m->name),
		.text = new_header_text(c, m),
	};
	count += code_make(c, m, ret + count);
	ret[count++] = (struct new_file){
		.path = arena_printf(c->arena, "tests/modules/%s/test_%s.c", m->name, m->name),
		.text = new_test_text(c, m),
	};
	enum app_err err = migrations_make(c, m, ret + count);
	*ret_count = count + 3;
	return err ? err : list_change(c, m, ret + count + 2);
}
