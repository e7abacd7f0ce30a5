import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --config drizzle-sqlite.config.ts --name what-changed` writes the next migration of the SQLite store. */
export default defineConfig({
  dialect: 'sqlite',
  schema: './src/store/sqlite/schema.ts',
  out: './src/store/sqlite/migrations',
});
