#include "services/roster/bands.h"

struct band band_young(const struct civil *born, day_t teaching_since, uint64_t under_years, uint64_t first_months)
{
    day_t birthday = civil_after_years(born, (int)under_years);
    day_t served = day_add_months(teaching_since, (int)first_months);
    day_t until = birthday < served ? birthday : served;
    struct band band = { 0, 0 };

    /* 0 is also a birthday before 1970: then he was never young in this calendar. */
    if (teaching_since == 0 || until <= teaching_since)
        return band;
    band.from = day_month_start(teaching_since);
    band.until = day_month_start(until);
    if (band.from == 0 || band.until <= band.from)
        return (struct band){ 0, 0 };
    return band;
}

bool band_holds(struct band band, day_t day)
{
    return band.from != 0 && band.from <= day && day < band.until;
}
