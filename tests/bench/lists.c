/* lists: a staff list checked by the operator's command against a running roster: seconds, and memory of both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/site.h"

/* As various as in life: whoever has the same given name, patronymic and birth as somebody known is looked at as perhaps the
 * same person, and there are few of those. */
void bench_given_and_birth(FILE *file, uint32_t i)
{
    static const char *const GIVEN[] = { "Анна", "Мария", "Елена", "Ольга", "Наталья", "Ирина", "Татьяна", "Светлана", "Галина", "Юлия",
                                         "Вера", "Нина", "Дарья", "Софья", "Алла", "Раиса", "Зоя", "Инна", "Лидия" };
    static const char *const FATHER[] = { "Ивановна", "Петровна", "Сергеевна", "Андреевна", "Павловна", "Олеговна", "Юрьевна", "Львовна",
                                          "Ильинична", "Борисовна", "Глебовна", "Марковна", "Егоровна" };
    uint32_t mixed = i * 2654435761u;

    fprintf(file, ";%s;%s;19%02u-%02u-%02u", GIVEN[mixed % 19], FATHER[mixed / 19 % 13], 60 + mixed / 247 % 35, 1 + mixed / 8645 % 12,
            1 + mixed / 103740 % 28);
}

/* The site's own people first (they are known), then people whom nobody knows. */
static void list_write(const struct site *site, const char *path, uint32_t rows)
{
    static const char *const PART[10] = { "ва", "ро", "ми", "ле", "ну", "ко", "та", "си", "бо", "ди" };
    FILE *file = fopen(path, "w");

    need(file != NULL, "%s cannot be written", path);
    fprintf(file, "Код;Фамилия;Имя;Отчество;Дата рождения;Код ОО;Должность;Дата приема\n");
    for (uint32_t i = 0; i < rows; i++) {
        bool known = i < site->persons;
        fprintf(file, "%s%u;%s%s%s%s%s%s", known ? "w" : "n", i, known ? "И" : "Я", PART[i % 10], PART[i / 10 % 10],
                PART[i / 100 % 10], PART[i / 1000 % 10], PART[i / 10000 % 10]);
        if (!known)
            fprintf(file, "%s%s", PART[i / 100000 % 10], PART[i / 1000000 % 10]);
        if (known)
            fprintf(file, ";Анна;;19%02u-%02u-%02u", 60 + i % 35, 1 + i % 12, 1 + i % 28);
        else
            bench_given_and_birth(file, i);
        fprintf(file, ";school-%u;учитель;2015-09-01\n", i % SCHOOLS);
    }
    need(fclose(file) == 0, "%s cannot be written", path);
}

/* Seconds of `rsnms roster check`, and the most memory that it had, in MiB; what it said goes to a file. */
static double check_run(const struct site *site, const char *list, const char *said, double *mib)
{
    char program[400];
    struct rusage used;
    int status;

    snprintf(program, sizeof program, "%s/rsnms", site->bench->build);
    double begun = bench_now();
    pid_t pid = fork();
    need(pid >= 0, "no process");
    if (pid == 0) {
        if (freopen(said, "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
            _exit(127);
        execl(program, program, "--config", site->config, "--json", "roster", "check", list, (char *)NULL);
        _exit(127);
    }
    need(wait4(pid, &status, 0, &used) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s roster check failed", program);
    *mib = (double)used.ru_maxrss / 1024;
    return bench_now() - begun;
}

static void counts_check(const struct site *site, const char *said, uint32_t rows)
{
    char line[600] = "", wanted[80];
    FILE *file = fopen(said, "r");

    need(file != NULL, "the check said nothing");
    for (char more[sizeof line]; fgets(more, sizeof more, file) != NULL; )
        memcpy(line, more, sizeof line);                /* the counts are the last line */
    fclose(file);
    snprintf(wanted, sizeof wanted, "\"unchanged\": %u, \"new_person\": %u,", site->persons, rows - site->persons);
    need(strstr(line, wanted) != NULL, "not what the list holds (%s): %s", wanted, line);
}

static void list_measure(struct bench *bench, uint32_t rows, const char *what, const char *memory, double seconds)
{
    struct site *site = bench_site(bench);
    struct line *time = line_new(bench, what, "s", NULL), *most = line_new(bench, memory, "MiB", NULL);
    char list[300], said[300];

    time->goal[0] = (struct goal){ OURS_BELOW, seconds };
    most->goal[0] = (struct goal){ OURS_BELOW, 500 };
    snprintf(list, sizeof list, "%s/list.csv", bench->dir);
    snprintf(said, sizeof said, "%s/list.said", bench->dir);
    list_write(site, list, rows);
    for (uint32_t i = 0; i < (bench->quick || rows > 100000 ? 1 : bench->pairs); i++) {
        double mib;
        series_add(&time->ours, check_run(site, list, said, &mib));
        series_add(&most->ours, mib);
        counts_check(site, said, rows);
    }
    line_note(time, "%u of the people are known already, the others would be new", site->persons);
    unlink(list);
}

void row_lists(struct bench *bench)
{
    struct site *site = bench_site(bench);

    site_start(site, P_ROSTER);
    list_measure(bench, 100000, "a list of 100,000 rows checked", "memory of that check", 10);
    if (!bench->quick)
        list_measure(bench, 1000000, "a list of 1,000,000 rows checked", "memory of that check (1,000,000)", 100);
    site_stop(site, P_ROSTER);
}
