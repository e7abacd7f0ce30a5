import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drifted, generatedFiles } from './generated/files.ts';

/** `npm run generate` writes the generated files; with `-- --check` it only names those that have drifted from the code. */
async function generate(checking: boolean): Promise<number> {
  const files = await generatedFiles();
  const paths = await drifted(files);
  for (const path of paths) {
    if (!checking) await writeFile(join(import.meta.dirname, '..', path), files.get(path) ?? '');
    process.stdout.write(
      `${path} ${checking ? 'has drifted from the code; run: npm run generate' : 'is written anew'}\n`,
    );
  }
  if (paths.length === 0) process.stdout.write('Every generated file is up to date.\n');
  return checking && paths.length > 0 ? 1 : 0;
}

process.exitCode = await generate(process.argv.includes('--check'));
