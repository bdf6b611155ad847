#include "tests/bench/bench.h"
void row_source(struct bench *bench) { (void)bench; }
void row_follower(struct bench *bench) { (void)bench; }
void row_fifty(struct bench *bench) { (void)bench; }
void row_chain(struct bench *bench) { (void)bench; }
void row_recount(struct bench *bench) { (void)bench; }
