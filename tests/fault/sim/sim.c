#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/core/err.h"
#include "common/core/log.h"
#include "tests/fault/sim/checks.h"
#include "tests/fault/sim/process.h"
#include "tests/fault/sim/registrar.h"

/* simulation: the chain in one process, without sockets, threads or the wall clock, from seeds.
 *
 *   simulation [--seeds A..B] [--batches N] [--least N] [--twice N] [--planted NAME] [--backups] [--verbose]
 *
 * --least    each kind of event and of fault has to come so often over all seeds
 * --twice    every N-th seed is run twice: the same seed gives the same journals
 * --planted  a build made for controls does NAME wrong, and this program has to find it
 * --backups  more of them, and of restores: what goes wrong with those is met sooner
 * Returns 0: all holds; 1: a violation was found, with the seed and how to run it again; 2: wrong options. */
/* What begins has to come to its end in some of them: one in so many runs is so many times longer. */
#define LONG_EVERY 5
#define LONG_TIMES 5
#define REGISTRY_TIMES 4                /* and those in which there is more to do */
struct options { uint64_t from, to, batches, least, twice; const char *planted; bool backups, verbose; };

static const char usage[] =
    "simulation [--seeds A..B] [--batches N] [--least N] [--twice N] [--planted NAME] [--backups] [--verbose]\n";

static bool number(const char *text, const char **end, uint64_t *out)
{
    char *stop;
    *out = strtoull(text, &stop, 10);
    *end = stop;
    return stop != text;
}

static bool seeds(const char *text, struct options *o)
{
    const char *end;
    if (!number(text, &end, &o->from))
        return false;
    o->to = o->from;
    return *end == '\0' || (strncmp(end, "..", 2) == 0 && number(end + 2, &end, &o->to) && *end == '\0' && o->to >= o->from);
}

static bool options_read(int argc, char **argv, struct options *o)
{
    static const struct option names[] = {
        { "seeds", 1, NULL, 's' }, { "batches", 1, NULL, 'b' }, { "least", 1, NULL, 'l' }, { "twice", 1, NULL, 't' },
        { "planted", 1, NULL, 'p' }, { "backups", 0, NULL, 'r' }, { "verbose", 0, NULL, 'v' }, { NULL, 0, NULL, 0 },
    };
    const char *end = "";
    bool good = true;
    for (int c; good && (c = getopt_long(argc, argv, "", names, NULL)) != -1; )
        switch (c) {
        case 's': good = seeds(optarg, o); break;
        case 'b': good = number(optarg, &end, &o->batches) && *end == '\0'; break;
        case 'l': good = number(optarg, &end, &o->least) && *end == '\0'; break;
        case 't': good = number(optarg, &end, &o->twice) && *end == '\0'; break;
        case 'p': o->planted = optarg; break;
        case 'r': o->backups = true; break;
        case 'v': o->verbose = true; break;
        default:  good = false; break;
        }
    return good && optind == argc;
}

/* ── places ───────────────────────────────────────────────────────────────── */

static char base[120];

static bool make_base(void)
{
    const char *tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR");
    snprintf(base, sizeof base, "%s/rsnms-simulation-XXXXXX", tmp != NULL ? tmp : "/tmp");
    return mkdtemp(base) != NULL;
}

static void remove_all(const char *dir)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf -- '%s'", dir);
    if (system(command) != 0)
        fprintf(stderr, "%s: not removed\n", dir);
}

/* No indicator of this act is judged by people: one that is stands behind its own. */
#define JUDGED "  - act: T\n    code: \"Д\"\n    title: \"Документ есть\"\n    unit: \"да/нет\"\n    measure: yes_no\n" \
               "    numerator_origin: documents\n    origin_note: \"говорит человек\"\n    date_rule: \"за год\"\n" \
               "    reading: \"только для проверки\"\n    clause: \"нет\"\n    targets: [{when: from, year: 2021, op: yes}]\n"

static bool copy_config(const char *name, const char *path, bool term, bool judged)
{
    const char *source = getenv("RSNMS_SOURCE");
    char from[300], line[4096];
    snprintf(from, sizeof from, "%s/config/%s", source != NULL ? source : RSNMS_SOURCE_DIR, name);
    FILE *in = fopen(from, "re"), *out = in != NULL ? fopen(path, "we") : NULL;
    while (out != NULL && fgets(line, sizeof line, in) != NULL)
        fputs(term && strncmp(line, "  agree_days: 0", 15) == 0 ? "  agree_days: 1\n" : line, out);
    if (out != NULL && judged)
        fputs(JUDGED, out);
    if (in != NULL)
        fclose(in);
    if (out == NULL || fclose(out) != 0) {
        fprintf(stderr, "%s: %s\n", from, strerror(errno));
        return false;
    }
    return true;
}

/* The region's profile; for half of the seeds with a term for agreeing routes, which this act does not set. */
static bool make_profile(const char *path, bool term)
{
    char posts[200];
    snprintf(posts, sizeof posts, "%s/posts.yaml", base);
    return copy_config("posts.yaml", posts, false, false) && copy_config("regions/tomsk.yaml", path, term, true);
}

/* ── one seed ─────────────────────────────────────────────────────────────── */

static bool run_seed(uint64_t seed, const struct options *o, struct counts *counts, struct hash *journals)
{
    char dir[160], profile[200];
    const uint64_t times = seed % LONG_EVERY == 0 ? LONG_TIMES : seed % REGISTRY_EVERY == 0 ? REGISTRY_TIMES : 1;
    snprintf(dir, sizeof dir, "%s/%llu", base, (unsigned long long)seed);
    snprintf(profile, sizeof profile, "%s/profile-%d.yaml", base, (int)(seed % 2));
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return false;
    struct world_options options = {
        .seed = seed, .batches = o->batches * times, .dir = dir, .profile = profile, .verbose = o->verbose, .counts = counts,
        .backups = o->backups,
        .early_answers = o->planted != NULL && strcmp(o->planted, "early_release") == 0,
    };
    struct world *w = world_new(&options);
    world_run(w);
    if (!w->violated)
        checks_run(w, journals);
    bool good = !w->violated;
    if (!good)
        printf("violation found: seed %llu: %s\n  again: simulation --seeds %llu --batches %llu%s%s%s --verbose\n",
               (unsigned long long)seed, w->violation, (unsigned long long)seed, (unsigned long long)o->batches,
               o->planted != NULL ? " --planted " : "", o->planted != NULL ? o->planted : "", o->backups ? " --backups" : "");
    world_free(&w);
    remove_all(dir);
    return good;
}

static bool run_twice(uint64_t seed, const struct options *o, const struct hash *first)
{
    struct counts aside;
    struct hash second;
    counts_start(&aside);
    if (!run_seed(seed, o, &aside, &second))
        return false;
    if (hash_equal(first, &second))
        return true;
    printf("violation found: seed %llu: two runs of it have made different journals\n", (unsigned long long)seed);
    return false;
}

static bool run_all(const struct options *o)
{
    struct counts counts;
    struct hash journals;
    time_t began = time(NULL);
    counts_start(&counts);
    for (uint64_t seed = o->from; seed <= o->to; seed++) {
        if (!run_seed(seed, o, &counts, &journals))
            return false;
        if (o->twice > 0 && seed % o->twice == 0 && !run_twice(seed, o, &journals))
            return false;
    }
    counts_print(&counts);
    printf("%llu seeds, %ld s\n", (unsigned long long)(o->to - o->from + 1), (long)(time(NULL) - began));
    const char *rare = counts_rare(&counts, o->least);
    if (rare != NULL)
        printf("too rare: %s\n", rare);
    return rare == NULL;
}

int main(int argc, char **argv)
{
    struct options o = { .from = 1, .to = 20, .batches = 500 };
    char profile[200];
    if (!options_read(argc, argv, &o)) {
        fputs(usage, stderr);
        return 2;
    }
#ifndef RSNMS_SABOTAGE
    if (o.planted != NULL) {
        fputs("--planted: this build does nothing wrong on purpose\n", stderr);
        return 2;
    }
#else
    if (o.planted != NULL)
        setenv("RSNMS_SABOTAGE", o.planted, 1);
#endif
    log_open("simulation", o.verbose ? LOG_WARNING : LOG_ERROR + 1);
    if (!make_base())
        return 2;
    bool good = true;
    for (int term = 0; term < 2 && good; term++) {
        snprintf(profile, sizeof profile, "%s/profile-%d.yaml", base, term);
        good = make_profile(profile, term == 1);
    }
    process_begin();
    good = good && run_all(&o);
    remove_all(base);
    return good ? 0 : 1;
}
