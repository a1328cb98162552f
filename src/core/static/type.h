/* The media types of files. */
#ifndef CROFT_SRC_CORE_STATIC_TYPE_H
#define CROFT_SRC_CORE_STATIC_TYPE_H

/*
 * The media type (RFC 9110 §8.3), with charset for text, that a file name's ending stands for;
 * application/octet-stream if unknown. Lives for ever.
 */
const char *static_type_of(const char *path);

#endif
