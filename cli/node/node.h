#pragma once
#include "cli/cli.h"
#include "proto/node.h"

/* node: a municipal node, from either side.
 *
 * At the region   node init DIR    makes a node's folder: its key, what it has to know of the region, its configuration
 *                 node list        nodes with their lanes, and what copies hold
 *                 node accept      lets a copy through
 *                 node rekey       a new key for a node whose old one was revoked
 *                 node import      delivers a stick
 * At the node     node status, node refused, node enter, node export, node answers
 *                 node people, routes, programmes, frameworks: what it has brought down */
int verb_node_init(struct cli *cli, int argc, char **argv);
int verb_node_status(struct cli *cli, int argc, char **argv);
int verb_node_refused(struct cli *cli, int argc, char **argv);
int verb_node_enter(struct cli *cli, int argc, char **argv);
int verb_node_people(struct cli *cli, int argc, char **argv);
int verb_node_routes(struct cli *cli, int argc, char **argv);
int verb_node_programmes(struct cli *cli, int argc, char **argv);
int verb_node_frameworks(struct cli *cli, int argc, char **argv);
int verb_node_list(struct cli *cli, int argc, char **argv);
void node_held_say(struct cli *cli, const char *service);       /* copies of nodes that this service holds back: a line each, on standard output */
int verb_node_accept(struct cli *cli, int argc, char **argv);
int verb_node_rekey(struct cli *cli, int argc, char **argv);
int verb_node_export(struct cli *cli, int argc, char **argv);
int verb_node_import(struct cli *cli, int argc, char **argv);
int verb_node_answers(struct cli *cli, int argc, char **argv);

/* Services of the region that a node speaks to. */
#define NODE_REGION_SERVICES 4
extern const char *const NODE_REGION[NODE_REGION_SERVICES];
