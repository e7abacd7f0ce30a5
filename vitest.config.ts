import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { closingReporter } from './test/support/closing-reporter.ts';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Most of the time is waiting for processes, browsers and databases: two at a time also on a small machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    passWithNoTests: false,
    reporters: ['default', closingReporter()],
  },
});
