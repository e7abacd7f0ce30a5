import { defineConfig } from 'vitest/config';
import { closingReporter } from './test/support/closing-reporter.ts';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    passWithNoTests: false,
    reporters: ['default', closingReporter()],
  },
});
