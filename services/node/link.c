/* link: what the sender errand knows and no journal keeps: what is on its way, whether anybody answers. */
#include <pthread.h>

#include "services/node/node.h"

#define MACHINES_MAX 32

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { const void *machine; struct link_now now[NODE_SERVICES]; } links[MACHINES_MAX];

/* The slot of a machine; with `make` a free one is taken. */
static int slot_of(const void *machine, bool make)
{
    int free = -1;
    for (int i = 0; i < MACHINES_MAX; i++) {
        if (links[i].machine == machine)
            return i;
        if (links[i].machine == NULL && free < 0)
            free = i;
    }
    if (make && free >= 0)
        links[free].machine = machine;
    return make ? free : -1;
}

void link_note(const void *machine, int service, const struct link_now *now)
{
    pthread_mutex_lock(&lock);
    int i = slot_of(machine, true);
    if (i >= 0)
        links[i].now[service] = *now;
    pthread_mutex_unlock(&lock);
}

void link_read(const void *machine, struct link_now now[NODE_SERVICES])
{
    memset(now, 0, sizeof *now * NODE_SERVICES);
    pthread_mutex_lock(&lock);
    int i = slot_of(machine, false);
    if (i >= 0)
        memcpy(now, links[i].now, sizeof links[i].now);
    pthread_mutex_unlock(&lock);
}

void link_forget(const void *machine)
{
    pthread_mutex_lock(&lock);
    int i = slot_of(machine, false);
    if (i >= 0)
        memset(&links[i], 0, sizeof links[i]);
    pthread_mutex_unlock(&lock);
}
