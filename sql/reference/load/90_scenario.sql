-- The reference scenario, once: a user who has changed it keeps the change.
INSERT INTO scenario (code, name, description)
VALUES ('reference', 'Scénario de référence',
        'Une plateforme partagée par le Centre-Val de Loire et ses six régions voisines serait-elle viable ? '
        || 'Toutes les valeurs sont celles du jeu de départ.')
ON CONFLICT (code) DO NOTHING;
INSERT INTO scenario_version (scenario, version, definition)
SELECT s.id, 1, jsonb_build_object('regions', to_jsonb(derived.study_regions()),
                                   'parameters', '{}'::jsonb, 'candidates', 'default')
  FROM scenario s
 WHERE s.code = 'reference' AND NOT EXISTS (SELECT FROM scenario_version v WHERE v.scenario = s.id);
