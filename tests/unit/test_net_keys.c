/* keys: files of key pairs and the table of principals. */
#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/core/err.h"
#include "common/core/hash.h"
#include "common/net/keys.h"

static char dir[40];
static char says[400];
static const struct enum_desc ROLES = { "role", (const char *const[]){ "service", "operator" }, 2 };

static int open_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/rsnms-keys-XXXXXX");
    return mkdtemp(dir) == NULL;
}

static int close_dir(void **state)
{
    char command[80];
    (void)state;

    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command);
}

static void file_put(const char *name, const char *text, mode_t mode)
{
    char path[100];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    fclose(out);
    assert_int_equal(chmod(path, mode), 0);
}

static struct principal_row row_of(const struct key_pair *pair, const char *name)
{
    return (struct principal_row){ .id = pair->id, .name = name, .role = "service", .public_key = pair->public_key };
}

static void a_key_is_kept_to_oneself(void **state)
{
    struct key_pair made, loaded;
    char path[100];
    struct stat st;
    (void)state;

    assert_int_equal(key_new(dir, "roster", NULL, &made, says), ERR_OK);
    assert_int_equal(key_new(dir, "roster", NULL, &loaded, says), ERR_EXISTS);
    assert_int_equal(key_load(dir, "roster", &loaded, says), ERR_OK);
    assert_string_equal(loaded.secret_key, made.secret_key);
    assert_true(uuid_equal(&loaded.id, &made.id));
    snprintf(path, sizeof path, "%s/roster.secret", dir);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(key_load(dir, "roster", &loaded, says), ERR_DENIED);
    assert_non_null(strstr(says, "0600"));
    assert_int_equal(key_load(dir, "nobody", &loaded, says), ERR_NOTFOUND);
    static const char *const bad[] = { "", "a/b", "..", "Ä", "UPPER", "a b" };
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(key_new(dir, bad[i], NULL, &made, says), ERR_MALFORMED);
}

static void a_secret_that_does_not_fit_its_public_key_is_refused(void **state)
{
    struct key_pair a, b;
    char text[300], id[UUID_TEXT + 1];
    (void)state;

    assert_int_equal(key_new(dir, "a", NULL, &a, says), ERR_OK);
    assert_int_equal(key_new(dir, "b", NULL, &b, says), ERR_OK);
    uuid_format(&a.id, id);
    snprintf(text, sizeof text, "id: %s\npublic_key: \"%s\"\nsecret_key: \"%s\"\n", id, a.public_key, b.secret_key);
    file_put("c.secret", text, 0600);
    assert_int_equal(key_load(dir, "c", &a, says), ERR_MALFORMED);
    file_put("d.secret", "id: 1\n", 0600);
    assert_int_equal(key_load(dir, "d", &a, says), ERR_MALFORMED);
}

static void a_principal_survives_the_rotation_of_its_key(void **state)
{
    struct key_pair first, second;
    struct principals *table;
    struct uuid scope = uuid_new();
    struct principal_row row;
    (void)state;

    assert_int_equal(key_new(dir, "node", NULL, &first, says), ERR_OK);
    row = row_of(&first, "узел \"Комсомольск\" \\ \n№ 1");
    row.scopes.n = 1;
    row.scopes.at = &scope;
    assert_int_equal(principals_add(dir, &row, says), ERR_OK);
    assert_int_equal(key_rotate(dir, "node", &second, says), ERR_OK);
    assert_true(uuid_equal(&first.id, &second.id));
    assert_string_not_equal(first.public_key, second.public_key);
    assert_int_equal(principals_rotate(dir, &second, says), ERR_OK);

    assert_int_equal(principals_load(&table, dir, &ROLES, says), ERR_OK);
    assert_int_equal(principals_count(table), 2);
    const struct principal_key *old = principals_by_key(table, first.public_key),
                               *fresh = principals_by_key(table, second.public_key);
    assert_true(old != NULL && fresh != NULL && old != fresh && !old->revoked && !fresh->revoked);
    assert_string_equal(fresh->name, row.name);
    assert_true(fresh->reach.n == 1 && uuid_equal(&fresh->reach.id[0], &scope) && !fresh->reach.all);
    assert_ptr_equal(principals_by_id(table, &first.id), fresh);
    assert_ptr_equal(principals_by_name(table, row.name), fresh);
    principals_free(&table);

    assert_int_equal(principals_revoke_key(dir, first.public_key, says), ERR_OK);
    assert_int_equal(principals_load(&table, dir, &ROLES, says), ERR_OK);
    assert_true(principals_by_key(table, first.public_key)->revoked);
    assert_false(principals_by_key(table, second.public_key)->revoked);
    principals_free(&table);
    assert_int_equal(principals_revoke(dir, &first.id, says), ERR_OK);
    assert_int_equal(principals_load(&table, dir, &ROLES, says), ERR_OK);
    assert_null(principals_by_id(table, &first.id));
    principals_free(&table);
    assert_int_equal(principals_rotate(dir, &second, says), ERR_NOTFOUND);
    assert_int_equal(principals_revoke_key(dir, "0123456789012345678901234567890123456789", says), ERR_NOTFOUND);
}

static void a_table_with_a_contradiction_is_refused_whole(void **state)
{
    struct key_pair a, b;
    struct principals *table;
    char text[900], id_a[UUID_TEXT + 1], id_b[UUID_TEXT + 1];
    (void)state;

    assert_int_equal(principals_load(&table, dir, &ROLES, says), ERR_NOTFOUND);
    assert_int_equal(key_new(dir, "a", NULL, &a, says), ERR_OK);
    assert_int_equal(key_new(dir, "b", NULL, &b, says), ERR_OK);
    struct principal_row row = row_of(&a, "a"), other = row_of(&b, "a");
    assert_int_equal(principals_add(dir, &row, says), ERR_OK);
    assert_int_equal(principals_add(dir, &row, says), ERR_EXISTS);
    assert_int_equal(principals_add(dir, &other, says), ERR_EXISTS);       /* its name is another's */

    uuid_format(&a.id, id_a);
    uuid_format(&b.id, id_b);
    static const char form[] = "principals:\n  - {id: %s, name: a, role: service, public_key: \"%s\"}\n"
                               "  - {id: %s, name: %s, role: %s, public_key: \"%s\"}\n";
    const struct { const char *id, *name, *role, *key, *says; } ROWS[] = {
        { id_b, "b", "king", b.public_key, "principals[1].role" },
        { id_b, "b", "service", a.public_key, "principals[1].public_key" },
        { id_b, "a", "service", b.public_key, "principals[1].name" },
        { id_a, "b", "service", b.public_key, "principals[1].name" },
        { "nonsense", "b", "service", b.public_key, "id" },
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        snprintf(text, sizeof text, form, id_a, a.public_key, ROWS[i].id, ROWS[i].name, ROWS[i].role, ROWS[i].key);
        file_put(PRINCIPALS_FILE, text, 0644);
        assert_int_equal(principals_load(&table, dir, &ROLES, says), ERR_MALFORMED);
        assert_null(table);
        assert_non_null(strstr(says, ROWS[i].says));
    }
    principals_free(&table);
}

static void all_keys_of_a_full_table_are_found(void **state)
{
    static struct key_pair pair[PRINCIPALS_MAX];
    struct principals *table;
    struct buf text = { 0 };
    char id[UUID_TEXT + 1];
    (void)state;

    buf_text(&text, "principals:\n");
    for (size_t i = 0; i < COUNT(pair); i++) {
        pair[i].id = uuid_new();
        snprintf(pair[i].public_key, sizeof pair[i].public_key, "%08zu%032d", i, (int)i);
        uuid_format(&pair[i].id, id);
        buf_format(&text, "  - {id: %s, name: n%zu, role: service, public_key: \"%s\"}\n", id, i, pair[i].public_key);
    }
    file_put(PRINCIPALS_FILE, buf_string(&text), 0644);
    assert_int_equal(principals_load(&table, dir, &ROLES, says), ERR_OK);
    for (size_t i = 0; i < COUNT(pair); i++)
        assert_true(uuid_equal(&principals_by_key(table, pair[i].public_key)->id, &pair[i].id));
    assert_null(principals_by_key(table, "9999999999999999999999999999999999999999"));
    principals_free(&table);
    buf_free(&text);
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, open_dir, close_dir)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIR(a_key_is_kept_to_oneself),
        IN_DIR(a_secret_that_does_not_fit_its_public_key_is_refused),
        IN_DIR(a_principal_survives_the_rotation_of_its_key),
        IN_DIR(a_table_with_a_contradiction_is_refused_whole),
        IN_DIR(all_keys_of_a_full_table_are_found),
    };

    assert_int_equal(crypto_start(), ERR_OK);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
