/* manual: the manual page rsnms(1), made from the same table of verbs as --help, so that it cannot fall behind. */
#include <stdio.h>
#include "cli/cli.h"

/* Text as roff wants it: no line begins with a control character, no backslash or hyphen is eaten. */
static void put(const char *text)
{
    for (bool start = true; *text != '\0'; start = *text++ == '\n') {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
}

static void put_verb(const struct verb *verb)
{
    printf(".TP\n.B ");
    put(verb->name);
    if (*verb->args != '\0') {
        printf(" \\fR");
        put(verb->args);
    }
    putchar('\n');
    put(verb->help);
    fputs(".\n", stdout);
    if (verb->more != NULL) {
        put(verb->more);
        putchar('\n');
    }
}

static const char HEAD[] =
    ".TH RSNMS 1 \"\" \"rsnms " RSNMS_VERSION "\" \"User Commands\"\n"
    ".SH NAME\n"
    "rsnms \\- operate a regional system of scientific and methodological support of educators\n"
    ".SH SYNOPSIS\n"
    ".B rsnms\n[\\fIOPTION\\fR...] \\fIVERB\\fR [\\fIARGUMENT\\fR...]\n"
    ".SH DESCRIPTION\n"
    "The one command of the operator: it makes an installation, starts and stops its daemons, asks them, loads lists,\n"
    "prints plan and fact of the indicators, makes backups, keeps keys, and works the federal gateway and the nodes of\n"
    "municipalities. Which daemons there are and where is said by one file, rsnms.yaml. What users read is in Russian\n"
    "unless another language is asked for.\n"
    ".SH VERBS\n";

static const char TAIL[] =
    ".SH OPTIONS\n"
    "Options may stand before or after the verb; \\fBrsnms \\fIVERB\\fB \\-\\-help\\fR explains one verb.\n"
    ".TP\n.BI \\-\\-config \" FILE\"\nThe configuration, in place of those under FILES.\n"
    ".TP\n.BI \\-\\-key \" NAME\"\nThe key to speak with; else the first of ours whose role may use the method.\n"
    ".TP\n.BI \\-\\-lang \" LANGUAGE\"\nOf tables and refusals: ru (default) or en.\n"
    ".TP\n.B \\-\\-json\nFor programs: JSON in place of tables and sentences, where a verb has it.\n"
    ".TP\n.BI \\-\\-timeout \" SECONDS\"\nTo wait for an answer; 10 unless told otherwise.\n"
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nDone.\n.TP\n.B 1\nRefused, or it could not be done.\n.TP\n.B 2\nThe command line is wrong.\n"
    ".TP\n.B 3\nDone, but some rows were refused.\n"
    ".TP\n.B 4\nA daemon is down or does not answer: which, and where it was expected, is said.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B RSNMS_CONFIG\nThe configuration, when \\-\\-config is not given.\n"
    ".TP\n.B RSNMS_LANG\nThe language, when \\-\\-lang is not given.\n"
    ".SH FILES\n"
    ".TP\n.IR ./config/rsnms.yaml \", \" /etc/rsnms/rsnms.yaml \", \" /var/lib/rsnms/rsnms.yaml\n"
    "The configuration, the first that is there.\n"
    ".TP\n.I /usr/share/rsnms/regions\nProfiles of regions, to begin one's own from.\n"
    ".TP\n.I /usr/share/rsnms/messages\nWhat users read, a file for each language.\n"
    ".SH SEE ALSO\n"
    "README.ru.md and the operator's guide in /usr/share/doc/rsnms; systemd units rsnms@.service, rsnms\\-region.target,\n"
    "rsnms\\-node.target.\n";

void manual_print(const struct verb *verbs, size_t n)
{
    fputs(HEAD, stdout);
    for (size_t i = 0; i < n; i++)
        put_verb(&verbs[i]);
    fputs(TAIL, stdout);
}
