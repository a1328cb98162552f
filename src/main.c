/*
 * The program's entry: everything happens in cli_main(). Not in the library, so that tests have
 * their own main.
 */
#include "cli/main.h"

int main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
