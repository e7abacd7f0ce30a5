import type { Catalog, Service } from '../../src/domain/catalog.ts';
import { shortSha } from '../../src/domain/change-set.ts';
import { type Deployment, isOpen, stateWords } from '../../src/domain/deployment.ts';
import { lockedBy, locksOver, spokenLock } from '../../src/domain/held.ts';
import type { HeldLock } from '../../src/domain/lock.ts';
import { refusal } from '../../src/domain/refusal.ts';
import type { Target } from '../../src/domain/target.ts';
import { emptyTarget } from '../../src/domain/target.ts';
import type { TellContext } from '../../src/domain/tell/context.ts';
import { refWords } from '../../src/domain/tell/context.ts';
import { kindWords } from '../../src/domain/tell/terms.ts';
import type { Inline, Text } from '../../src/domain/text.ts';
import { leadOf } from '../../src/domain/train.ts';
import { tellContext as knownContext } from '../../src/engine/context.ts';
import type { Reply } from '../../src/ports/chat.ts';
import { isoNow } from '../../src/ports/clock.ts';
import type { Reading } from '../../src/ports/reading.ts';
import { idText, refused } from './answers.ts';
import type { CommandContext } from './spec.ts';

/** How many open deployments a list looks at; more than that is a page's matter. */
const OPEN_LIMIT = 200;

/** What is asked for, waits or runs, newest first. */
export function openDeployments(
  reading: Reading,
  where: { service?: string; environment?: string } = {},
): Promise<readonly Deployment[]> {
  return reading.deployments({ ...where, open: true, limit: OPEN_LIMIT });
}

/** Finds the deployment and hands it on, or says that there is none. */
export async function withDeployment(
  { reading }: CommandContext,
  id: string,
  then: (deployment: Deployment) => Promise<Reply>,
): Promise<Reply> {
  const deployment = await reading.deployment(id);
  if (deployment !== undefined) return then(deployment);
  if (leadOf(id) !== undefined)
    return refused([
      refusal('unknown-deployment', `${id} is a train.`, `Name one of its deployments; \`train ${id}\` shows them.`),
    ]);
  return refused([
    refusal(
      'unknown-deployment',
      `There is no deployment ${id}.`,
      '`list` shows what is open, `history` what has ended.',
    ),
  ]);
}

/** `D-1042 Needs approval · web → production · main (1a2b3c4) · by Anna since 10:41` */
export function deploymentLine(deployment: Deployment, catalog: Catalog): Text {
  const { id, service, environment, state, requester, since } = deployment;
  const kind = kindWords(deployment);
  return [
    idText(id, catalog),
    ' ',
    { kind: 'strong', text: `${kind}${stateWords(state).word}` },
    ` · ${service} → ${environment} · `,
    ...refWords(deployment),
    ...(deployment.train === undefined
      ? []
      : [` · ${deployment.train.position} of ${deployment.train.members.length} in ${deployment.train.id}`]),
    ` · by ${requester.name}`,
    isOpen(deployment) ? ' · since ' : ' · ',
    { kind: 'time', at: since, style: 'date' },
  ];
}

/** `production: 1a2b3c4 (D-1040) since 9 Nov · locked by Anna: index is rebuilt` */
export function targetLine(
  label: string,
  { target, lock }: { readonly target: Target; readonly lock?: HeldLock | undefined },
  open: readonly Deployment[],
  catalog: Catalog,
): Text {
  const { current } = target;
  const runs: Inline[] =
    current === undefined
      ? ['nothing deployed yet']
      : [
          { kind: 'code', text: shortSha(current.sha) },
          ' (',
          idText(current.deployment, catalog),
          ') since ',
          { kind: 'time', at: current.since, style: 'date' },
        ];
  const locked = lock === undefined ? [] : [` · ${lockedBy(lock)}: ${lock.lock.reason}`];
  const going = open.flatMap((one): Inline[] => [
    ' · ',
    idText(one.id, catalog),
    ` ${stateWords(one.state).word.toLowerCase()}`,
  ]);
  return [{ kind: 'strong', text: label }, ': ', ...runs, ...locked, ...going];
}

/** The lock of the very target, without those of the scopes around it. */
export function ownLock({ service, environment, lock }: Target): HeldLock | undefined {
  return lock === undefined ? undefined : { scope: { kind: 'target', service, environment }, lock };
}

/** Every target of the configuration with what runs there, in the order of the road to production. */
export async function targetsOf(
  { reading, catalog, clock }: CommandContext,
  where: { service?: string; environment?: string },
): Promise<
  readonly {
    readonly service: Service;
    readonly environment: string;
    readonly target: Target;
    /** The lock that is spoken of: its own, or that of a scope around it. */
    readonly lock: HeldLock | undefined;
    readonly open: readonly Deployment[];
  }[]
> {
  const [targets, open, books] = await Promise.all([
    reading.targets(),
    openDeployments(reading, where),
    reading.scopes(),
  ]);
  const order = (id: string) => catalog.environments[id]?.order ?? 0;
  const services = Object.values(catalog.services).filter(
    ({ id }) => where.service === undefined || id === where.service,
  );
  return services.flatMap((service) =>
    Object.keys(service.targets)
      .filter((environment) => where.environment === undefined || environment === where.environment)
      .sort((one, other) => order(one) - order(other))
      .map((environment) => {
        const target =
          targets.find((one) => one.service === service.id && one.environment === environment) ??
          emptyTarget(service.id, environment);
        const locks = locksOver(target, service.targets[environment]?.regions ?? [], books);
        return {
          ...{ service, environment, target, lock: spokenLock(locks, isoNow(clock)) },
          open: open.filter((one) => one.service === service.id && one.environment === environment),
        };
      }),
  );
}

/** What the words on a card depend on beside the row. */
export function tellContext({ catalog, reading, clock }: CommandContext, deployment: Deployment): Promise<TellContext> {
  return knownContext({ catalog: () => catalog, store: reading, clock }, deployment);
}
