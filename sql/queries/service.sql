-- What the service checks of itself on every connection.

-- name: service_fault
-- No parameter. Why the role that answers people could go round row-level security (French); no row when
-- it cannot.
SELECT format('le rôle « %s » contourne les droits sur les lignes (super-utilisateur ou BYPASSRLS) : ' ||
              'le service ne peut pas agir en son nom', rolname) AS fault
  FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)
UNION ALL
SELECT format('le rôle « %s » possède la table « %s », ou peut agir comme qui la possède : ' ||
              'le service ne peut pas agir en son nom', current_user, min(oid::regclass::text))
  FROM pg_class
 WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND pg_has_role(current_user, relowner, 'USAGE')
HAVING count(*) > 0;

-- name: service_act_as
-- $1 person, $2 organisation, $3 role: for whom the transaction works from here on. One row that says nothing.
SELECT set_config('app.person', $1::text, true), set_config('app.organisation', $2::text, true),
       set_config('app.role', $3::text, true);
