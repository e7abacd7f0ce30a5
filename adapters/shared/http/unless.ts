import { PortFailure } from '../../../src/ports/failure.ts';

/** Runs `call`; a refusal with one of these codes means that there is nothing left to do. */
export async function unless(codes: readonly string[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof PortFailure) || !codes.includes(error.details.code ?? '')) throw error;
  }
}
