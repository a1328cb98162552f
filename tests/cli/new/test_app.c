/*
 * `croft new app`: what it makes beside a tree and what it refuses, each time leaving nothing. The
 * trees here are the few files that it looks at, and are not compiled.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"
#include "tree.h"

#define GIT "HOME=$PWD/.. git"

/* As it is committed, in the folder "tree"; git knows who commits. */
static void clone_open(struct program *p)
{
	char command[TREE_COMMAND_ROOM];
	tree_open(p);
	snprintf(command, sizeof(command),
		 "mkdir tree && mv src include sql tests below tree && cd '%s' &&"
		 " cp --parents -t '%s/tree' tools/new-app include/base/app_name.h app.ini "
		 "static/index.html"
		 " .env.example README.md LICENSE .ci/run",
		 p->root, p->folder);
	free(tree_shell(p, command));
	free(tree_shell(p, "cd tree && " GIT " config --global user.name a &&" GIT
			   " config --global user.email a@example.org && " GIT " init -q && " GIT
			   " add . && " GIT " commit -qm all"));
}

/* `croft new app NAME`, started somewhere in the folder; what it said. */
static char *app_make(struct program *p, const char *folder, const char *name)
{
	char command[TREE_COMMAND_ROOM];
	snprintf(command, sizeof(command),
		 "export HOME=$PWD; cd '%s' && { '%s' new app '%s'; echo \"status $?\"; }", folder,
		 p->binary, name);
	return tree_shell(p, command);
}

static void makes_a_project(void **state)
{
	(void)state;
	struct program p;
	clone_open(&p);
	char *said = app_make(&p, "tree/below/the/root", "shop");
	text_assert_has(said, "/shop\n\nNow: cd '/");
	text_assert_has(said, "status 0\n");
	free(said);
	tree_has(&p, "shop/include/base/app_name.h", "#define APP_NAME \"shop\"\n");
	tree_has(&p, "shop/include/base/app_name.h", "#define APP_PREFIX \"SHOP_\"\n");
	tree_has(&p, "shop/.env.example", "\n#SHOP_SERVER_PORT=8000\n");
	tree_has(&p, "shop/app.ini", "\n#name = shop\n");
	tree_has(&p, "shop/README.md", "# shop\n");
	tree_has(&p, "shop/LICENSE", " the croft authors\nCopyright (c) ");
	tree_has(&p, "shop/LICENSE", " the shop authors\n");
	tree_has(&p, "shop/.ci/run", "exec make check T=modules\n");
	free(tree_shell(&p, "cd shop && test -z \"$(" GIT " status --porcelain)\" && "
			    "test \"$(" GIT " remote)\" = croft && "
			    "test \"$(" GIT " log --format=%s -1)\" = 'shop: begin with croft'"));
	program_close(&p);
}

/* Where the clone itself came from: it may be gone one day. */
static void follows_the_origin_of_the_clone(void **state)
{
	(void)state;
	struct program p;
	clone_open(&p);
	free(tree_shell(&p, "cd tree && git remote add origin /srv/croft.git"));
	free(app_make(&p, "tree", "shop"));
	free(tree_shell(&p, "test $(git -C shop remote get-url croft) = /srv/croft.git"));
	program_close(&p);
}

/* By the way that links lead, the folder beside is another, and git tells the other way. */
static void is_made_beside_the_clone_itself(void **state)
{
	(void)state;
	struct program p;
	clone_open(&p);
	free(tree_shell(&p, "mkdir elsewhere && ln -s ../tree elsewhere/link"));
	char *said = app_make(&p, "elsewhere/link", "shop");
	text_assert_has(said, "status 0\n");
	free(said);
	free(tree_shell(&p, "test -d shop/.git && test \"$(ls elsewhere)\" = link"));
	program_close(&p);
}

/* The clone says who commits, and nothing else does. */
static void its_commits_are_of_who_commits_in_the_clone(void **state)
{
	(void)state;
	struct program p;
	clone_open(&p);
	free(tree_shell(&p, "rm .gitconfig && cd tree && git config user.name ada && "
			    "git config user.email ada@example.org"));
	char *said = app_make(&p, "tree", "shop");
	text_assert_has(said, "status 0\n");
	free(said);
	free(tree_shell(&p, "cd shop && test \"$(" GIT " log --format='%an %ce' -1)\" = "
			    "'ada ada@example.org' && test $(" GIT " config user.name) = ada"));
	program_close(&p);
}

/* As what was built, data and secrets. */
static void leaves_behind_what_git_ignores(void **state)
{
	(void)state;
	struct program p;
	clone_open(&p);
	free(tree_shell(&p, "cd tree && echo /.env >>.git/info/exclude && echo here >.env"));
	char *said = app_make(&p, "tree", "shop");
	text_assert_has(said, "status 0\n");
	free(said);
	free(tree_shell(&p, "test ! -e shop/.env && test -e tree/.env"));
	program_close(&p);
}

struct refusal {
	/* a command of the shell that is done in the tree before, or NULL */
	const char *before;
	const char *name, *sentence;
};

/* `*state`: one of them. */
static void is_refused(void **state)
{
	const struct refusal *refusal = *state;
	char command[TREE_COMMAND_ROOM];
	struct program p;
	clone_open(&p);
	snprintf(command, sizeof(command), "cd tree && %s", refusal->before);
	if (refusal->before)
		free(tree_shell(&p, command));
	char *before = tree_shell(&p, "ls -A . tree");
	char *said = app_make(&p, "tree", refusal->name);
	text_assert_has(said, "croft: new app failed: ");
	text_assert_has(said, refusal->sentence);
	text_assert_has(said, "status 1\n");
	char *after = tree_shell(&p, "ls -A . tree");
	assert_string_equal(after, before);
	free(after);
	free(said);
	free(before);
	program_close(&p);
}

#define REFUSED(why, ...) ROW_OF("refused: " why, is_refused, (&(struct refusal){ __VA_ARGS__ }))

static void no_clone_is_refused(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "new", "app", "shop");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "is not in the source tree of croft, which this works in: clone it "
			       "with git, and start this there, or below");
	program_close(&p);
}

static void unknown_things_are_usage(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "new", "app");
	program_assert_code(&p, 2);
	program(&p, "new", "app", "shop", "more");
	program_assert_code(&p, 2);
	program(&p, "new", "app", "shop", "--singular", "shops");
	program_assert_code(&p, 2);
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a project has a name, variables, papers and checks of its own",
		    makes_a_project),
		ROW("it takes later versions from where the clone came from",
		    follows_the_origin_of_the_clone),
		ROW("it is made beside the clone itself, whatever links lead there",
		    is_made_beside_the_clone_itself),
		ROW("its commits are of who commits in the clone",
		    its_commits_are_of_who_commits_in_the_clone),
		ROW("it leaves behind what git ignores", leaves_behind_what_git_ignores),
		REFUSED("a name with signs", NULL, "../shop",
			"'../shop' is no name for a project: it begins with a letter a-z"),
		REFUSED("an option", NULL, "a b", "'a b' is no name for a project"),
		REFUSED("the name that there is", NULL, "croft",
			"a project of one's own is not called croft, too"),
		REFUSED("what is beside the binary", NULL, "test",
			"'test' cannot be the name of a project: build/test is something else"),
		REFUSED("the variables of others", NULL, "lc",
			"'lc' cannot be the name of a project: its variables would begin as those"),
		REFUSED("those that systemd gives a unit with StateDirectory=", NULL, "state",
			"its variables would begin as those of others do"),
		REFUSED("those of make", NULL, "make", "its variables would begin as those"),
		REFUSED("those of whoever runs it", NULL, "sudo",
			"its variables would begin as those"),
		REFUSED("a folder that is there", "mkdir ../shop", "shop",
			"/shop already: choose another name"),
		REFUSED("a link that is there", "ln -s nowhere ../shop", "shop",
			"/shop already: choose another name"),
		REFUSED("files that git does not know", "mkdir more && echo >more/here.md", "shop",
			"has changes that are not committed, and the project would be without"),
		REFUSED("also where git was told not to look",
			"git config status.showUntrackedFiles no && echo >here.md", "shop",
			"has changes that are not committed, and the project would be without"),
		REFUSED("changes that git has not", "echo >>README.md", "shop",
			"has changes that are not committed, and the project would be without"),
		REFUSED("a tree without git", "rm -rf .git", "shop",
			"is no clone that git knows, and a project takes later versions in with "
			"it"),
		REFUSED("a tree within another", "rm -rf .git && git init -q ..", "shop",
			"is no clone that git knows"),
		REFUSED("somebody whom git does not know", "rm ../.gitconfig", "shop",
			"git does not know who you are"),
		REFUSED("what cannot be made whole", "git rm -q LICENSE && " GIT " commit -qm less",
			"shop", "LICENSE"),
		ROW("refused: a croft without its source", no_clone_is_refused),
		ROW("what is not understood is explained", unknown_things_are_usage),
	};
	return rows_run("cli/new/app", rows, COUNT_OF(rows));
}
