/* The floor of a take-over: bare libpq on both sides of an advisory lock.
 *
 *   bench_lock CONNINFO hold [SQL]     takes the lock, says "held", runs SQL or stays idle
 *   bench_lock CONNINFO take LOW HIGH  says "ready", tries each LOW to HIGH milliseconds, and once
 * it has the lock prints the server's clock by its first statement
 */
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SEED_STEP = 7919 };

/* The value of the only field; NULL, with a complaint, when there is none. Never freed: the program
 * asks little and ends. */
static const char *ask(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1)
        return PQgetvalue(result, 0, 0);
    fprintf(stderr, "lock: %s", PQerrorMessage(conn));
    return NULL;
}

static int take(PGconn *conn)
{
    const char *taken = ask(conn, "SELECT pg_try_advisory_lock(4711)");
    return taken == NULL ? -1 : taken[0] == 't';
}

static int hold(PGconn *conn, const char *sql)
{
    if (take(conn) != 1)
        return 1;
    puts("held");
    fflush(stdout);
    if (sql == NULL)
        pause();
    return ask(conn, sql) == NULL;
}

static int take_over(PGconn *conn, int low, int high)
{
    int taken;
    puts("ready");
    fflush(stdout);
    while ((taken = take(conn)) == 0)
        poll(NULL, 0, low + rand() % (high - low + 1));
    const char *now = taken == 1 ? ask(conn, "SELECT extract(epoch FROM clock_timestamp())") : NULL;
    if (now == NULL)
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
    int failed =
        ask(conn, "SELECT set_config('client_connection_check_interval', '500', false)") == NULL;
    if (!failed)
        failed = takes ? take_over(conn, atoi(argv[3]), atoi(argv[4]))
                       : hold(conn, argc == 4 ? argv[3] : NULL);
    PQfinish(conn);
    return failed;
}
