/* rsnms: the operator's command. One table of verbs; global options may stand before or after the verb. */
#include <stdlib.h>
#include "cli/cli.h"
#include "cli/people/consent.h"
#include "cli/registers/document.h"
#include "cli/lists/doubt.h"
#include "cli/federal/federal.h"
#include "cli/history/history.h"
#include "cli/node/node.h"
#include "cli/people/people.h"
#include "cli/people/org.h"
#include "cli/people/post.h"
#include "cli/people/people_merge.h"
#include "cli/people/person.h"
#include "cli/registers/register.h"
#include "cli/registers/review.h"
#include "cli/registers/room.h"
#include "cli/people/staffing.h"
#include "cli/lists/roster_check.h"
#include "cli/lists/roster_import.h"
#include "cli/sample/sample.h"
#include "cli/people/support.h"
#include "cli/people/team.h"
#include "cli/people/training.h"
#include "common/core/locked.h"
#include "common/core/err.h"
#include "common/core/failpoint.h"
#include "common/core/hash.h"
#include "common/core/log.h"

static int verb_sample(struct cli *cli, int argc, char **argv)
{
    (void)cli;
    return sample_main(argc, argv);
}

static const struct verb VERBS[] = {
    { "init", "DIR --profile FILE [--run DIR]", "make a ready-to-run installation in DIR",
      "Writes DIR/rsnms.yaml, a copy of the profile, keys for the daemons, keys named operator,\n"
      "centre, institute and authority, the master key of the vault and the key that packages are signed with.\n"
      "Nothing that is there is changed.",
      verb_init },
    { "up", "[SERVICE…] [--foreground]", "start the daemons of the configuration and wait until each answers",
      "A keeper in the background starts again, with back-off, what ends by itself; it says so in run/keeper.log\n"
      "and in `rsnms status`. Pid files and logs lie in the run directory. With --foreground it stays and the daemons\n"
      "end with Ctrl-C: for containers and systemd.", verb_up },
    { "down", "[SERVICE…] [--wait SECONDS]", "stop them: SIGTERM, wait for the drain, SIGKILL after the deadline",
      "The deadline is 30 seconds unless told otherwise. A daemon that had to be killed gives exit code 1.",
      verb_down },
    { "status", "", "services, their journals, followed streams with lag, health and disk, and whether people can be found by name",
      "Exit code 4 when one of them is down.", verb_status },
    { "call", "METHOD [JSON|-]", "ask a service or send it a command; - reads standard input",
      "JSON is checked by the method's field list before it is sent. --command UUID sends a command again\n"
      "under the same id. rsnms methods lists what there is.",
      verb_call },
    { "methods", "[PREFIX]", "methods of all services, who may use them, and their fields", NULL, verb_methods },
    { "journal", "SERVICE [--from N] [--to N] [--event PREFIX] [--follow]", "entries as JSON lines",
      "--follow waits for new ones until Ctrl-C.", verb_journal },
    { "verify", "SERVICE [--store DIR]", "check the hash chain of a store at rest",
      "The daemon has to be down (exit code 4 when it is not), or --store names a backup.", verb_verify },
    { "rebuild", "SERVICE [--replace]", "make the state again from the journal and compare",
      "The daemon has to be down. With --replace the state in the store is made again in place, and what it has\n"
      "copied from other journals is dropped, to be followed again from their start.", verb_rebuild },
    { "backup", "SERVICE|all NAME", "a consistent copy of a running daemon's store into the backup directory",
      "all: of every service here, one after another, and each copy is verified. The copy lies in BACKUP/NAME/SERVICE as the daemon says; the vault's master key is not part of it.",
      verb_backup },
    { "restore", "SERVICE DIR", "put a backup in the place of a store; the daemon has to be down",
      "The store that was there is kept beside, with .before-restore in its name. The restored journal has a\n"
      "new incarnation, so that followers and senders notice.", verb_restore },
    { "vault status", "", "keys of persons, erasures, and how the key-encryption key stands", NULL, verb_vault_status },
    { "vault rotate", "", "turn the key-encryption key: a new file, all keys of persons wrapped anew, the old file destroyed",
      "Every erasure does it by itself. What is sealed stays as it is, and nobody has to wait.", verb_vault_rotate },
    { "vault backup", "[FILE]", "copy the keys of persons, as they are wrapped, into FILE, or into the folder of roster",
      "Backups of the store open with the newest copy alone. Keep it apart from them and from the master key, and not\n"
      "longer than 30 days. Without FILE it lies in files/roster/vault, where the daemon removes it when the term of the region's\n"
      "profile (privacy: vault_backup_days, 30 days where it says nothing) is over.", verb_vault_backup },
    { "vault restore", "FILE|DIR", "put the keys of FILE, or of the store in DIR, into roster's store; the daemon has to be down",
      "After `restore` of a copy that was made before the key was turned. Who was erased stays erased.", verb_vault_restore },
    { "intake status", "", "the key that nodes seal personal fields to: which are kept, who seals under which, whom the end of the older ones waits for",
      NULL, verb_intake_status },
    { "intake turn", "", "a new key to seal to; nodes take it as soon as they hear of it, what is sealed under the older one opens as before",
      "The vault's key-encryption key is turned along, and the keys are copied into files/roster/vault: a store from before opens with\n"
      "that copy alone. The older key goes by itself when every node has sent under the new one, 30 days later at the earliest.",
      verb_intake_turn },
    { "intake drop", "[--anyway]", "destroy the older keys now that every node has sent under the newest",
      "--anyway: in spite of nodes that have not. What they still hold under an older key is refused then, and has to be entered anew.",
      verb_intake_drop },
    { "keys new", "NAME --role ROLE [--scope CODE…|--all]", "make a key and list its principal",
      "ROLE: operator, centre, institute, authority, municipal, school, tutor, worker; service and console are for programs.\n"
      "It reaches the whole region (--all), what lies below the organisations whose codes or\n"
      "identifiers are given, or a person alone.", verb_keys_new },
    { "keys list", "[--csv FILE|--xlsx FILE]", "principals: role, reach, live or revoked, and whether we hold the secret", NULL, verb_keys_list },
    { "keys rotate", "NAME", "a new key for the same principal, whose secret lies here",
      "The old key stays live until it is revoked. A daemon takes its new key when it starts again; who speaks to it from\n"
      "another machine needs the new principals.yaml. For a node at its municipality: node rekey.", verb_keys_rotate },
    { "keys revoke", "NAME|UUID|PUBLIC-KEY", "a revoked key is dead at once", NULL, verb_keys_revoke },
    { "indicators who", "ACT CODE YEAR [--unit CODE] [--side numerator|denominator|missing] [--line main|cumulative|beside_1|beside_2] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]",
      "who or what a number counts: people by identifiers, teams by their organisations", "Whoever asks has to reach the unit; without one it is the region. With --names also names: each hundred is an entry.\n"
      "missing: of the denominator those whom the numerator does not count.",
      verb_indicators_who },
    { "indicators judge", "ACT CODE YEAR yes|no|GRADE --text TEXT --document NAME…|--registered NUMBER… [--day DAY]",
      "what a person says of an indicator that nothing counts", "GRADE is a number from 0 to 100. The newest word counts, earlier ones are kept.",
      verb_indicators_judge },
    { "indicators", "[--year Y|Y-Y] [--by municipality|organisation] [--act ACT] [--indicator CODE] [--recount] [--csv FILE|--xlsx FILE]",
      "plan and fact of every indicator by year, act by act in its own words",
      "Into a file: a row for each indicator, unit and year.", verb_indicators },
    { "worst", "[--count N] [--year Y] [--indicator CODE…] [--csv FILE|--xlsx FILE]", "municipalities furthest below the targets, and the deficits behind them",
      "Into a file, and with --json: a row for each indicator of each municipality, without the deficits.", verb_worst },
    { "route", "[ROUTE|--person PERSON]", "one individual route with the reasons of its steps",
      "Without an id: the newest one that has reasons and alternatives to show.", verb_route },
    { "support record", "PERSON FORM --day DAY [--unit CODE]", "a young educator was supported: mentoring, an internship, a club",
      "PERSON is a code of a staff list. Where he works at several organisations, --unit says which of them supports him.", verb_support_record },
    { "compare", "DIR [--refused FILE]", "what was found against DIR/expected.json; exit code 1 on any difference",
      "FILE holds the refused rows as history load --json printed them.", verb_compare },
    { "federal open", "YEAR", "open the passport of the regional system for a year, or its next version",
      "It fills itself from indicators and programmes; federal show says how far it is. A next version is opened\n"
      "when the federal operator has answered; what was typed in comes along.", verb_federal_open },
    { "federal fill", "PASSPORT", "fill a draft again with what the services know now",
      "PASSPORT is an id, a year (the newest version) or a year and a version: 2024.2.", verb_federal_fill },
    { "federal enter", "PASSPORT BLOCK ROW COLUMN VALUE --document TEXT --day DAY [--title TEXT] [--unit TEXT]",
      "type a value into a draft, with the document that it comes from",
      "What a service has counted cannot be typed over.", verb_federal_enter },
    { "federal withdraw", "PASSPORT BLOCK ROW COLUMN", "take back what was typed into a draft", NULL, verb_federal_withdraw },
    { "federal show", "PASSPORT [--block N]", "how a passport stands, its blocks and their sources; with --block its cells",
      "--json prints the head of it.", verb_federal_show },
    { "federal submit", "PASSPORT", "give a draft to the authority for approval", NULL, verb_federal_submit },
    { "federal approve", "PASSPORT [--content HASH] [--document TEXT]", "approve what was submitted: it is frozen",
      "--content: the hash that federal show prints of what was submitted; another content than that is refused.", verb_federal_approve },
    { "federal return", "PASSPORT REMARKS", "give it back: a draft again",
      "What was submitted, and what was approved and not sent yet.", verb_federal_return },
    { "federal send", "PASSPORT", "send what was approved: signed, into the folder outbox of the service",
      "NAME.json with NAME.json.sig, and NAME.xlsx for a personal cabinet. Receipts come through the folder inbox,\n"
      "signed with the key whose public part lies in the key directory as operator.pub.", verb_federal_send },
    { "federal recall", "PASSPORT REASON", "take back what was sent and is not delivered: approved again",
      "It is taken back where the outbox does not hold the package yet (federal show says so in a moment); what lies\n"
      "there may be on its way, and is delivered.", verb_federal_recall },
    { "federal answer", "PASSPORT --agree|--return REMARKS --number N --day DAY", "type in the operator's answer",
      "For who has it from a personal cabinet only; a receipt that comes as a file is taken by itself.", verb_federal_answer },
    { "federal list", "[--csv FILE|--xlsx FILE]", "passports with their states, and what was put into the inbox and not taken", "Into a file, and with --json: the passports alone.", verb_federal_list },
    { "federal compare", "[PASSPORT] PASSPORT", "what differs between two versions; of one: from the version before it", NULL,
      verb_federal_compare },
    { "federal check", "FILE [--key PUBLIC]", "what a package or a receipt says, and whether its signature and hash hold",
      "Needs no daemon: the file, its .sig beside it, and the public key (else federal.pub of the key directory,\n"
      "operator.pub for a receipt). Exit code 1 when anything does not hold.", verb_federal_check },
    { "federal reply", "FILE --key SECRET --agree|--return REMARKS [--number N] [--day DAY] [--out FILE]",
      "for rehearsals: a signed receipt as the federal operator would write it",
      "Writes receipt-NAME.json and its .sig; put into the inbox they are an answer. SECRET is made by federal key.",
      verb_federal_reply },
    { "federal key", "FILE", "make a key to sign packages or receipts with: FILE, and FILE.pub to be handed over", NULL,
      verb_federal_key },
    { "settle", "[--wait SECONDS]", "wait until every service has taken in what it follows", NULL, verb_settle },
    { "history load", "DIR", "a folder of organisations, staff, diagnostics, programmes and completions, as sample writes it",
      "The same folder again does nothing twice. Exit code 3: some rows were refused, which is said.", verb_history_load },
    { "roster check", "FILE [--full] [--vanished OUT] [--keep [--dismiss DAY | --answers FILE]] [--map MAP] [--job JOB]", "what a staff list would do: new, changed, moved, refused, doubtful; enters nothing",
      "With --full also who works at the organisations of the list and is not in it; their names are read, and each\n"
      "reading is an entry. MAP (or FILE.columns beside the list) says which column is which field. OUT gets a table of their posts, without names, to be filled in with last days.\n"
      "More missing than the region's share: exit code 1. --keep writes what was shown into FILE.job (or JOB): roster import\n"
      "FILE then enters exactly that.", verb_roster_check },
    { "roster import", "FILE [--delta | --full [--share PERCENT] [--dismiss DAY | --answers FILE]] [--map MAP] [--job JOB]",
      "a staff list (CSV, XLSX or a OneRoster bundle) into roster, row by row",
      "A file that is not such a table is refused whole; refused rows are said with line, column and reason,\n"
      "with --json as one object a line. The same file again does nothing twice.\n"
      "--delta and --full check first and enter what was shown: a row whose ground has moved since is refused. A full list in\n"
      "which more people are missing than the region's share does nothing, unless --share says that so many may be. Who is missing\n"
      "stays in his post; --dismiss says a last day for all of them, --answers a table of roster check for each: his last day, and\n"
      "the code of the organisation to which he was moved.\n"
      "What is to be entered lies in FILE.job (or JOB) until it is through: cut off anywhere, the same command goes on with it.\n"
      "Of a OneRoster 1.1 or 1.2 bundle (zip) the manifest says whether it is full (bulk) or a delta.", verb_roster_import },
    { "roster erase", "PERSON --act N --ground GROUND --out DIR | PERSON --act N --plan [--received DAY]", "destroy a person's data; the act and his journal go into DIR",
      "PERSON is an identifier, a code of a list or a whole name, which is looked for with an entry and not shown; GROUND: consent_withdrawn, purpose_reached, unlawful, term_over.\n"
      "Again after it was interrupted: it goes on where it was. --plan changes nothing: what would be destroyed, what is kept or blocked,\n"
      "what has left the region, and how much of the 30 days since the demand was RECEIVED is left.", verb_roster_erase },
    { "people search", "WORD… --purpose TEXT [WHOM…] [--count N|--all] [--csv FILE|--xlsx FILE]", "people by the beginnings of their names, in any order",
      "Each page that is read is an entry: who searched, why, and who was shown. 20 are shown unless --count or --all says otherwise.\n"
      "WHOM: --unit CODE, --post TITLE|KIND, --subject TEXT, --population ID and --band ID (as the profile\n"
      "has them), --register ID, --years-from N and --years-under N (whole years in the post), all as of --on DAY.", verb_people_search },
    { "people list", "[WHOM…] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]",
      "posts of a unit (the region, unless --unit names one), without personal data",
      "WHOM: as of people search. With --names also whose they are: each hundred of them is an entry with its purpose.", verb_people_list },
    { "people show", "PERSON --purpose TEXT", "a person's card and posts; the reading is an entry",
      "PERSON, here and with every verb: a code of a staff list, a name of two words at least («Чижова Анна»), or an identifier. A\n"
      "name is looked for as people search does, with an entry of its own; where it fits several, they are shown.", verb_people_show },
    { "people count", "[WHOM…] [--now] [--founder] [--csv FILE|--xlsx FILE]", "the size of each population on a day; with filters, how many people and posts fit",
      "WHOM: as of people search. --now: what was reorganised since counts where it is today; --founder: by the founders' tree.", verb_people_count },
    { "org tree", "[CODE] [--on DAY] [--founder] [--all] [--csv FILE|--xlsx FILE]", "organisations as a tree, of the whole region or below CODE",
      "As they are, or as they were on DAY; by territory or by founder; with --all closed ones too. Lists are written with --csv and\n"
      "--xlsx into files, with --json as an object a line.", verb_org_tree },
    { "org show", "CODE [--on DAY|--now]", "one organisation as it is or was; with --now what has become of it", NULL, verb_org_show },
    { "org team", "CODE [--on DAY] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]", "its leadership team on a day: the head and the deputies", NULL, verb_org_team },
    { "org history", "CODE [--csv FILE|--xlsx FILE]", "what has become of an organisation: each change with its day, ground and document", NULL,
      verb_org_history },
    { "org add", "CODE KIND TITLE --under CODE [--opened DAY]", "enter an organisation, or mend the title of one that was entered",
      "KIND is a word as in lists («школа») or its token (school). The region itself, the first of all, stands under nothing.",
      verb_org_add },
    { "org rename", "CODE TITLE --day DAY --ground TEXT [--document TEXT]", "another name from that day on", NULL, verb_org_rename },
    { "org move", "CODE ABOVE --day DAY --ground TEXT [--document TEXT]", "under another one from that day on, with its people", NULL, verb_org_move },
    { "org found", "CODE FOUNDER --day DAY --ground TEXT [--document TEXT]", "another founder from that day on", NULL, verb_org_found },
    { "org merge", "CODE… --into CODE --day DAY --ground TEXT [--document TEXT]", "several become one, which takes over their people",
      "--into names a new one (entered before) or one that goes on.", verb_org_merge },
    { "org split", "CODE --into CODE… [--goes-on] --day DAY --ground TEXT [--document TEXT]", "one becomes several",
      "--into is given once for each part, entered before; the first one is the heir. With --goes-on it stays, beside what left it.", verb_org_split },
    { "org close", "CODE --day DAY --ground TEXT [--document TEXT]", "close an organisation; DAY is the first on which it is no more", NULL, verb_org_close },
    { "org reopen", "CODE --day DAY --ground TEXT [--document TEXT]", "it was closed by mistake", NULL, verb_org_reopen },
    { "post close", "PERSON ORGANISATION --until DAY [--title TITLE]", "a post ends; DAY is the last one",
      "PERSON is a code of a staff list; --title tells several posts apart.", verb_post_close },
    { "post transfer", "PERSON FROM TO --day DAY [--title TITLE]", "a post goes on in another organisation from that day, without a new employment", NULL,
      verb_post_transfer },
    { "register list", "[--csv FILE|--xlsx FILE]", "the registers that the region keeps", NULL, verb_register_list },
    { "register rules", "REGISTER", "what a register asks for: members, grounds with their evidence, fields, who proposes and decides", NULL,
      verb_register_rules },
    { "register show", "REGISTER [--unit CODE] [--with CODE] [--on DAY|--proposed|--all] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]", "who stands in a register, today or on DAY",
      "--unit: what counts for it or below. --with: those in which that organisation takes part, so that `register show\n"
      "method_services --with MUNICIPALITY` says who serves it. --proposed: what waits for a decision. A person is shown by identifier, with --names\n"
      "also by name: each hundred of them is an entry with its purpose. So it is with every list that has --names.", verb_register_show },
    { "register of", "CODE [--csv FILE|--xlsx FILE]", "every register in which a person or an organisation stands or stood", NULL, verb_register_of },
    { "register count", "REGISTER [--unit CODE] [--on DAY] [--now] [--founder] [--csv FILE|--xlsx FILE]", "how many stand in it, and how many wait",
      "--now: what was reorganised since counts where it is today; --founder: by the founders' tree.", verb_register_count },
    { "register activity", "REGISTER [--unit CODE] [--from DAY] [--until DAY] [--csv FILE|--xlsx FILE]",
      "what came of its entries in a period, this year unless told otherwise: who takes part, what was planned, done, late",
      "A line for each kind of what there was to be done. In the exports and with --json also who joined and left, roles in which nobody takes part,\n"
      "what nobody answers for, how many people took part.", verb_register_activity },
    { "register propose", "REGISTER MEMBER --ground GROUND… [--value NAME=VALUE…] [--document GROUND=NUMBER…] [--place CODE]", "propose a member",
      "MEMBER is the code of a person or of an organisation, or a title where a register is of titles (then with --place). GROUND is\n"
      "CODE, CODE@DAY, CODE=EVIDENCE or CODE@DAY=EVIDENCE; register rules says which there are. Said with the first of our keys\n"
      "whose role may, unless --key names one.", verb_register_propose },
    { "register record", "REGISTER MEMBER --from DAY [--until DAY] --ground GROUND… [--value NAME=VALUE…] [--document GROUND=NUMBER…] [--place CODE] [--decision NUMBER]",
      "enter a member as decided", "--decision: the document by which it was decided.", verb_register_record },
    { "register decide", "REGISTER ENTRY --admit|--decline REASON [--from DAY] [--until DAY] [--decision NUMBER]", "decide what was proposed",
      "ENTRY is the code of the member, its title, or the mark that register show prints.", verb_register_decide },
    { "register renew", "REGISTER ENTRY [--from DAY] [--until DAY] [--decision NUMBER]", "for another term", NULL, verb_register_renew },
    { "register end", "REGISTER ENTRY --until DAY --reason TEXT [--decision NUMBER]", "end it; DAY is the last one", NULL, verb_register_end },
    { "part list", "REGISTER ENTRY [--on DAY] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]", "who takes part: parties of an agreement, members of a community", NULL, verb_part_list },
    { "part join", "REGISTER ENTRY [WHO] --role ROLE --from DAY [--until DAY] [--title TEXT]", "somebody takes part",
      "WHO is the code of a person or of an organisation; --title names a body that is none of ours.", verb_part_join },
    { "part leave", "REGISTER ENTRY PART --until DAY", "somebody takes part no longer; PART is a mark, a code or a title", NULL, verb_part_leave },
    { "duty list", "REGISTER ENTRY [--open] [--csv FILE|--xlsx FILE]", "what is to be done by when: obligations, meetings, reports", NULL, verb_duty_list },
    { "duty due", "REGISTER [--unit CODE] [--from DAY] [--until DAY] [--kind KIND] [--all] [--csv FILE|--xlsx FILE]",
      "what is owed in a whole register, below a unit: obligations, meetings, reports that are not fulfilled", "With --all what is fulfilled too.",
      verb_duty_due },
    { "duty set", "REGISTER ENTRY KIND TITLE --due DAY [--part PART] [--training TRAINING --number N]",
      "set what is to be done, and who answers for it", "--training, --number: it is to train so many people, for a training of the profile.", verb_duty_set },
    { "duty fulfil", "REGISTER ENTRY DUTY [--day DAY] [--result TEXT] [--document NUMBER] [--people N]", "it was done; DUTY is its mark or its title",
      "--people: so many took part.", verb_duty_fulfil },
    { "duty drop", "REGISTER ENTRY DUTY --reason TEXT [--day DAY]", "it is owed no more: put off (set it anew), taken out of the plan, a mistake", NULL, verb_duty_drop },
    { "staffing show", "[UNIT] [--on DAY] [--by subject|band|year] [--now] [--founder] [--csv FILE|--xlsx FILE]",
      "the staff of a unit: by subject with vacancies, by age and years of service, by the year in which people are expected to leave",
      "Nobody's age is read for it. The row of --by year without a year: those who have come to that age already.\n"
      "--now: what was reorganised since counts where it is today; --founder: by the founders' tree.", verb_staffing_show },
    { "staffing retrain", "[UNIT] [--on DAY] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]",
      "whom to retrain: who has no pedagogical education, or none that matches the subject, as far as lists have said so",
      "People are identifiers, with --names also names: each hundred of them is an entry with its purpose.", verb_staffing_retrain },
    { "staffing propose", "UNIT --number NUMBER --to CODE… --csv FILE|--xlsx FILE [--on DAY] [--day DAY] [--title TEXT]",
      "what the staff of a unit needs, as a document for the authority: a file with the figures, entered and sent",
      "Staff, its structure, expected leavers by year, vacancies, education that does not match: numbers, nobody is named. Who was sent it\n"
      "says that it was read by document acknowledge; document sendings NUMBER tells who has.", verb_staffing_propose },
    { "vacancy list", "[UNIT] [--on DAY] [--subject S] [--post P] [--csv FILE|--xlsx FILE]", "posts that nobody holds, vacant longest first", NULL,
      verb_vacancy_list },
    { "vacancy open", "UNIT POST --from DAY [--load N] [--subject S]", "a post is vacant since a day", "LOAD in hundredths of a full post, 100 where it is left out.",
      verb_vacancy_open },
    { "vacancy close", "VACANCY --how filled|withdrawn|mistaken [--until DAY] [--by POST]", "a vacancy is over; VACANCY is its mark",
      "filled: POST is the person who holds it now, or the identifier of the post.", verb_vacancy_close },
    { "training list", "TRAINING [UNIT] [--on DAY] [--state done|due|overdue] [--due-by DAY] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]",
      "who must be trained by the acts, who has been, who is due", "TRAINING is one of the profile's.", verb_training_list },
    { "training count", "TRAINING [UNIT] [--on DAY] [--csv FILE|--xlsx FILE]", "the same in numbers, by municipality, beside what was agreed", NULL,
      verb_training_count },
    { "training kinds", "[--csv FILE|--xlsx FILE]", "which trainings the profile demands, of whom and how often", NULL, verb_training_kinds },
    { "training of", "PERSON [--csv FILE|--xlsx FILE]", "what somebody has learned outside of the region, as far as it was entered", NULL, verb_training_of },
    { "training record", "PERSON TRAINING --day DAY --document NUMBER --provider TEXT [--title TEXT]", "enter a document of training outside of the region",
      "Where the profile counts it (training kinds). What was learned here is known from the programmes.", verb_training_record },
    { "training strike", "PERSON DOCUMENT --reason TEXT", "it was entered by mistake; DOCUMENT is its number or its mark", NULL, verb_training_strike },
    { "room list", "REGISTER ENTRY [--from DAY] [--until DAY] [--all] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]", "who has booked it, on which days",
      "ENTRY: its title or its mark. With --all also what was cancelled.", verb_room_list },
    { "room book", "REGISTER ENTRY --from DAY --until DAY --purpose TEXT [--places N] [--for CODE]", "take places of it from the first to the last day",
      "One place where --places is left out; never more than there are. CODE: of an organisation or a person.", verb_room_book },
    { "room cancel", "REGISTER ENTRY BOOKING --reason TEXT", "give it free again; BOOKING is a mark", NULL, verb_room_cancel },
    { "room free", "REGISTER [UNIT] --from DAY --until DAY [--places N] [--csv FILE|--xlsx FILE]", "what can be booked on all of these days", NULL,
      verb_room_free },
    { "contest list", "REGISTER [--csv FILE|--xlsx FILE]", "calls for members of a register", NULL, verb_contest_list },
    { "contest show", "REGISTER CONTEST [--names --purpose TEXT] [--csv FILE|--xlsx FILE]", "its applications with their points, best first; CONTEST is a title or a mark", NULL, verb_contest_show },
    { "contest open", "REGISTER DIRECTION TITLE --from DAY --until DAY [--seats N] [--document NUMBER]", "call for members; DIRECTION of expert work judges them",
      NULL, verb_contest_open },
    { "contest apply", "REGISTER CONTEST MEMBER --ground GROUND… [--value NAME=VALUE…] [--document GROUND=NUMBER…] [--place CODE]", "enter an application",
      "It is a proposal to the register and a work for experts at once. What is decided: register decide.", verb_contest_apply },
    { "review list", "DIRECTION [--unit CODE] [--open] [--csv FILE|--xlsx FILE]", "works that experts judge", NULL, verb_review_list },
    { "review show", "DIRECTION WORK [--names --purpose TEXT] [--csv FILE|--xlsx FILE]", "one of them with its experts; WORK is a title or a mark", NULL, verb_review_show },
    { "review open", "DIRECTION TITLE --unit CODE [--author PERSON…] [--party CODE…]", "give a work to be judged", NULL, verb_review_open },
    { "review candidates", "DIRECTION WORK [--register REGISTER] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]", "experts for it: who is free, and why not the others", NULL,
      verb_review_candidates },
    { "review assign", "DIRECTION WORK EXPERT [--due DAY]", "give it to an expert", NULL, verb_review_assign },
    { "review answer", "DIRECTION WORK EXPERT --accept|--refuse REASON", "by the expert: he takes it or not", NULL, verb_review_answer },
    { "review submit", "DIRECTION WORK EXPERT --point CRITERION=POINTS[=REMARK]… --summary TEXT", "by the expert: his opinion", NULL, verb_review_submit },
    { "review return", "DIRECTION WORK EXPERT --reason TEXT [--due DAY]", "give an opinion back to be mended", NULL, verb_review_return },
    { "review withdraw", "DIRECTION WORK EXPERT --reason TEXT", "take a work back from an expert", NULL, verb_review_withdraw },
    { "review pay", "DIRECTION WORK EXPERT --day DAY [--document NUMBER]", "note that an opinion was paid for", NULL, verb_review_pay },
    { "review close", "DIRECTION WORK [--outcome positive|negative|cancelled] [--reason TEXT]", "decide by the points, or otherwise with a reason", NULL,
      verb_review_close },
    { "expert show", "EXPERT [--names --purpose TEXT] [--csv FILE|--xlsx FILE]", "how an expert has worked so far", NULL, verb_expert_show },
    { "expert ties", "EXPERT [--names --purpose TEXT] [--csv FILE|--xlsx FILE]", "to whom an expert has declared ties: their works are not given to him", NULL,
      verb_expert_ties },
    { "expert tie", "EXPERT OTHER --kind kin|work|authors|teaching|other [--from DAY] [--until DAY]", "declare a tie to a person or an organisation",
      "The same two again: as it now stands. With --until it ends.", verb_expert_tie },
    { "expert works", "EXPERT [--open] [--csv FILE|--xlsx FILE]", "what an expert was given", NULL, verb_expert_works },
    { "people population", "POPULATION [--unit CODE] [--on DAY] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]",
      "whom a definition of the profile yields on a day, each once", "POPULATION as people count shows them.", verb_people_population },
    { "people renew", "", "work out anew what the calendar changes, after the profile's bands were changed", NULL, verb_people_renew },
    { "people standing", "PERSON [--csv FILE|--xlsx FILE]", "whether a person's data are in use, blocked or erased, by which act", NULL, verb_people_standing },
    { "people block", "PERSON --act N --ground GROUND [--until DAY] [--erase]", "keep a person's data, and show them to nobody",
      "GROUND: storage_term, inaccurate, unlawful, asked. Without --until: until it is lifted; with --erase they are destroyed when\n"
      "the term is over.", verb_people_block },
    { "people unblock", "PERSON --act N", "use them again", NULL, verb_people_unblock },
    { "people merge", "KEPT GONE --ground TEXT", "two records of one person become one; GONE goes on as a name for KEPT",
      "TEXT: how it is known that they are one, nothing personal.", verb_people_merge },
    { "people unmerge", "GONE --ground TEXT", "they are two after all: undo it", NULL, verb_people_unmerge },
    { "people merges", "PERSON [--csv FILE|--xlsx FILE]", "which records went into this one", NULL, verb_people_merges },
    { "doubt list", "[--unit CODE] [--csv FILE|--xlsx FILE]", "rows of lists that wait for a person, without personal data", NULL, verb_doubt_list },
    { "doubt show", "DOUBT [--unit CODE] [--names --purpose TEXT] [--csv FILE|--xlsx FILE]", "whom a row may mean: each candidate with his posts",
      "DOUBT is its mark. With --names also names, which is an entry with its purpose.", verb_doubt_show },
    { "doubt raise", "FILE [--map MAP] [--list TEXT]", "rows of a staff list that only a person can tell the meaning of wait for one",
      "The list is held against what is known, as roster check does; nothing of it is entered. TEXT: what the list is called, nothing\n"
      "personal; without it, the file's name.", verb_doubt_raise },
    { "doubt decide", "DOUBT --person PERSON|--new|--drop [--unit CODE]", "who is meant: this one, somebody new, or nobody",
      "DOUBT is its mark. The list is sent again, and its row is taken as was decided.", verb_doubt_decide },
    { "document list", "[--on DAY] [--since DAY] [--csv FILE|--xlsx FILE]", "documents by their days; with --on those in force", NULL, verb_document_list },
    { "document show", "NUMBER", "one document with its editions",
      "A document is named by its number; where several have it, by NUMBER@DAY. Of editions it is the newest, unless the day says which.", verb_document_show },
    { "document add", "KIND NUMBER TITLE --day DAY [--issuer CODE|--issuer-title TEXT] [--from DAY] [--until DAY] [--file FILE] [--signature FILE] [--published TEXT…] [--unit CODE] [--public] [--signed-as TEXT] [--signed-on DAY] [--certificate NUMBER]",
      "enter a document", "Of FILE and of its detached signature the names and the SHA-256 are kept, and the files stay where they are. KIND: order,\n"
      "statute, rules, agreement, minutes, letter, plan, proposal, other. --signed-as: post and body of who signed, no name.", verb_document_add },
    { "document edition", "NUMBER KIND NUMBER TITLE --day DAY […]", "a new edition takes the place of the newest; the rest as in document add", NULL,
      verb_document_edition },
    { "document check", "NUMBER [FILE] [--signature FILE]", "whether these are the files that were entered", "Compares SHA-256; the signature itself is verified by a certified tool.",
      verb_document_check },
    { "document send", "NUMBER --to CODE…|--below CODE [--kind KIND] [--day DAY] [--how TEXT]", "note to whom it was sent",
      "--below: all organisations below that one, with --kind those of a kind. Who has it already is left out.", verb_document_send },
    { "document acknowledge", "NUMBER ORGANISATION [--day DAY] [--by PERSON]", "note that it was read there", NULL, verb_document_acknowledge },
    { "document inbox", "ORGANISATION [--open] [--csv FILE|--xlsx FILE]", "what has been sent to an organisation; with --open what it has not acknowledged", NULL,
      verb_document_inbox },
    { "document sendings", "NUMBER [--open] [--csv FILE|--xlsx FILE]", "to whom it was sent and who has acknowledged it; with --open who has not", NULL,
      verb_document_sendings },
    { "consent list", "PERSON [--csv FILE|--xlsx FILE]", "what a person has agreed to, and taken back", NULL, verb_consent_list },
    { "consent give", "PERSON PURPOSE --text VERSION --day DAY [--document TEXT]", "enter a consent",
      "PURPOSE: support, federal_transfer, publication, contact, research. VERSION: of the text that was signed.", verb_consent_give },
    { "consent withdraw", "PERSON PURPOSE --day DAY [--document TEXT]", "taken back; DAY is the first without it", NULL, verb_consent_withdraw },
    { "node init", "DIR --municipality CODE --name NAME [--region-config FILE] [--connect HOST] [--cap MB]",
      "at the region: make the folder of a municipal node",
      "DIR then holds all that the node needs: its key, the services' public keys, the profile and its configuration.\n"
      "HOST is the region's machine as the node sees it; without it the node runs on this one.", verb_node_init },
    { "node list", "[--csv FILE|--xlsx FILE]", "at the region: nodes with their lanes, and what copies that were refused hold", NULL, verb_node_list },
    { "node accept", "NAME [--replace]", "at the region: let a held copy of a node through",
      "It may send what it said it holds, and can be switched off then. With --replace it becomes the live one,\n"
      "and the other is shut out: for a node that was restored, or whose disk is lost.", verb_node_accept },
    { "node rekey", "NAME DIR", "at the region: a new key for the same node, whose folder (or a copy with its keys) is DIR",
      "For one whose key was revoked or is old; its queue goes on where it was.", verb_node_rekey },
    { "node status", "", "at the node: what waits, was sent, accepted and refused, and how the link stands", NULL, verb_node_status },
    { "node refused", "[--conflicts|--waiting] [--csv FILE|--xlsx FILE]", "at the node: what the region has refused, and why", NULL, verb_node_refused },
    { "node enter", "METHOD JSON", "at the node: one command into the queue",
      "Checked on the spot by the region's own rules; personal fields are sealed before they leave this command.", verb_node_enter },
    { "node people", "[--csv FILE|--xlsx FILE]", "at the node: the municipality's people by identifier, with their posts; names stay at the region", NULL, verb_node_people },
    { "node routes", "[--csv FILE|--xlsx FILE]", "at the node: their routes, and the step that each stands at", NULL, verb_node_routes },
    { "node programmes", "[--csv FILE|--xlsx FILE]", "at the node: the region's catalogue, as it was brought down", NULL, verb_node_programmes },
    { "node frameworks", "[--csv FILE|--xlsx FILE]", "at the node: frameworks with their competencies", NULL, verb_node_frameworks },
    { "node export", "FILE", "at the node: what waits, as sealed letters for a memory stick", NULL, verb_node_export },
    { "node import", "FILE", "at the region: deliver the letters of a stick; the answers go to FILE.answers", NULL, verb_node_import },
    { "node answers", "FILE", "at the node: take in what the region answered to a stick", NULL, verb_node_answers },
    { "sample", "REGION --workers N --seed S DIR", "make what a region of N workers would have, for trying the system out",
      "REGION is tomsk, yugra, stavropol or khabarovsk. The same REGION, N and S give the same bytes on every machine.", verb_sample },
    { "say", "TOKEN [NAME=VALUE…]", "a sentence of the catalogue, for scripts", NULL, verb_say },
    { "metrics", "[SERVICE]", "counters and gauges in Prometheus' text format", NULL, verb_metrics },
};
#define VERB_COUNT (sizeof VERBS / sizeof *VERBS)

static void help_all(void)
{
    printf("rsnms %s: the operator's command of a regional system of scientific and methodological support\n\n"
           "usage: rsnms [OPTION…] VERB [ARGUMENT…]\n\n", RSNMS_VERSION);
    for (size_t i = 0; i < VERB_COUNT; i++)
        printf("  %-12s %s\n               %s\n", VERBS[i].name, VERBS[i].args, VERBS[i].help);
    printf("\noptions, before or after the verb:\n"
           "  --config FILE    the configuration; else $RSNMS_CONFIG, ./config, /etc/rsnms or /var/lib/rsnms/rsnms.yaml\n"
           "  --key NAME       the key to speak with; else the first of ours whose role may use the method\n"
           "  --lang LANGUAGE  of tables and refusals: ru (default, or $RSNMS_LANG), en\n"
           "  --json           of status, indicators, route, keys list, every list, refusals of call, refused rows of a load\n"
           "  --timeout S      seconds to wait for an answer (10)\n"
           "  --help, --version, --manual (the manual page, for man -l -)\n"
           "\nexit codes:\n"
           "  0 done   1 refused or failed   2 usage   3 done, some rows refused\n"
           "  4 a daemon is down or does not answer (which, and where it was expected, is said)\n");
}

static int help_verb(const struct verb *verb)
{
    printf("usage: rsnms %s%s%s\n\n%s\n", verb->name, *verb->args != '\0' ? " " : "", verb->args, verb->help);
    if (verb->more != NULL)
        printf("\n%s\n", verb->more);
    return CLI_OK;
}

/* The verb of the first words; `used` says how many they are. */
static const struct verb *verb_find(int argc, char **argv, int *used)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        const char *space = strchr(VERBS[i].name, ' ');
        size_t first = space != NULL ? (size_t)(space - VERBS[i].name) : strlen(VERBS[i].name);
        if (strlen(argv[0]) != first || strncmp(argv[0], VERBS[i].name, first) != 0)
            continue;
        if (space != NULL && (argc < 2 || strcmp(argv[1], space + 1) != 0))
            continue;
        *used = space != NULL ? 2 : 1;
        return &VERBS[i];
    }
    return NULL;
}

/* Global options are taken out of the words, wherever they stand; what is left is the verb and its own. */
struct globals { struct cli *cli; bool help, version, manual; const char *wrong; };

static bool take_value(int argc, char **argv, int *i, const char *name, const char **value)
{
    size_t n = strlen(name);
    if (strncmp(argv[*i], name, n) != 0)
        return false;
    if (argv[*i][n] == '=') {
        *value = argv[*i] + n + 1;
        return true;
    }
    if (argv[*i][n] != '\0' || *i + 1 >= argc)
        return false;
    *value = argv[++*i];
    return true;
}

static int take_globals(struct globals *g, int argc, char **argv)
{
    int kept = 0;
    struct cli *cli = g->cli;
    for (int i = 0; i < argc; i++) {
        const char *seconds = NULL;
        if (strcmp(argv[i], "--json") == 0)
            cli->json = true;
        else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            g->help = true;
        else if (strcmp(argv[i], "--version") == 0)
            g->version = true;
        else if (strcmp(argv[i], "--manual") == 0)
            g->manual = true;
        else if (take_value(argc, argv, &i, "--timeout", &seconds)) {
            if (!cli_seconds(seconds, &cli->timeout_ms))
                g->wrong = "--timeout: not a number of seconds";
        } else if (!take_value(argc, argv, &i, "--config", &cli->config_file)
                && !take_value(argc, argv, &i, "--key", &cli->key)
                && !take_value(argc, argv, &i, "--lang", &cli->lang))
            argv[kept++] = argv[i];
    }
    argv[kept] = NULL;
    return kept;
}

/* "keys" alone: what could follow it. */
static int no_verb(const char *word, bool help)
{
    size_t n = strlen(word), found = 0;
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (strncmp(VERBS[i].name, word, n) == 0 && VERBS[i].name[n] == ' ') {
            fprintf(help ? stdout : stderr, "%srsnms %s %s\n", found++ == 0 ? "usage: " : "       ", VERBS[i].name,
                    VERBS[i].args);
        }
    if (found == 0)
        cli_say(CLI_USAGE, "no such verb: %s, see rsnms --help", word);
    return help && found > 0 ? CLI_OK : CLI_USAGE;
}

static int run(struct globals *g, int argc, char **argv)
{
    if (g->version) {
        printf("rsnms %s\n", RSNMS_VERSION);
        return CLI_OK;
    }
    if (g->manual) {
        manual_print(VERBS, VERB_COUNT);
        return CLI_OK;
    }
    if (argc > 0 && strcmp(argv[0], "help") == 0) {
        g->help = true;
        argc--, argv++;
    }
    if (argc == 0) {
        help_all();
        return g->help ? CLI_OK : CLI_USAGE;
    }
    int used = 0;
    const struct verb *verb = verb_find(argc, argv, &used);
    if (verb == NULL)
        return no_verb(argv[0], g->help);
    if (g->help)
        return help_verb(verb);
    if (g->wrong != NULL)
        return cli_usage(verb->name, "%s", g->wrong);
    cli_calendar(g->cli);
    return verb->run(g->cli, argc - used + 1, argv + used - 1);
}

int main(int argc, char **argv)
{
    struct cli cli = { .timeout_ms = CLIENT_DEADLINE_MS };
    struct globals globals = { .cli = &cli };
    log_open("rsnms", LOG_WARNING);
    failpoint_open();
    dumps_none();
    if (crypto_start() != ERR_OK)
        return cli_say(CLI_FAILED, "libsodium does not start");
    argc = take_globals(&globals, argc - 1, argv + 1);
    int code = run(&globals, argc, argv + 1);
    cli_close(&cli);
    if (fflush(stdout) != 0 || ferror(stdout))
        code = cli_say(CLI_FAILED, "standard output cannot be written");
    return code;
}
