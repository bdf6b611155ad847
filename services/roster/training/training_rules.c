#include "services/roster/training/training_rules.h"

#include <string.h>

static bool named(const char *const *names, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool said(const char *text) { return text != NULL && text[0] != '\0'; }

static bool kind_counts(const struct profile_training *training, enum programme_kind kind)
{
    return training->kinds.n != 0 ? named(training->kinds.at, training->kinds.n, programme_kind_names.names[kind])
                                  : kind == PROGRAMME_DEVELOPMENT || kind == PROGRAMME_RETRAINING;
}

bool training_counts(const struct profile_training *training, const struct trained *trained)
{
    if (said(trained->training))
        return training->outside && strcmp(trained->training, training->id) == 0;
    return !training->outside_only && kind_counts(training, trained->kind) &&
           (training->providers.n == 0 || named(training->providers.at, training->providers.n, org_kind_names.names[trained->provider_kind])) &&
           (!said(training->topic) || named(trained->topics.at, trained->topics.n, training->topic));
}

struct training_row training_standing(const struct profile_training *training, day_t obliged, const struct trained *trained, uint32_t n,
                                      day_t on)
{
    struct training_row row = { .obliged = obliged };

    for (uint32_t i = 0; i < n; i++)
        if (trained[i].day <= on && trained[i].day >= row.trained && training_counts(training, &trained[i])) {
            row.trained = trained[i].day;
            row.by = trained[i].id;
        }
    row.due = day_add_months(obliged, (int)training->within_months) - 1;
    if (row.trained != 0 && training->valid_months == 0)
        row.due = 0;
    else if (row.trained != 0) {
        day_t next = day_add_months(row.trained, (int)training->valid_months) - 1;
        row.due = next > row.due ? next : row.due;
    }
    bool valid = row.trained != 0 && (training->valid_months == 0 || on < day_add_months(row.trained, (int)training->valid_months));
    row.state = valid ? TRAINING_DONE : on <= row.due ? TRAINING_DUE : TRAINING_OVERDUE;
    return row;
}

void training_add(struct training_sum *sum, const struct training_row *row)
{
    sum->obliged++;
    sum->done += row->state == TRAINING_DONE;
    sum->due += row->state == TRAINING_DUE;
    sum->overdue += row->state == TRAINING_OVERDUE;
}
