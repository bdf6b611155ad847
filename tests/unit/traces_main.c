/* traces PATH… -- TEXT…: finds what is personal in files, however it is written (traces.h). Exit code 0: nothing; 1:
 * found, each said; 2: something could not be read, or there was nothing to look at. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/traces.h"

static unsigned finds;

static void say(const char *file, const struct trace *trace)
{
    printf("%s: %s in %s\n", file, trace->form, trace->coding);
    finds++;
}

int main(int argc, char **argv)
{
    struct arena arena = { 0 };
    struct traces traces = { .arena = &arena };
    int paths = 1;
    long files = 0;
    while (paths < argc && strcmp(argv[paths], "--") != 0)
        paths++;
    for (int i = paths + 1; i < argc; i++)
        traces_add(&traces, argv[i]);
    for (int i = 1; i < paths && files >= 0; i++) {
        long more = traces_walk(&traces, argv[i], say);
        files = more < 0 ? -1 : files + more;
    }
    bool looked = files > 0 && traces.n > 0;
    printf("%ld files, %zu forms, %u finds\n", files, traces.n, finds);
    arena_free(&arena);
    return !looked ? 2 : finds > 0;
}
