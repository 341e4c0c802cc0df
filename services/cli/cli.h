/* cli.h - the commands of `cuiban`. Each takes its own argv (argv[0] is the command) and returns
 * the exit status: 0 done, 1 refused or nothing found that was asked for by name, 2 the system
 * failed, 64 usage. */
#ifndef CUIBAN_SERVICES_CLI_CLI_H
#define CUIBAN_SERVICES_CLI_CLI_H

#define CLI_OK 0
#define CLI_REFUSED 1
#define CLI_FAILED 2
#define CLI_USAGE 64

int cmd_up(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_feed(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_sample(int argc, char **argv);
int cmd_kpi(int argc, char **argv);
int cmd_reminders(int argc, char **argv);
int cmd_deadlines(int argc, char **argv);
int cmd_complaints(int argc, char **argv);
int cmd_parts(int argc, char **argv);
int cmd_scores(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_refused(int argc, char **argv);
int cmd_schema(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_backup(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_keys(int argc, char **argv);

#endif
