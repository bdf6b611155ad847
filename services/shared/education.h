#pragma once
#include <stdbool.h>

#include "common/core/arena.h"

/* education: what lists write of it, read: «Высшее педагогическое», «среднее профессиональное (непедагогическое)», «1,5», «да».
 * Pure. False: it says something else; what is empty says nothing (unknown, SAID_NOTHING, 0).
 *
 * A level is named by its words: высшее; среднее профессиональное, среднее специальное; среднее общее, основное общее.
 * Words about the level alone say nothing of whether it is pedagogical. */
bool education_read(const char *text, struct arena *arena, int *level, int *pedagogical);   /* enum education_level, enum yes_no */
bool said_read(const char *text, struct arena *arena, int *said);
/* Hundredths of a full post, at most RATE_MAX: 1; 0,5; 1.25. */
#define RATE_MAX 300
bool rate_read(const char *text, unsigned *hundredths);
