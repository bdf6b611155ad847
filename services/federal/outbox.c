#include <unistd.h>

#include "common/core/failpoint.h"
#include "common/core/files.h"
#include "common/core/log.h"
#include "services/federal/federal.h"
#include "services/federal/package.h"
#include "services/federal/sheet.h"

/* The errand that writes what was sent: files/sent keeps it, files/outbox is where it is carried from. Name and
 * bytes come from the sending entry alone, so whatever cuts it off, the next attempt writes the same again. The
 * package itself comes last into each folder: where NAME.json is, all is.
 *
 * What is asked back is taken back where the outbox does not hold the package; where it does, somebody may have
 * carried it away, and it is said to be delivered. */

#define AGAIN_MS 30000
#define IDLE_MS  60000

struct parcel {
    bool found, frozen;                     /* frozen: the content is the one that was approved */
    struct passport passport;
    struct package_facts facts;
    struct cells cells;
    const struct uuid *journal;
    moment_t by_clock;                      /* sabotage builds only: not the entry's moment */
};

static void find_parcel(struct ctx *ctx, void *arg)
{
    struct parcel *parcel = arg;
    struct uuid id = parcel->passport.id;       /* of the one before; nil: from the first on */
    if (federal_profile(ctx) == NULL)
        return;
    while (!parcel->found && passport_next(ctx, &id, &parcel->passport))
        parcel->found = parcel->passport.state == PASSPORT_SENT && parcel->passport.package.n == 0 &&
                        !(SABOTAGE("fault_is_final") && parcel->passport.fault != NULL);
    if (!parcel->found)
        return;
    struct hash content = content_hash(ctx, &parcel->passport);
    parcel->frozen = bytes_equal(parcel->passport.content, bytes(content.b, HASH_SIZE));
    parcel->cells = passport_content(ctx, &parcel->passport.id);
    if (parcel->by_clock != 0)
        parcel->passport.sent_at = parcel->by_clock;
    passport_facts(ctx, &parcel->passport, parcel->journal, &parcel->facts);
}

/* Why it cannot be delivered goes into the journal once, for the list of what is stuck. */
static uint32_t say_fault(struct errand *errand, const struct parcel *parcel, const char *reason)
{
    const struct problem *problem = NULL;
    struct package_fault fault = { parcel->passport.id, reason };
    struct key key = key_of_uuid(&fault.passport);
    key_u64(&key, parcel->passport.sending);
    key_text(&key, reason);
    struct uuid command = federal_command(errand, parcel->passport.sent_at, "fault", key_bytes(&key));
    log_error("federal", "package %s: %s", parcel->facts.name, reason);
    if (parcel->passport.fault == NULL || strcmp(parcel->passport.fault, reason) != 0)
        errand_submit(errand, &command, "federal.package.fault", &package_fault_desc, &fault, NULL, NULL, &problem);
    return AGAIN_MS;
}

static const char *reason_of(int err)
{
    return err == ERR_EXISTS ? "name_taken" : err == ERR_FULL ? "no_space" : "cannot_write";
}

struct parcel_file { const char *suffix; struct bytes bytes; };

static int put_into(struct errand *errand, const char *folder, const char *name, const struct parcel_file *files, size_t n)
{
    const char *dir = arena_format(errand->arena, "%s/%s", errand->files, folder);
    int err = dir_make(dir, 0750);
    for (size_t i = 0; i < n && err == ERR_OK; i++) {
        err = file_put(dir, arena_format(errand->arena, "%s%s", name, files[i].suffix), files[i].bytes);
        FAILPOINT("parcel_file");
    }
    return err;
}

static bool holds(struct errand *errand, const struct parcel *parcel, const char *suffix, struct bytes wanted)
{
    struct buf there = { 0 };
    const char *path = arena_format(errand->arena, "%s/outbox/%s%s", errand->files, parcel->facts.name, suffix);
    bool same = file_get(path, wanted.n, &there) == ERR_OK && bytes_equal(buf_bytes(&there), wanted);
    buf_free(&there);
    return same;
}

static int put_all(struct errand *errand, const struct parcel *parcel, struct bytes json, struct bytes signature)
{
    struct buf sheet = { 0 };
    int err = sheet_write(&parcel->facts, parcel->cells.at, parcel->cells.n, errand->arena, &sheet);
    const struct parcel_file files[] = { { ".xlsx", buf_bytes(&sheet) }, { ".json.sig", signature }, { ".json", json } };
    FAILPOINT("parcel_made");
    if (err == ERR_OK)
        err = put_into(errand, "sent", parcel->facts.name, files, 3);
    if (err == ERR_OK)
        err = put_into(errand, "outbox", parcel->facts.name, files, 3);
    buf_free(&sheet);
    return err;
}

static int deliver(struct errand *errand, const struct parcel *parcel, const struct sign_pair *pair)
{
    const struct problem *problem = NULL;
    uint8_t signature[SIGNATURE_SIZE];
    struct buf json = { 0 };
    package_write(&parcel->facts, parcel->cells.at, parcel->cells.n, &json);
    struct hash hash = package_hash(buf_bytes(&json));
    sign_make(pair, buf_bytes(&json), signature);
    /* Whole already, and not yet said: nothing is written again, for a newer library may make other sheets. */
    bool whole = holds(errand, parcel, ".json", buf_bytes(&json)) && holds(errand, parcel, ".json.sig", bytes(signature, sizeof signature));
    int err = whole ? ERR_OK : put_all(errand, parcel, buf_bytes(&json), bytes(signature, sizeof signature));
    FAILPOINT("parcel_put");
    struct package_deliver deliver = {
        .passport = parcel->passport.id, .name = parcel->facts.name, .hash = bytes(hash.b, HASH_SIZE),
        .signature = bytes(signature, sizeof signature), .key = bytes(pair->public_key, PUBLIC_SIZE), .bytes = json.n };
    struct uuid command = federal_command(errand, parcel->passport.sent_at, "deliver", bytes(hash.b, HASH_SIZE));
    if (err == ERR_OK) {
        err = errand_submit(errand, &command, "federal.package.deliver", &package_deliver_desc, &deliver, NULL, NULL, &problem);
        FAILPOINT("parcel_said");
        if (err == ERR_OK && problem != NULL)
            log_error("federal", "package %s: %s", parcel->facts.name, problem->reason);
        else if (err == ERR_OK)
            log_info("federal", "package %s lies in %s/outbox", parcel->facts.name, errand->files);
        if (problem != NULL)
            err = ERR_DENIED;
    }
    buf_free(&json);
    return err;
}

/* Whether the outbox may hold what is asked back. What cannot be made again cannot be told from another's. */
static bool may_be_out(struct errand *errand, const struct parcel *parcel)
{
    struct buf json = { 0 };
    const char *path = arena_format(errand->arena, "%s/outbox/%s.json", errand->files, parcel->facts.name);
    if (!parcel->frozen)
        return access(path, F_OK) == 0;
    package_write(&parcel->facts, parcel->cells.at, parcel->cells.n, &json);
    bool out = holds(errand, parcel, ".json", buf_bytes(&json));
    buf_free(&json);
    return out;
}

static uint32_t take_back(struct errand *errand, const struct parcel *parcel)
{
    const struct problem *problem = NULL;
    struct passport_id id = { parcel->passport.id };
    struct key key = key_of_uuid(&id.passport);
    key_u64(&key, parcel->passport.sending);
    struct uuid command = federal_command(errand, parcel->passport.sent_at, "recall", key_bytes(&key));
    FAILPOINT("parcel_back");
    int err = errand_submit(errand, &command, "federal.package.recall", &passport_id_desc, &id, NULL, NULL, &problem);
    if (err == ERR_OK && problem == NULL)
        log_info("federal", "package %s was asked back and is not sent", parcel->facts.name);
    return err == ERR_OK && problem == NULL ? 0 : AGAIN_MS;
}

static uint32_t send_one(struct errand *errand, const struct parcel *parcel)
{
    struct sign_pair pair;
    char fault[200] = "no file of a key is configured (sign_key)";
    if (passport_asked_back(&parcel->passport) && !may_be_out(errand, parcel))
        return take_back(errand, parcel);
    if (!parcel->frozen)
        return say_fault(errand, parcel, "content_changed");
    int err = errand->sign_key != NULL ? sign_load(errand->sign_key, &pair, fault) : ERR_NOTFOUND;
    if (err != ERR_OK) {
        log_error("federal", "%s", fault);
        return say_fault(errand, parcel, "no_sign_key");
    }
    err = deliver(errand, parcel, &pair);
    sign_wipe(&pair);
    if (err == ERR_OK)
        return 0;
    return err == ERR_TIMEOUT || err == ERR_DENIED ? AGAIN_MS : say_fault(errand, parcel, reason_of(err));
}

/* One that is stuck holds up no other: those behind it have their turn in the same step. */
uint32_t outbox_step(struct errand *errand)
{
    struct parcel parcel = { .found = false };
    uint32_t again = IDLE_MS;
    do {
        const struct uuid after = parcel.passport.id;
        parcel = (struct parcel){ .passport.id = after, .journal = &errand->journal,
                                  .by_clock = SABOTAGE("package_by_clock") ? errand->now : 0 };
        if (errand_read(errand, find_parcel, &parcel) != ERR_OK)
            return AGAIN_MS;
        if (parcel.found)
            again = send_one(errand, &parcel);
    } while (parcel.found && again > 0 && !errand_ending(errand));
    return again;
}
