#pragma once
#include "cli/sample/regions.h"
#include "common/core/bytes.h"
#include "common/core/random.h"
#include "common/core/when.h"
#include "proto/programmes.h"

/* records: what the generator knows of its region, before it is written out. Everything refers by index.
 *
 * Ownership  region_free() gives all lists back; strings are constants or sit in the records. */
#define FIRST_YEAR 2021
#define LAST_YEAR  2024
#define YEARS      (LAST_YEAR - FIRST_YEAR + 1)
#define NONE       UINT32_MAX

#define COMPETENCIES   8
#define TASKS          40
#define TASKS_EACH     (TASKS / COMPETENCIES)   /* of one competency; a point each */
#define CUT_PERCENT    60
#define RIGHT_LEAST    3                        /* of TASKS_EACH: the share that is no deficit */

struct org {
    char code[16];
    char title[160];
    enum org_kind kind;
    uint32_t parent;                /* NONE: the region itself */
    uint32_t municipality;          /* NONE: it lies in none */
    day_t opened;
    uint32_t weight;                /* places for staff */
};

/* A birth date by its parts: older people were born before the calendar of days begins. */
struct born { int year, month, day; };

struct person {
    char code[12];
    char snils[16];                 /* as the list writes it; empty: none */
    const char *family, *given, *patronymic;
    bool female;
    struct born born;
    day_t teaching_since;           /* 0: not said */
    uint32_t first_post, posts;
    uint64_t knack;                 /* of this person: how much is right, 0–999 */
};

struct post_title { const char *title; enum post_kind kind; };

struct post {
    uint32_t person, org, title;
    const char *subject;            /* NULL: none */
    bool part_time;
    day_t from, until;              /* until 0: still there */
};

struct programme_of {
    char code[16];
    const char *title;
    enum programme_kind kind;
    enum programme_form form;
    uint32_t hours;
    uint8_t competencies;           /* bit i: COMPETENCY[i] */
    bool quality;                   /* topic QUALITY_TOPIC */
    bool teams;                     /* topic TEAMS_TOPIC */
    uint32_t provider;              /* org */
    day_t included, excluded;
};
#define RUN_CODE 16
struct run_of { uint32_t programme; day_t day, until; char code[RUN_CODE]; uint32_t learners; };

struct procedure_of {
    char code[16];
    char title[160];
    enum purpose purpose;
    uint32_t owner;                 /* org */
    day_t opens, closes;
};

struct sitting_of {
    uint32_t procedure, person, org;        /* org NONE: not named, the main post */
    day_t day;
    uint8_t right[COMPETENCIES];            /* tasks answered as the key says */
    uint64_t salt;                          /* which ones, and what else was chosen */
};
struct agreement_of { uint32_t sitting; day_t day; uint32_t month; };     /* month: of the series taken, or NONE */
/* Somebody in a run. By route (sitting not NONE) the programme is that of the route's first step, which only the
 * planner knows: then `run` is NONE and the run is that programme's of `month`. */
struct enrolment_of {
    uint32_t person, sitting, run, month;
    day_t day, left;                        /* left: has withdrawn or was expelled on that day */
    bool expelled;
};
struct attestation_of { uint32_t enrolment; day_t day; bool final, passed; };
struct completion_of {
    uint32_t person, sitting;               /* sitting NONE: answers no route */
    uint32_t programme;                     /* NONE: that of step 1 of the route */
    uint32_t enrolment;                     /* NONE: a document brought from elsewhere */
    day_t enrolled, day;
};
/* Who accompanies, and whom. */
struct tutor_of { uint32_t person; bool methodologist; uint32_t limit; day_t day; };       /* limit 0: the region's */
struct assignment_of { uint32_t person, tutor; day_t day; };                               /* and still */
struct support_of { uint32_t person; const char *form; day_t day; };

/* Who or what stands in a register of the region's profile. Of a titled entry `org` is its place, else the member. */
struct entry_of {
    const char *reg;                        /* id of the register */
    uint32_t person, org;                   /* NONE: not said */
    char title[200];
    char grounds[200], values[200];         /* CODE@DAY=EVIDENCE|…, NAME=VALUE|… */
    day_t from, until;                      /* from 0: proposed, and not decided */
};
/* Who takes part in an entry, one of three; and what is to be done by when. */
struct part_of { uint32_t entry, person, org; const char *title, *role; day_t from; };
struct duty_of { uint32_t entry; const char *kind; char title[160]; day_t due, done; };

/* An act or letter: the region's. previous: the document whose next edition it is. */
struct paper_of {
    char number[32], title[200];
    const char *kind, *issuer_title;        /* kind: as lists name it */
    uint32_t issuer, previous;              /* org; NONE */
    day_t day;
    bool public;
};
struct sending_of { uint32_t paper, org; day_t day, acknowledged; const char *how; };

/* What somebody agreed to; withdrawn 0: it holds. */
struct consent_of { uint32_t person; const char *purpose, *text; day_t day, withdrawn; char document[24]; };
/* A document of training that was not given here. training: id of the region's profile. */
struct outside_of { uint32_t person; const char *training, *provider, *title; day_t day; char document[24]; };

/* What goes on when the folder is loaded: days are counted from that one. */
struct booking_of { uint32_t entry, org, places; int from, until; const char *purpose; };
struct contest_of { const char *reg, *direction, *title; int from, until; uint32_t seats; };
/* A work that experts judge: of a contest (its applicant), or by itself (title, place, author or NONE). closed: all have judged it. */
struct work_of {
    uint32_t contest, person, org;
    const char *direction;
    char title[200], grounds[200], values[200];
    bool closed;
};
struct opinion_of { uint32_t work, expert; int term; bool taken, given; uint32_t points[3]; };

/* What becomes of an organisation. org NONE: the one with `code` is entered then, under `other`. */
enum change_how { HOW_OPENED, HOW_FOUNDED, HOW_RENAMED, HOW_MOVED, HOW_SPLIT, HOW_MERGED, HOWS };
struct change_of { enum change_how how; uint32_t org, other; char code[16], title[160]; day_t day; const char *ground; char document[64]; };
extern const char *const CHANGE_RU[HOWS];

/* A row of the staff list that has to be refused, cells in the order of STAFF_TITLE. A code that begins with
 * a dash goes after the region's. */
#define STAFF_COLUMNS 13
#define STAFF_ORGANISATION 6
struct faulty { const char *cell[STAFF_COLUMNS]; const char *column, *reason; };

#define LIST_OF(type) struct { type *at; size_t n, room; }
struct region {
    const struct region_table *table;
    uint64_t seed, workers;
    uint32_t region, institute, centre, university, municipality[MUNICIPALITIES_MOST];
    struct names_taken { uint64_t *slot; size_t slots; } names;     /* name and birth date of everybody */
    LIST_OF(struct org) orgs;
    LIST_OF(struct person) persons;
    LIST_OF(struct post) posts;
    LIST_OF(struct programme_of) programmes;
    LIST_OF(struct run_of) runs;
    LIST_OF(struct procedure_of) procedures;
    LIST_OF(struct sitting_of) sittings;
    LIST_OF(struct agreement_of) agreements;
    LIST_OF(struct enrolment_of) enrolments;
    LIST_OF(struct attestation_of) attestations;
    LIST_OF(struct completion_of) completions;
    LIST_OF(struct tutor_of) tutors;
    LIST_OF(struct assignment_of) assignments;
    LIST_OF(struct support_of) supports;
    LIST_OF(struct entry_of) entries;
    LIST_OF(struct part_of) parts;
    LIST_OF(struct duty_of) duties;
    LIST_OF(struct paper_of) papers;
    LIST_OF(struct sending_of) sendings;
    LIST_OF(struct change_of) changes;
    LIST_OF(struct consent_of) consents;
    LIST_OF(struct outside_of) outsides;
    LIST_OF(struct booking_of) bookings;
    LIST_OF(struct contest_of) contests;
    LIST_OF(struct work_of) works;
    LIST_OF(struct opinion_of) opinions;
};
/* A zeroed record at the end of the list; pointers into the list die with it. */
#define LIST_ADD(list) ((list)->at = list_room((list)->at, (list)->n, &(list)->room, sizeof *(list)->at), \
                        &(list)->at[(list)->n++])
void *list_room(void *at, size_t n, size_t *room, size_t size);
void region_free(struct region *region);

/* Streams of chance, one for each part, so that a change in one part leaves the others as they were. */
enum stream { STREAM_PLACES, STREAM_PEOPLE, STREAM_FACTS, STREAM_TEAMS, STREAM_SUPPORT, STREAM_RUNS,
              STREAM_LEARNING, STREAM_TUTORS, STREAM_REGISTERS, STREAM_PAPERS, STREAM_CHANGES, STREAM_CONSENTS, STREAM_EXPERTS };
struct prng region_prng(const struct region *region, enum stream stream);
bool chance(struct prng *prng, uint64_t permille);
day_t day_between(struct prng *prng, day_t first, day_t last);

/* The parts, in the order in which they are made. */
void places_make(struct region *region);
void people_make(struct region *region);
void materials_make(struct region *region);
void work_make(struct region *region);          /* sittings, routes, support */
void learning_make(struct region *region);      /* enrolments, attestations, documents */
void tutors_make(struct region *region);
void registers_make(struct region *region);     /* entries, who takes part, what is to be done */
void papers_make(struct region *region);        /* documents, to whom they were sent */
void consents_make(struct region *region);      /* and training outside */
void experts_make(struct region *region);       /* contests, works, opinions; rooms booked */
void changes_make(struct region *region);       /* founders; what became of organisations after the last year */

/* Programmes by what they are for (materials.c), as indexes. */
#define PROGRAMME_QUALITY  12               /* the long ones on quality management, then the short seminar */
#define QUALITY_PROGRAMMES 5
#define QUALITY_SEMINAR    16
#define PROGRAMME_CENTRE   60
#define CENTRE_PROGRAMMES  6
/* Series: a run from SERIES_DAY of each month, months counted from January of the first year. */
#define SERIES_DAY  10
#define SERIES_DAYS 14
bool programme_is_series(uint32_t programme);
day_t series_day(uint32_t month);
void series_code(uint32_t month, char code[RUN_CODE]);
uint32_t series_run(const struct region *region, uint32_t programme, uint32_t month);

/* What was made, as everybody may ask. */
extern const struct post_title POST_TITLE[];
extern const size_t POST_TITLES;
extern const char *const COMPETENCY_OF[COMPETENCIES];       /* codes */
extern const char *const ORG_KIND_RU[];                     /* by enum org_kind */
#define QUALITY_TOPIC "управление качеством образования"
#define TEAMS_TOPIC   "управленческие команды"
#define YEAR_END(year) day_of((year), 12, 31)
#define WORK_ENDS      day_of(LAST_YEAR, 12, 31)
/* How eager the organisation's municipality is, in thousandths of the region's rate. */
uint32_t eager(const struct region *region, uint32_t org);
bool post_on(const struct post *post, day_t day);
/* Index of the person's main post on that day, NONE when there is none. */
uint32_t main_post(const struct region *region, uint32_t person, day_t day);
enum post_kind post_kind_of(const struct post *post);

/* A task of the instrument (0 … TASKS - 1): options and which of them are right, as bits. */
struct task_of { const char *text, *element; const char *option[4]; uint8_t key; };
extern const struct task_of TASK_OF[TASKS];
/* What that sitting's answers chose at the task, as bits. */
bool sitting_has_deficit(const struct sitting_of *sitting);
uint8_t sitting_choice(const struct sitting_of *sitting, uint32_t task);

extern const char *const STAFF_TITLE[STAFF_COLUMNS];
extern const struct faulty FAULTY[];
extern const size_t FAULTY_ROWS;
#define REPEATED_ROWS 3             /* at the end of the staff list: rows that say nothing new */
/* Line of the staff list on which a faulty row stands; the titles are line 1. */
uint32_t faulty_line(const struct region *region, size_t i);

/* ── writing ── (0, or -1 after saying on standard error what could not be written) */
int tables_write(const struct region *region, const char *dir);
int registers_write(const struct region *region, const char *dir);   /* and papers and changes */
int experts_write(const struct region *region, const char *dir);     /* and consents, training outside, bookings */
int documents_write(const struct region *region, const char *dir);   /* judgements too, where there are */
const char *org_level(const struct org *org);        /* region, municipality, organisation */
void values_put(const struct region *region, struct buf *out);      /* "values": [...], of expected.json */
int expected_write(const struct region *region, const char *dir);
int file_write(const char *dir, const char *name, struct buf *out);      /* frees `out` */
