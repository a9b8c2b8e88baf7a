-- Lines as people and the register say them.

CREATE FUNCTION derived.line_shown(l line_history)
RETURNS TABLE (
  id bigint, organisation bigint, "organisationName" text, version integer, state text, "publicId" text, flow text,
  "wasteCode" text, "wasteDescription" text, "wastePop" boolean, "receptionDate" date, "weightValue" numeric,
  "weightIsEstimate" boolean, volume numeric, point bigint, "pointName" text,
  "initialEmitterMunicipalitiesInseeCodes" text[], "reportForCompanySiret" text, "reportForCompanyName" text,
  "ecoOrganismeSiret" text, "ecoOrganismeName" text, "operationCode" text, "operationMode" text,
  "transporter1TransportMode" text, "transporter1CompanyOrgId" text, "transporter1CompanyName" text,
  channel text, created_at timestamptz, updated_at timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT l.id, l.organisation, (SELECT o.name FROM organisation o WHERE o.id = l.organisation), l.version, l.state,
         l.public_id, l.flow,
         l.low_code || (SELECT CASE WHEN c.is_hazardous THEN '*' ELSE '' END
                          FROM flow_code c WHERE c.flow = l.flow AND c.low_code = l.low_code),
         l.description, l.is_pop, l.day, (l.weight_kg / 1000.0)::numeric(10, 3), l.is_estimate,
         (l.volume_l / 1000.0)::numeric(10, 3), l.point, (SELECT p.name FROM collection_point p WHERE p.id = l.point),
         l.municipalities, l.destination_siret, l.destination_name, l.producer_siret, l.producer_name, l.operation_code,
         l.operation_mode, l.transport_mode, l.carrier_siret, l.carrier_name, l.channel, l.created_at, l.updated_at
$$;
COMMENT ON FUNCTION derived.line_shown(line_history) IS
  'A version of a line in the words of the register''s interface: tonnes, m3, the code with its star';
