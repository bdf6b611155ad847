#include "common/net/letters.h"

MSG_DEFINE(letter, LETTER_FIELDS)
MSG_DEFINE(letter_deliver, LETTER_DELIVER_FIELDS)
ENUM_DEFINE(letter_outcome, LETTER_OUTCOMES)
MSG_DEFINE(letter_delivered, LETTER_DELIVERED_FIELDS)
MSG_DEFINE(letter_answer, LETTER_ANSWER_FIELDS)
