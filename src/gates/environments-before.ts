import type { Findings } from '../domain/deployment.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { duration } from '../domain/text.ts';
import type { Verdict } from '../domain/verdict.ts';
import { ALLOW, type Gate, type Passed, warn } from './gate.ts';
import { artifactObjection } from './same-artifact.ts';

/** The very commit, and the very artifacts where they are known, must have succeeded in the environments before, and stood there for their time. An override turns a no into a warning. */
export const environmentsBefore: Gate = {
  id: 'environments-before',
  moments: ['plan', 'dispatch'],
  check({ kind, findings, passed, override, now, target }) {
    if (kind === 'rollback' || findings === undefined || now === undefined) return ALLOW;
    const objection = objectionIn(passed ?? [], findings, target, now);
    return objection === undefined ? ALLOW : unlessOverridden(objection, override);
  },
};

/** What a rule says against it; with a reason to go on all the same, only a warning that names it. */
export function unlessOverridden(objection: Refusal, override: string | undefined): Verdict {
  if (override === undefined) return { kind: 'refuse', refusal: objection };
  return warn(`${objection.sentence} It was asked for all the same: ${override}`);
}

function objectionIn(
  passed: readonly Passed[],
  findings: Findings,
  target: { readonly service: string },
  now: string,
): Refusal | undefined {
  const onTheRoad = passed.map((one) => objectionTo(one, findings.sha, target, now)).find((one) => one);
  return onTheRoad ?? artifactObjection(passed, findings);
}

function objectionTo(
  { environment, bakeMs, arrived }: Passed,
  sha: string,
  { service }: { readonly service: string },
  now: string,
): Refusal | undefined {
  const short = sha.slice(0, 7);
  if (arrived === undefined) {
    const sentence = `This very commit (${short}) has not succeeded in ${environment} yet, which comes before.`;
    const next = `First \`run ${service}@${short} ${environment}\`, or add \`--override "why"\` if you may.`;
    return refusal('environment-skipped', sentence, next);
  }
  const ready = Date.parse(arrived.at) + bakeMs;
  const left = ready - Date.parse(now);
  if (left <= 0) return undefined;
  const at = new Date(ready).toISOString();
  const sentence = `${arrived.deployment} brought ${short} to ${environment}, where it must stand for ${duration(bakeMs)}: until ${at.slice(0, 16).replace('T', ' ')} UTC.`;
  const next = `Ask again in ${duration(Math.max(60_000, left))}, or with \`--at ${at.slice(0, 16)}Z\` for that moment.`;
  return refusal('bake-unfinished', sentence, next);
}
