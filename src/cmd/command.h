/* The subcommands of recircuit: one line of the table in main.c and one file each. */
#ifndef RECIRCUIT_CMD_COMMAND_H
#define RECIRCUIT_CMD_COMMAND_H

#include "program.h"

must_use bool cmd_serve(int argc, char **argv, struct err *e);
must_use bool cmd_work(int argc, char **argv, struct err *e);
must_use bool cmd_migrate(int argc, char **argv, struct err *e);
must_use bool cmd_load(int argc, char **argv, struct err *e);
must_use bool cmd_export(int argc, char **argv, struct err *e);
must_use bool cmd_merge(int argc, char **argv, struct err *e);
must_use bool cmd_publish(int argc, char **argv, struct err *e);
must_use bool cmd_organisation(int argc, char **argv, struct err *e);
must_use bool cmd_user(int argc, char **argv, struct err *e);
must_use bool cmd_token(int argc, char **argv, struct err *e);
must_use bool cmd_audit(int argc, char **argv, struct err *e);
must_use bool cmd_routes(int argc, char **argv, struct err *e);
must_use bool cmd_backup(int argc, char **argv, struct err *e);
must_use bool cmd_restore(int argc, char **argv, struct err *e);
must_use bool cmd_demo(int argc, char **argv, struct err *e);

#endif
