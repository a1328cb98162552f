/* The scratch context of the lower layers' tests. */
#include "testing/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testing/folder.h"

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

void scene_close(struct scene *scene)
{
	folder_remove(scene->folder);
	arena_done(&scene->arena);
}

const char *scene_path(struct scene *scene, const char *name)
{
	return arena_printf(&scene->arena, "%s/%s", scene->folder, name);
}

void scene_next(struct scene *scene)
{
	ctx_recover(&scene->c);
	scene->c.left = NULL;
	arena_reset(&scene->arena);
}
