import { PortFailure } from '../../../src/ports/failure.ts';

/** What a call brings, or nothing when the system knows no such thing. Every other failure comes through. */
export async function orNothing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof PortFailure && error.details.kind === 'not-found') return undefined;
    throw error;
  }
}
