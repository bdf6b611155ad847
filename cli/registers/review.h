#pragma once
#include "cli/cli.h"
#include "proto/roster_expert.h"

/* review, expert, contest: works that experts judge (R13), and calls for a register's members (R7), on the command line. A work is
 * named within its direction by its title or its mark, an expert by the code of a staff list, a contest within its register. */
/* CRITERION=POINTS, CRITERION=POINTS=REMARK; false: not in that form. */
bool review_point(struct arena *arena, const char *text, struct expert_point *point);
int verb_review_list(struct cli *cli, int argc, char **argv);
int verb_review_show(struct cli *cli, int argc, char **argv);
int verb_review_open(struct cli *cli, int argc, char **argv);
int verb_review_candidates(struct cli *cli, int argc, char **argv);
int verb_review_assign(struct cli *cli, int argc, char **argv);
int verb_review_answer(struct cli *cli, int argc, char **argv);
int verb_review_submit(struct cli *cli, int argc, char **argv);
int verb_review_return(struct cli *cli, int argc, char **argv);
int verb_review_withdraw(struct cli *cli, int argc, char **argv);
int verb_review_pay(struct cli *cli, int argc, char **argv);
int verb_review_close(struct cli *cli, int argc, char **argv);
int verb_expert_show(struct cli *cli, int argc, char **argv);
int verb_expert_works(struct cli *cli, int argc, char **argv);
int verb_expert_ties(struct cli *cli, int argc, char **argv);
int verb_expert_tie(struct cli *cli, int argc, char **argv);

int verb_contest_list(struct cli *cli, int argc, char **argv);
int verb_contest_show(struct cli *cli, int argc, char **argv);
int verb_contest_open(struct cli *cli, int argc, char **argv);
int verb_contest_apply(struct cli *cli, int argc, char **argv);
