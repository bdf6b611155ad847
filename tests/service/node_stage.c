#include "tests/service/node_stage.h"

#include <signal.h>

#include "services/node/node.h"

struct node_rig rig;

int stage_set_up(void **state)
{
    (void)state;
    node_rig_open(&rig);
    return 0;
}

int stage_tear_down(void **state)
{
    (void)state;
    node_rig_close(&rig);
    return 0;
}

void run_node(const char *failpoint)
{
    rig.node_pid = node_rig_start(&rig, rig.node, failpoint);
}

void first_meeting(void)
{
    run_node(NULL);
    node_rig_sleep(1500);                   /* the copies come down, a lane is opened */
    assert_int_equal(node_rig_stop(&rig.node_pid, SIGTERM), 0);
}

/* Every effect once: as many supports in the region's journal as were queued, and so many verdicts at the node. */
void assert_all_once(unsigned queued)
{
    struct node_status status;
    assert_true(node_rig_status(&rig, rig.node, &status));
    if (status.accepted != queued)
        node_rig_tell(&rig, rig.node);
    assert_int_equal(status.waiting, 0);
    assert_int_equal(status.accepted, queued);
    assert_int_equal(status.refused, 0);
    assert_int_equal(status.conflicts, 0);
    assert_int_equal(status.copy, NODE_COPY_LIVE);
    node_rig_region(&rig, false);
    assert_int_equal(node_rig_events(&rig, "routes", "routes.support.recorded"), queued);
    node_rig_region(&rig, true);
}

void drop_staff(const char *name, const char *rows)
{
    char path[300];
    snprintf(path, sizeof path, "%s/files/drop/%s", rig.node, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "Код;Фамилия;Имя;Дата рождения;Код организации;Должность;Работает с\n%s", rows);
    assert_int_equal(fclose(file), 0);
}

static bool drop_is_empty(void)
{
    char command[200];
    snprintf(command, sizeof command, "[ -z \"$(ls -A '%s/files/drop')\" ]", rig.node);
    return system(command) == 0;
}

void await_lists(void)
{
    for (int waited = 0; !drop_is_empty() && waited < 30000; waited += 100)
        node_rig_sleep(100);
    bool drained = drop_is_empty() && node_rig_drained(&rig, rig.node, 60000, NULL);
    if (!drained)
        node_rig_tell(&rig, rig.node);
    assert_true(drained);
}

bool says(const char *dir, const char *args, const char *text)
{
    char out[8192];
    node_rig_rsnms(&rig, dir, args, out, sizeof out);
    bool there = strstr(out, text) != NULL;
    if (!there)
        print_error("rsnms %s: no «%s» in:\n%s\n", args, text, out);
    return there;
}

void value_at(const char *text, const char *mark, char value[60])
{
    const char *at = strstr(text, mark), *open = at != NULL ? strchr(at + strlen(mark), '"') : NULL;
    if (open == NULL)
        fail_msg("no %s in: %s", mark, text);
    snprintf(value, 60, "%.*s", (int)strcspn(open + 1, "\""), open + 1);
}
