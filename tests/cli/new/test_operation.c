/*
 * `croft new operation`: what it writes into the files of a module and what it refuses, each time
 * leaving the tree as it was. The trees here are the few files that it looks at, and are not
 * compiled.
 */
#include "testing/rows.h"

#include <stdlib.h>

#include "base/attr.h"
#include "tree.h"

/* As `croft new module` writes one. */
static const char ALONE[] = "#include \"modules/books.h\"\n"
			    "\n"
			    "#include \"core/columns.h\"\n"
			    "\n"
			    "COLUMNS(book, (TEXT, title));\n"
			    "\n"
			    "CRUD_OPERATIONS(books, book, ACCESS_USER, ACCESS_USER);\n"
			    "\n"
			    "static const struct route books_routes[] = ROUTES(\n"
			    "\tCRUD_ROUTES(books));\n"
			    "\n"
			    "const struct module books_module = { .name = \"books\" };\n";

static const char INTERNAL[] = "struct post_ref {\n"
			       "\tint64_t id;\n"
			       "};\n"
			       "\n"
			       "extern const struct schema post_schema;\n"
			       "extern const struct schema post_ref_schema;\n"
			       "\n"
			       "extern const struct operation posts_get;\n"
			       "extern const struct operation posts_list;\n"
			       "\n"
			       "extern const struct route posts_routes[];\n";

static const char POSTS_ROUTES[] = "const struct route posts_routes[] = ROUTES(\n"
				   "\t{ GET, \"/posts/top\", &posts_get, .status = 200 });\n";

static void modules_open(struct program *p)
{
	tree_open(p);
	free(tree_shell(p, "mkdir -p src/modules/books src/modules/posts src/modules/odd "
			   "tests/modules/books"));
	program_write(p, "src/modules/books/module.c", ALONE);
	program_write(p, "src/modules/posts/internal.h", INTERNAL);
	program_write(p, "src/modules/posts/schemas.c", "SCHEMA(post, 0);\n");
	program_write(p, "src/modules/posts/commands.c", "int here;\n");
	program_write(p, "src/modules/posts/routes.c", POSTS_ROUTES);
	program_write(p, "src/modules/odd/module.c", "static int do_wait;\n");
	program_write(p, "tests/modules/books/test_old.c", "\n");
}

/* ---- what it writes ---- */

static void writes_into_one_file(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	tree_run(&p, "operation books lend");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "tests/modules/books/test_lend.c\n"
			       "src/modules/books/module.c (changed)\n");
	tree_has(&p, "src/modules/books/module.c",
		 "CRUD_OPERATIONS(books, book, ACCESS_USER, ACCESS_USER);\n"
		 "\n"
		 "/* ---- books.lend ---- */\n"
		 "\n"
		 "struct books_lend_in {\n"
		 "\tconst char *text;\n"
		 "};\n");
	tree_has(&p, "src/modules/books/module.c",
		 "static const struct operation books_lend = {\n"
		 "\t.name = \"books.lend\",\n"
		 "\t.summary = \"Lend\",\n"
		 "\t.kind = COMMAND,\n");
	tree_has(&p, "src/modules/books/module.c",
		 "/* ---- routes ---- */\n"
		 "\n"
		 "static const struct route books_routes[] = ROUTES(\n"
		 "\tCRUD_ROUTES(books),\n"
		 "\t{ POST, \"/books/lend\", &books_lend, .status = 200 });\n");
	tree_has(&p, "tests/modules/books/test_lend.c", "\"books.lend\"");
	program_close(&p);
}

static void writes_a_second_one(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	tree_run(&p, "operation books lend");
	program_assert_code(&p, 0);
	tree_run(&p, "operation books loans query");
	program_assert_code(&p, 0);
	tree_has(&p, "src/modules/books/module.c",
		 "\t{ POST, \"/books/lend\", &books_lend, .status = 200 },\n"
		 "\t{ GET, \"/books/loans\", &books_loans, .status = 200 });\n");
	free(tree_shell(&p, "test $(grep -c -e '-- routes --' src/modules/books/module.c) = 1"));
	program_close(&p);
}

static void writes_into_the_file_of_each_subject(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	tree_run(&p, "operation posts pin command");
	program_assert_code(&p, 0);
	tree_has(&p, "src/modules/posts/internal.h",
		 "struct posts_pin_out {\n"
		 "\tconst char *text;\n"
		 "};\n"
		 "\n"
		 "extern const struct schema post_schema;\n"
		 "extern const struct schema post_ref_schema;\n"
		 "extern const struct schema posts_pin_in_schema;\n"
		 "extern const struct schema posts_pin_out_schema;\n"
		 "\n"
		 "extern const struct operation posts_get;\n"
		 "extern const struct operation posts_list;\n"
		 "extern const struct operation posts_pin;\n"
		 "\n");
	tree_has(&p, "src/modules/posts/schemas.c",
		 "SCHEMA(post, 0);\n\nSCHEMA(posts_pin_in,\n\tFIELD(struct posts_pin_in, text,");
	tree_has(&p, "src/modules/posts/commands.c",
		 "int here;\n\n/* ---- posts.pin ---- */\n\nstatic enum app_err do_pin(");
	tree_has(&p, "src/modules/posts/commands.c", "\nconst struct operation posts_pin = {\n");
	tree_has(&p, "src/modules/posts/routes.c",
		 "\t{ GET, \"/posts/top\", &posts_get, .status = 200 },\n"
		 "\t{ POST, \"/posts/pin\", &posts_pin, .status = 200 });\n");
	program_close(&p);
}

/* ---- what it refuses ---- */

#define REFUSED(why, given, said) \
	TREE_REFUSED(why, modules_open, "new operation", "operation " given, said)

static void changed_file_is_refused(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	free(tree_shell(&p, "git init -q && git add . && git -c user.name=a"
			    " -c user.email=a@example.com commit -qm all"
			    " && echo >>src/modules/posts/routes.c"));
	tree_refuses(&p, &(struct tree_refusal){
				 modules_open, "new operation", "operation posts pin",
				 "src/modules/posts/routes.c has changes that are not committed" });
	program_close(&p);
}

static void other_files_are_refused(void **state)
{
	static const struct {
		const char *path, *text, *words, *sentence;
	} others[] = {
		{ "src/modules/posts/routes.c", "const struct route posts_routes[] = {\n};\n",
		  "operation posts pin",
		  "src/modules/posts/routes.c does not look as expected: it has a table "
		  "'posts_routes[] = ROUTES(' that ends with ');'; mend that first" },
		{ "src/modules/posts/internal.h", "extern const struct schema post_schema;\n",
		  "operation posts pin",
		  "src/modules/posts/internal.h does not look as expected: it has lines" },
		{ "src/modules/books/module.c", "#include \"modules/books.h\"\n",
		  "operation books lend",
		  "src/modules/books/module.c does not look as expected: it includes" },
	};
	(void)state;
	struct program p;
	modules_open(&p);
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		program_write(&p, others[i].path, others[i].text);
		tree_refuses(&p, &(struct tree_refusal){ modules_open, "new operation",
							 others[i].words, others[i].sentence });
	}
	program_close(&p);
}

/* The last of the files cannot be changed: those before it are taken back. */
static void takes_back_what_it_wrote(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	free(tree_shell(&p, "mkdir src/modules/posts/routes.c.new"));
	tree_refuses(&p, &(struct tree_refusal){
				 modules_open, "new operation", "operation posts pin",
				 "cannot create src/modules/posts/routes.c.new: File exists" });
	program_close(&p);
}

static void unknown_things_are_usage(void **state)
{
	static const char *const others[] = { "operation",
					      "operation books",
					      "operation books lend query 7",
					      "operation books lend --singular loan",
					      "operation books lend --by-hand",
					      "operation books lend --force" };
	(void)state;
	struct program p;
	modules_open(&p);
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		tree_run(&p, others[i]);
		program_assert_code(&p, 2);
	}
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a module of one file gets all of it there, above its routes",
		    writes_into_one_file),
		ROW("a second operation stands behind the first", writes_a_second_one),
		ROW("a module of several files gets each piece in the file of its subject",
		    writes_into_the_file_of_each_subject),

		REFUSED("a name with signs", "books ../lend",
			"'../lend' is no name for an operation: it begins with a letter a-z"),
		REFUSED("a module with signs", "../books lend",
			"'../books' is no name for a module: it begins with a letter a-z"),
		REFUSED("a name that is too long", "books lend_to_somebody_else",
			"'lend_to_somebody_else' is too long for an operation: it has at most 15"),
		REFUSED("a kind that there is not", "books lend stream",
			"'stream' is no kind of operation: it is 'command'"),
		REFUSED("a module that is none", "bookz lend",
			"there is no module 'bookz'; there are: books, lent, odd, posts"),
		REFUSED("what a declared table has", "books list",
			"the name 'books_list' is taken, by src/modules/books/module.c"),
		REFUSED("an operation that is there", "posts get",
			"the name 'posts_get' is taken, by src/modules/posts/internal.h: choose"),
		REFUSED("a route that is there", "posts top",
			"the name '/posts/top' is taken, by src/modules/posts/routes.c"),
		REFUSED("a function that is there", "odd wait",
			"the name 'do_wait' is taken, by src/modules/odd/module.c"),
		REFUSED("tests that are there", "books old",
			"there is tests/modules/books/test_old.c already: choose another name"),
		REFUSED("a module without a file for it", "posts pinned query",
			"there is no src/modules/posts/queries.c: an operation goes into module.c "
			"alone, or into internal.h, schemas.c, routes.c and commands.c or"),
		ROW("refused: a file with changes that git has not", changed_file_is_refused),
		ROW("refused: files of another shape", other_files_are_refused),
		ROW("what cannot be written whole is not written", takes_back_what_it_wrote),
		ROW("what is not understood is explained", unknown_things_are_usage),
	};
	return rows_run("cli/new/operation", rows, COUNT_OF(rows));
}
