#include "common/service/metrics.h"

#include <inttypes.h>

void histogram_add(struct histogram *histogram, uint64_t value)
{
    unsigned i = value <= 1 ? 0 : 64 - (unsigned)__builtin_clzll(value - 1);

    metric_add(&histogram->bucket[i < METRICS_BUCKETS ? i : METRICS_BUCKETS - 1], 1);
    metric_add(&histogram->sum, value);
    metric_add(&histogram->count, 1);
}

void metric_help(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_format(out, "# HELP rsnms_%s %s\n# TYPE rsnms_%s %s\n", name, help, name, type);
}

void metric_write(struct buf *out, const char *name, const char *labels, double value)
{
    buf_format(out, *labels != '\0' ? "rsnms_%s{%s} %.17g\n" : "rsnms_%s%s %.17g\n", name, labels, value);
}

void histogram_write(struct buf *out, const char *name, const char *labels, double unit,
                     const struct histogram *histogram)
{
    const char *comma = *labels != '\0' ? "," : "";
    uint64_t below = 0;

    for (unsigned i = 0; i < METRICS_BUCKETS; i++) {
        below += metric_get(&histogram->bucket[i]);
        if (i + 1 < METRICS_BUCKETS)
            buf_format(out, "rsnms_%s_bucket{%s%sle=\"%g\"} %" PRIu64 "\n", name, labels, comma,
                       (double)(UINT64_C(1) << i) * unit, below);
        else
            buf_format(out, "rsnms_%s_bucket{%s%sle=\"+Inf\"} %" PRIu64 "\n", name, labels, comma, below);
    }
    buf_format(out, *labels != '\0' ? "rsnms_%s_sum{%s} %g\n" : "rsnms_%s_sum%s %g\n", name, labels,
               (double)metric_get(&histogram->sum) * unit);
    buf_format(out, *labels != '\0' ? "rsnms_%s_count{%s} %" PRIu64 "\n" : "rsnms_%s_count%s %" PRIu64 "\n",
               name, labels, below);
}
