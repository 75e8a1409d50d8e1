/* The floor that a migrator is measured against: sends each part of a file (parts are divided by a
 * NUL byte) as one simple-query message, waits for its answer, sends the next. Nothing else: no
 * files, no checks, no reports. Usage: bench_floor CONNINFO FILE */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_all(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    *length = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*length + 1);
    if (text != NULL && fread(text, 1, *length, file) == *length)
        text[*length] = '\0';
    fclose(file);
    return text;
}

static int run(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return 0;
    fprintf(stderr, "floor: %s", PQerrorMessage(conn));
    return 1;
}

int main(int argc, char **argv)
{
    size_t length;
    char *text = argc == 3 ? read_all(argv[2], &length) : NULL;
    if (text == NULL) {
        fputs("usage: bench_floor CONNINFO FILE\n", stderr);
        return 2;
    }
    PGconn *conn = PQconnectdb(argv[1]);
    int failed = PQstatus(conn) != CONNECTION_OK;
    if (failed)
        fprintf(stderr, "floor: %s", PQerrorMessage(conn));
    for (const char *part = text; !failed && part < text + length; part += strlen(part) + 1)
        failed = run(conn, part);
    PQfinish(conn);
    free(text);
    return failed;
}
