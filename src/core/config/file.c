/* Reading a small text file whole: app.ini, .env and the files of secrets. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "internal.h"

enum { PIECE_BYTES = 4096 };

/* Not by stdio, which keeps what it read in a buffer of its own. */
static bool read_all(int fd, struct buf *text, size_t limit)
{
	while (text->len <= limit) {
		ssize_t got = read(fd, buf_reserve(text, PIECE_BYTES), PIECE_BYTES);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return !got;
		text->len += (size_t)got;
	}
	return true;
}

/* Windows editors put a byte order mark before the first line. */
static char *skip_mark(char *text)
{
	static const char mark[] = "\xEF\xBB\xBF";
	return str_starts(text, mark) ? text + strlen(mark) : text;
}

static bool is_utf16(const struct buf *text)
{
	return text->len >= 2 &&
	       (!memcmp(text->data, "\xFF\xFE", 2) || !memcmp(text->data, "\xFE\xFF", 2));
}

/* Looked at by its descriptor: it is this very file that is read. */
static void remember(struct config_loader *loader, const char *path, int fd)
{
	struct config *config = loader->config;
	struct config_file *files = arena_zero(&config->arena,
					       (config->file_count + 2) * sizeof(*files));
	struct stat status;
	if (fstat(fd, &status))
		return;
	if (config->file_count)
		memcpy(files, config->files, config->file_count * sizeof(*files));
	files[config->file_count++] = (struct config_file){
		.path = arena_strdup(&config->arena, path),
		.status = status,
	};
	config->files = files;
}

char *config_file_text(struct config_loader *loader, const char *path, size_t limit,
		       const char **ret_why, bool *ret_missing)
{
	struct arena *arena = loader->scratch;
	*ret_missing = false;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		*ret_missing = errno == ENOENT || errno == ENOTDIR;
		*ret_why = strerror(errno);
		return NULL;
	}
	struct buf text;
	buf_init(&text, arena);
	remember(loader, path, fd);
	bool complete = read_all(fd, &text, limit);
	int why = errno;
	close(fd);
	if (!complete)
		*ret_why = strerror(why);
	else if (text.len > limit)
		*ret_why = arena_printf(arena, "the file is larger than %zu KiB", limit / 1024);
	else if (text.len && memchr(text.data, '\0', text.len))
		*ret_why = is_utf16(&text) ? "the file is UTF-16: save it as UTF-8"
					   : "the file holds a NUL byte, so it is not text";
	else {
		buf_add_char(&text, '\0');
		return skip_mark(text.data);
	}
	return NULL;
}

/* What stands in a URL is public but for a password. */
static bool has_password(const char *url)
{
	const char *authority = strstr(url, "://");
	if (!authority)
		return false;
	authority += strlen("://");
	size_t len = strcspn(authority, "/?#");
	/* one that is not encoded may hold any of these */
	const char *at = strrchr(authority, '@');
	const char *colon = memchr(authority, ':', len);
	return (at && colon && colon < at) || strstr(authority, "password=");
}

void config_file_gave(struct config *config, const struct option *option, const char *text)
{
	bool secret = option->secret && *text &&
		      (!str_ends(option->key, "url") || has_password(text));
	if (secret && config->file_count)
		config->files[config->file_count - 1].has_secret = true;
}

char *config_file_line(char **at)
{
	char *line = *at;
	if (!*line)
		return NULL;
	size_t len = strcspn(line, "\n");
	*at = line + len + (line[len] == '\n');
	if (len && line[len - 1] == '\r')
		line[len - 1] = '\0';
	line[len] = '\0';
	return line;
}
