/* The command line, whole: what the program does. */
#ifndef CROFT_CLI_MAIN_H
#define CROFT_CLI_MAIN_H

/*
 * Runs the command that the arguments name; returns what the process exits with. Secrets in
 * `argv` are written over.
 */
int cli_main(int argc, char **argv);

#endif
