import type { Policy } from '../domain/catalog.ts';
import type { ApprovalWish } from './service-schema.ts';

const DEFAULT: Policy = { rules: [], expiresMs: 3_600_000, checks: 'shown' };

/** The policy that several approvals make together, the nearest to the target first: each key is taken where it is first found. */
export function policyOf(wishes: readonly (ApprovalWish | undefined)[]): Policy {
  const first = <Key extends keyof ApprovalWish>(key: Key) => wishes.find((wish) => wish?.[key] !== undefined)?.[key];
  return {
    rules: first('rules') ?? DEFAULT.rules,
    expiresMs: first('expires') ?? DEFAULT.expiresMs,
    checks: first('checks') ?? DEFAULT.checks,
  };
}
