import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --config drizzle-postgres.config.ts --name what-changed` writes the next migration of the PostgreSQL store. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/store/postgres/schema.ts',
  out: './src/store/postgres/migrations',
});
