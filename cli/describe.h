#pragma once
#include "common/service/service.h"

/* describe: every method and event of every service, by name: the same tables that the daemons run by. */
struct method {
    const char *name, *service;
    const struct msg_desc *takes, *gives;
    roles_t roles;
    bool command;
};
bool describe_method(const char *name, struct method *method);
/* Of that service's journal, common/'s own events included. NULL: not known. */
const struct msg_desc *describe_event(const char *service, const char *event);
const struct service *describe_service(const char *name);           /* NULL: not linked in */
uint32_t describe_services(void);                                   /* of a region's installation: a node is none */
const struct service *describe_service_at(uint32_t i);
/* Calls each() for all methods in the order of the tables; system methods of every service last. */
void describe_each(void (*each)(void *arg, const struct method *method), void *arg);
