#pragma once
#include "cli/cli.h"

/* room on the command line: rooms, equipment and places of a register, free and taken from day to day (R14). An entry is named as refer.h
 * says, a booking by its mark. */
int verb_room_free(struct cli *cli, int argc, char **argv);
int verb_room_list(struct cli *cli, int argc, char **argv);
int verb_room_book(struct cli *cli, int argc, char **argv);
int verb_room_cancel(struct cli *cli, int argc, char **argv);
