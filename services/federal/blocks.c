#include "services/federal/blocks.h"

#include "services/federal/words.h"

static struct cell *add(struct block_cells *out, struct cell cell)
{
    if (out->n == out->room) {
        uint32_t room = out->room == 0 ? 256 : out->room * 2;
        struct cell *more = ARENA_LIST(out->arena, struct cell, room);
        if (out->n > 0)
            memcpy(more, out->at, out->n * sizeof *more);
        out->at = more;
        out->room = room;
    }
    out->at[out->n] = cell;
    return &out->at[out->n++];
}

/* ── block 7 ──────────────────────────────────────────────────────────────── */
enum { PLACE_VALUE, PLACE_CUMULATIVE, PLACE_TARGET, PLACE_STATE };

static const char *tenths(struct arena *arena, uint64_t numerator, uint64_t denominator)
{
    uint64_t of_thousand = (uint64_t)((unsigned __int128)numerator * 1000 / denominator);
    return arena_format(arena, "%llu,%llu", (unsigned long long)(of_thousand / 10), (unsigned long long)(of_thousand % 10));
}

static const char *share(struct arena *arena, uint64_t numerator, uint64_t denominator)
{
    return denominator == 0 ? "не исчисляется: в знаменателе никого" : tenths(arena, numerator, denominator);
}

static const char *whole(struct arena *arena, uint64_t number)
{
    return arena_format(arena, "%llu", (unsigned long long)number);
}

static const char *value_text(struct arena *arena, const struct value *v)
{
    switch (v->measure) {
    case MEASURE_COUNT:
        return whole(arena, v->numerator);
    case MEASURE_CORRIDOR:
        if (v->denominator == 0)
            return "не исчисляется: никого нет";
        return arena_format(arena, "в среднем %llu; от %llu до %llu", (unsigned long long)(v->numerator / v->denominator),
                            (unsigned long long)v->least, (unsigned long long)v->greatest);
    case MEASURE_YES_NO:
        return v->yes ? "да" : "нет";
    case MEASURE_JUDGED:
        return v->graded ? whole(arena, v->grade) : v->judged != NULL && v->judged[0] != '\0' ? v->judged : v->yes ? "да" : "нет";
    default:
        return share(arena, v->numerator, v->denominator);
    }
}

static const char *target_text(struct arena *arena, const struct target_verdict *verdict)
{
    const char *sum = verdict->cumulative ? " нарастающим итогом" : "";
    unsigned long long bound = verdict->bound;
    switch (verdict->op) {
    case OP_AT_LEAST:  return arena_format(arena, "не менее %llu%s", bound, sum);
    case OP_AT_MOST:   return arena_format(arena, "не более %llu%s", bound, sum);
    case OP_YES:       return "да";
    case OP_RISING:    return "положительная динамика";
    case OP_DOCUMENT:  return "установлен другим документом";
    default:           return verdict->bound > 0 ? arena_format(arena, "оценка не ниже %llu", bound) : "выполнено";
    }
}

static const char *targets_text(struct arena *arena, const struct value *v)
{
    const char *line = NULL;
    for (uint32_t i = 0; i < v->verdicts.n; i++) {
        if (!v->verdicts.at[i].applies)
            continue;
        const char *one = target_text(arena, &v->verdicts.at[i]);
        line = line == NULL ? one : arena_format(arena, "%s; %s", line, one);
    }
    return line;
}

static const char *clipped(struct arena *arena, const char *text, size_t most)
{
    size_t n = text != NULL ? strlen(text) : 0;
    if (n <= most)
        return text;
    for (n = most - strlen("…"); n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; )
        n--;                                /* between characters */
    return arena_format(arena, "%.*s…", (int)n, text);
}

static void gap(struct cell *cell, int reason, const char *const *functions, uint32_t n, struct arena *arena)
{
    cell->kind = CELL_GAP;
    cell->gap = reason;
    cell->service = NULL;
    cell->functions.n = n;
    cell->functions.at = arena_copy(arena, functions, n * sizeof *functions);
}

static bool known(const struct value *v)
{
    return v != NULL && (v->state == VALUE_COUNTED || v->state == VALUE_JUDGED);
}

/* What is not known is a gap that names what will bring it. */
static void name_gap(struct cell *cell, const struct indicator *indicator, const struct value *v, struct arena *arena)
{
    if (v != NULL && v->state == VALUE_NOT_JUDGED)
        gap(cell, GAP_NOT_JUDGED, NULL, 0, arena);
    else if (v != NULL && v->awaits.n > 0)
        gap(cell, GAP_NO_FACTS, v->awaits.at, v->awaits.n, arena);
    else
        gap(cell, GAP_NO_FACTS, indicator->awaits.at, indicator->awaits.n, arena);
}

static void add_value(struct block_cells *out, struct cell cell, const struct indicator *indicator, const struct value *v)
{
    cell.column = "value";
    cell.place = PLACE_VALUE;
    if (!known(v)) {
        name_gap(&cell, indicator, v, out->arena);
    } else {
        cell.text = clipped(out->arena, value_text(out->arena, v), 2000);
        cell.data = arena_format(out->arena, "%s/%s", origin_names.names[v->numerator_origin], origin_names.names[v->denominator_origin]);
        cell.counted = v->state == VALUE_COUNTED || v->graded;
        cell.number = v->state == VALUE_COUNTED ? v->numerator : v->grade;
        cell.of = v->state == VALUE_COUNTED ? v->denominator : 0;
    }
    add(out, cell);
    if (!known(v) || !v->has_cumulative)
        return;
    cell.column = "cumulative";
    cell.place = PLACE_CUMULATIVE;
    cell.number = v->cumulative_numerator;
    cell.of = v->cumulative_denominator;
    cell.text = v->measure == MEASURE_COUNT ? whole(out->arena, cell.number) : share(out->arena, cell.number, cell.of);
    add(out, cell);
}

static void add_target(struct block_cells *out, struct cell cell, const struct value *v)
{
    const char *text = v != NULL ? targets_text(out->arena, v) : NULL;
    cell.column = "target";
    cell.place = PLACE_TARGET;
    if (text == NULL) {
        gap(&cell, GAP_NO_TARGET, NULL, 0, out->arena);
    } else {
        cell.text = clipped(out->arena, text, 2000);
        cell.counted = v->has_target && v->bound > 0;
        cell.number = v->bound;
    }
    add(out, cell);
}

static void add_state(struct block_cells *out, struct cell cell, const struct indicator *indicator, const struct value *v)
{
    cell.column = "state";
    cell.place = PLACE_STATE;
    cell.unit = NULL;
    if (!known(v))
        name_gap(&cell, indicator, v, out->arena);
    else if (!v->has_target)
        gap(&cell, GAP_NO_TARGET, NULL, 0, out->arena);
    else
        cell.text = v->met ? "выполнено" : "не выполнено";
    add(out, cell);
}

static const struct value *find(const struct value *values, uint32_t n, const struct indicator *indicator)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(values[i].act, indicator->act) == 0 && strcmp(values[i].indicator, indicator->code) == 0)
            return &values[i];
    return NULL;
}

static const char *edition_of(const struct profile *profile, const char *act, struct arena *arena)
{
    for (uint32_t i = 0; i < profile->acts.n; i++)
        if (strcmp(profile->acts.at[i].code, act) == 0)
            return clipped(arena, arena_format(arena, "%s", profile->acts.at[i].number), 400);
    return NULL;
}

static void add_unread(struct block_cells *out, struct cell cell)
{
    static const char *const COLUMN[] = { "value", "target", "state" };
    static const uint64_t PLACE[] = { PLACE_VALUE, PLACE_TARGET, PLACE_STATE };
    gap(&cell, GAP_TOO_MANY, NULL, 0, out->arena);
    for (size_t i = 0; i < sizeof COLUMN / sizeof *COLUMN; i++) {
        cell.column = COLUMN[i];
        cell.place = PLACE[i];
        add(out, cell);
    }
}

void blocks_results(const struct profile *profile, const struct value *values, struct block_rows read, struct block_cells *out)
{
    for (uint32_t i = 0; i < profile->indicators.n; i++) {
        const struct indicator *indicator = &profile->indicators.at[i];
        const struct value *v = find(values, read.n, indicator);
        struct cell cell = {
            .block = 7, .row = arena_format(out->arena, "%s/%s", indicator->act, indicator->code), .line = i + 1,
            .title = clipped(out->arena, indicator->title, 1200), .kind = CELL_SERVICE, .unit = indicator->unit, .service = "indicators",
            .act = indicator->act, .edition = edition_of(profile, indicator->act, out->arena), .indicator = indicator->code,
        };
        if (v == NULL && !read.whole) {
            add_unread(out, cell);
            continue;
        }
        add_value(out, cell, indicator, v);
        add_target(out, cell, v);
        add_state(out, cell, indicator, v);
    }
}

/* ── block 2 ──────────────────────────────────────────────────────────────── */

static void add_number(struct block_cells *out, struct cell cell, const char *column, uint64_t number, const char *unit)
{
    cell.column = column;
    cell.counted = true;
    cell.number = number;
    cell.text = whole(out->arena, number);
    cell.unit = unit;
    add(out, cell);
}

/* NULL: not entered. */
static void add_text(struct block_cells *out, struct cell cell, const char *column, const char *text)
{
    cell.column = column;
    if (text == NULL || text[0] == '\0')
        gap(&cell, GAP_NOT_SAID, NULL, 0, out->arena);
    else
        cell.text = text;
    add(out, cell);
}

static const char *day_text(struct arena *arena, day_t day)
{
    char text[DAY_TEXT + 1] = "";
    day_format_ru(day, text);
    return arena_string(arena, text, strlen(text));
}

static void add_runs(struct block_cells *out, struct cell cell, const struct block_programme *p)
{
    if (!p->runs_unknown) {
        add_number(out, cell, "runs", p->runs, NULL);
        return;
    }
    cell.column = "runs";
    gap(&cell, GAP_TOO_MANY, NULL, 0, out->arena);
    add(out, cell);
}

static void add_programme(struct block_cells *out, const struct block_programme *p, uint32_t line)
{
    const struct programme *programme = p->row->programme;
    struct cell cell = { .block = 2, .row = programme->code, .line = line, .title = programme->title, .kind = CELL_SERVICE,
                         .service = "programmes" };
    add_text(out, cell, "kind", words_kind(programme->kind));
    cell.place = 1;
    add_number(out, cell, "hours", programme->hours, "час");
    cell.place = 2;
    cell.service = "roster";
    add_text(out, cell, "provider", p->provider);
    cell.service = "programmes";
    cell.place = 3;
    add_text(out, cell, "federal", p->row->included == 0 ? "не включена" : p->number);
    if (p->row->included != 0) {
        cell.place = 4;
        add_text(out, cell, "included", day_text(out->arena, p->row->included));
    }
    if (p->row->excluded != 0) {
        cell.place = 5;
        add_text(out, cell, "excluded", day_text(out->arena, p->row->excluded));
    }
    cell.place = 6;
    add_runs(out, cell, p);
    cell.place = 7;
    add_number(out, cell, "enrolled", p->enrolled, "человек");
    cell.place = 8;
    add_number(out, cell, "completed", p->completed, "человек");
}

/* Both are in order of their programme's id or close to it: a look-up each way is bounded by their sizes. */
void blocks_runs(const struct run_row *runs, struct block_rows read, uint64_t year, struct block_programme *programmes, uint32_t n)
{
    for (uint32_t i = 0; i < read.n; i++)
        for (uint32_t k = 0; k < n && (uint64_t)day_year(runs[i].run->day) == year; k++)
            if (uuid_equal(&programmes[k].row->programme->id, &runs[i].run->programme)) {
                programmes[k].runs++;
                break;
            }
    for (uint32_t k = 0; k < n && !read.whole; k++)
        programmes[k].runs_unknown = read.n == 0 || memcmp(programmes[k].row->programme->id.b, runs[read.n - 1].run->programme.b,
                                                           sizeof(struct uuid)) >= 0;
}

void blocks_programmes(const struct block_programme *programmes, struct block_rows read, struct block_cells *out)
{
    uint32_t n = read.n < BLOCK_PROGRAMMES_MAX ? read.n : BLOCK_PROGRAMMES_MAX;
    for (uint32_t i = 0; i < n; i++)
        add_programme(out, &programmes[i], i + 1);
    if (read.n > n || !read.whole) {
        struct cell left = { .block = 2, .row = "…", .line = BLOCK_PROGRAMMES_MAX + 1, .column = "value",
                             .title = arena_format(out->arena, "Ещё программ, не вошедших в паспорт: %s%u", read.whole ? "" : "не менее ",
                                                   read.n - n + !read.whole) };
        gap(&left, read.whole ? GAP_NOT_SAID : GAP_TOO_MANY, NULL, 0, out->arena);
        add(out, left);
    }
    if (read.n == 0 && read.whole) {
        struct cell none = { .block = 2, .row = "none", .column = "value", .title = "Программ в реестре нет" };
        gap(&none, GAP_NOT_SAID, NULL, 0, out->arena);
        add(out, none);
    }
}

/* ── blocks 3 and 6 ───────────────────────────────────────────────────────── */

static const struct entry_value *value_of(const struct listing *listing, const char *name)
{
    for (uint32_t i = 0; name != NULL && i < listing->values.n; i++)
        if (strcmp(listing->values.at[i].name, name) == 0)
            return &listing->values.at[i];
    return NULL;
}

static bool named(const char *a, const char *b) { return a != NULL && strcmp(a, b) == 0; }

/* Fields that have no column of their own: «Чем оснащено: …». People and organisations named in them stay at home. */
static const char *rest_of(struct arena *arena, const struct block_entry *entry)
{
    const char *line = NULL;
    for (uint32_t i = 0; i < entry->reg->fields.n; i++) {
        const struct register_field *field = &entry->reg->fields.at[i];
        const struct entry_value *value = value_of(entry->listing, field->name);
        const char *said = value == NULL ? NULL : field->kind == VALUE_NUMBER ? whole(arena, value->number)
                         : field->kind == VALUE_DAY ? day_text(arena, value->day)
                         : field->kind == VALUE_TEXT || field->kind == VALUE_CHOICE ? value->text : NULL;
        if (said == NULL || named(entry->reg->capacity, field->name) || strcmp(field->name, "kind") == 0)
            continue;
        line = line == NULL ? arena_format(arena, "%s: %s", field->title, said) : arena_format(arena, "%s; %s: %s", line, field->title, said);
    }
    return line;
}

/* The first day of the stay that holds. */
static day_t since(const struct listing *listing)
{
    return listing->spans.n > 0 ? listing->spans.at[0].from : 0;
}

static void add_entry(struct block_cells *out, uint64_t block, const struct block_entry *entry, uint32_t line)
{
    const struct entry_value *kind = value_of(entry->listing, "kind"), *places = value_of(entry->listing, entry->reg->capacity);
    const char *title = entry->listing->title != NULL && entry->listing->title[0] != '\0' ? entry->listing->title : entry->organisation;
    char id[UUID_TEXT + 1];
    uuid_format(&entry->listing->entry, id);
    struct cell cell = { .block = block, .row = arena_format(out->arena, "%s/%s", entry->reg->id, id), .line = line,
                         .title = clipped(out->arena, title != NULL ? title : entry->reg->title, 1200), .kind = CELL_SERVICE, .service = "roster" };
    add_text(out, cell, "kind", kind != NULL && kind->text != NULL ? kind->text : entry->reg->title);
    cell.place = 1;
    add_text(out, cell, "organisation", entry->organisation);
    if (entry->reg->capacity != NULL && entry->reg->capacity[0] != '\0') {
        cell.place = 2;
        if (places != NULL)
            add_number(out, cell, "places", places->number, NULL);
        else
            add_text(out, cell, "places", NULL);
    }
    cell.place = 3;
    add_text(out, cell, "since", since(entry->listing) != 0 ? day_text(out->arena, since(entry->listing)) : NULL);
    const char *rest = rest_of(out->arena, entry);
    cell.place = 4;
    if (rest != NULL)
        add_text(out, cell, "more", clipped(out->arena, rest, 2000));
}

static bool kept(const struct profile *profile, uint64_t block)
{
    for (uint32_t i = 0; i < profile->registers.n; i++)
        if (profile->registers.at[i].passport == block)
            return true;
    return false;
}

void blocks_registers(const struct profile *profile, uint64_t block, const struct block_entry *entries, struct block_rows read,
                      struct block_cells *out)
{
    uint32_t n = read.n < BLOCK_ENTRIES_MAX ? read.n : BLOCK_ENTRIES_MAX;
    for (uint32_t i = 0; i < n; i++)
        add_entry(out, block, &entries[i], i + 1);
    if (read.n > n || !read.whole) {
        struct cell left = { .block = block, .row = "…", .line = BLOCK_ENTRIES_MAX + 1, .column = "value",
                             .title = arena_format(out->arena, "Ещё записей, не вошедших в паспорт: %s%u", read.whole ? "" : "не менее ",
                                                   read.n - n + !read.whole) };
        gap(&left, read.whole ? GAP_NOT_SAID : GAP_TOO_MANY, NULL, 0, out->arena);
        add(out, left);
    }
    for (uint32_t i = 0; read.n == 0 && read.whole && i < WORDS_WAITING_COUNT; i++) {
        const struct words_waiting *waiting = &WORDS_WAITING[i];
        struct cell none = { .block = block, .row = waiting->row, .column = "value", .title = waiting->title };
        if (waiting->block != block)
            continue;
        gap(&none, kept(profile, block) ? GAP_NOT_SAID : GAP_NO_FUNCTION, waiting->functions, kept(profile, block) ? 0 : 1, out->arena);
        add(out, none);
    }
}

/* ── parts ────────────────────────────────────────────────────────────────── */

static size_t cell_size(const struct cell *cell)
{
    struct buf buf = { 0 };
    msg_encode(&cell_desc, cell, &buf);
    size_t n = buf.n;
    buf_free(&buf);
    return n;
}

uint32_t blocks_part(const struct block_cells *cells, uint32_t from)
{
    size_t size = 0;
    uint32_t n = 0;
    while (from + n < cells->n && n < BLOCK_PART_CELLS) {
        size += cell_size(&cells->at[from + n]);
        if (size > BLOCK_PART_BYTES && n > 0)
            break;
        n++;
    }
    return n;
}

uint32_t blocks_parts(const struct block_cells *cells)
{
    uint32_t parts = 0;
    for (uint32_t at = 0; at < cells->n || parts == 0; parts++)
        at += blocks_part(cells, at);
    return parts;
}

struct hash blocks_digest(const struct block_cells *cells)
{
    struct hash_state state;
    struct buf buf = { 0 };
    hash_start(&state, NULL);
    for (uint32_t i = 0; i < cells->n; i++) {
        buf_clear(&buf);
        msg_encode(&cell_desc, &cells->at[i], &buf);
        hash_more(&state, buf.at, buf.n);
    }
    buf_free(&buf);
    return hash_end(&state);
}
