/* Secrets on the command line; see args.c. */
#ifndef CROFT_SRC_CLI_ARGS_H
#define CROFT_SRC_CLI_ARGS_H

/*
 * A copy on the heap of an argument of the process; what is secret in the argument itself is
 * written over with "x".
 */
char *args_take(char *arg);

#endif
