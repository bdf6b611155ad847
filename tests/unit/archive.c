#include "tests/unit/archive.h"

#include <zlib.h>

static void u16(struct buf *buf, uint32_t value)
{
    buf_byte(buf, (uint8_t)value);
    buf_byte(buf, (uint8_t)(value >> 8));
}

static void u32(struct buf *buf, uint32_t value)
{
    u16(buf, value & 0xffff);
    u16(buf, value >> 16);
}

/* What local header and directory share: version 20 to the length of the extra field. */
static void common(struct buf *buf, const char *name, const char *text)
{
    uint32_t n = (uint32_t)strlen(text);

    u16(buf, 20);
    u16(buf, 0);
    u16(buf, 0);
    u32(buf, 0);
    u32(buf, (uint32_t)crc32(0, (const Bytef *)text, n));
    u32(buf, n);
    u32(buf, n);
    u16(buf, (uint32_t)strlen(name));
    u16(buf, 0);
}

void archive_put(struct archive *archive, const char *name, const char *text)
{
    uint32_t at = (uint32_t)archive->file.n;

    u32(&archive->file, 0x04034b50);
    common(&archive->file, name, text);
    buf_text(&archive->file, name);
    buf_text(&archive->file, text);
    u32(&archive->directory, 0x02014b50);
    u16(&archive->directory, 20);
    common(&archive->directory, name, text);
    u16(&archive->directory, 0);
    u16(&archive->directory, 0);
    u16(&archive->directory, 0);
    u32(&archive->directory, 0);
    u32(&archive->directory, at);
    buf_text(&archive->directory, name);
    archive->n++;
}

void archive_end(struct archive *archive)
{
    uint32_t at = (uint32_t)archive->file.n;

    buf_put(&archive->file, archive->directory.at, archive->directory.n);
    u32(&archive->file, 0x06054b50);
    u16(&archive->file, 0);
    u16(&archive->file, 0);
    u16(&archive->file, archive->n);
    u16(&archive->file, archive->n);
    u32(&archive->file, (uint32_t)archive->directory.n);
    u32(&archive->file, at);
    u16(&archive->file, 0);
}

void archive_workbook(struct archive *archive, const char *rows)
{
    struct buf sheet = { 0 };

    buf_text(&sheet, "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>");
    for (; *rows != '\0'; rows++) {
        if (*rows == ';')
            buf_text(&sheet, "</t></is></c><c t=\"inlineStr\"><is><t>");
        else if (*rows == '\n')
            buf_text(&sheet, "</t></is></c></row><row><c t=\"inlineStr\"><is><t>");
        else if (*rows != '\r')
            buf_byte(&sheet, (uint8_t)*rows);
    }
    buf_text(&sheet, "</t></is></c></row></sheetData></worksheet>");
    archive_put(archive, "xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
    archive_put(archive, "xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/1.xml\"/></Relationships>");
    archive_put(archive, "xl/worksheets/1.xml", buf_string(&sheet));
    archive_end(archive);
    buf_free(&sheet);
}
