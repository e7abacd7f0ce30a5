import { type Announcement, note } from '../../src/domain/announcement.ts';
import type { Person } from '../../src/domain/person.ts';

const anna: Person = { id: 'anna', name: 'Anna', known: true, accounts: [{ system: 'slack', tenant: 'T1', id: 'U1' }] };
const title = (state: string) =>
  [`${state} · web → production · `, { kind: 'code', text: 'main' }, ' (1a2b3c4)'] as const;
const context = [
  'D-1042 · ',
  { kind: 'link', text: 'Run 77', url: 'https://ci.example.test/77' },
  ' · ',
  { kind: 'time', at: '2026-11-21T10:42:00Z', style: 'clock' },
] as const;

/** A handful of announcements as they are likely, each with a golden file. */
export const scenes = {
  'needs-approval': {
    tone: 'waiting',
    title: title('Needs approval'),
    lines: [
      [{ kind: 'person', person: anna, notify: false }, ': Fix the checkout for <!channel> *everybody*'],
      ['Waiting for 1 of ', { kind: 'group', name: 'platform', notify: true, source: { chat: 'slack', id: 'S1' } }],
    ],
    facts: [
      { label: 'Runs there now', value: ['D-1039 (', { kind: 'code', text: '9f8e7d6' }, ')'] },
      { label: 'Checks', value: ['All 12 passed'] },
    ],
    sections: [
      {
        title: '3 changes by 2 people',
        total: 34,
        url: 'https://git.example.test/compare',
        items: [
          ['Round prices ', { kind: 'link', text: '#12', url: 'https://git.example.test/12' }],
          ['Add column `vat` & index'],
          ['Bump <deps>'],
        ],
      },
    ],
    buttons: [
      {
        label: 'Approve',
        verb: 'approve',
        value: 'tok.3',
        style: 'primary',
        confirm: { title: 'Deploy to production?', text: '3 changes for customers.', yes: 'Approve' },
      },
      {
        label: 'Reject',
        verb: 'reject',
        value: 'tok.3',
        style: 'plain',
        ask: { title: 'Reject', label: 'Reason', submit: 'Reject', maxLength: 500, required: true },
      },
      { label: 'Cancel', verb: 'cancel', value: 'tok.3', style: 'plain', seldom: true },
      { label: 'Nudge', verb: 'nudge', value: 'tok.3', style: 'plain', seldom: true },
    ],
    links: [{ label: 'View Changes', url: 'https://git.example.test/compare?a=1&b=2' }],
    context,
    summary: 'web main (1a2b3c4) to production needs a countersignature by platform: approve or reject it.',
  },
  deploying: {
    tone: 'active',
    title: title('Deploying'),
    lines: [],
    facts: [],
    sections: [],
    progress: {
      percent: 43,
      words: '3 of 7: Integration tests · about 2 min left',
      steps: [
        { name: 'Build', state: 'succeeded', tookMs: 61_000 },
        { name: 'Lint', state: 'skipped' },
        { name: 'Integration tests', state: 'running' },
        { name: 'Migrate', state: 'waiting' },
      ],
    },
    buttons: [{ label: 'Cancel', verb: 'cancel', value: 'tok.4', style: 'plain' }],
    links: [{ label: 'View Run', url: 'https://ci.example.test/77' }],
    context,
    summary: 'web main (1a2b3c4) is being deployed to production: step 3 of 7, Integration tests.',
  },
  failed: {
    ...note('bad', title('Failed'), 'web to production failed in Migrate; a person must look.', [
      ['Migrate: ', { kind: 'code', text: 'relation "carts" does not exist\nLINE 1' }],
    ]),
    buttons: [
      { label: 'Retry', verb: 'retry', value: 'tok.5', style: 'plain' },
      {
        label: 'Roll Back',
        verb: 'rollback',
        value: 'tok.5',
        style: 'danger',
        seldom: true,
        confirm: { title: 'Roll back web?', text: 'D-1039 comes back.', yes: 'Roll Back' },
      },
    ],
    context,
  },
  broadcast: note('good', ['The web shop has a new version.'], 'The web shop has a new version for customers.', [
    ['Prices are rounded as on the invoice. Questions: #shop-team'],
  ]),
  typo: {
    ...note('neutral', ['There is no environment "pord".'], 'There is no environment "pord"; did you mean prod?'),
    buttons: [{ label: 'deploy web production', verb: 'run', value: 'web production', style: 'plain' }],
  },
} as const satisfies Record<string, Announcement>;
