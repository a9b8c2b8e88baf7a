-- PostgreSQL has no COPY into a table with row-level security: a plan goes by way of two tables of the transaction's own.

CREATE FUNCTION plan_receive() RETURNS void LANGUAGE sql AS $$
  CREATE TEMP TABLE line_in (LIKE plan_line) ON COMMIT DROP;
  CREATE TEMP TABLE shipment_in (LIKE plan_shipment) ON COMMIT DROP;
$$;
COMMENT ON FUNCTION plan_receive() IS 'Makes line_in and shipment_in, into which a worker copies a plan; they go with the transaction';

CREATE FUNCTION plan_keep() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO plan_line SELECT * FROM line_in;
  INSERT INTO plan_shipment SELECT * FROM shipment_in;
END $$;
COMMENT ON FUNCTION plan_keep() IS 'Puts what line_in and shipment_in hold among all plans, as row-level security allows';
REVOKE EXECUTE ON FUNCTION plan_receive(), plan_keep() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION plan_receive(), plan_keep() TO recircuit_app;
