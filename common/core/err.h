#pragma once

/* err: how a function that can fail for an expected reason says so.
 *
 * Errors     0 is success, everything else is negative. Programmer errors are assert()ed
 *            instead, and asserts stay on in release. A *refusal* (a command that a rule
 *            turns down) is a value, not one of these: see common/service/service.h. */
#define ERR_LIST(X)                                                   \
    X(OK,         0, "ok")                                            \
    X(NOMEM,     -1, "out of memory")                                 \
    X(IO,        -2, "input/output error")                            \
    X(FULL,      -3, "no space left")                                 \
    X(CORRUPT,   -4, "a stored record cannot be read")                \
    X(MALFORMED, -5, "malformed")                                     \
    X(NOTFOUND,  -6, "not found")                                     \
    X(EXISTS,    -7, "already there")                                 \
    X(TIMEOUT,   -8, "timed out")                                     \
    X(DENIED,    -9, "not permitted")                                 \
    X(NEWER,    -10, "written by a newer version of this program")    \
    X(FORK,     -11, "the source's history differs from the one that was followed") \
    X(BUSY,     -12, "in use by another process")                     \
    X(FENCED,   -13, "another writer has taken over")                 \
    X(UNKNOWN,  -14, "it cannot be known whether it happened")

enum err {
#define X(name, value, text) ERR_##name = value,
    ERR_LIST(X)
#undef X
};

const char *err_text(int err);
int err_of_errno(int saved_errno);      /* ENOSPC, EDQUOT → FULL; ENOENT → NOTFOUND; else IO … */
