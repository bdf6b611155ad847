#pragma once
#include "proto/roster_documents.h"
#include "services/roster/roster.h"

/* documents: the register of acts and documents (R10).
 *
 * Identity    a document is its issuer, number and day: the same three again are refused. What it says is its title and
 *             the SHA-256 of its file; the file itself lies with whoever keeps files, under any name. Beside it the
 *             detached qualified signature (УКЭП, 63-ФЗ ст. 6), by name and hash too: what it is worth a certification
 *             program says, not this register. Who signed is said by post and body, since titles and signers of acts name no people
 *             here, and by the number of the certificate. Nothing that the system says of a file is a signature in law: holding its
 *             bytes against the hash is our own check («контрольная подпись системы») of being whole, no more.
 * Editions    759 → 907: each is a document of its own; the chain has no branches. A new edition ends the one before it on
 *             the eve of its first day in force, or earlier where that one had an end of its own.
 * Sent        to organisations, each once, a fact (and an entry) each; acknowledged by whoever reaches the organisation,
 *             once, on a day not before the sending.
 * Scope       of a public document: none. Of another: its unit's chain; of a sending and an acknowledgement: the
 *             organisation's chain and the document's unit. Who was sent a document may read it, and
 *             whoever works there (доведение до сведения).
 * Limits      EDITIONS_MAX of one document; DOCUMENT_ADDRESSEES_MAX in one command; other lists come in pages.
 *
 * Reasons, with field and args:
 *
 *   document_unknown                                                      not_found
 *   document_known        number                                          the same issuer, number and day
 *   issuer_missing, issuer_twice   issuer
 *   document_future       day
 *   document_until_before_from   until
 *   file_and_hash         sha256, signature_sha256                        the one without the other, or not 32 bytes
 *   file_is_a_path        file, signature
 *   signature_without_file signature
 *   signer_without_signature signed_as
 *   signed_in_future      signed_on
 *   edition_not_last      of                    edition                   conflict: another edition has replaced it
 *   edition_before        from                                            in force not later than the one it replaces
 *   too_many_editions                           most                      conflict
 *   sent_before           day                                             before the document's own day
 *   sent_in_future, acknowledged_in_future   day
 *   document_not_sent                                                     conflict
 *   acknowledged_before_sent   day                                        */
#define EDITIONS_MAX 200

/* ── state ── */
bool state_document(struct ctx *ctx, const struct uuid *id, struct document *document);
void state_document_put(struct ctx *ctx, const struct document *document);
/* The one of that issuer, number and day. */
bool state_document_known(struct ctx *ctx, const struct document *document, struct uuid *id);
uint32_t state_editions(struct ctx *ctx, const struct uuid *first, struct uuid *ids, uint32_t max);
bool state_sending(struct ctx *ctx, const struct uuid *document, const struct uuid *organisation, struct document_sent *sent);
void state_sending_put(struct ctx *ctx, const struct document_sent *sent);
bool document_in_force(const struct document *document, day_t on);

/* ── who may read ── */
bool document_reached(struct ctx *ctx, const struct document *document);    /* whose it is */
bool document_seen(struct ctx *ctx, const struct document *document);       /* or public, or sent to whom the asker is */

/* ── commands, events, queries ── */
enum verdict decide_document_register(struct ctx *ctx, const void *command);
enum verdict decide_document_edition(struct ctx *ctx, const void *command);
enum verdict decide_document_send(struct ctx *ctx, const void *command);
enum verdict decide_document_acknowledge(struct ctx *ctx, const void *command);
void apply_document_registered(struct ctx *ctx, const void *event);
void apply_document_superseded(struct ctx *ctx, const void *event);
void apply_document_sent(struct ctx *ctx, const void *event);
void apply_document_acknowledged(struct ctx *ctx, const void *event);
enum verdict query_document_get(struct ctx *ctx, const void *query);
enum verdict query_document_list(struct ctx *ctx, const void *query);
enum verdict query_document_inbox(struct ctx *ctx, const void *query);
enum verdict query_document_sendings(struct ctx *ctx, const void *query);
