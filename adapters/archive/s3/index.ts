import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { ArchiveAdapter } from '../../shared/adapter.ts';

const DAY_MS = 86_400_000;
/** A call that takes longer is given up and made again later, in milliseconds. */
const PATIENCE_MS = 30_000;

export interface S3Settings {
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string;
  /** Another service that speaks S3. */
  readonly endpoint?: string;
  readonly retainDays: number;
}

/**
 * Copies into a bucket with Object Lock in compliance mode: nobody, not even the owner of the account, can change or remove one before
 * its time. Who we are the AWS SDK finds out as usual: environment, profile or the machine's role.
 */
export const s3Archive: ArchiveAdapter<S3Settings> = {
  type: 's3',
  create(settings, { clock }) {
    const { bucket, prefix, region, endpoint, retainDays } = settings;
    // The courier repeats, with pauses of its own.
    const client = new S3Client({
      region,
      maxAttempts: 1,
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    });
    const abortSignal = () => AbortSignal.timeout(PATIENCE_MS);
    async function there(Key: string): Promise<Uint8Array | undefined> {
      const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key }), { abortSignal: abortSignal() });
      return found.Body?.transformToByteArray();
    }
    return {
      id: 's3',
      async put(name, bytes) {
        const Key = `${prefix}${name}`;
        const command = new PutObjectCommand({
          Bucket: bucket,
          Key,
          Body: bytes,
          ContentType: 'application/json',
          // A put with Object Lock must also name the algorithm. Source: Amazon S3 API, PutObject, "ChecksumAlgorithm".
          ChecksumAlgorithm: 'SHA256',
          ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
          IfNoneMatch: '*',
          ObjectLockMode: 'COMPLIANCE',
          ObjectLockRetainUntilDate: new Date(clock.now() + retainDays * DAY_MS),
        });
        try {
          await client.send(command, { abortSignal: abortSignal() });
        } catch (error) {
          if (!isTaken(error)) throw translated(error);
          const found = await there(Key).catch((cause: unknown) => {
            throw translated(cause);
          });
          if (found === undefined || !Buffer.from(bytes).equals(found)) throw taken();
        }
      },
    };
  },
};

/** 412: an object of that name is there. Source: Amazon S3 user guide, "conditional writes". */
function isTaken(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;
}

function translated(error: unknown): PortFailure {
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  const code = error instanceof Error ? error.name : 'unknown';
  const kind = status === 403 ? 'forbidden' : status === 404 ? 'not-found' : 'unreachable';
  // Rights and buckets are mended by people while the courier keeps trying.
  return new PortFailure(`The checkpoint could not be copied to the bucket (${code}).`, {
    port: 'archive',
    kind,
    retryable: true,
    code,
  });
}

function taken(): PortFailure {
  return new PortFailure('The bucket holds something else under the name of this checkpoint. Compare the two.', {
    port: 'archive',
    kind: 'refused',
    retryable: false,
    code: 'taken',
  });
}
