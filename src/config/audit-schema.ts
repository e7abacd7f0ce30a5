import { z } from 'zod';
import { durationSchema, referenceSchema, urlSchema } from './fields.ts';

const copySchema = z.union([
  z.strictObject({ folder: z.string().min(1).describe('A folder, e.g. on a disk that only takes new files.') }),
  z.strictObject({
    s3: z
      .strictObject({
        bucket: z.string().min(1).describe('Name of the bucket.'),
        prefix: z.string().default('countersign/').describe('What the names of the copies begin with.'),
        region: z.string().min(1).describe('Region of the bucket.'),
        endpoint: urlSchema.exactOptional().describe('Address of another service that speaks S3.'),
        retainDays: z.int().min(1).max(36_500).describe('For how many days nobody can change or remove a copy.'),
      })
      .describe('A bucket with Object Lock.'),
  }),
]);

const checkpointsSchema = z.strictObject({
  key: referenceSchema.describe('Reference to the Ed25519 private key that signs them, in PEM.'),
  every: durationSchema.prefault('1h').describe('How often the head of the log is signed, when something was written.'),
  copies: z.array(copySchema).default([]).describe('Where each checkpoint is copied to, out of reach of this machine.'),
});

/** What is done so that others can check the log. */
export const auditSchema = z.strictObject({
  checkpoints: checkpointsSchema.optional().describe('Signed statements of how the log ended at a time.'),
});

/** Signed checkpoints as the configuration wants them; `every` in milliseconds. */
export type CheckpointsWish = z.output<typeof checkpointsSchema>;
