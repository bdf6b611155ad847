#pragma once
#include "common/core/bytes.h"

#include <stdatomic.h>

/* metrics: counters and histograms, written as Prometheus reads them. No personal data: labels are
 * methods, codes and streams, all of them from tables of the program, never from a message.
 *
 * Threads    any may count; reading sees each number whole, not all of one moment. */
#define METRICS_BUCKETS 20                  /* powers of two from 2^0 on, the last one is all above */

struct histogram { _Atomic uint64_t bucket[METRICS_BUCKETS], sum, count; };

void histogram_add(struct histogram *histogram, uint64_t value);
/* `unit` multiplies bounds and sum: 1e-6 for microseconds told as seconds. labels: "" or `a="b"`. */
void histogram_write(struct buf *out, const char *name, const char *labels, double unit,
                     const struct histogram *histogram);
void metric_write(struct buf *out, const char *name, const char *labels, double value);
void metric_help(struct buf *out, const char *name, const char *type, const char *help);
static inline void metric_add(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}
static inline uint64_t metric_get(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}
