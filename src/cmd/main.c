/* recircuit: the service and its tools. A new subcommand is one line here and one file. */
#include "command.h"

static const struct command commands[] = {
	{"serve", cmd_serve, "sert l’interface et l’API HTTP"},
	{"work", cmd_work, "prend les calculs dans la file et les fait"},
	{"migrate", cmd_migrate, "met le schéma de la base à jour"},
	{"export", cmd_export, "écrit le réseau d’un scénario pour recircuit-solve"},
	{"load", cmd_load,
		"charge les données de référence ou ce qu’un utilisateur a : points, distances, lignes"},
	{"merge", cmd_merge, "rapproche les points que deux annuaires décrivent"},
	{"publish", cmd_publish, "publie les tonnages enregistrés d’une année"},
	{"organisation", cmd_organisation, "les organisations et leurs territoires"},
	{"user", cmd_user, "les comptes"},
	{"token", cmd_token, "les jetons des programmes"},
	{"audit", cmd_audit, "le journal : qui a écrit, lu ou emporté quoi, et s’il est intact"},
	{"routes", cmd_routes, "les adresses de l’API et qui peut les appeler"},
	{"backup", cmd_backup, "sauvegarde la base dans un fichier"},
	{"restore", cmd_restore, "rend une sauvegarde dans une base vide"},
	{"demo", cmd_demo, "fait tout : base, données, calcul de référence, verdict, carte"},
};

static const struct program recircuit = {
	.name = "recircuit",
	.purpose = "une plateforme DEEE partagée entre régions serait-elle viable ?",
	.commands = commands,
	.count = sizeof commands / sizeof *commands,
	.epilogue =
		"Environnement\n"
		"  RECIRCUIT_DB     base PostgreSQL (conninfo libpq) ; sans elle, une base privée "
		"est\n"
		"                   démarrée dans var/ et arrêtée à la fin\n"
		"  RECIRCUIT_VAR    dossier de cette base privée\n"
		"  RECIRCUIT_SHARE  dossier qui contient sql/ et web/\n",
};

int main(int argc, char **argv)
{
	return program_main(&recircuit, argc, argv);
}
