-- The lines of an entry are looked for with a plan made each time: one made while the table was empty took any index on
-- the organisation, and read all its lines for each entry from then on.
ALTER FUNCTION audit_append_lines(jsonb) SET plan_cache_mode = 'force_custom_plan';
