/*
 * `croft new module`: what it writes into a tree and what it refuses, each time leaving the tree as
 * it was. The trees here are the few files that it looks at, and are not compiled.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"
#include "tree.h"

static void modules_open(struct program *p)
{
	tree_open(p);
	program_write(p, "include/modules/posts.h", "extern const struct schema reader_schema;\n");
	program_write(p, "src/modules/lent/module.c",
		      "COLUMNS(loan, (TEXT, a));\n"
		      "COLUMNS(seat_list, (TEXT, a));\n"
		      "SCHEMA(post, FIELD(struct post, id));\n"
		      "SCHEMA(chair_row, FIELD(struct chair_row, id));\n"
		      "PAGE_SCHEMA(stool);\n"
		      "SCHEMA_WITH(form2, (.open = true), FIELD(struct form2, id));\n"
		      "COLUMNS_SCHEMAS(bench, (TEXT, a));\n");
	program_write(p, "include/modules/lent.h", "COLUMNS_STRUCTS(sofa, (TEXT, a));\n");
	program_write(p, "tests/modules/stage.h", "");
	program_write(p, "sql/sqlite/0007_posts.sql",
		      "CREATE TABLE posts (id INTEGER);\nCREATE TABLE tags (id INTEGER);\n"
		      "CREATE UNIQUE INDEX shop_items_code_key ON shop_items (code_key);\n");
	program_write(p, "sql/postgres/0008_more.sql", "");
}

static void run_words(struct program *p, const char *words)
{
	char line[TREE_COMMAND_ROOM];
	snprintf(line, sizeof(line), "module %s", words);
	tree_run(p, line);
}

/* ---- what it writes ---- */

static void writes_a_module(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	run_words(&p, "books title:searched isbn:name? shelf:a|b=b year:int:1..9 owner");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "include/modules/books.h\nsrc/modules/books/module.c\n"
			       "tests/modules/books/test_books.c\nsql/sqlite/0009_books.sql\n"
			       "sql/postgres/0009_books.sql\nsrc/app/modules.c (changed)\n");
	tree_has(&p, "src/modules/books/module.c",
		 "COLUMNS(book,\n"
		 "\t(SEARCHED, title, .min_len = 1, .max_len = 200, .sort = true),\n"
		 "\t(NAME_OR_NULL, isbn, .min_len = 1, .max_len = 200),\n"
		 "\t(TEXT, shelf, .choices = shelf_choices, .preset = \"b\",");
	tree_has(&p, "include/modules/books.h", "extern const struct module books_module;\n");
	tree_has(&p, "tests/modules/books/test_books.c", "{ \"year\", \"1\", \"2\", \"10\" },\n");
	tree_has(&p, "sql/sqlite/0009_books.sql",
		 "CHECK (year BETWEEN 1 AND 9),\n"
		 "  owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,\n");
	tree_has(&p, "sql/postgres/0009_books.sql",
		 "CREATE INDEX books__shelf__title__idx ON books (shelf, title, id);\n");
	tree_has(&p, "src/app/modules.c",
		 "#include \"modules/auth.h\"\n#include \"modules/books.h\"\n#include "
		 "\"modules/posts.h\"\n");
	tree_has(&p, "src/app/modules.c", "\t&auth_module,\n\t&books_module,\n\tNULL,\n");
	program_close(&p);
}

struct spelling {
	const char *field, *in_c;
};

/* `*state`: one of them. */
static void preset_is_spelled(void **state)
{
	const struct spelling *at = *state;
	struct program p;
	modules_open(&p);
	run_words(&p, at->field);
	program_assert_code(&p, 0);
	tree_has(&p, "src/modules/books/module.c", at->in_c);
	program_close(&p);
}

#define PRESET(given, wanted) \
	ROW_OF("the preset of " given " is " wanted, preset_is_spelled, \
	       (&(struct spelling){ "books " given, ".preset = \"" wanted "\"" }))

/* shelf with title, and shelf_title alone. */
static void indexes_have_their_own_names(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	run_words(&p, "books title:searched shelf:a|b shelf_title:text:sorted");
	program_assert_code(&p, 0);
	free(tree_shell(&p, "test -z \"$(grep -ho 'INDEX [a-z_]*' sql/sqlite/0009_books.sql |"
			    " sort | uniq -d)\""));
	program_close(&p);
}

static void works_from_below(void **state)
{
	(void)state;
	struct program p;
	char command[TREE_COMMAND_ROOM];
	modules_open(&p);
	snprintf(command, sizeof(command), "cd below/the/root && '%s' new module notes body:text",
		 p.binary);
	free(tree_shell(&p, command));
	tree_has(&p, "src/modules/notes/module.c",
		 "COLUMNS(note, (TEXT, body, .min_len = 1, .max_len = 1000));\n");
	/* without an owner nobody else may write */
	tree_has(&p, "src/modules/notes/module.c", "ACCESS_USER, ACCESS_SUPERUSER, .model");
	program_close(&p);
}

/* Who has it writes; with an owner, the rows of others. */
static void asks_for_a_permission(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	run_words(&p, "notes body:text --permission");
	program_assert_code(&p, 0);
	tree_has(
		&p, "src/modules/notes/module.c",
		"PERMISSION(notes_manage, \"notes.manage\", \"Create, change and delete notes\");\n"
		"static const struct permission *const permissions[] = "
		"PERMISSIONS(&notes_manage);\n");
	tree_has(&p, "src/modules/notes/module.c", "ACCESS_USER, ACCESS_WITH(&notes_manage),");
	tree_has(&p, "src/modules/notes/module.c", "\t.permissions = permissions,\n");
	run_words(&p, "memos body:text owner --permission");
	program_assert_code(&p, 0);
	tree_has(&p, "src/modules/memos/module.c", "\"Change and delete the memos of others\");\n");
	tree_has(&p, "src/modules/memos/module.c", "ACCESS_USER, ACCESS_USER, ");
	tree_has(&p, "src/modules/memos/module.c", ".manage = &memos_manage);\n");
	program_close(&p);
}

static void asks_for_a_permission_by_hand(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	run_words(&p, "notes body:text --permission --by-hand");
	program_assert_code(&p, 0);
	tree_has(&p, "src/modules/notes/commands.c", "\t.access = ACCESS_WITH(&notes_manage),\n");
	tree_has(&p, "src/modules/notes/internal.h",
		 "extern const struct permission notes_manage;\n");
	tree_has(&p, "src/modules/notes/module.c", "\t.permissions = permissions,\n");
	run_words(&p, "memos body:text owner --by-hand --permission");
	program_assert_code(&p, 0);
	tree_has(&p, "src/modules/memos/commands.c", "\tif (actor_may(actor, &memos_manage))\n");
	tree_has(&p, "src/modules/memos/commands.c", "\t.access = ACCESS_USER,\n");
	program_close(&p);
}

struct singular {
	const char *plural, *singular;
};

static void finds_the_singular(void **state)
{
	const struct singular *at = *state;
	char words[128], piece[128], path[128];
	struct program p;
	modules_open(&p);
	snprintf(words, sizeof(words), "%s body:text", at->plural);
	snprintf(piece, sizeof(piece), "COLUMNS(%s, ", at->singular);
	snprintf(path, sizeof(path), "src/modules/%s/module.c", at->plural);
	run_words(&p, words);
	program_assert_code(&p, 0);
	tree_has(&p, path, piece);
	program_close(&p);
}

#define SINGULAR(many, one) \
	ROW_OF("one of " many " is a " one, finds_the_singular, (&(struct singular){ many, one }))

/* ---- what it refuses ---- */

static void expect_refusal(struct program *p, const char *words, const char *sentence)
{
	char line[TREE_COMMAND_ROOM];
	snprintf(line, sizeof(line), "module %s", words);
	tree_refuses(p, &(struct tree_refusal){ modules_open, "new module", line, sentence });
}

#define REFUSED(why, given, said) \
	TREE_REFUSED(why, modules_open, "new module", "module " given, said)

static void changed_list_is_refused(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	free(tree_shell(&p,
			"git init -q && git add . && git -c user.name=a -c user.email=a@example.com"
			" commit -qm all && echo >>src/app/modules.c"));
	expect_refusal(&p, "books title:text",
		       "src/app/modules.c has changes that are not committed, and would get one "
		       "more: commit or stash them first");
	free(tree_shell(&p, "git checkout -q src/app/modules.c"));
	run_words(&p, "books title:text");
	program_assert_code(&p, 0);
	program_close(&p);
}

static void other_list_is_refused(void **state)
{
	static const char *const others[] = {
		"int nothing;\n",
		"#include \"modules/auth.h\"\nconst struct module *const app_modules[] = { 0 };\n",
		"#include \"modules/auth.h\"\nint others[] = {\n\tNULL,\n};\n",
		"#include \"modules/auth.h\"\nconst struct module *const app_modules[] = {\n};\n",
	};
	(void)state;
	struct program p;
	modules_open(&p);
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		program_write(&p, "src/app/modules.c", others[i]);
		expect_refusal(&p, "books title:text",
			       "src/app/modules.c does not look as expected");
	}
	program_close(&p);
}

static void no_tree_is_refused(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	expect_refusal(&p, "books title:text", "is not in the source tree of croft");
	program_close(&p);
}

/* The last file of all cannot be written: those before it are taken back. */
static void takes_back_what_it_wrote(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	free(tree_shell(&p, "mkdir src/app/modules.c.new"));
	expect_refusal(&p, "books title:text", "cannot create src/app/modules.c.new: File exists");
	program_close(&p);
}

static void unknown_things_are_usage(void **state)
{
	(void)state;
	struct program p;
	modules_open(&p);
	program(&p, "new");
	program_assert_code(&p, 2);
	program(&p, "new", "module");
	program_assert_code(&p, 2);
	text_assert_has(p.err, "'new module' needs a name for the module");
	program(&p, "new", "module", "books", "title:text", "--force");
	program_assert_code(&p, 2);
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a module is its C, its migrations, its tests and its place in the list",
		    writes_a_module),
		ROW("it is found from a folder below, too", works_from_below),
		ROW("a module has a permission of its own where it is to have one",
		    asks_for_a_permission),
		ROW("written out, too", asks_for_a_permission_by_hand),
		PRESET("n:int=007", "7"),
		PRESET("n:int=+5", "5"),
		PRESET("p:real=.5", "0.5"),
		PRESET("p:real=1.", "1"),
		PRESET("due:time=2026-01-02T03:04:05+01:00", "\\\"2026-01-02T02:04:05Z\\\""),
		PRESET("t:text=007", "007"),
		ROW("no two indexes have one name", indexes_have_their_own_names),
		SINGULAR("categories", "category"),
		SINGULAR("boxes", "box"),
		SINGULAR("branches", "branch"),
		SINGULAR("movies", "movie"),
		SINGULAR("people", "person"),

		REFUSED("a module whose row has no clear name", "statuses name:text",
			"what is one of 'statuses' called? Say it with --singular NAME"),
		REFUSED("one row called as all of them", "sheep name:text --singular sheep",
			"'sheep' names the table and one row of it: choose two names"),
		REFUSED("a name with signs", "../books title:text",
			"'../books' is no name for a module: it begins with a letter a-z"),
		REFUSED("a name that is too long", "abcdefghijklmnopqrstuvwxyz title:text",
			"has at most 24 characters"),
		REFUSED("capitals", "Books title:text", "'Books' is no name for a module"),
		REFUSED("two underscores, which part a filter", "books full__title:text",
			"'full__title' is no name for a column"),
		REFUSED("a word of C", "books register:text",
			"'register' cannot be the name of a column: it is a word of C"),
		REFUSED("a word of SQL that one row would be called", "orders total:int",
			"'order' cannot be the name of a row: it is a word of SQL; choose another "
			"with --singular NAME"),
		REFUSED("a word of SQL", "orders order:text --singular sale",
			"'order' cannot be the name of a column: it is a word of SQL"),
		REFUSED("a table with such a name", "values x:text",
			"'values' cannot be the name of a module: it is a word of SQL"),
		REFUSED("a table of SQLite's", "sqlite_things x:text",
			"croft_, sqlite_ and pg_ begin the names of what is theirs"),
		REFUSED("a column that croft has", "books created_at:time",
			"'created_at' cannot be the name of a column: croft has it"),
		REFUSED("a column that croft keeps", "books title_folded:text",
			"croft keeps what it searches in columns that end in _folded"),
		REFUSED("the key of a name", "books isbn:name isbn_key:text",
			"field 'isbn_key': croft keeps isbn_key beside the name isbn"),
		REFUSED("a password", "books password_hash:text",
			"passwords are not; the users module keeps them"),
		REFUSED("a field twice", "books title:text title:int",
			"field 'title': there are two of them"),
		REFUSED("two owners", "books title:text owner keeper:owner",
			"field 'keeper': a table has one owner at most"),
		REFUSED("no field", "books", "a module needs a field at least"),
		REFUSED("an owner and nothing else", "books owner",
			"a module needs a field beside its owner, such as title:text"),
		REFUSED("a field too many",
			"books a:int b:int c:int d:int e:int f:int g:int h:int i:int j:int k:int "
			"l:int m:int n:int o:int p:int r:int s:int t:int u:int v:int w:int x:int "
			"y:int z:int",
			"a table made so has at most 24 columns"),
		REFUSED("a field without a type", "books title",
			"field 'title' has no type: write it as NAME:TYPE"),
		REFUSED("a type that there is not", "books title:string",
			"field 'title:string': there is no type 'string'; it is text"),
		REFUSED("bounds that are none", "books title:text:200",
			"'200' is neither 'sorted' nor bounds, such as 1..200"),
		REFUSED("bounds the wrong way round", "books title:text:9..1",
			"field 'title:text:9..1': the bounds '9..1' end before they begin"),
		REFUSED("a bound that no integer is", "books pages:int:1..99999999999999999999",
			"'1..99999999999999999999' is neither 'sorted' nor bounds, such as 1..200: "
			"these are two integers of at most 64 bits"),
		REFUSED("bounds twice", "books title:text:1..9:1..8",
			"field 'title:text:1..9:1..8' has bounds twice: leave one of them out"),
		REFUSED("bounds of what has none", "books is_out:bool:0..1",
			"only texts and int have bounds"),
		REFUSED("a text that an index cannot hold", "books title:text:1..5000:sorted",
			"its bounds are from 0 to 600 at most"),
		REFUSED("a name that is empty", "books title:name:0..10",
			"its bounds are from 1 to 200 at most"),
		REFUSED("a choice with signs", "books shelf:a|b'c", "'b'c' is no choice"),
		REFUSED("a choice twice", "books shelf:a|b|a", "names the choice 'a' twice"),
		REFUSED("a preset that is no choice", "books shelf:a|b=c",
			"field 'shelf': behind '=' stands one of its choices, not 'c'"),
		REFUSED("a preset out of bounds", "books year:int:1..9=10",
			"behind '=' stands an integer within its bounds, not '10'"),
		REFUSED("a preset that C takes for a trigraph", "books title:text=what?\?!",
			"behind '=' stands a short text without quotes, backslashes, ?? and"),
		REFUSED("a preset of a name", "books title:name=x",
			"a name is unique, so no two rows could leave it out"),
		REFUSED("a preset of what may be null", "books year:int?=1",
			"leave out the '?' or the '='"),
		REFUSED("an owner that may be null", "books title:text owner_id:owner?",
			"every row has its owner; leave out the '?'"),

		REFUSED("a table that is there", "tags word:text",
			"the name 'tags' is taken, by sql/sqlite/0007_posts.sql"),
		REFUSED("a struct that is there", "pages body:text",
			"the name 'page' is taken, by include/core/columns.h"),
		REFUSED("a schema that is there", "readers body:text",
			"the name 'reader_schema' is taken, by include/modules/posts.h"),
		REFUSED("a function that is there", "crud body:text --singular thing",
			"the name 'crud_list' is taken, by include/core/columns.h"),
		REFUSED("a row called as what columns make of another", "loan_pages body:text",
			"the name 'loan_page' is taken, by what is made of 'loan' in src/modules/"),
		REFUSED("a row called as the document calls rows of another", "post_rows body:text",
			"the name 'post_row' is taken, by what is made of 'post' in src/modules/"),
		REFUSED("a row called as the document calls another within others",
			"post_embeddeds body:text",
			"the name 'post_embedded' is taken, by what is made of 'post' in"),
		REFUSED("a row whose rows the document calls as another", "chairs body:text",
			"the name 'chair_row' is taken, by src/modules/lent"),
		REFUSED("a row called as the pages of another", "stool_pages body:text",
			"the name 'stool_page' is taken, by what is made of 'stool' in"),
		REFUSED("a row that the document calls as another", "form_2s body:text",
			"the name 'form2' is taken, by src/modules/lent"),
		REFUSED("a row whose structs a header has", "sofa_sets body:text",
			"the name 'sofa_set' is taken, by what is made of 'sofa' in include/"),
		REFUSED("a row whose structs are made with a header of their own",
			"benches body:text", "the name 'bench' is taken, by src/modules/lent"),
		REFUSED("a row called as the document calls a failure", "problems body:text",
			"'problem' cannot be the name of a row: Problem is what the document calls "
			"a failure; choose another with --singular NAME"),
		REFUSED("a row called so on purpose", "mishaps body:text --singular o_auth_error",
			"'o_auth_error' cannot be the name of a row: OAuthError is what the"),
		REFUSED("a row whose columns make what another is called", "seats body:text",
			"the name 'seat_list' is taken, by src/modules/lent"),
		REFUSED("the index of a name that is there", "shop items_code:name --singular sale",
			"the name 'shop_items_code_key' is taken, by sql/sqlite/0007_posts.sql"),
		REFUSED("a table called as an index that is there",
			"shop_items_code_key body:text --singular shop_key",
			"the name 'shop_items_code_key' is taken, by sql/sqlite/0007_posts.sql"),
		REFUSED("a table called as PostgreSQL calls the key of another",
			"tags_pkey body:text --singular key",
			"the name 'tags_pkey' is taken, by what is made of 'tags' in sql/sqlite/"),
		REFUSED("a table called as PostgreSQL calls the ids of another",
			"tags_id_seq body:text --singular key",
			"the name 'tags_id_seq' is taken, by what is made of 'tags' in "
			"sql/sqlite/"),
		REFUSED("a module with the name of what all tests share",
			"stage body:text --singular play",
			"there is tests/modules/stage.h already"),
		REFUSED("a module that is there", "posts body:text",
			"there is include/modules/posts.h already"),
		ROW("refused: a list with changes that git has not", changed_list_is_refused),
		ROW("refused: a list of another shape", other_list_is_refused),
		ROW("refused: a folder that is no tree of croft", no_tree_is_refused),
		ROW("what cannot be written whole is not written", takes_back_what_it_wrote),
		ROW("what is not understood is explained", unknown_things_are_usage),
	};
	return rows_run("cli/new", rows, COUNT_OF(rows));
}
