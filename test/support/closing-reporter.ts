import type { Reporter, TestModule } from 'vitest/node';

/** What a finished run came to; a file or suite that broke outside its tests counts as one failure. */
type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

function closingLine(tally: Tally): string {
  const line = `${tally.passed} passed, ${tally.failed} failed`;
  return tally.skipped > 0 ? `${line}, ${tally.skipped} skipped` : line;
}

/** Stands last in the list of reporters, so that its line is the last of the run. */
export function closingReporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors): void {
      const tally = tallyOf(modules);
      const failed = tally.failed + unhandledErrors.length;
      process.stdout.write(`${closingLine({ ...tally, failed })}\n`);
    },
  };
}

function tallyOf(modules: readonly TestModule[]): Tally {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const module of modules) {
    if (module.errors().length > 0) failed += 1;
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) failed += 1;
    }
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'failed') failed += 1;
      else skipped += 1;
    }
  }
  return { passed, failed, skipped };
}
