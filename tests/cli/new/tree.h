/* A tree of the few files that `croft new` looks at, and what is to be seen in it afterwards. */
#ifndef CROFT_TESTS_CLI_NEW_TREE_H
#define CROFT_TESTS_CLI_NEW_TREE_H

#include "testing/program.h"
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TREE_ARGUMENTS_MAX = 40, TREE_COMMAND_ROOM = 8192 };

/* A command of the shell in the folder of the program; its lines, which the caller frees. */
static inline char *tree_shell(const struct program *p, const char *command)
{
	char line[TREE_COMMAND_ROOM + 256];
	char *text = calloc(1, TREE_COMMAND_ROOM);
	snprintf(line, sizeof(line), "cd '%s' && { %s; } 2>&1", p->folder, command);
	FILE *run = popen(line, "r");
	assert_non_null(run);
	size_t len = fread(text, 1, TREE_COMMAND_ROOM - 1, run);
	if (pclose(run) != 0)
		fail_msg("%s: %s", command, len ? text : "failed");
	return text;
}

static inline void tree_open(struct program *p)
{
	program_open(p);
	free(tree_shell(p, "mkdir -p src/app src/modules/lent include/core include/modules "
			   "sql/sqlite sql/postgres tests/modules below/the/root"));
	program_write(p, "src/app/modules.c",
		      "#include \"app/modules.h\"\n"
		      "\n"
		      "#include \"modules/auth.h\"\n"
		      "#include \"modules/posts.h\"\n"
		      "\n"
		      "const struct module *const app_modules[] = {\n"
		      "\t&posts_module,\n"
		      "\t&auth_module,\n"
		      "\tNULL,\n"
		      "};\n");
	program_write(p, "include/core/columns.h",
		      "/* struct book, books_list: words of a comment are free. */\n"
		      "#define MANY(books_get) struct book { \\\n  struct book_set *books_crud; }\n"
		      "struct page { int count; };\n"
		      "void crud_list(void);\n");
}

/* `croft new` with these words. */
static inline void tree_run(struct program *p, const char *words)
{
	char line[TREE_COMMAND_ROOM + 256];
	const char *args[TREE_ARGUMENTS_MAX] = { "new" };
	size_t count = 1;
	snprintf(line, sizeof(line), "%s", words);
	for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
		assert_true(count < TREE_ARGUMENTS_MAX - 1);
		args[count++] = word;
	}
	program_run(p, &(struct program_run){ .args = args });
}

static inline void tree_has(const struct program *p, const char *path, const char *piece)
{
	char *text = program_read(p->folder, path);
	if (!text)
		fail_msg("there is no %s", path);
	text_assert_has(text, piece);
	free(text);
}

/* All that is in it, to see that nothing came, went or changed. */
static inline char *tree_sum(const struct program *p)
{
	return tree_shell(p, "find . -not -path './.*' | sort; "
			     "find . -type f -not -path './.*' | sort | xargs cat");
}

struct tree_refusal {
	/* makes the tree */
	void (*open)(struct program *p);
	/* "new module", the words behind "new", and what is said */
	const char *what, *words, *sentence;
};

/* In a tree that was made. */
static inline void tree_refuses(struct program *p, const struct tree_refusal *refusal)
{
	char *before = tree_sum(p);
	tree_run(p, refusal->words);
	program_assert_code(p, 1);
	text_assert_has(p->err, "croft: ");
	text_assert_has(p->err, refusal->what);
	text_assert_has(p->err, " failed: ");
	text_assert_has(p->err, refusal->sentence);
	char *after = tree_sum(p);
	assert_string_equal(after, before);
	free(after);
	free(before);
}

/* `*state`: what is refused. */
static inline void tree_is_refused(void **state)
{
	const struct tree_refusal *refusal = *state;
	struct program p;
	refusal->open(&p);
	tree_refuses(&p, refusal);
	program_close(&p);
}

#define TREE_REFUSED(why, ...) \
	ROW_OF("refused: " why, tree_is_refused, (&(struct tree_refusal){ __VA_ARGS__ }))

#endif
