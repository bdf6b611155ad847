#include "common/service/daemon.h"

/* The one main() of all daemons: SERVICE is the table of contents in the service's main.c. */
extern const struct service SERVICE;

int main(int argc, char **argv)
{
    return daemon_main(&SERVICE, argc, argv);
}
