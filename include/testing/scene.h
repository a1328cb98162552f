/* A context with an arena and a scratch folder, for tests of the layers below HTTP. */
#ifndef CROFT_TESTING_SCENE_H
#define CROFT_TESTING_SCENE_H

#include "base/arena.h"
#include "base/ctx.h"
#include "core/app.h"

struct scene {
	struct ctx c;
	struct app app;
	struct arena arena;
	/* under /tmp; removed by scene_close() */
	char folder[64];
};

void scene_open(struct scene *scene);
void scene_close(struct scene *scene);
/* The path of a file in the scratch folder, in the arena. */
const char *scene_path(struct scene *scene, const char *name);
/* Forgets failures and drops what the arena holds, as between two requests. */
void scene_next(struct scene *scene);

#endif
