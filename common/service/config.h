#pragma once
#include "common/codec/text_forms.h"
#include "common/net/keys.h"
#include "common/net/wire.h"

/* config: rsnms.yaml, the one file that daemons and the command line share: where things lie and which
 * services there are. Relative paths are taken from the directory of the file; relative ipc:// paths from
 * the run directory. A fault is said with file, line and field, and nothing starts.
 *
 * Ownership  everything lives in the arena given to config_load(). */
#define LOG_LEVELS(X) X(CONFIG_LOG_DEBUG, "debug") X(CONFIG_LOG_INFO, "info") \
                      X(CONFIG_LOG_WARNING, "warning") X(CONFIG_LOG_ERROR, "error")
ENUM_DECLARE(config_log, LOG_LEVELS)

#define CONFIG_SERVICES_MAX 32
#define CONFIG_PATH_MAX     200
#define CONFIG_SERVICE_FIELDS(X, S)                                                                          \
    X(S, STR, name,      _, 1, 40,                REQUIRED)                                                  \
    X(S, STR, listen,    _, 1, WIRE_ENDPOINT_MAX, OPTIONAL) /* none: ipc://NAME.sock in the run directory */ \
    X(S, STR, connect,   _, 1, WIRE_ENDPOINT_MAX, OPTIONAL) /* none: as listen */                            \
    X(S, STR, key,       _, 1, KEY_NAME_MAX,      OPTIONAL) /* none: the name */                             \
    X(S, STR, vault_key, _, 1, CONFIG_PATH_MAX,   OPTIONAL) /* file of the master key, for personal data */  \
    X(S, STR, sign_key,  _, 1, CONFIG_PATH_MAX,   OPTIONAL) /* file of an Ed25519 seed: 32 bytes, mode 0600 */ \
    X(S, STR, files,     _, 1, CONFIG_PATH_MAX,   OPTIONAL) /* where files come and go; none: files/NAME beside data */ \
    X(S, U64, cap_mb,    _, 0, 1000000,           OPTIONAL) /* above it the service takes no more in; none: no cap */ \
    X(S, BOOL, unlocked, _, 0, 0,                 OPTIONAL) /* where memory cannot be locked: go on in what may be swapped */ \
    X(S, BOOL, remote,   _, 0, 0,                 OPTIONAL) /* runs on another machine: only spoken to from here */
MSG_DECLARE(config_service, CONFIG_SERVICE_FIELDS)

#define CONFIG_FIELDS(X, S)                                                                                  \
    X(S, UUID, region,     _,              0, 0,               REQUIRED)                                     \
    X(S, STR,  profile,    _,              1, CONFIG_PATH_MAX, OPTIONAL) /* the region's settings */         \
    X(S, STR,  data,       _,              1, CONFIG_PATH_MAX, REQUIRED) /* a store in data/SERVICE each */  \
    X(S, STR,  keys,       _,              1, CONFIG_PATH_MAX, REQUIRED)                                     \
    X(S, STR,  backup,     _,              1, CONFIG_PATH_MAX, OPTIONAL) /* none: store.backup is refused */ \
    X(S, STR,  run,        _,              1, CONFIG_PATH_MAX, REQUIRED) /* sockets and *.endpoint files */  \
    X(S, U64,  reserve_mb, _,              0, 1000000,         OPTIONAL) /* free disk to keep; none: 256 */  \
    X(S, U64,  feed_kb_s,  _,              0, 10000000,        OPTIONAL) /* to all followers while commands arrive; none: 16384 */ \
    X(S, ENUM, log,        config_log,     0, 0,               REQUIRED)                                     \
    X(S, LIST, services,   config_service, 1, CONFIG_SERVICES_MAX, REQUIRED)
MSG_DECLARE(config, CONFIG_FIELDS)

/* Reads, checks and completes: after ERR_OK every path is absolute or relative to the working directory,
 * and listen, key and the defaults above are filled in. */
int config_load(const char *file, struct arena *arena, struct config *config, char says[400]);
/* How many of the services run on this machine: they stand first, whatever the order in the file. */
uint32_t config_here(const struct config *config);
const struct config_service *config_find(const struct config *config, const char *service);     /* NULL: no such */
/* Where to reach a service. A listen of tcp with port * is read from run/SERVICE.endpoint, which the
 * daemon writes when it has bound: ERR_NOTFOUND while it has not. */
int config_endpoint(const struct config *config, const struct config_service *service,
                    char endpoint[WIRE_ENDPOINT_MAX + 1]);
