import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname;
const out = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const sha = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();

for (const file of readdirSync(join(root, 'src'))) {
  execFileSync(process.execPath, ['--check', join(root, 'src', file)], { stdio: 'inherit' });
  console.log(`checked src/${file}`);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
for (const folder of ['src', 'config', 'migrations'])
  cpSync(join(root, folder), join(out, folder), { recursive: true });
writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
writeFileSync(join(out, 'build.json'), `${JSON.stringify({ version, sha })}\n`);
console.log(`built version ${version} at ${sha}`);
