import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { proverOf } from '../../src/domain/checkpoint.ts';
import type { CommandIo } from './io.ts';

/** Makes an Ed25519 pair: the private key into `out` (for its owner only), the public one into `out`.pub. Nothing is overwritten. */
export async function keygen(out: string, io: CommandIo): Promise<number> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const open = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await writeFile(out, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 });
  await writeFile(`${out}.pub`, open, { flag: 'wx', mode: 0o644 });
  io.out(`The private key is in ${out}, the public key in ${out}.pub. Fingerprint ${proverOf(open).key}\n`);
  io.err('Refer to the private key as `audit.checkpoints.key` of the configuration, e.g. file:PATH, and keep it from');
  io.err(' whoever can write to the database. Give the public key to whoever verifies the log.\n');
  return 0;
}
