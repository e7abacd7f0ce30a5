import { ANNA, BEN_U, CLEO, DEPLOYS, DINA, SAM, SHOP, type Where, type Who } from '../story/hands.ts';
import type { SettingsWish } from '../story/settings.ts';
import type { Dice } from './dice.ts';
import type { Side } from './sides.ts';

/** Who is in which group while chaos is governed; the checks know it as well as the configuration. */
export const GROUPS: Readonly<Record<string, readonly Who[]>> = {
  platform: [ANNA, BEN_U, CLEO, DINA],
  release: [CLEO, DINA],
  'on-call': [SAM],
};
/** Who may break the glass. */
export const GLASS: readonly Who[] = [DINA];
/** The group that may ask for hotfixes, set rules aside, and take over locks. */
export const TRUSTED = 'platform';
/** What production reaches, so that it can be locked as a region. */
export const REGION = 'eu';
/** A review is asked for at half of this time, and at the end of it. */
const REVIEW_MS = 5000;
/** The longest lock, in milliseconds. */
const LONGEST_LOCK_MS = 6000;

const INCIDENT = 'https://incidents.example.com/7';
const SCOPES = [
  'web production',
  'web production',
  'web staging',
  'service/web',
  'environment/production',
  'environment/staging',
  `region/${REGION}`,
  'everything',
] as const;
const EVERYONE: readonly [Who, ...Who[]] = [ANNA, BEN_U, CLEO, DINA, SAM];

/** The configuration of a governed run: two groups, one that steps in, rights, an order of environments, reviews that are soon due. */
export function governedRules(): NonNullable<SettingsWish['rules']> {
  const rules = 'rules: [{ group: platform }, { group: release }], escalations: [{ after: 3s, to: on-call }]';
  return {
    groups: Object.entries(GROUPS)
      .map(([name, people]) => `  ${name}: { people: [${people.join(', ')}] }`)
      .join('\n'),
    environments: `  staging: { approval: { rules: [] }, review: ${REVIEW_MS / 1000}s }
  production:
    title: live for customers
    aliases: [prod]
    customerFacing: true
    regions: [${REGION}]
    after: [staging]
    review: ${REVIEW_MS / 1000}s
    approval: { ${rules}, breakGlass: [${GLASS.join(', ')}] }`,
  };
}

/** Whoever is in the group of the trusted has the guarded rights; everybody has the others. */
export const ACCESS = `access: { deploy: '*', cancel: '*', rollback: '*', lock: '*', hotfix: [${TRUSTED}], override: [${TRUSTED}], steal: [${TRUSTED}] }\n`;

/** How a deployment is asked for in a governed run. Typed anew it may name another time. */
export function governedWish(dice: Dice, sha: string, reason: string): () => string {
  const way = dice.pick(['regular', 'regular', 'hotfix', 'scheduled', 'staging'] as const);
  const override = dice.chance(0.75) ? ' --override "Chaos must go on"' : '';
  const said = `--reason "${reason}"`;
  if (way === 'hotfix') return () => `hotfix web@${sha} prod --incident ${INCIDENT} ${said}${override}`;
  if (way === 'staging') return () => `web@${sha} staging ${said}`;
  if (way === 'regular') return () => `web@${sha} prod ${said}${override}`;
  const later = dice.between(2, 6) * 1000;
  return () => `web@${sha} prod ${said}${override} --at ${new Date(Date.now() + later).toISOString().slice(0, 19)}Z`;
}

/** What the wardens see of a deployment. */
export interface Sight {
  readonly id: string;
  readonly waits: boolean;
  readonly ended: boolean;
}

export interface Wardens {
  /** Does now and then something. `seen`: each deployment once; `busy`: something is still open or to be asked for. */
  turn(seen: readonly Sight[], busy: boolean): void;
  /** Every lock with an end has ended, and every review was asked for as often as it is within minutes. */
  content(): boolean;
  readonly deeds: Readonly<Record<Deed, number>>;
}

const DEEDS = ['locked', 'opened', 'stolen', 'away', 'back', 'glass', 'reviewed', 'told', 'looked'] as const;
type Deed = (typeof DEEDS)[number];

/** So many locks and thefts at most in a run: nobody gets anywhere while everything is always closed. */
const MOST_LOCKS = 8;
/** Milliseconds between two tries to open what a rollback closed, and between two reviews of one deployment. */
const AGAIN_MS = 1500;
const MOST_REVIEWS = 4;

/** People who close, open and look after things, through any chat. They act on what they see, and never wait for an answer. */
export function wardensOf(sides: readonly Side[], dice: Dice): Wardens {
  const deeds = Object.fromEntries(DEEDS.map((name) => [name, 0])) as Record<Deed, number>;
  const reviews = new Map<string, { readonly wanted: boolean; tries: number; at: number; readonly since: number }>();
  let locks = 0;
  let quietFrom = 0;
  let openedAt = 0;

  function say(deed: Deed, who: Who, line: string, where: Where = dice.pick([DEPLOYS, DEPLOYS, SHOP])): void {
    deeds[deed] += 1;
    sides[dice.between(0, sides.length - 1)]?.hands.ask(who, where, line).catch(() => undefined);
  }

  /** Every reason is another, so that each notice can be told from every other. */
  function close(): void {
    locks += 1;
    quietFrom = performance.now() + LONGEST_LOCK_MS + 1000;
    const seconds = dice.between(1, LONGEST_LOCK_MS / 1000);
    const who = dice.pick(EVERYONE);
    const scope = dice.pick(SCOPES);
    const way = dice.next();
    if (way < 0.2) say('locked', who, `freeze production Chaos lock ${locks} --for ${seconds}s`);
    else if (way < 0.4) say('stolen', who, `steal ${scope} Chaos lock ${locks} --for ${seconds}s`);
    else say('locked', who, `lock ${scope} Chaos lock ${locks} --for ${seconds}s${way > 0.9 ? ' --warn' : ''}`);
  }

  function open(): void {
    const line = dice.chance(0.2) ? 'unfreeze production' : `unlock ${dice.pick(SCOPES)}`;
    say('opened', dice.pick(EVERYONE), line);
  }

  function tell(): void {
    const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
    const line = dice.pick([
      'subscribe web production mode:digest --cadence weekly',
      'subscribe * * mode:digest',
      'prefs mentions needed',
      'prefs mentions none',
      `prefs quiet ${later(6)}-${later(8)}`,
      'prefs quiet off',
      'prefs timezone Etc/UTC',
    ]);
    say('told', dice.pick(EVERYONE), line);
  }

  function act(seen: readonly Sight[]): void {
    const waiting = seen.filter(({ waits }) => waits);
    const one = seen[dice.between(0, seen.length - 1)];
    const way = dice.next();
    if (way < 0.3 && locks < MOST_LOCKS) close();
    else if (way < 0.5) open();
    else if (way < 0.58) say('away', dice.pick([ANNA, CLEO, DINA]), `away 1h to ${dice.pick([SAM, CLEO])} Chaos`);
    else if (way < 0.66) say('back', dice.pick([ANNA, CLEO, DINA]), 'back');
    else if (way < 0.7 && waiting[0] !== undefined)
      say('glass', dice.pick([DINA, DINA, ANNA, SAM]), `break-glass ${waiting[0].id} --yes Chaos`);
    else if (way < 0.8) tell();
    else if (one !== undefined)
      say(
        'looked',
        dice.pick(EVERYONE),
        dice.pick([`why ${one.id}`, 'home', 'locks', 'reviews', 'why web production']),
      );
  }

  /** Most of what ended is looked at by somebody, whether it needs to be or not. */
  function review(seen: readonly Sight[]): void {
    const now = performance.now();
    for (const { id } of seen.filter(({ ended }) => ended)) {
      const one = reviews.get(id) ?? { wanted: dice.chance(0.6), tries: 0, at: now, since: now };
      reviews.set(id, one);
      if (!one.wanted || one.tries >= MOST_REVIEWS || now < one.at) continue;
      one.tries += 1;
      one.at = now + AGAIN_MS;
      say('reviewed', dice.pick(EVERYONE), `review ${id} Chaos looked at it`);
    }
  }

  return {
    deeds,
    turn(seen, busy) {
      if (busy && dice.chance(0.02)) act(seen);
      review(seen);
      // What a rollback closes stays closed until somebody opens it.
      if (!busy || performance.now() - openedAt < AGAIN_MS) return;
      openedAt = performance.now();
      say('opened', ANNA, `unlock web ${dice.pick(['production', 'staging'])}`);
    },
    content() {
      const now = performance.now();
      return now > quietFrom && [...reviews.values()].every(({ since }) => now > since + REVIEW_MS + 1000);
    },
  };
}
