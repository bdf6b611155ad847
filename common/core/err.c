#include "common/core/err.h"

#include <errno.h>

const char *err_text(int err)
{
    switch (err) {
#define X(name, value, text) case ERR_##name: return text;
    ERR_LIST(X)
#undef X
    }
    return "an error without a name";
}

int err_of_errno(int saved_errno)
{
    switch (saved_errno) {
    case 0:             return ERR_OK;
    case ENOMEM:        return ERR_NOMEM;
    case ENOSPC:
    case EDQUOT:        return ERR_FULL;
    case ENOENT:        return ERR_NOTFOUND;
    case EEXIST:        return ERR_EXISTS;
    case EACCES:
    case EPERM:         return ERR_DENIED;
    case ETIMEDOUT:     return ERR_TIMEOUT;
    case EBUSY:
    case EAGAIN:        return ERR_BUSY;
    default:            return ERR_IO;
    }
}
