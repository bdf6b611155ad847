/* X.service.status, which the daemon answers itself. Apart from the rest: the wire has letters of its own. */
#include "common/core/err.h"
#include "common/service/machine.h"
#include "common/service/system_methods.h"

#define STREAMS_MAX 8

struct bytes desk_status(struct machine *machine, struct arena *arena);

struct bytes desk_status(struct machine *machine, struct arena *arena)
{
    struct meta meta = machine_meta(machine);
    struct stream_status streams[STREAMS_MAX];
    struct service_status status = {
        .name = machine_service(machine)->name, .version = "1", .region = meta.journal, .journal = meta.journal,
        .incarnation = meta.incarnation, .head = machine_head(machine), .applied = machine_head(machine), .streams.at = streams };
    for (uint32_t i = 0; i < machine_streams(machine) && i < STREAMS_MAX; i++) {
        struct follow follow;
        if (machine_follow(machine, machine_stream(machine, i), arena, &follow) == ERR_OK)
            streams[status.streams.n++] = (struct stream_status){
                .stream = machine_stream(machine, i), .state = "following", .journal = follow.cursor->journal,
                .incarnation = follow.cursor->incarnation, .number = follow.cursor->number };
    }
    return msg_encode_in(arena, &service_status_desc, &status);
}
