#!/usr/bin/env node
// Looked at before anything else is loaded: the database driver dies on an older Node without a word.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `Countersign needs Node 22.19 or newer; this is ${process.versions.node}. On Linux run it through npm (npm start), which brings its own.\n`,
  );
  process.exitCode = 1;
} else {
  const { run } = await import('./program.ts');
  await run(process.argv);
}
