#pragma once
#include "common/net/problem.h"

/* catalogue: sentences for people, by stable token, in one language: config/messages/LANGUAGE.yaml.
 * Everything that end users read passes through it; code knows tokens only.
 *
 * Ownership  catalogue_load() hands one over, catalogue_free() takes it back.
 * Errors     a file that cannot be read is said with file, line and field. A missing token is shown as it
 *            is, with its args: never an error, never a crash. */
#define CATALOGUE_MESSAGES_MAX 2000
#define CATALOGUE_MESSAGE_FIELDS(X, S)                                              \
    X(S, STR,  token,    _, 1, 80,  REQUIRED)                                        \
    X(S, STR,  text,     _, 1, 600, REQUIRED) /* {name} stands for an argument */
MSG_DECLARE(catalogue_message, CATALOGUE_MESSAGE_FIELDS)
#define CATALOGUE_FILE_FIELDS(X, S)                                                 \
    X(S, STR,  language, _, 2, 8,   REQUIRED)                                        \
    X(S, LIST, messages, catalogue_message, 1, CATALOGUE_MESSAGES_MAX, REQUIRED)
MSG_DECLARE(catalogue_file, CATALOGUE_FILE_FIELDS)

struct sentences;
int  catalogue_load(struct sentences **out, const char *file, char says[400]);
void catalogue_free(struct sentences **catalogue);

/* The sentence of a token, the token itself when there is none. NULL catalogue: as an empty one. */
const char *catalogue_text(const struct sentences *catalogue, const char *token);
bool catalogue_has(const struct sentences *catalogue, const char *token);
/* With {name} filled in. args: name, value, name, value … */
struct catalogue_arg { const char *name, *value; };
const char *catalogue_fill(const struct sentences *catalogue, struct arena *arena, const char *token,
                           const struct catalogue_arg *args, uint32_t n);
/* What a rule of a field wants. Without a bound (0) it is the sentence rule.RULE.plain, where there is one: a bound
 * that nobody named is not said. A rule without a sentence stands for itself. */
const char *catalogue_rule(const struct sentences *catalogue, struct arena *arena, const char *rule, int64_t limit);
/* A refusal as lines for a person: what the code means, why, and every field with its rule. Where the catalogue
 * has words.REASON = PREFIX, an argument's value is said as PREFIX.VALUE, if there is such a sentence. */
const char *catalogue_problem(const struct sentences *catalogue, struct arena *arena,
                              const struct problem *problem);
/* Why alone: of what was kept of a refusal, its reason and args. */
const char *catalogue_reason(const struct sentences *catalogue, struct arena *arena,
                             const struct problem *problem);
