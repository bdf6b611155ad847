#include "common/book/book.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "common/core/err.h"
#include "common/core/failpoint.h"

static int take_bytes(int fd, struct buf *out)
{
    char part[16384];
    ssize_t n = 0;
    if (lseek(fd, 0, SEEK_SET) == -1)
        return ERR_IO;
    while ((n = read(fd, part, sizeof part)) > 0)
        buf_put(out, part, (size_t)n);
    return n == 0 && out->n > 0 ? ERR_OK : ERR_IO;
}

static int write_with(lxw_workbook_options *options, book_fill *fill, void *arg, struct buf *out)
{
    char path[40], folder[] = BOOK_MEMORY "/rsnms-book.XXXXXX";     /* mkdtemp: mode 0700 */
    int err = ERR_IO, fd = memfd_create("book.xlsx", MFD_CLOEXEC);
    if (fd == -1)
        return err_of_errno(errno);
    if (mkdtemp(folder) == NULL) {
        close(fd);
        return ERR_NOTFOUND;
    }
    options->tmpdir = SABOTAGE("book_on_disk") ? NULL : folder;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    lxw_workbook *book = workbook_new_opt(path, options);
    if (book != NULL) {
        err = fill(book, arg);
        if (workbook_close(book) != LXW_NO_ERROR && err == ERR_OK)
            err = ERR_IO;
    }
    if (err == ERR_OK)
        err = take_bytes(fd, out);
    close(fd);
    rmdir(folder);                              /* the files in it had no names by then */
    return err;
}

int book_write(book_fill *fill, void *arg, struct buf *out)
{
    lxw_workbook_options options = { 0 };
    return write_with(&options, fill, arg, out);
}

int book_write_long(book_fill *fill, void *arg, struct buf *out)
{
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    return write_with(&options, fill, arg, out);
}
