import { generateKeyPairSync } from 'node:crypto';
import { type Checkpoint, signerOf, statementBytes } from '../../src/domain/checkpoint.ts';

/** A checkpoint of an entry, signed with a fresh pair of keys. */
export function signedCheckpoint(seq: number): { readonly checkpoint: Checkpoint; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signer = signerOf(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const statement = { seq, hash: 'a'.repeat(64), at: '2026-01-31T12:00:00.000Z' };
  const checkpoint = { ...statement, key: signer.key, signature: signer.sign(statementBytes(statement)) };
  return { checkpoint, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}
