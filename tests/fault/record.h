#pragma once
#include <stdint.h>

/* record: what fault_record writes down of a run and fault_states plays back: one header, then `n` bytes, for
 * each thing that happened, in order. */
enum record_kind {
    RECORD_WRITE,           /* to data.mdb at `offset`; through an O_DSYNC descriptor when `synced` */
    RECORD_SYNC,            /* of data.mdb: what was written before is safe */
    RECORD_SIZE,            /* data.mdb was cut or stretched to `offset` bytes */
    RECORD_NAME,            /* from now on the file is called data.mdb: before, a crash leaves no store */
    RECORD_ACK,             /* a line of the file of acknowledgements */
};
struct record { uint32_t kind, n; uint64_t offset; uint32_t synced, unused; };
