#include "services/indicators/records.h"

/* ── writing ──────────────────────────────────────────────────────────────── */

static void put_u32(struct buf *out, uint32_t v)
{
    uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };
    buf_put(out, b, sizeof b);
}

static void put_place(struct buf *out, const struct place *place)
{
    put_u32(out, place->n);
    buf_put(out, place->at, place->n * sizeof *place->at);
}

static void put_topics(struct buf *out, const struct topics *topics)
{
    put_u32(out, topics->n);
    for (uint32_t i = 0; i < topics->n; i++)
        buf_put(out, topics->at[i], strlen(topics->at[i]) + 1);
}

static void put_training(struct buf *out, const struct worker_training *done)
{
    buf_put(out, &done->id, sizeof done->id);
    put_u32(out, done->day);
    buf_byte(out, (uint8_t)(done->federal | done->raises << 1));
    buf_byte(out, (uint8_t)done->provider_kind);
    buf_put(out, &done->route, sizeof done->route);
    buf_put(out, &done->programme, sizeof done->programme);
    put_place(out, &done->place);
    put_topics(out, &done->topics);
}

static void put_assignment(struct buf *out, const struct worker_assignment *a)
{
    buf_put(out, &a->id, sizeof a->id);
    buf_put(out, &a->tutor, sizeof a->tutor);
    buf_byte(out, (uint8_t)a->kind);
    put_u32(out, a->from);
    put_u32(out, a->until);
    put_place(out, &a->place);
}

static void put_tutoring(struct buf *out, const struct worker_tutoring *t)
{
    buf_put(out, &t->id, sizeof t->id);
    buf_byte(out, (uint8_t)t->kind);
    put_u32(out, t->from);
    put_u32(out, t->until);
    put_place(out, &t->place);
}

void worker_encode(const struct worker *worker, struct buf *out)
{
    put_u32(out, worker->bands.n);
    for (uint32_t i = 0; i < worker->bands.n; i++) {
        buf_put(out, worker->bands.at[i].band, strlen(worker->bands.at[i].band) + 1);
        put_u32(out, worker->bands.at[i].from);
        put_u32(out, worker->bands.at[i].until);
    }
    put_u32(out, worker->posts.n);
    for (uint32_t i = 0; i < worker->posts.n; i++) {
        const struct worker_post *post = &worker->posts.at[i];
        buf_put(out, &post->id, sizeof post->id);
        buf_byte(out, (uint8_t)post->kind);
        buf_byte(out, (uint8_t)post->org_kind);
        put_u32(out, post->from);
        put_u32(out, post->until);
        put_place(out, &post->place);
    }
    put_u32(out, worker->sittings.n);
    for (uint32_t i = 0; i < worker->sittings.n; i++) {
        const struct worker_sitting *sitting = &worker->sittings.at[i];
        buf_put(out, &sitting->id, sizeof sitting->id);
        buf_byte(out, (uint8_t)sitting->owner);
        put_u32(out, sitting->day);
        put_place(out, &sitting->place);
    }
    put_u32(out, worker->routes.n);
    for (uint32_t i = 0; i < worker->routes.n; i++) {
        const struct worker_route *route = &worker->routes.at[i];
        buf_put(out, &route->id, sizeof route->id);
        buf_byte(out, (uint8_t)route->owner);
        put_u32(out, route->agreed);
        put_place(out, &route->place);
        put_place(out, &route->programmes);
    }
    put_u32(out, worker->completions.n);
    for (uint32_t i = 0; i < worker->completions.n; i++)
        put_training(out, &worker->completions.at[i]);
    put_u32(out, worker->enrolments.n);
    for (uint32_t i = 0; i < worker->enrolments.n; i++)
        put_training(out, &worker->enrolments.at[i]);
    put_u32(out, worker->supports.n);
    for (uint32_t i = 0; i < worker->supports.n; i++) {
        const struct worker_support *support = &worker->supports.at[i];
        buf_put(out, &support->id, sizeof support->id);
        put_u32(out, support->day);
        put_place(out, &support->place);
    }
    put_u32(out, worker->assignments.n);
    for (uint32_t i = 0; i < worker->assignments.n; i++)
        put_assignment(out, &worker->assignments.at[i]);
    put_u32(out, worker->tutorings.n);
    for (uint32_t i = 0; i < worker->tutorings.n; i++)
        put_tutoring(out, &worker->tutorings.at[i]);
}

static void put_days(struct buf *out, const struct days *days)
{
    put_u32(out, days->n);
    for (uint32_t i = 0; i < days->n; i++)
        put_u32(out, days->at[i]);
}

void programme_encode(const struct programme_record *programme, struct buf *out)
{
    buf_byte(out, (uint8_t)programme->kind);
    buf_byte(out, (uint8_t)programme->provider_kind);
    buf_put(out, &programme->provider, sizeof programme->provider);
    put_days(out, &programme->runs);
    put_days(out, &programme->included);
    put_days(out, &programme->excluded);
    put_topics(out, &programme->topics);
}

/* ── reading: past the end or a count that cannot be makes it bad, and it stays so ── */

struct reader { const uint8_t *at; size_t left; struct arena *arena; bool bad; };

static const uint8_t *take(struct reader *r, size_t n)
{
    static const uint8_t NONE[sizeof(struct uuid)];
    const uint8_t *at = r->at;

    if (r->bad || n > r->left) {
        r->bad = true;
        return n <= sizeof NONE ? NONE : NULL;
    }
    r->at += n;
    r->left -= n;
    return at;
}

static uint32_t take_u32(struct reader *r)
{
    const uint8_t *b = take(r, 4);
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int take_kind(struct reader *r, int count)
{
    int kind = *take(r, 1);
    r->bad |= kind >= count;
    return r->bad ? 0 : kind;
}

static struct uuid take_uuid(struct reader *r)
{
    struct uuid id;
    memcpy(&id, take(r, sizeof id), sizeof id);
    return id;
}

/* How many items follow, each of at least `least` bytes. */
static uint32_t take_count(struct reader *r, size_t least)
{
    uint32_t n = take_u32(r);
    r->bad |= n > r->left / least;
    return r->bad ? 0 : n;
}

static struct place take_place(struct reader *r)
{
    struct place place = { .n = take_count(r, sizeof(struct uuid)) };
    place.at = (const struct uuid *)take(r, place.n * sizeof(struct uuid));     /* bytes: no alignment to mind */
    place.n = r->bad ? 0 : place.n;
    return place;
}

static const char *take_text(struct reader *r)
{
    const uint8_t *end = r->bad ? NULL : memchr(r->at, 0, r->left);

    r->bad |= end == NULL;
    return end == NULL ? "" : (const char *)take(r, (size_t)(end - r->at) + 1);
}

static struct topics take_topics(struct reader *r)
{
    struct topics topics = { .n = take_count(r, 1) };
    const char **at = ARENA_LIST(r->arena, const char *, topics.n);
    for (uint32_t i = 0; i < topics.n; i++)
        at[i] = take_text(r);
    topics.at = at;
    return topics;
}

static struct worker_training take_training(struct reader *r)
{
    struct worker_training done = { .id = take_uuid(r), .day = 0 };
    done.day = take_u32(r);
    uint8_t flags = *take(r, 1);
    done.federal = flags & 1;
    done.raises = flags >> 1 & 1;
    done.provider_kind = take_kind(r, org_kind_count);
    done.route = take_uuid(r);
    done.programme = take_uuid(r);
    done.place = take_place(r);
    done.topics = take_topics(r);
    return done;
}

static struct worker_assignment take_assignment(struct reader *r)
{
    struct worker_assignment a = { .id = take_uuid(r), .kind = 0 };
    a.tutor = take_uuid(r);
    a.kind = take_kind(r, tutor_kind_count);
    a.from = take_u32(r);
    a.until = take_u32(r);
    a.place = take_place(r);
    return a;
}

static struct worker_tutoring take_tutoring(struct reader *r)
{
    struct worker_tutoring t = { .id = take_uuid(r), .kind = 0 };
    t.kind = take_kind(r, tutor_kind_count);
    t.from = take_u32(r);
    t.until = take_u32(r);
    t.place = take_place(r);
    return t;
}

/* A list of items, each at least its id. */
#define TAKE_LIST(r, list) \
    ((list).n = take_count((r), sizeof(struct uuid)), \
     (list).at = (list).n == 0 ? NULL : arena_alloc((r)->arena, (list).n * sizeof *(list).at))

bool worker_decode(struct bytes from, struct arena *arena, struct worker *w)
{
    struct reader r = { from.at, from.n, arena, false };

    w->bands.n = take_count(&r, 1 + 2 * sizeof(uint32_t));
    w->bands.at = w->bands.n == 0 ? NULL : arena_alloc(arena, w->bands.n * sizeof *w->bands.at);
    for (uint32_t i = 0; i < w->bands.n; i++) {
        w->bands.at[i].band = take_text(&r);
        w->bands.at[i].from = take_u32(&r);
        w->bands.at[i].until = take_u32(&r);
    }
    TAKE_LIST(&r, w->posts);
    for (uint32_t i = 0; i < w->posts.n; i++) {
        struct worker_post *post = &w->posts.at[i];
        post->id = take_uuid(&r);
        post->kind = take_kind(&r, post_kind_count);
        post->org_kind = take_kind(&r, org_kind_count);
        post->from = take_u32(&r);
        post->until = take_u32(&r);
        post->place = take_place(&r);
    }
    TAKE_LIST(&r, w->sittings);
    for (uint32_t i = 0; i < w->sittings.n; i++) {
        struct worker_sitting *sitting = &w->sittings.at[i];
        sitting->id = take_uuid(&r);
        sitting->owner = take_kind(&r, org_kind_count);
        sitting->day = take_u32(&r);
        sitting->place = take_place(&r);
    }
    TAKE_LIST(&r, w->routes);
    for (uint32_t i = 0; i < w->routes.n; i++) {
        struct worker_route *route = &w->routes.at[i];
        route->id = take_uuid(&r);
        route->owner = take_kind(&r, org_kind_count);
        route->agreed = take_u32(&r);
        route->place = take_place(&r);
        route->programmes = take_place(&r);
    }
    TAKE_LIST(&r, w->completions);
    for (uint32_t i = 0; i < w->completions.n; i++)
        w->completions.at[i] = take_training(&r);
    TAKE_LIST(&r, w->enrolments);
    for (uint32_t i = 0; i < w->enrolments.n; i++)
        w->enrolments.at[i] = take_training(&r);
    TAKE_LIST(&r, w->supports);
    for (uint32_t i = 0; i < w->supports.n; i++) {
        struct worker_support *support = &w->supports.at[i];
        support->id = take_uuid(&r);
        support->day = take_u32(&r);
        support->place = take_place(&r);
    }
    TAKE_LIST(&r, w->assignments);
    for (uint32_t i = 0; i < w->assignments.n; i++)
        w->assignments.at[i] = take_assignment(&r);
    TAKE_LIST(&r, w->tutorings);
    for (uint32_t i = 0; i < w->tutorings.n; i++)
        w->tutorings.at[i] = take_tutoring(&r);
    for (uint32_t i = 0; i < w->posts.n; i++)
        r.bad |= w->posts.at[i].place.n == 0;           /* counting asks for the organisation */
    return !r.bad && r.left == 0;
}

static struct days take_days(struct reader *r)
{
    struct days days = { .n = take_count(r, 4) };
    days.at = ARENA_LIST(r->arena, day_t, days.n);
    for (uint32_t i = 0; i < days.n; i++)
        days.at[i] = take_u32(r);
    return days;
}

bool programme_decode(struct bytes from, struct arena *arena, struct programme_record *p)
{
    struct reader r = { from.at, from.n, arena, false };

    p->kind = take_kind(&r, programme_kind_count);
    p->provider_kind = take_kind(&r, org_kind_count);
    p->provider = take_uuid(&r);
    p->runs = take_days(&r);
    p->included = take_days(&r);
    p->excluded = take_days(&r);
    p->topics = take_topics(&r);
    return !r.bad && r.left == 0;
}

/* ── editing ──────────────────────────────────────────────────────────────── */

/* Every list is a count and items that begin with their id. */
struct list { uint32_t n; void *at; };

static void *list_edit(struct list *list, size_t size, const struct uuid *id, struct arena *arena)
{
    const uint8_t *old = list->at;
    uint32_t i = 0;
    int order = 1;

    while (i < list->n && (order = uuid_compare(id, (const struct uuid *)(old + i * size))) > 0)
        i++;
    bool there = i < list->n && order == 0;
    uint8_t *at = arena_alloc(arena, (list->n + !there) * size);
    if (i > 0)
        memcpy(at, old, i * size);
    if (i < list->n)
        memcpy(at + (i + !there) * size, old + i * size, (list->n - i) * size);
    if (!there) {
        memset(at + i * size, 0, size);
        memcpy(at + i * size, id, sizeof *id);
    }
    list->n += !there;
    list->at = at;
    return at + i * size;
}

#define DEFINE_EDIT(name, item, list_)                                                                      \
    struct item *name##_edit(struct worker *worker, const struct uuid *id, struct arena *arena)             \
    {                                                                                                       \
        struct list list = { worker->list_.n, worker->list_.at };                                           \
        struct item *edited = list_edit(&list, sizeof *edited, id, arena);                                  \
        worker->list_.n = list.n;                                                                           \
        worker->list_.at = list.at;                                                                         \
        return edited;                                                                                      \
    }
DEFINE_EDIT(worker_post, worker_post, posts)
DEFINE_EDIT(worker_sitting, worker_sitting, sittings)
DEFINE_EDIT(worker_route, worker_route, routes)
DEFINE_EDIT(worker_completion, worker_training, completions)
DEFINE_EDIT(worker_enrolment, worker_training, enrolments)
DEFINE_EDIT(worker_support, worker_support, supports)
DEFINE_EDIT(worker_assignment, worker_assignment, assignments)
DEFINE_EDIT(worker_tutoring, worker_tutoring, tutorings)

void days_add(struct days *days, day_t day, struct arena *arena)
{
    uint32_t i = 0;

    while (i < days->n && days->at[i] < day)
        i++;
    if (i < days->n && days->at[i] == day)
        return;
    day_t *at = ARENA_LIST(arena, day_t, days->n + 1);
    if (i > 0)
        memcpy(at, days->at, i * sizeof *at);
    at[i] = day;
    if (i < days->n)
        memcpy(at + i + 1, days->at + i, (days->n - i) * sizeof *at);
    *days = (struct days){ days->n + 1, at };
}

bool ids_add(struct place *ids, const struct uuid *id, struct arena *arena)
{
    struct list list = { ids->n, (void *)(uintptr_t)ids->at };
    uint32_t before = list.n;

    list_edit(&list, sizeof *id, id, arena);
    *ids = (struct place){ list.n, list.at };
    return list.n != before;
}

#define JOIN(list, one_edit)                                                \
    for (uint32_t i = 0; i < other->list.n; i++)                            \
        *one_edit(worker, &other->list.at[i].id, arena) = other->list.at[i]

void worker_join(struct worker *worker, const struct worker *other, struct arena *arena)
{
    JOIN(posts, worker_post_edit);
    JOIN(sittings, worker_sitting_edit);
    JOIN(routes, worker_route_edit);
    JOIN(completions, worker_completion_edit);
    JOIN(enrolments, worker_enrolment_edit);
    JOIN(supports, worker_support_edit);
    JOIN(assignments, worker_assignment_edit);
    JOIN(tutorings, worker_tutoring_edit);
}
