#pragma once
#include "services/shared/lists/list.h"

/* oneroster: a OneRoster 1.1 or 1.2 CSV bundle (1EdTech: a zip of manifest, orgs, users, in 1.2 roles, …) as the text of
 * one staff list, so that it is checked and entered as all lists are.
 *
 * A row      is a role: in 1.2 a row of roles.csv, in 1.1 a row of users.csv for each of its organisations. Its line is that of the
 *            file it comes from; further organisations of a row of 1.1 stand behind the last line. Students, guardians, parents and
 *            relatives are passed over.
 * Columns    code: sourcedId of the user; names: familyName, givenName, middleName; born: birthDate of demographics.csv; SNILS: that type
 *            in userIds ({СНИЛС:112-233-445 95}); organisation: the identifier of the org, else its sourcedId; post: teacher, principal
 *            and counselor in Russian, any other role as it is, to be refused or mapped; subject: of most classes that he teaches
 *            there (enrollments.csv, classes.csv); part-time: any but the primary one; from, until: beginDate, endDate.
 *            OneRoster 1.1 knows no first day: it has to come in a column of the sender's own.
 *            metadata.X of users and roles is the column X, instead of what is named above where X is a title of it; ext_… and
 *            identifier are columns too, for maps.
 * Deleted    status tobedeleted ends the post with the day of dateLastModified, unless endDate says another; without a day the
 *            row is refused. A user of 1.2 without a role is counted and passed over; one who is deleted so becomes a row
 *            that is refused, since no organisation is named.
 * Limits     of each part, of the text, and of all that is kept while it is read: `most` bytes.
 * Mode       bulk or delta, as the manifest says of users and roles.
 * Errors     tokens: bundle_manifest, bundle_version, bundle_part (column: the file), bundle_table (the same, line), bundle_too_big. */
struct bundle_said { bool delta; uint64_t no_role; };
bool oneroster_is(struct bytes file);
bool oneroster_csv(struct bytes file, size_t most, struct buf *text, struct bundle_said *said, struct list_fault *fault);
