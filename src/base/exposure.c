/* The rule of who may get at files, and its words. */
#include "base/exposure.h"

#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/str.h"

static const char everybody[] = "every user of this machine";

/* The modes that are fine, and what others do where they are not. */
static const struct kind {
	mode_t fine;
	const char *read, *change;
} kinds[] = {
	[EXPOSURE_SETTINGS] = { 0755, "read it", "change it" },
	[EXPOSURE_SECRET] = { 0750, "read the secrets in it", "read and change the secrets in it" },
	[EXPOSURE_DATA] = { 0750, "read the data in it", "read and change the data in it" },
	[EXPOSURE_OWN] = { 0700, "read it", "read and change it" },
	[EXPOSURE_FOLDER] = { 0750, "look into it", "change what is in it" },
};

static mode_t fine_mode(enum exposure_kind kind, const struct exposure_rule *rule)
{
	/* where everybody has a group of his own files are often made that way */
	bool group_may = kind == EXPOSURE_SETTINGS && !rule->strict;
	return kinds[kind].fine | (group_may ? 020 : 0);
}

/* As a shell takes it. */
static const char *quoted(struct arena *arena, const char *path)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+,:@%-";
	if (!path[strspn(path, plain)])
		return path;
	char *text = arena_raw(arena, 4 * strlen(path) + 3), *out = text;
	*out++ = '\'';
	for (; *path; path++) {
		if (*path == '\'')
			out = mempcpy(out, "'\\'", 3);
		*out++ = *path;
	}
	*out++ = '\'';
	*out = '\0';
	return text;
}

static const char *group_name(struct arena *arena, gid_t gid)
{
	const struct group *group = getgrgid(gid);
	return group ? arena_printf(arena, "its group %s", group->gr_name)
		     : arena_printf(arena, "its group %lld", (long long)gid);
}

static const char *user_name(struct arena *arena, uid_t uid)
{
	const struct passwd *user = getpwuid(uid);
	return user ? arena_strdup(arena, user->pw_name)
		    : arena_printf(arena, "%lld", (long long)uid);
}

static const char *mode_fault(struct arena *arena, const char *path, const struct stat *st,
			      enum exposure_kind kind, mode_t fine)
{
	mode_t mode = st->st_mode & 0777;
	/* who may run a file, but not read it, gets nothing */
	mode_t extra = mode & ~fine & (S_ISDIR(st->st_mode) ? 0077 : 0066);
	if (!extra)
		return NULL;
	bool change = extra & 0022;
	mode_t whose = change ? extra & 0022 : extra;
	return arena_printf(arena, "%s has mode %04o, so %s can %s: chmod %o %s", path,
			    (unsigned)(st->st_mode & 07777),
			    whose & 0007 ? everybody : group_name(arena, st->st_gid),
			    change ? kinds[kind].change : kinds[kind].read,
			    (unsigned)(mode & kinds[kind].fine), quoted(arena, path));
}

static const char *owner_fault(struct arena *arena, const char *path, const struct stat *st,
			       const struct exposure_rule *rule)
{
	if (st->st_uid == 0 || st->st_uid == rule->keeper)
		return NULL;
	bool is_link = S_ISLNK(st->st_mode);
	return arena_printf(
		arena, "%s %s the user %s, who can %s: chown %s%s %s", path,
		is_link ? "is a link that belongs to" : "belongs to", user_name(arena, st->st_uid),
		is_link ? "let it lead elsewhere" : "read and change it", is_link ? "-h " : "",
		user_name(arena, rule->keeper), quoted(arena, path));
}

const char *exposure_of_status(struct arena *arena, const char *path, const struct stat *status,
			       enum exposure_kind kind, const struct exposure_rule *rule)
{
	bool fits = kind == EXPOSURE_FOLDER ? S_ISDIR(status->st_mode) : S_ISREG(status->st_mode);
	if (!fits)
		return NULL;
	const char *fault = mode_fault(arena, path, status, kind, fine_mode(kind, rule));
	if (!fault && (kind != EXPOSURE_SETTINGS || rule->strict))
		fault = owner_fault(arena, path, status, rule);
	return fault;
}

/* Where anybody may write, but only to what is his own, as in /tmp, names stay whose they are. */
const char *exposure_around(struct arena *arena, const char *path)
{
	const char *folder = str_folder(arena, path);
	struct stat st;
	if (stat(folder, &st) || !(st.st_mode & 0002) || (st.st_mode & S_ISVTX))
		return NULL;
	return arena_printf(
		arena,
		"the folder %s has mode %04o, so %s can put other files in the place of those in "
		"it: chmod o-w %s",
		folder, (unsigned)(st.st_mode & 07777), everybody, quoted(arena, folder));
}

/* Whoever may remake a link decides which file is read. */
static const char *link_fault(struct arena *arena, const char *path, enum exposure_kind kind,
			      const struct exposure_rule *rule)
{
	char real[PATH_MAX];
	struct stat link;
	if (lstat(path, &link) || !S_ISLNK(link.st_mode))
		return NULL;
	if (kind != EXPOSURE_SETTINGS || rule->strict) {
		const char *fault = owner_fault(arena, path, &link, rule);
		if (fault)
			return fault;
	}
	return realpath(path, real) ? exposure_around(arena, real) : NULL;
}

const char *exposure_of(struct arena *arena, const char *path, enum exposure_kind kind,
			const struct exposure_rule *rule)
{
	struct stat st;
	if (stat(path, &st))
		return NULL;
	const char *fault = exposure_of_status(arena, path, &st, kind, rule);
	if (!fault && S_ISREG(st.st_mode))
		fault = exposure_around(arena, path);
	return fault ? fault : link_fault(arena, path, kind, rule);
}
