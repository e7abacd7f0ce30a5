import { accountWords } from '../src/domain/links.ts';
import type { LinkAnswer } from '../src/engine/door.ts';
import type { Reply } from '../src/ports/chat.ts';
import { refused, runButton, tellPrivately } from './shared/answers.ts';
import { command, optional } from './shared/spec.ts';

const CODE = { field: 'text', kind: 'word', needed: true, label: 'code' } as const;

/** Makes two accounts one human: a code from here is typed there. */
export const link = command({
  name: 'link',
  summary: 'Ties your accounts in two chats together, so that you are one person in both.',
  topic: 'people',
  examples: ['link', 'link K7M3-XQ2P-9ATB'],
  forms: [[optional(CODE)]],
  flags: [{ name: 'yes', field: 'yes' }],
  acts: true,
  async run({ door, caller }, { text, yes }) {
    const wish =
      text === undefined
        ? ({ kind: 'offer' } as const)
        : { kind: 'redeem' as const, code: text, confirmed: yes === true };
    return said(await door.link(caller, wish));
  },
});

function said(answered: LinkAnswer): Reply {
  switch (answered.kind) {
    case 'duplicate':
      return { kind: 'nothing' };
    case 'refused':
      return refused(answered.refusals);
    case 'offered':
      return offered(answered);
    case 'confirm':
      return question(answered);
    case 'linked':
      return done(answered);
  }
}

function offered({ code, expiresAt }: Extract<LinkAnswer, { kind: 'offered' }>): Reply {
  return tellPrivately(
    'waiting',
    ['Type ', { kind: 'code', text: `link ${code}` }, ' to the bot in the other chat, within 10 minutes.'],
    [
      ['Type it there in a direct message if you can. Whoever types it first is asked whether this account is theirs.'],
      ['Give it to nobody: no operator will ever ask you for it.'],
    ],
    { facts: [{ label: 'Good until', value: [{ kind: 'time', at: expiresAt, style: 'clock' }] }] },
  );
}

/** What it means stands before the button, for the code alone proves only that somebody passed it on. */
function question({ person, known, fresh, other, code }: Extract<LinkAnswer, { kind: 'confirm' }>): Reply {
  const own = other === fresh ? known : fresh;
  const meaning = `Whoever uses ${accountWords(fresh)} will count as ${person.name}, and may approve what ${person.name} may approve.`;
  const confirm = {
    title: 'Are both accounts yours?',
    text: `You say that ${accountWords(other)} is also you. ${meaning}`,
    yes: 'Both Are Mine',
  };
  return tellPrivately(
    'waiting',
    [`You say that ${accountWords(other)} is also you.`],
    [
      [meaning],
      [`You are here with ${accountWords(own)}. If somebody else gave you this code, stop: nothing is linked yet.`],
    ],
    { buttons: [runButton('Link Accounts', `link ${code} --yes`, { style: 'primary', confirm })] },
  );
}

function done({ person, known, fresh }: Extract<LinkAnswer, { kind: 'linked' }>): Reply {
  return tellPrivately(
    'good',
    [`${accountWords(fresh)} and ${accountWords(known)} are one person now: ${person.name}.`],
    [
      [
        'Take it back with ',
        { kind: 'code', text: `unlink ${fresh.system}` },
        '; see all your accounts with ',
        { kind: 'code', text: 'whoami' },
        '.',
      ],
    ],
  );
}
