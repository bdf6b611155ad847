#include "services/shared/education.h"

#include <string.h>

#include "common/core/text.h"
#include "proto/roster_life.h"

static bool has(const char *text, const char *part) { return strstr(text, part) != NULL; }

bool education_read(const char *text, struct arena *arena, int *level, int *pedagogical)
{
    const char *folded = text != NULL ? text_fold(arena, text) : "";
    bool other = has(folded, "непедагог") || has(folded, "не педагог");

    *pedagogical = other ? SAID_NO : has(folded, "педагог") ? SAID_YES : SAID_NOTHING;
    *level = EDUCATION_UNKNOWN;
    if (has(folded, "высш") || has(folded, "higher"))
        *level = EDUCATION_HIGHER;
    else if (has(folded, "профессион") || has(folded, "специальн") || has(folded, "vocational"))
        *level = EDUCATION_VOCATIONAL;
    else if (has(folded, "общее") || has(folded, "general"))
        *level = EDUCATION_GENERAL;
    return folded[0] == '\0' || *level != EDUCATION_UNKNOWN || *pedagogical != SAID_NOTHING;
}

bool said_read(const char *text, struct arena *arena, int *said)
{
    static const char *const YES[] = { "да", "yes", "true", "1", "+" }, *const NO[] = { "нет", "no", "false", "0", "-" };
    const char *folded = text != NULL ? text_fold(arena, text) : "";

    *said = SAID_NOTHING;
    for (size_t i = 0; i < sizeof YES / sizeof *YES; i++) {
        if (strcmp(folded, YES[i]) == 0)
            *said = SAID_YES;
        if (strcmp(folded, NO[i]) == 0)
            *said = SAID_NO;
    }
    return folded[0] == '\0' || *said != SAID_NOTHING;
}

static bool digit(char c) { return c >= '0' && c <= '9'; }

bool rate_read(const char *text, unsigned *hundredths)
{
    unsigned whole = 0, part = 0, weight = 10;

    *hundredths = 0;
    if (text == NULL || text[0] == '\0')
        return true;
    if (!digit(text[0]) || (digit(text[1]) && digit(text[2])))
        return false;
    for (; digit(*text); text++)
        whole = whole * 10 + (unsigned)(*text - '0');
    if (*text == ',' || *text == '.')
        for (text++; digit(*text) && weight > 0; text++, weight /= 10)
            part += (unsigned)(*text - '0') * weight;
    *hundredths = whole * 100 + part;
    return *text == '\0' && *hundredths > 0 && *hundredths <= RATE_MAX;
}
