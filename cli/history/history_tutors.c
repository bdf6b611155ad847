/* Who accompanies whom, of history load. */
#include "cli/history/history_parts.h"

static void tutor_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row, struct arena *arena)
{
    const struct tutor_line *read = row;
    const struct uuid *person = lookup_get(&history->persons, read->person);
    int kind = tutor_kind_read(read->kind);

    (void)arena;
    if (person == NULL)
        history_unknown(pipe, line, "person_unknown", "person");
    else if (kind < 0)
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "kind", "no_such_name", 0);
    else
        pipe_message(pipe, line, &(struct tutor_appoint){ *person, kind, read->limit, read->day });
}

int history_tutors(struct history *history)
{
    static const struct history_table TABLE = {
        "tutors.csv", "Тьюторы и методисты", "routes.tutor.appoint", TUTOR_COLUMN, &TUTOR_COLUMN_N, &tutor_line_desc,
        history_after_roster, tutor_send, NULL };
    return history_table_load(history, &TABLE);
}

static void assignment_send(struct history *history, struct pipe *pipe, uint32_t line, const void *row,
                            struct arena *arena)
{
    const struct assignment_line *read = row;
    const struct uuid *person = lookup_get(&history->persons, read->person);
    const struct uuid *tutor = lookup_get(&history->persons, read->tutor);
    int kind = tutor_kind_read(read->kind);

    (void)arena;
    if (person == NULL)
        history_unknown(pipe, line, "person_unknown", "person");
    else if (tutor == NULL)
        history_unknown(pipe, line, "person_unknown", "tutor");
    else if (kind < 0)
        pipe_refuse(pipe, line, PROBLEM_INVALID, "message", "kind", "no_such_name", 0);
    else
        pipe_message(pipe, line, &(struct tutor_assign){ *person, kind, *tutor, read->day });
}

int history_assignments(struct history *history)
{
    static const struct history_table TABLE = {
        "assignments.csv", "Закреплённые", "routes.tutor.assign", ASSIGNMENT_COLUMN, &ASSIGNMENT_COLUMN_N,
        &assignment_line_desc, history_after_roster, assignment_send, NULL };
    return history_table_load(history, &TABLE);
}
