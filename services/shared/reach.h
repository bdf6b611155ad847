#pragma once
#include "services/shared/places.h"

/* reach: where a fact about a person belongs, and whether the principal may touch it, in one question.
 *
 * The reach is asked first, with the person's own id in front of the chain, so that a principal who may
 * not touch the person learns nothing from the refusal. */

/* Scope of the fact goes to `scope` and `n`; organisation may be nil: the main post on the day. Where one is
 * named, the person has to be within reach through a post of his own too. */
enum verdict reach_place(struct ctx *ctx, const struct uuid *person, const struct uuid *organisation, day_t day,
                         struct workplace *place, struct uuid scope[ENTRY_SCOPES_MAX], uint32_t *n);
/* may_reach() of a scope that begins with a person: also by whoever reaches him under another of his ids (places.h). */
bool reach_one(struct ctx *ctx, const struct uuid *scope, uint32_t n);
/* True when the principal is the person, or a console that acts for him. A console that names nobody
 * acts for nobody. */
bool reach_self(struct ctx *ctx, const struct uuid *person, const struct uuid *scope, uint32_t n);
/* The same for what others may see too: a console sees what its actor sees. */
bool reach_seen(struct ctx *ctx, const struct uuid *scope, uint32_t n);
