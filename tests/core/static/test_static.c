/* Static files are found, and nothing beside them is. With real folders, links and pipes. */
#include "core/static.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "core/embedded.h"
#include "core/gzip.h"
#include "core/static/beneath.h"
#include "testing/rows.h"
#include "testing/scene.h"

/* ---- a folder with everything that tempts ---- */

static void write_file(struct scene *scene, const char *name, const char *text)
{
	FILE *file = fopen(scene_path(scene, name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void make_folder(struct scene *scene, const char *name)
{
	assert_int_equal(mkdir(scene_path(scene, name), 0755), 0);
}

static void make_link(struct scene *scene, const char *to, const char *name)
{
	assert_int_equal(symlink(to, scene_path(scene, name)), 0);
}

static void furnish(struct scene *scene)
{
	scene_open(scene);
	write_file(scene, "secret.txt", "outside");
	make_folder(scene, "www");
	make_folder(scene, "www/css");
	make_folder(scene, "www/.git");
	write_file(scene, "www/index.html", "<p>disk</p>");
	write_file(scene, "www/css/app.css", "p{}");
	write_file(scene, "www/.env", "secret");
	write_file(scene, "www/.git/config", "secret");
	write_file(scene, "www/%2e%2e", "odd but ours");
	make_link(scene, "../secret.txt", "www/out.txt");
	make_link(scene, "/etc/passwd", "www/passwd");
	make_link(scene, "index.html", "www/inside.html");
	make_link(scene, "..", "www/up");
	make_link(scene, "/etc", "www/etc");
	assert_int_equal(mkfifo(scene_path(scene, "www/pipe"), 0644), 0);
	assert_int_equal(truncate(scene_path(scene, "secret.txt"), 7), 0);
}

typedef int opener(int folder, const char *path);

struct open_case {
	opener *open;
	const char *path;
	const char *content; /* NULL: refused */
};

static void opens(void **state)
{
	const struct open_case *row = *state;
	struct scene scene;
	char text[64] = "";

	furnish(&scene);
	int folder = open(scene_path(&scene, "www"), O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(folder >= 0);
	int fd = row->open(folder, row->path);
	assert_true((fd >= 0) == (row->content != NULL));
	if (row->content) {
		assert_true(read(fd, text, sizeof(text) - 1) >= 0);
		assert_string_equal(text, row->content);
		close(fd);
	}
	close(folder);
	scene_close(&scene);
}

/* Both ways to open must agree. */
#define OPENS(sentence, path, content) \
	ROW_OF(sentence, opens, (&(struct open_case){ beneath_open, path, content })), \
		ROW_OF(sentence " (by segments)", opens, \
		       (&(struct open_case){ beneath_open_by_segments, path, content }))

/* ---- finding ---- */

static const unsigned char page[] = "<p>embedded</p>";

static struct embedded_file embedded[] = {
	{ "admin/app.js", NULL, 0, NULL, 0 }, /* filled in by open_statics() */
	{ "docs.html", page, sizeof(page) - 1, NULL, 0 },
	{ "index.html", page, sizeof(page) - 1, NULL, 0 },
	{ "logo.png", page, sizeof(page) - 1, NULL, 0 },
};

static const char script[] =
	"let a = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';";

static struct static_files *open_statics(struct scene *scene, bool with_folder)
{
	struct static_files *statics;
	struct buf packed;

	furnish(scene);
	buf_init(&packed, &scene->arena);
	assert_true(gzip_pack(script, sizeof(script) - 1, &packed));
	embedded[0].size = sizeof(script) - 1;
	embedded[0].gzip = (const unsigned char *)packed.data;
	embedded[0].gzip_size = packed.len;
	assert_int_equal(static_open(&scene->c, with_folder ? scene_path(scene, "www") : "",
				     embedded, COUNT_OF(embedded), &statics),
			 APP_OK);
	return statics;
}

static void close_statics(struct scene *scene, struct static_files *statics)
{
	static_drop(statics);
	scene_close(scene);
}

static void unpacks_once(void **state)
{
	struct scene scene;
	struct static_files *statics = open_statics(&scene, false);
	struct static_file first, second;

	(void)state;
	assert_int_equal(static_find(&scene.c, statics, "admin/app.js", false, &first), APP_OK);
	assert_int_equal(static_find(&scene.c, statics, "admin/app.js", false, &second), APP_OK);
	assert_memory_equal(first.bytes, script, sizeof(script) - 1);
	assert_ptr_equal(first.bytes, second.bytes);
	close_statics(&scene, statics);
}

static void is_not_found(void **state)
{
	const char *path = *state;
	struct scene scene;
	struct static_files *statics = open_statics(&scene, true);
	struct static_file file = { .size = 77 };

	assert_int_equal(static_find(&scene.c, statics, path, true, &file), APP_NOT_FOUND);
	assert_int_equal(file.size, 77);
	close_statics(&scene, statics);
}

static void finds_on_disk(void **state)
{
	struct scene scene;
	struct static_files *statics = open_statics(&scene, true);
	struct static_file file;
	char text[32] = "";

	(void)state;
	assert_int_equal(static_find(&scene.c, statics, "index.html", true, &file), APP_OK);
	assert_null(file.bytes);
	assert_int_equal(file.size, 11);
	assert_int_equal(read(file.fd, text, sizeof(text)), 11);
	assert_string_equal(text, "<p>disk</p>");
	assert_string_equal(file.type, "text/html; charset=utf-8");
	assert_string_equal(file.cache_control, "no-cache");
	assert_true(file.etag[0] == '"' && file.etag[strlen(file.etag) - 1] == '"');
	assert_false(file.is_gzip || file.vary);
	close(file.fd);
	close_statics(&scene, statics);
}

static void tag_follows_the_file(void **state)
{
	struct scene scene;
	struct static_files *statics = open_statics(&scene, true);
	struct static_file before, after;
	const struct timespec times[2] = { { 1000, 1 }, { 1000, 1 } },
			      later[2] = { { 1000, 2 }, { 1000, 2 } };

	(void)state;
	const char *path = scene_path(&scene, "www/css/app.css");
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_int_equal(static_find(&scene.c, statics, "css/app.css", true, &before), APP_OK);
	assert_int_equal(utimensat(AT_FDCWD, path, later, 0), 0);
	assert_int_equal(static_find(&scene.c, statics, "css/app.css", true, &after), APP_OK);
	assert_string_not_equal(before.etag, after.etag);
	close(before.fd);
	close(after.fd);
	close_statics(&scene, statics);
}

static void bounds_the_size(void **state)
{
	struct scene scene;
	struct static_files *statics = open_statics(&scene, true);
	struct static_file file;

	(void)state;
	assert_int_equal(truncate(scene_path(&scene, "www/css/app.css"), STATIC_SIZE_MAX), 0);
	assert_int_equal(static_find(&scene.c, statics, "css/app.css", true, &file), APP_OK);
	close(file.fd);
	assert_int_equal(
		truncate(scene_path(&scene, "www/css/app.css"), (off_t)STATIC_SIZE_MAX + 1), 0);
	assert_int_equal(static_find(&scene.c, statics, "css/app.css", true, &file), APP_NOT_FOUND);
	close_statics(&scene, statics);
}

static void finds_embedded(void **state)
{
	struct scene scene;
	struct static_files *statics = open_statics(&scene, false);
	struct static_file file, other;

	(void)state;
	assert_int_equal(static_find(&scene.c, statics, "index.html", true, &file), APP_OK);
	assert_ptr_equal(file.bytes, page);
	assert_int_equal(file.fd, -1);
	assert_int_equal(file.size, sizeof(page) - 1);
	assert_int_equal(strlen(file.etag), 18);
	assert_int_equal(static_find(&scene.c, statics, "logo.png", true, &other), APP_OK);
	assert_string_equal(other.type, "image/png");
	assert_string_equal(other.cache_control, "public, max-age=86400");
	assert_string_equal(other.etag, file.etag);
	close_statics(&scene, statics);
}

static void chooses_the_form(void **state)
{
	struct scene scene;
	struct static_files *statics = open_statics(&scene, false);
	struct static_file packed, plain;

	(void)state;
	assert_int_equal(static_find(&scene.c, statics, "admin/app.js", true, &packed), APP_OK);
	assert_true(packed.is_gzip && packed.vary);
	assert_ptr_equal(packed.bytes, embedded[0].gzip);
	assert_int_equal(packed.size, embedded[0].gzip_size);
	assert_int_equal(static_find(&scene.c, statics, "admin/app.js", false, &plain), APP_OK);
	assert_true(!plain.is_gzip && plain.vary);
	assert_int_equal(plain.size, sizeof(script) - 1);
	assert_memory_equal(plain.bytes, script, plain.size);
	assert_string_not_equal(plain.etag, packed.etag);
	close_statics(&scene, statics);
}

static void falls_back_to_embedded(void **state)
{
	struct scene scene;
	struct static_files *statics = open_statics(&scene, true);
	struct static_file file;

	(void)state;
	assert_int_equal(static_find(&scene.c, statics, "docs.html", true, &file), APP_OK);
	assert_ptr_equal(file.bytes, page);
	assert_int_equal(scene.c.failure.err, APP_OK);
	close_statics(&scene, statics);
}

static void needs_its_folder(void **state)
{
	struct scene scene;
	struct static_files *statics = NULL;

	(void)state;
	scene_open(&scene);
	assert_int_equal(static_open(&scene.c, "/nowhere/at/all", NULL, 0, &statics),
			 APP_UNAVAILABLE);
	assert_string_equal(
		ctx_failure_text(&scene.c, APP_UNAVAILABLE),
		"server.static_dir: cannot open '/nowhere/at/all': No such file or directory");
	assert_null(statics);
	ctx_recover(&scene.c);
	write_file(&scene, "file", "");
	assert_int_equal(static_open(&scene.c, scene_path(&scene, "file"), NULL, 0, &statics),
			 APP_UNAVAILABLE);
	static_drop(NULL);
	scene_close(&scene);
}

static void lives_without_files(void **state)
{
	struct scene scene;
	struct static_files *statics;
	struct static_file file;

	(void)state;
	scene_open(&scene);
	assert_int_equal(static_open(&scene.c, NULL, NULL, 0, &statics), APP_OK);
	assert_int_equal(static_find(&scene.c, statics, "index.html", true, &file), APP_NOT_FOUND);
	close_statics(&scene, statics);
}

#define NOT_FOUND(sentence, path) ROW_OF(sentence, is_not_found, path)

int main(void)
{
	const struct CMUnitTest rows[] = {
		OPENS("a file in the folder opens", "index.html", "<p>disk</p>"),
		OPENS("a file in a folder below opens", "css/app.css", "p{}"),
		OPENS("a link out is refused", "out.txt", NULL),
		OPENS("a link to an absolute path is refused", "passwd", NULL),
		OPENS("a link inside is refused too", "inside.html", NULL),
		OPENS("a linked folder is refused", "etc/passwd", NULL),
		OPENS("a link upwards is refused", "up/secret.txt", NULL),
		OPENS("two dots are refused", "../secret.txt", NULL),
		OPENS("two dots further down are refused", "css/../../secret.txt", NULL),
		OPENS("an absolute path is refused", "/etc/passwd", NULL),
		OPENS("a file is no folder", "index.html/x", NULL),
		OPENS("what is not there is refused", "nothing", NULL),
		OPENS("an empty path is refused", "", NULL),

		ROW("a file on disk is found", finds_on_disk),
		ROW("the tag follows the time of change", tag_follows_the_file),
		ROW("a file that is too large is not served", bounds_the_size),
		ROW("an embedded file is found", finds_embedded),
		ROW("the gzip form is given to those who take it", chooses_the_form),
		ROW("what is kept packed is unpacked once, however often it is asked for",
		    unpacks_once),
		ROW("embedded files are found beside a folder", falls_back_to_embedded),
		ROW("a folder that cannot be opened does not start", needs_its_folder),
		ROW("no files at all is fine", lives_without_files),

		NOT_FOUND("two dots", "../secret.txt"),
		NOT_FOUND("an absolute path", "/etc/passwd"),
		NOT_FOUND("..%2f as text", "..%2fsecret.txt"),
		NOT_FOUND("..%5c", "..\\secret.txt"),
		NOT_FOUND("a backslash within", "css\\app.css"),
		NOT_FOUND("%252e decoded once stays text", "%2e%2e/secret.txt"),
		NOT_FOUND("a link out", "out.txt"),
		NOT_FOUND("a link to a folder outside", "etc/passwd"),
		NOT_FOUND("a dotfile", ".env"),
		NOT_FOUND(".git", ".git/config"),
		NOT_FOUND("a dotfile below a folder", "css/.hidden"),
		NOT_FOUND("a folder is not listed", "css"),
		NOT_FOUND("a folder with its slash", "css/"),
		NOT_FOUND("the folder itself", ""),
		NOT_FOUND("two slashes", "css//app.css"),
		NOT_FOUND("a line feed", "index.html\n"),
		NOT_FOUND("a named pipe", "pipe"),
		NOT_FOUND("a file that is nowhere", "nothing.html"),
	};

	return rows_run("static", rows, COUNT_OF(rows));
}
