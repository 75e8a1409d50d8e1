/* wovend: argv to options, options to the app. Knows nothing of sockets, threads and databases. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app.h"
#include "log.h"

static const char usage[] =
    "Usage: wovend [OPTION]...\n"
    "Own the schema of a PostgreSQL database and answer wovenctl on a Unix socket.\n"
    "\n"
    "  -c, --config=FILE      settings (default: $WOVEN_CONFIG, " WV_CONFIG_DEFAULT_FILE ")\n"
    "      --check            check settings and revision files, report every fault, and exit\n"
    "      --database=STRING  libpq connection string without a password ($WOVEN_DATABASE)\n"
    "      --socket=PATH      control socket ($WOVEN_SOCKET)\n"
    "      --project=NAME     project, which names the lock ($WOVEN_PROJECT)\n"
    "      --log-level=LEVEL  error, warning, notice, info or debug ($WOVEN_LOG_LEVEL)\n"
    "      --idle-exit=TIME   end after such a time without clients and jobs\n"
    "      --version          print the version and exit\n"
    "      --help             print this and exit\n"
    "\n"
    "Runs in the foreground; logs to standard error. See wovend(8), woven.conf(5).\n";

enum {
    OPT_CHECK = 256,
    OPT_DATABASE,
    OPT_SOCKET,
    OPT_PROJECT,
    OPT_LOG_LEVEL,
    OPT_IDLE_EXIT,
    OPT_VERSION,
    OPT_HELP
};

static const struct option long_options[] = {
    {"config", required_argument, NULL, 'c'},
    {"check", no_argument, NULL, OPT_CHECK},
    {"database", required_argument, NULL, OPT_DATABASE},
    {"socket", required_argument, NULL, OPT_SOCKET},
    {"project", required_argument, NULL, OPT_PROJECT},
    {"log-level", required_argument, NULL, OPT_LOG_LEVEL},
    {"idle-exit", required_argument, NULL, OPT_IDLE_EXIT},
    {"version", no_argument, NULL, OPT_VERSION},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

struct command_line {
    struct wv_config_options options;
    bool check;
};

/* Everybody on the host can read a command line. */
static bool database_is_fit_for_argv(const char *database)
{
    if (!wv_app_has_password(database))
        return true;
    fputs("wovend: a password does not belong on the command line, where everybody can read it\n"
          "use a passfile (PGPASSFILE), the service file, or LoadCredential=; see wovend(8)\n",
          stderr);
    return false;
}

static void take_option(int option, struct command_line *line)
{
    switch (option) {
    case 'c':
        line->options.file = optarg;
        return;
    case OPT_CHECK:
        line->check = true;
        return;
    case OPT_DATABASE:
        if (!database_is_fit_for_argv(optarg))
            exit(WV_EXIT_USAGE);
        line->options.database = optarg;
        return;
    case OPT_SOCKET:
        line->options.socket = optarg;
        return;
    case OPT_PROJECT:
        line->options.project = optarg;
        return;
    case OPT_LOG_LEVEL:
        line->options.log_level = optarg;
        return;
    case OPT_IDLE_EXIT:
        line->options.idle_exit = optarg;
        return;
    case OPT_VERSION:
        puts("wovend " WV_VERSION);
        exit(WV_EXIT_DONE);
    case OPT_HELP:
        fputs(usage, stdout);
        exit(WV_EXIT_DONE);
    default:
        fputs("Try `wovend --help`.\n", stderr);
        exit(WV_EXIT_USAGE);
    }
}

/* A standard descriptor that is closed would go to the next socket, and the log into that. */
static void keep_standard_descriptors(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    keep_standard_descriptors();
    struct command_line line = {0};
    int option;
    while ((option = getopt_long(argc, argv, "c:", long_options, NULL)) != -1)
        take_option(option, &line);
    if (optind < argc) {
        fprintf(stderr, "wovend: no argument is wanted: %s\nTry `wovend --help`.\n", argv[optind]);
        return WV_EXIT_USAGE;
    }
    wv_log_init(WV_LOG_INFO);
    struct wv_err err WV_AUTOERR = {0};
    bool done = line.check ? wv_app_check(&line.options, &err) : wv_app_run(&line.options, &err);
    if (!done) {
        wv_log_err(WV_LOG_ERROR, "main", &err);
        return (int)wv_err_exit(err.code);
    }
    if (line.check)
        puts("settings and files are in order");
    return WV_EXIT_DONE;
}
