#include "cli/refer/register_words.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/refer/args.h"

bool ground_words(struct arena *arena, const char *text, struct entry_ground *ground)
{
    const char *equals = strchr(text, '='), *end = equals != NULL ? equals : text + strlen(text);
    const char *at = memchr(text, '@', (size_t)(end - text));
    *ground = (struct entry_ground){ .ground = arena_string(arena, text, (size_t)((at != NULL ? at : end) - text)),
                                     .evidence = equals != NULL ? equals + 1 : NULL };
    return at == NULL || args_day(arena_string(arena, at + 1, (size_t)(end - at - 1)), &ground->day);
}

static bool number_words(const char *text, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && *number <= INT64_MAX;
}

enum value_words value_words(struct arena *arena, const struct profile_register *reg, const char *text, struct entry_value *value,
                             const char **code)
{
    const char *equals = strchr(text, '=');
    const struct register_field *field = NULL;
    if (equals == NULL)
        return WORDS_NONE;
    *value = (struct entry_value){ .name = arena_string(arena, text, (size_t)(equals - text)) };
    *code = equals + 1;
    for (uint32_t i = 0; i < reg->fields.n; i++)
        if (strcmp(reg->fields.at[i].name, value->name) == 0)
            field = &reg->fields.at[i];
    switch (field != NULL ? field->kind : VALUE_TEXT) {
    case VALUE_DAY:          return args_day(equals + 1, &value->day) ? WORDS_TAKEN : WORDS_NO_DAY;
    case VALUE_NUMBER:       return number_words(equals + 1, &value->number) ? WORDS_TAKEN : WORDS_NO_NUMBER;
    case VALUE_PERSON:       return WORDS_PERSON;
    case VALUE_ORGANISATION: return WORDS_ORGANISATION;
    default:
        value->text = equals + 1;
        return WORDS_TAKEN;
    }
}
