#pragma once
#include "common/core/arena.h"

/* text: UTF-8, the only encoding inside. */
bool text_valid(const char *at, size_t n);          /* well-formed UTF-8 without zero bytes */
size_t text_width(const char *text);                /* terminal columns, for tables with Cyrillic in them */
size_t text_clip(const char *text, size_t columns); /* bytes that fit into so many columns */
char *text_nfc(struct arena *arena, const char *text);      /* normalised, white space runs folded to one */
char *text_fold(struct arena *arena, const char *text);     /* for comparing: NFC, case folded, ё → е */
/* Windows-1251 → UTF-8; NULL when a byte has no character there. */
char *text_from_1251(struct arena *arena, const char *at, size_t n);
/* UTF-8 → Windows-1251 appended to out; false (and nothing appended) when it cannot be written. */
bool text_to_1251(struct buf *out, const char *text);
