/* Where files and folders can be made at all, whoever asks: what a permission does not tell. */
#ifndef CROFT_BASE_FOLDER_H
#define CROFT_BASE_FOLDER_H

struct arena;

/*
 * Why no file or folder can be kept at the path: it or a folder above is a link to what is not
 * there, or lies where the kernel shows itself (/proc, /sys). A clause in the arena; NULL: nothing
 * is known to be in the way. Makes nothing.
 */
const char *folder_obstacle(struct arena *arena, const char *path);

#endif
