#include "common/core/files.h"
#include "services/node/intake_parts.h"

#include <inttypes.h>
#include <stdio.h>

/* A table that Excel opens: what was refused, by line, column, reason and remedy. Nothing that stood in the cells. */

static void cell(struct report *report, const char *text)
{
    buf_byte(&report->text, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buf_byte(&report->text, '"');
        buf_byte(&report->text, (uint8_t)*text);
    }
    buf_byte(&report->text, '"');
}

static void row(struct report *report, const char *line, const char *column, const char *reason, const char *todo)
{
    const char *cells[] = { line, column, reason, todo };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        if (i > 0)
            buf_byte(&report->text, ';');
        cell(report, cells[i]);
    }
    buf_text(&report->text, "\r\n");
}

void report_start(struct report *report, const struct sentences *sentences, struct arena *arena)
{
    *report = (struct report){ .sentences = sentences, .arena = arena };
    buf_text(&report->text, "\xef\xbb\xbf");
    row(report, catalogue_text(sentences, "report.line"), catalogue_text(sentences, "report.column"),
        catalogue_text(sentences, "report.reason"), catalogue_text(sentences, "report.todo"));
}

void report_line(struct report *report, uint32_t line, const char *column, const struct staff_fault *fault)
{
    bool by_rule = strcmp(fault->reason, "message") == 0;
    const char *token = by_rule ? fault->rule : fault->reason;
    char number[16], prefixed[80], todo[80];
    struct catalogue_arg args[STAFF_ARGS_MAX];

    if (report->lines++ >= REPORT_LINES_MAX) {
        report->left_out++;
        return;
    }
    for (uint32_t i = 0; i < fault->n; i++)
        args[i] = (struct catalogue_arg){ fault->arg[i].name, fault->arg[i].value };
    snprintf(number, sizeof number, "%" PRIu32, line);
    snprintf(prefixed, sizeof prefixed, "reason.%s", token);
    snprintf(todo, sizeof todo, "do.%s", token);
    row(report, number, column, by_rule ? catalogue_rule(report->sentences, report->arena, token, 0)
                                        : catalogue_fill(report->sentences, report->arena, prefixed, args, fault->n),
        catalogue_has(report->sentences, todo) ? catalogue_text(report->sentences, todo) : "");
}

void report_say(struct report *report, const char *token, const struct catalogue_arg *args, uint32_t n)
{
    row(report, "", "", catalogue_fill(report->sentences, report->arena, token, args, n), "");
}

int report_put(struct report *report, const char *files, const char *name)
{
    char dir[600], as[NODE_FILE_NAME + 8];
    size_t n = strlen(name);
    bool csv = n > 4 && strcmp(name + n - 4, ".csv") == 0;

    if (report->left_out > 0) {
        char left[24];
        snprintf(left, sizeof left, "%" PRIu64, report->left_out);
        report_say(report, "report.left_out", &(struct catalogue_arg){ "count", left }, 1);
    }
    snprintf(dir, sizeof dir, "%s/" INTAKE_REPORTS, files);
    snprintf(as, sizeof as, "%s%s", name, csv ? "" : ".csv");
    return file_put_over(dir, as, buf_bytes(&report->text));
}

void report_end(struct report *report)
{
    buf_free(&report->text);
}
