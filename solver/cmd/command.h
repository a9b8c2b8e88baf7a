/* The subcommands of recircuit-solve: one line of the table in main.c and one file each. */
#ifndef RECIRCUIT_SOLVER_COMMAND_H
#define RECIRCUIT_SOLVER_COMMAND_H

#include "program.h"

must_use bool solve_plan(int argc, char **argv, struct err *e);
must_use bool solve_check(int argc, char **argv, struct err *e);
must_use bool solve_export(int argc, char **argv, struct err *e);
must_use bool solve_study(int argc, char **argv, struct err *e);
must_use bool solve_rounds(int argc, char **argv, struct err *e);
must_use bool solve_generate(int argc, char **argv, struct err *e);
must_use bool solve_share(int argc, char **argv, struct err *e);

#endif
