import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { s3Archive } from '../../adapters/archive/s3/index.ts';
import { checkpointFault, checkpointFile, proverOf, readCheckpointFile } from '../../src/domain/checkpoint.ts';
import { systemClock } from '../../src/system/clock.ts';
import { signedCheckpoint } from '../support/checkpoint.ts';
import { type Moto, noMoto, startMoto } from '../support/moto.ts';

const DAY_MS = 86_400_000;
const BUCKET = 'evidence';
const KEY = 'log/checkpoint-7.json';
const { checkpoint, publicKey } = signedCheckpoint(7);
const bytes = Buffer.from(checkpointFile(checkpoint), 'utf8');

describe.skipIf(noMoto !== undefined)(
  `the archive on an S3 with Object Lock${noMoto === undefined ? '' : ` (skipped: ${noMoto})`}`,
  () => {
    let moto: Moto;
    let s3: S3Client;
    beforeAll(async () => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
      moto = await startMoto();
      s3 = new S3Client({ region: 'us-east-1', endpoint: moto.endpoint, forcePathStyle: true });
      await s3.send(new CreateBucketCommand({ Bucket: BUCKET, ObjectLockEnabledForBucket: true }));
    }, 90_000);
    afterAll(async () => {
      s3?.destroy();
      await moto?.stop();
      vi.unstubAllEnvs();
    });

    function archive(bucket = BUCKET) {
      const settings = { bucket, prefix: 'log/', region: 'us-east-1', endpoint: moto.endpoint, retainDays: 400 };
      return s3Archive.create(settings, { clock: systemClock() });
    }

    async function kept(): Promise<string> {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: KEY }));
      return (await Body?.transformToString()) ?? '';
    }

    async function versions() {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(
        new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: KEY }),
      );
      return [...Versions, ...DeleteMarkers];
    }

    it('keeps a copy that can be read back and proven, under compliance for as long as was asked', async () => {
      await archive().put('checkpoint-7.json', bytes);

      const found = readCheckpointFile(await kept());
      expect(found).toEqual(checkpoint);
      expect(checkpointFault(found, [proverOf(publicKey)])).toBeUndefined();
      const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: KEY }));
      expect(head.ObjectLockMode).toBe('COMPLIANCE');
      const until = head.ObjectLockRetainUntilDate?.getTime() ?? 0;
      expect(Math.abs(until - (Date.now() + 400 * DAY_MS))).toBeLessThan(120_000);
    });

    it('never overwrites it: the same is taken for done, another is refused', async () => {
      await archive().put('checkpoint-7.json', bytes);

      await expect(archive().put('checkpoint-7.json', Buffer.from('another'))).rejects.toMatchObject({
        details: { code: 'taken', retryable: false },
      });
      expect(await kept()).toBe(bytes.toString());
      expect(await versions()).toHaveLength(1);
    });

    it('cannot be removed before its time', async () => {
      const [version] = await versions();
      const removal = new DeleteObjectCommand({ Bucket: BUCKET, Key: KEY, VersionId: version?.VersionId });

      await expect(s3.send(removal)).rejects.toMatchObject({ name: 'AccessDenied' });
      expect(await kept()).toBe(bytes.toString());
    });

    it('says that the bucket is not there, and leaves it to the courier to try again', async () => {
      await expect(archive('nowhere').put('checkpoint-7.json', bytes)).rejects.toMatchObject({
        details: { kind: 'not-found', code: 'NoSuchBucket', retryable: true },
      });
    });
  },
);
