/* The floor of a take-over: bare libpq on both sides of an advisory lock.
 *
 *   bench_lock CONNINFO hold [SQL]     takes the lock, says "held", runs SQL or stays idle
 *   bench_lock CONNINFO take LOW HIGH  says "ready", tries each LOW to HIGH milliseconds, and once
 * it has the lock prints the server's clock by its first statement
 */
#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SEED_STEP = 7919, ANSWER = 64 };

/* The only field of the answer, as text; false, with a complaint, when there is none. */
static bool ask(PGconn *conn, const char *sql, char value[ANSWER])
{
    PGresult *result = PQexec(conn, sql);
    bool is_answered = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    if (is_answered)
        snprintf(value, ANSWER, "%s", PQgetvalue(result, 0, 0));
    else
        fprintf(stderr, "lock: %s", PQerrorMessage(conn));
    PQclear(result);
    return is_answered;
}

static int take(PGconn *conn)
{
    char taken[ANSWER];
    return ask(conn, "SELECT pg_try_advisory_lock(4711)", taken) ? taken[0] == 't' : -1;
}

static int hold(PGconn *conn, const char *sql)
{
    if (take(conn) != 1)
        return 1;
    puts("held");
    fflush(stdout);
    if (sql == NULL)
        pause();
    char answer[ANSWER];
    return !ask(conn, sql, answer);
}

static int take_over(PGconn *conn, int low, int high)
{
    int taken;
    char now[ANSWER];
    puts("ready");
    fflush(stdout);
    while ((taken = take(conn)) == 0)
        poll(NULL, 0, low + rand() % (high - low + 1));
    if (taken != 1 || !ask(conn, "SELECT extract(epoch FROM clock_timestamp())", now))
        return 1;
    puts(now);
    return 0;
}

int main(int argc, char **argv)
{
    int takes = argc == 5 && strcmp(argv[2], "take") == 0;
    if (!takes && !((argc == 3 || argc == 4) && strcmp(argv[2], "hold") == 0)) {
        fputs("usage: bench_lock CONNINFO hold [SQL] | take LOW HIGH\n", stderr);
        return 2;
    }
    srand((unsigned)time(NULL) + (unsigned)getpid() * SEED_STEP);
    PGconn *conn = PQconnectdb(argv[1]);
    /* As the daemon's: without it the server finishes the statement of a dead client. */
    char set[ANSWER];
    int failed =
        !ask(conn, "SELECT set_config('client_connection_check_interval', '500', false)", set);
    if (!failed)
        failed = takes ? take_over(conn, atoi(argv[3]), atoi(argv[4]))
                       : hold(conn, argc == 4 ? argv[3] : NULL);
    PQfinish(conn);
    return failed;
}
