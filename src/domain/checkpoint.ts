import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { FoundEntry } from './audit.ts';
import { canonicalJson } from './canonical.ts';

/** What a checkpoint says: at that time, entry `seq` of the log had that hash, and with it all before it. */
export interface Statement {
  readonly seq: number;
  readonly hash: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Name of the installation, where somebody keeps the checkpoints of several. */
  readonly installation?: string;
}

/** A signed statement. `key`: SHA-256 of the public key (its SPKI form, DER) in hexadecimal; `signature`: Ed25519 (RFC 8032), base64. */
export interface Checkpoint extends Statement {
  readonly key: string;
  readonly signature: string;
}

/** Keeps a signature of ours from being taken for one of something else that the same key signed. */
const PURPOSE = 'countersign-checkpoint';

/** The bytes that are signed: canonical JSON (RFC 8785), so that anybody can make them again. */
export function statementBytes({ seq, hash, at, installation }: Statement): Uint8Array {
  const named = installation === undefined ? {} : { installation };
  return Buffer.from(canonicalJson({ purpose: PURPOSE, seq, hash, at, ...named }), 'utf8');
}

/** A private key that signs. */
export interface Signer {
  readonly key: string;
  sign(bytes: Uint8Array): string;
}

/** @throws TypeError in words for people when the text is no Ed25519 private key in PEM; the text is not repeated */
export function signerOf(pem: string): Signer {
  const secret = keyOf(() => createPrivateKey(pem), 'private');
  return {
    key: fingerprint(createPublicKey(secret)),
    sign: (bytes) => sign(null, bytes, secret).toString('base64'),
  };
}

/** A public key that proves. */
export interface Prover {
  readonly key: string;
  proves(bytes: Uint8Array, signature: string): boolean;
}

/** @throws TypeError in words for people when the text is no Ed25519 public key in PEM */
export function proverOf(pem: string): Prover {
  const open = keyOf(() => createPublicKey(pem), 'public');
  return {
    key: fingerprint(open),
    proves: (bytes, signature) => verify(null, bytes, open, Buffer.from(signature, 'base64')),
  };
}

function keyOf(read: () => KeyObject, what: 'private' | 'public'): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The reason of the library may repeat what it was given.
  }
  throw new TypeError(`This is no Ed25519 ${what} key in PEM. \`countersign audit keygen\` makes a pair.`);
}

function fingerprint(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** What is wrong with a checkpoint, in the middle of a sentence; nothing when one of the keys signed just this. */
export function checkpointFault(checkpoint: Checkpoint, provers: readonly Prover[]): string | undefined {
  const prover = provers.find(({ key }) => key === checkpoint.key);
  if (prover === undefined) return `it was signed with another key (${checkpoint.key.slice(0, 16)})`;
  return prover.proves(statementBytes(checkpoint), checkpoint.signature) ? undefined : 'its signature is not valid';
}

/** The text of the file that is kept elsewhere. */
export function checkpointFile({ seq, hash, at, installation, key, signature }: Checkpoint): string {
  const named = installation === undefined ? {} : { installation };
  return `${canonicalJson({ purpose: PURPOSE, seq, hash, at, ...named, key, signature })}\n`;
}

/** @throws TypeError in words for people when the text is no such file */
export function readCheckpointFile(text: string): Checkpoint {
  const found = parsed(text);
  const { purpose, seq, hash, at, installation, key, signature } = found ?? {};
  if (purpose !== PURPOSE || !isSigned({ seq, hash, key, signature }) || typeof at !== 'string')
    throw new TypeError('This is no checkpoint of Countersign.');
  const signed = { seq, hash, at, key, signature } as Checkpoint;
  return typeof installation === 'string' ? { ...signed, installation } : signed;
}

/** Hashes of so many entries are remembered: a checkpoint signs what was the end a moment before it was written. */
const REMEMBERED = 10_000;

export interface CheckpointBook {
  /** The entries, unchanged; to be walked by whoever verifies the chain. */
  readonly found: AsyncIterable<FoundEntry>;
  /** After the walk: how many checkpoints there were, the newest, and the first one that is not in order. */
  sum(): {
    readonly checkpoints: number;
    readonly last?: number;
    readonly fault?: { readonly seq: number; readonly what: string };
  };
}

/** Looks at the checkpoints within a log while it is walked. Without keys only what they say of the chain is compared. */
export function watchCheckpoints(
  walked: AsyncIterable<FoundEntry> | Iterable<FoundEntry>,
  provers: readonly Prover[],
): CheckpointBook {
  const hashes = new Map<number, string>();
  let checkpoints = 0;
  let last: number | undefined;
  let fault: { readonly seq: number; readonly what: string } | undefined;
  let first: number | undefined;
  function look(entry: FoundEntry): void {
    const checkpoint = checkpointIn(entry);
    if (checkpoint === undefined) return;
    checkpoints += 1;
    last = checkpoint.seq;
    const hash = hashes.get(checkpoint.seq);
    // What lies before the first entry of a part of a log cannot be compared.
    const unseen = first !== undefined && checkpoint.seq < first;
    const wrong = hash === checkpoint.hash || unseen ? undefined : 'it signs another hash than the entry before it has';
    const unproven = provers.length === 0 ? undefined : checkpointFault(checkpoint, provers);
    const what = wrong ?? unproven;
    if (what !== undefined) fault ??= { seq: entry.seq, what };
  }
  async function* walk(): AsyncGenerator<FoundEntry> {
    for await (const entry of walked) {
      first ??= entry.seq;
      look(entry);
      hashes.set(entry.seq, entry.hash);
      hashes.delete(entry.seq - REMEMBERED);
      yield entry;
    }
  }
  return {
    found: walk(),
    sum: () => ({ checkpoints, ...(last === undefined ? {} : { last }), ...(fault === undefined ? {} : { fault }) }),
  };
}

function checkpointIn({ stream, text }: FoundEntry): Checkpoint | undefined {
  if (stream !== 'installation' || !text.includes('"checkpointed"')) return undefined;
  const { at, event } = parsed(text) ?? {};
  if (typeof event !== 'object' || event === null || typeof at !== 'string') return undefined;
  const { type, ...said } = event as Record<string, unknown>;
  return type === 'checkpointed' && isSigned(said) ? { ...said, at } : undefined;
}

function isSigned(
  value: Record<string, unknown>,
): value is { seq: number; hash: string; key: string; signature: string } {
  const { seq, hash, key, signature } = value;
  return Number.isSafeInteger(seq) && [hash, key, signature].every((one) => typeof one === 'string');
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
