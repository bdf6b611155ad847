#pragma once
#include "tests/service/node_rig.h"

/* stage: the one rig of a test program with real processes, and what its tests do with it again and again. */
extern struct node_rig rig;
int  stage_set_up(void **state);
int  stage_tear_down(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

void run_node(const char *failpoint);           /* NULL: none */
void first_meeting(void);                       /* copies come down, a lane is opened; the node is down again */
/* Every effect once: as many supports in the region's journal as were queued, and so many verdicts at the node. */
void assert_all_once(unsigned queued);
void drop_staff(const char *name, const char *rows);    /* a staff list into the drop folder */
void await_lists(void);                         /* the folder is empty and nothing waits */
bool says(const char *dir, const char *args, const char *text);     /* rsnms ARGS prints it; else it is shown */
/* The JSON text value that follows the mark. */
void value_at(const char *text, const char *mark, char value[60]);
