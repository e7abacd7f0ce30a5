import { z } from 'zod';

const id = z.string().max(1000);

/** Source of the need: at `task/submit` Teams does not say `replyToId` as it did at `task/fetch` (microsoft/botframework-sdk #6473). */
const memoryShape = z.object({
  message: id.optional(),
  thread: id.optional(),
  dialog: z.string().max(200).optional(),
});

/**
 * What a dialog must remember until it is sent. It comes back through the client, so nothing of it is trusted. Tenant and conversation
 * are not in it on purpose: only the delivery itself says where the answer goes.
 */
export interface FormMemory {
  /** The message of ours it was opened from. */
  readonly message?: string;
  /** Root of the thread to answer in. */
  readonly thread?: string;
  /** Unique for each dialog that was opened: the same words sent twice from one dialog are one wish. */
  readonly dialog?: string;
}

/** The part of a submit's data in which the memory travels. */
export function memoryData(memory: FormMemory): Readonly<Record<string, unknown>> {
  return { csMemory: memory };
}

/** The memory in what a client sent back; empty when there is none, or when it is not as we wrote it. */
export function readMemory(data: unknown): FormMemory {
  const read = z.object({ csMemory: memoryShape }).safeParse(data);
  if (!read.success) return {};
  const { message, thread, dialog } = read.data.csMemory;
  return {
    ...(message === undefined ? {} : { message }),
    ...(thread === undefined ? {} : { thread }),
    ...(dialog === undefined ? {} : { dialog }),
  };
}
