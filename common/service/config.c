/* config: rsnms.yaml, with its defaults filled in and its paths made findable. */
#include "common/service/config.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/core/err.h"

#define RESERVE_MB 256
#define FEED_KB_S  16384
#define SAYS       400

ENUM_DEFINE(config_log, LOG_LEVELS)
MSG_DEFINE(config_service, CONFIG_SERVICE_FIELDS)
MSG_DEFINE(config, CONFIG_FIELDS)

static const char *below(struct arena *arena, const char *dir, const char *path)
{
    return path == NULL || path[0] == '/' ? path : arena_format(arena, "%s/%s", dir, path);
}

static const char *endpoint_full(struct arena *arena, const char *run, const char *endpoint)
{
    if (strncmp(endpoint, "ipc://", 6) == 0 && endpoint[6] != '/' && endpoint[6] != '@')
        return arena_format(arena, "ipc://%s/%s", run, endpoint + 6);
    return endpoint;
}

static int fault(char says[SAYS], const char *file, uint32_t i, const char *field, const char *what)
{
    snprintf(says, SAYS, "%.200s: services[%u].%s: %s", file, i, field, what);
    return ERR_MALFORMED;
}

static const char *endpoint_fault(const char *endpoint)
{
    if (strncmp(endpoint, "ipc://", 6) != 0 && strncmp(endpoint, "tcp://", 6) != 0)
        return "has to begin with ipc:// or tcp://";
    if (strncmp(endpoint, "ipc://", 6) == 0 && strlen(endpoint + 6) > 107)
        return "is longer than the 107 bytes that a socket's path may have";
    return strlen(endpoint) > WIRE_ENDPOINT_MAX ? "is too long" : NULL;
}

static int service_complete(const char *file, struct arena *arena, struct config *config, uint32_t i, char says[SAYS])
{
    struct config_service *service = &config->services.at[i];
    const char *wrong;

    for (uint32_t k = 0; k < i; k++)
        if (strcmp(config->services.at[k].name, service->name) == 0)
            return fault(says, file, i, "name", "is listed twice");
    if (service->key == NULL)
        service->key = service->name;
    if (service->listen == NULL)
        service->listen = arena_format(arena, "ipc://%s.sock", service->name);
    service->listen = endpoint_full(arena, config->run, service->listen);
    if (service->connect != NULL)
        service->connect = endpoint_full(arena, config->run, service->connect);
    if ((wrong = endpoint_fault(service->listen)) != NULL)
        return fault(says, file, i, "listen", wrong);
    if (service->connect != NULL && (wrong = endpoint_fault(service->connect)) != NULL)
        return fault(says, file, i, "connect", wrong);
    return ERR_OK;
}

/* Those of this machine first, each part in the order of the file. */
static void order(struct arena *arena, struct config *config)
{
    struct config_service *sorted = ARENA_LIST(arena, struct config_service, config->services.n);
    uint32_t n = 0;
    for (int remote = 0; remote < 2; remote++)
        for (uint32_t i = 0; i < config->services.n; i++)
            if (config->services.at[i].remote == remote)
                sorted[n++] = config->services.at[i];
    config->services.at = sorted;
}

int config_load(const char *file, struct arena *arena, struct config *config, char says[SAYS])
{
    int err = config_read(file, &config_desc, arena, config, says);
    const char *dir = dirname(arena_string(arena, file, strlen(file)));

    if (err != ERR_OK)
        return err;
    config->profile = below(arena, dir, config->profile);
    config->data = below(arena, dir, config->data);
    config->keys = below(arena, dir, config->keys);
    config->backup = below(arena, dir, config->backup);
    config->run = below(arena, dir, config->run);
    if (config->reserve_mb == 0)
        config->reserve_mb = RESERVE_MB;
    if (config->feed_kb_s == 0)
        config->feed_kb_s = FEED_KB_S;
    for (uint32_t i = 0; i < config->services.n && err == ERR_OK; i++) {
        config->services.at[i].vault_key = below(arena, dir, config->services.at[i].vault_key);
        config->services.at[i].sign_key = below(arena, dir, config->services.at[i].sign_key);
        config->services.at[i].files = below(arena, dir, config->services.at[i].files);
        if (config->services.at[i].files == NULL)
            config->services.at[i].files = arena_format(arena, "%s/../files/%s", config->data, config->services.at[i].name);
        err = service_complete(file, arena, config, i, says);
    }
    if (err == ERR_OK)
        order(arena, config);
    return err;
}

uint32_t config_here(const struct config *config)
{
    uint32_t n = 0;
    while (n < config->services.n && !config->services.at[n].remote)
        n++;
    return n;
}

const struct config_service *config_find(const struct config *config, const char *service)
{
    for (uint32_t i = 0; i < config->services.n; i++)
        if (strcmp(config->services.at[i].name, service) == 0)
            return &config->services.at[i];
    return NULL;
}

int config_endpoint(const struct config *config, const struct config_service *service,
                    char endpoint[WIRE_ENDPOINT_MAX + 1])
{
    const char *configured = service->connect != NULL ? service->connect : service->listen;
    size_t n = strlen(configured);
    char path[CONFIG_PATH_MAX * 2 + 64];

    if (n < 2 || strcmp(configured + n - 2, ":*") != 0) {
        snprintf(endpoint, WIRE_ENDPOINT_MAX + 1, "%s", configured);
        return ERR_OK;
    }
    snprintf(path, sizeof path, "%s/%s.endpoint", config->run, service->name);
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return ERR_NOTFOUND;
    bool read = fgets(endpoint, WIRE_ENDPOINT_MAX + 1, in) != NULL;
    fclose(in);
    if (!read)
        return ERR_NOTFOUND;
    endpoint[strcspn(endpoint, "\n")] = '\0';
    return ERR_OK;
}
