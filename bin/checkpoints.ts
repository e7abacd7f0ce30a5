import { archiveAdapters } from '../adapters/index.ts';
import type { AdapterTools } from '../adapters/shared/adapter.ts';
import type { CheckpointsWish } from '../src/config/audit-schema.ts';
import { type Signer, signerOf } from '../src/domain/checkpoint.ts';
import type { Checkpoints } from '../src/engine/kit.ts';
import type { Archive } from '../src/ports/archive.ts';
import { PortFailure } from '../src/ports/failure.ts';
import type { Secrets } from '../src/ports/secrets.ts';

/**
 * What the engine signs with, as the configuration wants it.
 * @throws PortFailure when the key cannot be read or is none: a log that is to be signed must not go unsigned without a word
 */
export async function checkpointsOf(
  wish: CheckpointsWish | undefined,
  tools: Pick<AdapterTools, 'clock' | 'secrets'>,
): Promise<{ readonly checkpoints?: Checkpoints }> {
  if (wish === undefined) return {};
  await signerFrom(tools.secrets, wish.key);
  const archives = wish.copies.map((copy) =>
    'folder' in copy ? archive('file', copy, tools) : archive('s3', copy.s3, tools),
  );
  return {
    checkpoints: {
      // Read afresh, so that a replaced key is used at once.
      async sign(bytes) {
        const signer = await signerFrom(tools.secrets, wish.key);
        return { key: signer.key, signature: signer.sign(bytes) };
      },
      everyMs: wish.every,
      archives,
    },
  };
}

/** Reads the private key by its reference. */
export async function signerFrom(secrets: Secrets, reference: string): Promise<Signer> {
  const pem = await secrets.read(reference);
  try {
    return signerOf(pem);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const details = { port: 'secrets', kind: 'refused', retryable: false } as const;
    throw new PortFailure(`The key of the checkpoints (${reference}) cannot be used. ${error.message}`, details);
  }
}

function archive(type: string, settings: unknown, tools: Pick<AdapterTools, 'clock'>): Archive {
  const adapter = archiveAdapters.get(type);
  if (adapter === undefined) throw new TypeError(`There is no archive of type ${type}.`);
  return adapter.create(settings, tools);
}
