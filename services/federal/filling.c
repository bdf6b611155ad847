#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "common/service/system_methods.h"
#include "services/federal/blocks.h"
#include "services/federal/federal.h"

/* The errand that fills a draft: asks the services, makes cells of what they say, and puts them into the passport
 * part by part. One block a step. A service that is down is asked again later; an attempt that was cut off goes
 * on where it was when the answers are still the same, and begins anew when they are not. */

#define ASK_MS    5000
#define AGAIN_MS  3000
#define IDLE_MS   60000
#define PAGES_MAX 100                       /* of one answer; what is left then is a gap that says so (blocks.h) */

struct job { bool found; struct uuid passport; uint64_t year, fill; moment_t at; struct block_state block; uint64_t read; };

static void find_job(struct ctx *ctx, void *arg)
{
    struct job *job = arg;
    struct passport passport;
    struct uuid id = UUID_NIL;
    if (federal_profile(ctx) == NULL)
        return;
    while (!job->found && passport_next(ctx, &id, &passport)) {
        uint64_t block = passport.state == PASSPORT_DRAFT ? passport_unfilled(&passport) : 0;
        if (block == 0)
            continue;
        *job = (struct job){ true, passport.id, passport.year, passport.fill, passport.filling_at, *passport_block(&passport, block),
                             done_read(ctx) };
    }
}

/* ── asking ───────────────────────────────────────────────────────────────── */
struct asking { struct errand *errand; const char *service; bool failed; };

/* False when nothing can be had now: down, refused, not configured. Said once in the log of each attempt. */
static bool ask(struct asking *asking, const char *method, const struct msg_desc *takes, const void *body,
                const struct msg_desc *gives, void *out)
{
    const struct problem *problem = NULL;
    if (asking->failed)
        return false;
    int err = errand_ask(asking->errand, asking->service, method, takes, body, gives, out, ASK_MS, &problem);
    if (err == ERR_OK && problem == NULL)
        return true;
    log_info("federal", "%s: %s: asked again later", method, problem != NULL ? problem->reason : err_text(err));
    asking->failed = true;
    return false;
}

struct sources { struct cell_source at[CELL_SOURCES_MAX]; uint32_t n; };

static void source_add(struct sources *sources, const char *service, const char *by, const struct uuid *journal,
                       const struct uuid *incarnation, uint64_t number)
{
    if (sources->n < CELL_SOURCES_MAX)
        sources->at[sources->n++] = (struct cell_source){ service, by, *journal, *incarnation, number };
    else                                    /* the last place says that there were more */
        sources->at[CELL_SOURCES_MAX - 1] = (struct cell_source){ .service = "…" };
}

/* Asked before the values: they rest on these entries at least. */
static void ask_source(struct asking *asking, struct sources *sources)
{
    struct nothing nothing = { 0 };
    struct service_status status;
    const char *method = arena_format(asking->errand->arena, "%s.service.status", asking->service);
    if (!ask(asking, method, &nothing_desc, &nothing, &service_status_desc, &status))
        return;
    source_add(sources, asking->service, NULL, &status.journal, &status.incarnation, status.head);
    for (uint32_t i = 0; i < status.streams.n; i++) {
        const struct stream_status *stream = &status.streams.at[i];
        source_add(sources, stream->stream, asking->service, &stream->journal, &stream->incarnation, stream->number);
    }
}

/* Appends a page's rows; rows are structs of `size` bytes. */
struct gathered { void *at; uint32_t n, room; bool whole; };

static void gather(struct errand *errand, struct gathered *all, const void *rows, uint32_t n, size_t size)
{
    if (all->n + n > all->room) {
        uint32_t room = (all->n + n) * 2;
        void *more = arena_alloc(errand->arena, room * size);
        if (all->n > 0)
            memcpy(more, all->at, all->n * size);
        all->at = more;
        all->room = room;
    }
    if (n > 0)
        memcpy((char *)all->at + all->n * size, rows, n * size);
    all->n += n;
}

static struct block_rows rows_of(const struct gathered *all)
{
    return (struct block_rows){ all->n, all->whole };
}

static bool fill_results(struct errand *errand, const struct job *job, struct sources *sources, struct block_cells *cells)
{
    struct asking asking = { errand, "indicators", false };
    struct values_of of = { .year = job->year, .level = LEVEL_REGION, .limit = 200 };
    struct gathered all = { 0 };
    struct value_list list;
    ask_source(&asking, sources);
    for (int page = 0; page < PAGES_MAX && ask(&asking, "indicators.value.list", &values_of_desc, &of, &value_list_desc, &list); page++) {
        gather(errand, &all, list.rows.at, list.rows.n, sizeof *list.rows.at);
        of.after = list.next;
        all.whole = list.next.n == 0;
        if (all.whole)
            break;
    }
    if (asking.failed)
        return false;
    blocks_results(errand->config, all.at, rows_of(&all), cells);
    return true;
}

/* ── block 2 ──────────────────────────────────────────────────────────────── */

static void ask_programmes(struct asking *asking, struct gathered *all)
{
    struct page page = { .limit = 500 };
    struct programme_list list;
    for (int i = 0; i < PAGES_MAX && ask(asking, "programmes.programme.list", &page_desc, &page, &programme_list_desc, &list); i++) {
        gather(asking->errand, all, list.rows.at, list.rows.n, sizeof *list.rows.at);
        page.after = list.next;
        all->whole = list.next.n == 0;
        if (all->whole)
            return;
    }
}

static void ask_runs(struct asking *asking, struct gathered *all)
{
    struct runs_of of = { .limit = 1000 };
    struct run_list list;
    for (int i = 0; i < PAGES_MAX && ask(asking, "programmes.run.list", &runs_of_desc, &of, &run_list_desc, &list); i++) {
        gather(asking->errand, all, list.rows.at, list.rows.n, sizeof *list.rows.at);
        of.after = list.next;
        all->whole = list.next.n == 0;
        if (all->whole)
            return;
    }
}

/* Titles of providers: each is asked for once. */
static const char *provider_title(struct asking *asking, const struct block_programme *known, uint32_t n, const struct uuid *provider)
{
    struct registered id = { *provider };
    struct organisation organisation;
    for (uint32_t i = 0; i < n; i++)
        if (uuid_equal(&known[i].row->programme->provider, provider))
            return known[i].provider;
    return ask(asking, "roster.organisation.get", &registered_desc, &id, &organisation_desc, &organisation) ? organisation.title : NULL;
}

struct learners { const struct job *job; struct block_programme *programmes; uint32_t n; };

static void read_learners(struct ctx *ctx, void *arg)
{
    struct learners *learners = arg;
    for (uint32_t i = 0; i < learners->n; i++) {
        struct block_programme *p = &learners->programmes[i];
        struct done done = done_find(ctx, &p->row->programme->id, learners->job->year);
        p->enrolled = done.enrolled;
        p->completed = done.completed;
        p->number = registry_number(ctx, &p->row->programme->id);
    }
}

static bool fill_programmes(struct errand *errand, const struct job *job, struct sources *sources, struct block_cells *cells)
{
    struct asking programmes = { errand, "programmes", false }, roster = { errand, "roster", false };
    struct gathered rows = { 0 }, runs = { 0 };
    uint32_t before;
    ask_source(&programmes, sources);
    before = sources->n;
    ask_programmes(&programmes, &rows);
    ask_runs(&programmes, &runs);
    ask_source(&roster, sources);
    if (programmes.failed || roster.failed)
        return false;
    if (before > 0)                         /* learners are counted here, from the journal of programmes */
        source_add(sources, "programmes", "federal", &sources->at[0].journal, &sources->at[0].incarnation, job->read);
    struct block_programme *list = ARENA_LIST(errand->arena, struct block_programme, rows.n + 1);
    uint32_t n = rows.n > BLOCK_PROGRAMMES_MAX ? BLOCK_PROGRAMMES_MAX : rows.n;
    for (uint32_t i = 0; i < rows.n; i++)
        list[i].row = &((const struct programme_row *)rows.at)[i];
    for (uint32_t i = 0; i < n; i++)
        list[i].provider = provider_title(&roster, list, i, &list[i].row->programme->provider);
    if (roster.failed)
        return false;
    blocks_runs(runs.at, rows_of(&runs), job->year, list, n);
    struct learners learners = { job, list, n };
    if (errand_read(errand, read_learners, &learners) != ERR_OK)
        return false;
    blocks_programmes(list, rows_of(&rows), cells);
    return true;
}

/* ── blocks 3 and 6 ───────────────────────────────────────────────────────── */

static bool ask_entries(struct asking *asking, const struct profile_register *reg, day_t on, struct gathered *all)
{
    struct entries_of of = { .register_id = reg->id, .on = on, .limit = 200 };
    struct entry_list list;
    for (int i = 0; i < PAGES_MAX && ask(asking, "roster.entry.list", &entries_of_desc, &of, &entry_list_desc, &list); i++) {
        struct block_entry *rows = ARENA_LIST(asking->errand->arena, struct block_entry, list.rows.n + 1);
        for (uint32_t k = 0; k < list.rows.n; k++)
            rows[k] = (struct block_entry){ .reg = reg, .listing = &list.rows.at[k] };
        gather(asking->errand, all, rows, list.rows.n, sizeof *rows);
        of.after = list.next;
        if (list.next.n == 0)
            return true;
    }
    return false;
}

/* Titles of organisations: each is asked for once. */
static const char *owner_title(struct asking *asking, const struct block_entry *known, uint32_t n, const struct uuid *owner)
{
    struct registered id = { *owner };
    struct organisation organisation;
    for (uint32_t i = 0; i < n; i++)
        if (uuid_equal(&known[i].listing->chain.at[0], owner))
            return known[i].organisation;
    return ask(asking, "roster.organisation.get", &registered_desc, &id, &organisation_desc, &organisation) ? organisation.title : NULL;
}

/* Who is in the registers on the last day of the passport's year, or by now. */
static bool fill_registers(struct errand *errand, const struct job *job, struct sources *sources, struct block_cells *cells)
{
    const struct profile *profile = errand->config;
    struct asking roster = { errand, "roster", false };
    struct gathered all = { .whole = true };
    day_t last = day_of((int)job->year, 12, 31), on = last < errand->today ? last : errand->today;
    ask_source(&roster, sources);
    for (uint32_t i = 0; i < profile->registers.n; i++)
        if (profile->registers.at[i].passport == job->block.number)
            all.whole &= ask_entries(&roster, &profile->registers.at[i], on, &all);
    struct block_entry *rows = all.at;
    for (uint32_t i = 0; i < all.n && i < BLOCK_ENTRIES_MAX; i++)
        rows[i].organisation = owner_title(&roster, rows, i, &rows[i].listing->chain.at[0]);
    if (roster.failed)
        return false;
    blocks_registers(profile, job->block.number, rows, rows_of(&all), cells);
    return true;
}

/* ── putting ──────────────────────────────────────────────────────────────── */

static struct uuid part_command(const struct errand *errand, const struct job *job, const struct block_fill *fill)
{
    struct key key = key_of_uuid(&job->passport);
    key_u64(&key, fill->fill);
    key_u64(&key, fill->block);
    key_u64(&key, fill->attempt);
    key_u64(&key, fill->part);
    key_raw(&key, fill->digest.at, fill->digest.n);
    return federal_command(errand, job->at, "fill", key_bytes(&key));
}

/* ERR_OK: the block is whole. */
static int put_parts(struct errand *errand, const struct job *job, const struct block_cells *cells, const struct sources *sources)
{
    const struct problem *problem = NULL;
    struct hash digest = blocks_digest(cells);
    struct block_fill fill = { .passport = job->passport, .fill = job->fill, .block = job->block.number,
                               .attempt = job->block.attempt + 1, .digest = bytes(digest.b, HASH_SIZE), .parts = blocks_parts(cells) };
    uint64_t done = 0;
    if (job->block.of_fill == job->fill && bytes_equal(job->block.digest, fill.digest) && job->block.done < fill.parts) {
        fill.attempt = job->block.attempt;  /* goes on where it was cut off */
        done = job->block.done;
    }
    for (uint32_t at = 0; fill.part < fill.parts && !errand_ending(errand); ) {
        uint32_t n = blocks_part(cells, at);
        fill.part++;
        fill.cells.n = n;
        fill.cells.at = cells->at + at;
        fill.sources.n = fill.part == 1 ? sources->n : 0;
        fill.sources.at = (struct cell_source *)sources->at;
        at += n;
        if (fill.part <= done)
            continue;
        struct uuid command = part_command(errand, job, &fill);
        int err = errand_submit(errand, &command, "federal.block.fill", &block_fill_desc, &fill, NULL, NULL, &problem);
        if (err != ERR_OK)
            return err;
        if (problem != NULL) {
            log_warning("federal", "block %llu, part %llu: %s", (unsigned long long)fill.block, (unsigned long long)fill.part, problem->reason);
            return ERR_DENIED;
        }
        FAILPOINT("part_filled");
    }
    return ERR_OK;
}

uint32_t filling_step(struct errand *errand)
{
    struct job job = { 0 };
    struct sources sources = { 0 };
    struct block_cells cells = { .arena = errand->arena };
    if (errand_read(errand, find_job, &job) != ERR_OK)
        return AGAIN_MS;
    if (!job.found)
        return IDLE_MS;
    bool known = job.block.number == 7 ? fill_results(errand, &job, &sources, &cells)
               : job.block.number == 2 ? fill_programmes(errand, &job, &sources, &cells) : fill_registers(errand, &job, &sources, &cells);
    return known && put_parts(errand, &job, &cells, &sources) == ERR_OK ? 0 : AGAIN_MS;
}
