-- The versions of the schema itself. Used by migrate.c alone.

-- name: migration_exists
-- No parameter. One row: is_there (boolean), whether schema_migration has been made.
SELECT to_regclass('public.schema_migration') IS NOT NULL AS is_there;

-- name: migration_create
-- No parameter, no row.
CREATE TABLE public.schema_migration (
  version    integer PRIMARY KEY CHECK (version > 0),
  name       text NOT NULL,
  sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: migration_describe
-- No parameter, no row.
DO $$ BEGIN
  COMMENT ON TABLE public.schema_migration IS
    'Migrations applied to this database: files of sql/migrations, never edited afterwards';
  COMMENT ON COLUMN public.schema_migration.version IS 'The NNNN of NNNN_title.sql';
  COMMENT ON COLUMN public.schema_migration.name IS 'File name';
  COMMENT ON COLUMN public.schema_migration.sha256 IS 'SHA-256 of the file, hexadecimal';
  COMMENT ON COLUMN public.schema_migration.applied_at IS 'When it was applied';
END $$;

-- name: migration_list
-- No parameter. One row per applied file, oldest first: version, name, sha256.
SELECT version, name, sha256 FROM public.schema_migration ORDER BY version;

-- name: migration_add
-- $1 version, $2 file name, $3 SHA-256 of the file. No row.
INSERT INTO public.schema_migration (version, name, sha256) VALUES ($1::integer, $2::text, $3::text);
