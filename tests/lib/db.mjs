// A database for a test written in JavaScript: the twin of scratch_database in scratch.h.
import { execFileSync } from "node:child_process";

const server = process.env.RECIRCUIT_DB;

const psql = (sql) =>
  execFileSync("psql", ["-Xq", "-v", "ON_ERROR_STOP=1", "-d", server, "-c", sql], {
    env: { ...process.env, PGOPTIONS: "-c client_min_messages=warning" },
  });

// The conninfo (the new RECIRCUIT_DB of the programs under test) of a copy of the template, and drop().
export function scratchDatabase(name) {
  if (!server) throw new Error("RECIRCUIT_DB names the test server: run the tests with make check");
  const database = `test_${name}_${process.pid}`;
  const drop = () => psql(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  drop();
  psql(`CREATE DATABASE ${database} TEMPLATE test_template`);
  return { conninfo: `${server} dbname=${database}`, drop };
}
