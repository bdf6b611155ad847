#include "common/service/system_methods.h"

MSG_DEFINE(stream_status, STREAM_STATUS_FIELDS)
MSG_DEFINE(service_status, SERVICE_STATUS_FIELDS)
MSG_DEFINE(service_metrics, SERVICE_METRICS_FIELDS)
MSG_DEFINE(store_backup_ask, STORE_BACKUP_FIELDS)
MSG_DEFINE(store_backup_done, STORE_BACKUP_DONE_FIELDS)
MSG_DEFINE(journal_place, JOURNAL_PLACE_FIELDS)
MSG_DEFINE(stream_accept_fork, STREAM_ACCEPT_FORK_FIELDS)

#define SYSTEM_METHOD_ROW(name, text, takes, gives, roles, command) \
    [SYSTEM_##name] = { text, &takes##_desc, &gives##_desc, roles, command },
const struct system_method_def SYSTEM_METHOD[SYSTEM_METHOD_COUNT] = { SYSTEM_METHODS(SYSTEM_METHOD_ROW) };

roles_t system_method_roles(const struct service *service, enum system_method method)
{
    int own = service->roles != NULL ? service->roles->count : ROLE_OWN;

    return (SYSTEM_METHOD[method].roles | (method == SYSTEM_LETTER ? service->carry_roles : 0)) & (ROLE(own) - 1);
}
