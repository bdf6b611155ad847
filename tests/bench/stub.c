#include "tests/bench/bench.h"
void row_chain(struct bench *bench) { (void)bench; }
void row_recount(struct bench *bench) { (void)bench; }
