import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { type Parsed, parse } from '../../commands/shared/parse.ts';
import type { Args } from '../../commands/shared/spec.ts';
import { catalog } from './world.ts';

function read(line: string): Parsed {
  return parse(line, { commands, catalog });
}

/** `[verb, arguments]` of an understood line; the codes and suggestions of any other. */
function gist(line: string): unknown {
  const parsed = read(line);
  if (parsed.kind === 'command') return [parsed.spec.name, parsed.args];
  if (parsed.kind === 'form') return { form: parsed.args };
  return { codes: parsed.refusals.map(({ code }) => code), suggestions: parsed.suggestions };
}

const web = { service: 'web', environment: 'production' };

const UNDERSTOOD: readonly (readonly [string, string, Args])[] = [
  ['web production', 'run', web],
  ['web to production', 'run', web],
  ['WEB TO Production', 'run', web],
  ['site prod', 'run', web],
  ['  web   production  ', 'run', web],
  ['web\u00A0production', 'run', web],
  ['web\tproduction\n', 'run', web],
  ['\u200Bweb production', 'run', web],
  ['"web" "production"', 'run', web],
  ['“web” „production“', 'run', web],
  ['deploy web production', 'run', web],
  ['run web production', 'run', web],
  ['RUN web production', 'run', web],
  ['web@main production', 'run', { ...web, ref: 'main' }],
  ['web@feature/login/v2 production', 'run', { ...web, ref: 'feature/login/v2' }],
  ['web@user@host production', 'run', { ...web, ref: 'user@host' }],
  ['web@V1.2-RC production', 'run', { ...web, ref: 'V1.2-RC' }],
  ['Web@Main PROD', 'run', { ...web, ref: 'Main' }],
  ['"web@odd name" production', 'run', { ...web, ref: 'odd name' }],
  ['web production --reason "it is late"', 'run', { ...web, reason: 'it is late' }],
  ['web production --reason late', 'run', { ...web, reason: 'late' }],
  ['web production --reason=late', 'run', { ...web, reason: 'late' }],
  ['web production --reason="it is late"', 'run', { ...web, reason: 'it is late' }],
  ['web production —reason “it is late”', 'run', { ...web, reason: 'it is late' }],
  ['web production –reason late', 'run', { ...web, reason: 'late' }],
  ['web production —Reason=“it’s late”', 'run', { ...web, reason: 'it’s late' }],
  ["web production --reason 'two words'", 'run', { ...web, reason: 'two words' }],
  ['web production --reason "say \\"when\\" now"', 'run', { ...web, reason: 'say "when" now' }],
  ['web production --reason "--yes"', 'run', { ...web, reason: '--yes' }],
  ['--reason late web production', 'run', { ...web, reason: 'late' }],
  ['web --reason late to production', 'run', { ...web, reason: 'late' }],
  ['web production --dry-run', 'run', { ...web, dryRun: true }],
  ['web production —dry-run', 'run', { ...web, dryRun: true }],
  ['web production --dry‑run --YES', 'run', { ...web, dryRun: true, yes: true }],
  ['run status staging', 'run', { service: 'status', environment: 'staging' }],
  ['"status" staging', 'run', { service: 'status', environment: 'staging' }],
  ['status@main staging', 'run', { service: 'status', environment: 'staging', ref: 'main' }],
  ['status', 'status', {}],
  ['Status Web', 'status', { service: 'web' }],
  ['status web prod', 'status', web],
  ['status production', 'status', { environment: 'production' }],
  ['status status', 'status', { service: 'status' }],
  ['status D-1042', 'status', { deployment: 'D-1042' }],
  ['status d1042', 'status', { deployment: 'D-1042' }],
  ['status #1042', 'status', { deployment: 'D-1042' }],
  ['status 1042', 'status', { deployment: 'D-1042' }],
  ['status D–1042', 'status', { deployment: 'D-1042' }],
  ['history', 'history', {}],
  ['history 50', 'history', { count: 50 }],
  ['history web 5', 'history', { service: 'web', count: 5 }],
  ['history web production 5', 'history', { ...web, count: 5 }],
  ['history production', 'history', { environment: 'production' }],
  ['list', 'list', {}],
  ['approve D-1042', 'approve', { deployment: 'D-1042' }],
  ['APPROVE 0001042', 'approve', { deployment: 'D-1042' }],
  ['reject D-1042 tests fail', 'reject', { deployment: 'D-1042', reason: 'tests fail' }],
  ['reject D-1042 "tests fail"', 'reject', { deployment: 'D-1042', reason: 'tests fail' }],
  ['reject D-1042 "a" and "b" – no', 'reject', { deployment: 'D-1042', reason: '"a" and "b" – no' }],
  ["reject D-1042 'tis broken", 'reject', { deployment: 'D-1042', reason: "'tis broken" }],
  [
    'reject D-1042 the flag --force is missing',
    'reject',
    { deployment: 'D-1042', reason: 'the flag --force is missing' },
  ],
  ['cancel #1042', 'cancel', { deployment: 'D-1042' }],
  ['cancel 1042 wrong branch', 'cancel', { deployment: 'D-1042', reason: 'wrong branch' }],
  ['retry D-1042', 'retry', { deployment: 'D-1042' }],
  ['rollback web production', 'rollback', web],
  ['rollback web production to D-1040', 'rollback', { ...web, to: 'D-1040' }],
  ['rollback web production to d1040', 'rollback', { ...web, to: 'D-1040' }],
  ['rollback web production to 1040404', 'rollback', { ...web, to: '1040404' }],
  ['rollback web production to v1/x --reason "bad"', 'rollback', { ...web, to: 'v1/x', reason: 'bad' }],
  ['rollback web production --yes', 'rollback', { ...web, yes: true }],
  ['diff web production', 'diff', web],
  ['diff web@v2 to production', 'diff', { ...web, ref: 'v2' }],
  ['diff d-1042', 'diff', { deployment: 'D-1042' }],
  ['lock web production index is rebuilt', 'lock', { ...web, reason: 'index is rebuilt' }],
  ['lock web production Anna’s   migration', 'lock', { ...web, reason: 'Anna’s migration' }],
  ['lock web production --for 2h because', 'lock', { ...web, reason: 'because', forMs: 7_200_000 }],
  [
    'lock web production it is late --for 1d12h --warn',
    'lock',
    { ...web, reason: 'it is late', forMs: 129_600_000, warn: true },
  ],
  ['lock everything why', 'lock', { scope: '*', reason: 'why' }],
  ['lock * why', 'lock', { scope: '*', reason: 'why' }],
  ['lock env/prod why', 'lock', { scope: 'environment/production', reason: 'why' }],
  ['steal service/site the release goes on', 'steal', { scope: 'service/web', reason: 'the release goes on' }],
  ['unlock environment/production', 'unlock', { scope: 'environment/production' }],
  [
    'freeze prod the sale is on --for 2d',
    'freeze',
    { environment: 'production', reason: 'the sale is on', forMs: 172_800_000 },
  ],
  ['unfreeze prod', 'unfreeze', { environment: 'production' }],
  ['unlock web production', 'unlock', web],
  ['unlock web production done', 'unlock', { ...web, reason: 'done' }],
  ['nudge D-1042', 'nudge', { deployment: 'D-1042' }],
  ['logs 1042', 'logs', { deployment: 'D-1042' }],
  ['services', 'services', {}],
  ['envs site', 'envs', { service: 'web' }],
  ['refs web', 'refs', { service: 'web' }],
  ['refs web feature/log', 'refs', { service: 'web', text: 'feature/log' }],
  ['subscribe web production', 'subscribe', web],
  ['subscribe * *', 'subscribe', { service: '*', environment: '*' }],
  ['subscribe web * mode:card', 'subscribe', { service: 'web', environment: '*', mode: 'engineering' }],
  ['subscribe * prod MODE:Broadcast', 'subscribe', { service: '*', environment: 'production', mode: 'broadcast' }],
  ['unsubscribe * lab', 'unsubscribe', { service: '*', environment: 'lab' }],
  ['subscriptions', 'subscriptions', {}],
  ['whoami', 'whoami', {}],
  ['link', 'link', {}],
  ['LINK k7m3-xq2p-9atb --yes', 'link', { text: 'k7m3-xq2p-9atb', yes: true }],
  ['unlink teams', 'unlink', { text: 'teams' }],
  ['help', 'help', {}],
  ['?', 'help', {}],
  ['help rollback', 'help', { topic: 'rollback' }],
];

describe('lines that are understood', () => {
  it.each(UNDERSTOOD)('%s', (line, verb, args) => {
    expect(gist(line)).toEqual([verb, args]);
  });
});

describe('lines that leave something open', () => {
  it.each<readonly [string, Args]>([
    ['', {}],
    ['   ', {}],
    ['\u200B\u00A0', {}],
    ['web', { service: 'web' }],
    ['web to', { service: 'web' }],
    ['site@v2', { service: 'web', ref: 'v2' }],
    ['web --reason "it is late"', { service: 'web', reason: 'it is late' }],
    ['run', {}],
    ['run status', { service: 'status' }],
    ['--reason late', { reason: 'late' }],
  ])('%j opens the form with what was said', (line, args) => {
    expect(gist(line)).toEqual({ form: args });
  });
});

const REFUSED: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['stauts', ['unknown-command'], ['status']],
  ['stat', ['unknown-command'], ['status']],
  ['stauts web', ['unknown-command'], ['status web']],
  ['stauts shpo', ['unknown-command'], ['status shpo']],
  ['wbe production', ['unknown-service'], ['web production']],
  ['shpo', ['unknown-command'], ['shop']],
  ['sho@v2 production', ['unknown-service'], ['shop@v2 production']],
  ['web pord', ['unknown-environment'], ['web production']],
  ['web prodution --reason "a  b"', ['unknown-environment'], ['web production --reason "a  b"']],
  ['web stagnig --dry-run', ['unknown-environment'], ['web staging --dry-run']],
  ['web lab', ['unknown-environment'], []],
  ['web qqqqqq', ['unknown-environment'], []],
  ['wbe stagnig', ['unknown-service', 'unknown-environment'], ['web staging']],
  ['xyzzy plugh', ['unknown-command'], []],
  ['constructor', ['unknown-command'], []],
  ['__proto__ production', ['unknown-service'], []],
  ['web toString', ['unknown-environment'], []],
  ['web production extra', ['bad-arguments'], []],
  ['web production --force', ['bad-arguments'], []],
  ['web production --reason', ['bad-arguments'], []],
  ['web production --reason --yes', ['bad-arguments'], []],
  ['web production --reason ""', ['bad-arguments'], []],
  ['web production --reason a --reason b', ['bad-arguments'], []],
  ['web production --dry-run=yes', ['bad-arguments'], []],
  ['web production --reason two words', ['bad-arguments'], []],
  ['web production --reason "not closed', ['bad-arguments'], []],
  ['web "production', ['bad-arguments'], []],
  ['web@ production', ['unknown-ref'], []],
  ['web pord --force', ['unknown-environment', 'bad-arguments'], []],
  ['approve', ['bad-arguments'], []],
  ['approve web', ['unknown-deployment'], []],
  ['approve D-0', ['unknown-deployment'], []],
  ['approve D-12345678901', ['unknown-deployment'], []],
  ['approve "1042"', ['unknown-deployment'], []],
  ['approve D-1042 D-1043', ['bad-arguments'], []],
  ['approve --yes D-1042', ['bad-arguments'], []],
  ['reject D-1042', ['missing-reason'], []],
  ['reject D-1042 ""', ['missing-reason'], []],
  ['reject', ['bad-arguments', 'missing-reason'], []],
  ['history 51', ['bad-arguments'], []],
  ['history 0', ['bad-arguments'], []],
  ['history web -5', ['unknown-environment'], []],
  ['rollback web', ['missing-environment'], ['rollback web staging', 'rollback web production']],
  ['rollback web production v1', ['bad-arguments'], []],
  ['rollback web production to', ['bad-arguments'], []],
  ['rollback wbe pord', ['unknown-service', 'unknown-environment'], ['rollback web production']],
  ['lock web production', ['missing-reason'], []],
  ['lock web', ['missing-environment', 'missing-reason'], []],
  ['lock web production because --for soon', ['bad-time'], []],
  ['lock web production because --for 2h and more', ['bad-arguments'], []],
  ['lock region/moon why', ['unknown-scope'], []],
  ['lock environment/moon why', ['unknown-environment'], []],
  ['status web production now', ['bad-arguments'], []],
  ['status 1042 production', ['bad-arguments'], []],
  ['list everything', ['bad-arguments'], []],
  ['envs *', ['unknown-service'], []],
  ['subscribe web production mode:lin', ['bad-arguments'], ['subscribe web production mode:line']],
  ['subscribe web production line', ['bad-arguments'], ['subscribe web production mode:line']],
];

describe('lines that are refused', () => {
  it.each(REFUSED)('%s', (line, codes, suggestions) => {
    const { codes: found, suggestions: offered } = gist(line) as { codes: string[]; suggestions: string[] };

    expect(found).toEqual(codes);
    if (suggestions.length === 0) expect(offered).toEqual([]);
    else expect(offered).toEqual(expect.arrayContaining([...suggestions]));
  });

  it('refuses more than 500 characters and takes 500', () => {
    const reason = 'x'.repeat(500 - 'reject D-1 '.length);

    expect(gist(`reject D-1 ${reason}`)).toEqual(['reject', { deployment: 'D-1', reason }]);
    expect(gist(`reject D-1 ${reason}x`)).toEqual({ codes: ['bad-arguments'], suggestions: [] });
  });

  it('names the known flags when one is unknown', () => {
    const parsed = read('web production --force');

    expect(parsed.kind === 'refused' && parsed.refusals[0]?.next).toContain(
      '--reason, --input, --at, --override, --dry-run, --yes',
    );
  });

  it('never takes one environment for another', () => {
    for (const typed of ['pord', 'productoin', 'production2', 'prodd', 'pro', 'p']) {
      expect(read(`web ${typed}`).kind, typed).toBe('refused');
    }
  });

  it('offers at most three lines', () => {
    const parsed = read('s');

    expect(parsed.kind === 'refused' && parsed.suggestions.length).toBeLessThanOrEqual(3);
  });
});
