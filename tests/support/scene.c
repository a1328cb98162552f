/* The scratch context of the lower layers' tests. */
#include "support/scene.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void scene_open(struct scene *scene)
{
	memset(scene, 0, sizeof(*scene));
	arena_init(&scene->arena, 0);
	ctx_init(&scene->c, &scene->app, &scene->arena);
	strcpy(scene->folder, "/tmp/croft-test-XXXXXX");
	if (!mkdtemp(scene->folder)) {
		perror("mkdtemp");
		abort();
	}
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void scene_close(struct scene *scene)
{
	nftw(scene->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_done(&scene->arena);
}

const char *scene_path(struct scene *scene, const char *name)
{
	return arena_printf(&scene->arena, "%s/%s", scene->folder, name);
}

void scene_next(struct scene *scene)
{
	ctx_recover(&scene->c);
	arena_reset(&scene->arena);
}
