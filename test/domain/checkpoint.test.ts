import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EMPTY, type FoundEntry, seal, sealedText, verify } from '../../src/domain/audit.ts';
import {
  type Checkpoint,
  checkpointFault,
  checkpointFile,
  proverOf,
  readCheckpointFile,
  type Signer,
  signerOf,
  statementBytes,
  watchCheckpoints,
} from '../../src/domain/checkpoint.ts';
import type { Entry } from '../../src/domain/event.ts';
import { BOT } from '../../src/domain/person.ts';

function pair() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const open = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { pem, open, signer: signerOf(pem), prover: proverOf(open) };
}

const OURS = pair();
const OTHER = pair();
const AT = '2026-11-21T12:00:00.000Z';

/** A log of five entries, the fourth of which is a checkpoint of the third. */
function log(signer: Signer = OURS.signer, signs = 3): readonly Entry[] {
  const entries: Entry[] = [];
  for (let seq = 1; seq <= 5; seq += 1) {
    const signed = entries[signs - 1];
    const event =
      seq === 4 && signed !== undefined
        ? { type: 'checkpointed' as const, ...stated(signed, signer) }
        : { type: 'program-started' as const, version: `0.${seq}.0` };
    const fresh = { stream: 'installation' as const, event, by: BOT, at: AT };
    entries.push(seal(entries.at(-1) ?? EMPTY, fresh, seq).entry);
  }
  return entries;
}

function stated({ seq, hash }: Entry, { key, sign }: Signer) {
  return { seq, hash, key, signature: sign(statementBytes({ seq, hash, at: AT })) };
}

function foundOf(entries: readonly Entry[]): readonly FoundEntry[] {
  return entries.map((entry) => ({ ...entry, text: sealedText(entry) }));
}

async function walked(found: readonly FoundEntry[], provers = [OURS.prover]) {
  const book = watchCheckpoints(found, provers);
  return { verdict: await verify(book.found), ...book.sum() };
}

describe('a checkpoint', () => {
  const { hash } = log()[2] as Entry;
  const statement = { seq: 3, hash, at: AT };
  const good: Checkpoint = {
    ...statement,
    key: OURS.signer.key,
    signature: OURS.signer.sign(statementBytes(statement)),
  };

  it('is signed over canonical JSON that names its purpose', () => {
    expect(Buffer.from(statementBytes(statement)).toString()).toBe(
      `{"at":"${AT}","hash":"${hash}","purpose":"countersign-checkpoint","seq":3}`,
    );
    expect(checkpointFault(good, [OTHER.prover, OURS.prover])).toBeUndefined();
  });

  it('survives its file', () => {
    expect(readCheckpointFile(checkpointFile(good))).toEqual(good);
    const named = { ...good, installation: 'acme' };
    expect(readCheckpointFile(checkpointFile(named))).toEqual(named);
  });

  it.each([
    [{ seq: 4 }, 'its signature is not valid'],
    [{ hash: `${hash.slice(1)}0` }, 'its signature is not valid'],
    [{ at: '2026-11-21T12:00:00.001Z' }, 'its signature is not valid'],
    [{ signature: OTHER.signer.sign(statementBytes(statement)) }, 'its signature is not valid'],
    [{ signature: 'x' }, 'its signature is not valid'],
    [{ installation: 'acme' }, 'its signature is not valid'],
    [{ key: OTHER.signer.key }, `it was signed with another key (${OTHER.signer.key.slice(0, 16)})`],
  ])('is not valid with %j', (change, fault) => {
    expect(checkpointFault({ ...good, ...change }, [OURS.prover])).toBe(fault);
  });

  it.each(['', '{}', 'null', '[]', '{"purpose":"x","seq":1,"hash":"a","at":"b","key":"c","signature":"d"}'])(
    'is not read from %j',
    (text) => {
      expect(() => readCheckpointFile(text)).toThrow('This is no checkpoint of Countersign.');
    },
  );

  it('refuses another kind of key without repeating it', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

    expect(() => signerOf(rsa.toString())).toThrow('This is no Ed25519 private key in PEM.');
    expect(() => proverOf('geheim')).toThrow(/^This is no Ed25519 public key in PEM\. `countersign audit keygen`/);
  });
});

describe('the checkpoints of a log', () => {
  it('are counted and found in order', async () => {
    expect(await walked(foundOf(log()))).toMatchObject({ verdict: { kind: 'whole' }, checkpoints: 1, last: 3 });
    expect(await walked(foundOf(log()))).not.toHaveProperty('fault');
  });

  it('are compared with the chain even without a key', async () => {
    expect((await walked(foundOf(log()), [])).fault).toBeUndefined();
    const wrong = foundOf(log(OURS.signer, 2)).map((one) => one);
    expect((await walked(wrong, [])).fault).toBeUndefined();
  });

  it('are not accepted with the signature of another key', async () => {
    expect((await walked(foundOf(log(OTHER.signer)))).fault).toEqual({
      seq: 4,
      what: `it was signed with another key (${OTHER.signer.key.slice(0, 16)})`,
    });
  });

  it('show that somebody wrote the whole log anew, hashes and all', async () => {
    const entries: Entry[] = [];
    for (const old of log()) {
      const event = old.seq === 2 ? { type: 'program-started' as const, version: 'forged' } : old.event;
      const fresh = { stream: 'installation' as const, event, by: BOT, at: AT } as Parameters<typeof seal>[1];
      entries.push(seal(entries.at(-1) ?? EMPTY, fresh, old.seq).entry);
    }

    const { verdict, fault } = await walked(foundOf(entries));

    expect(verdict.kind).toBe('whole');
    expect(fault).toEqual({ seq: 4, what: 'it signs another hash than the entry before it has' });
  });
});
