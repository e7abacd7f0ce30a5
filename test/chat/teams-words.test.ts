import { describe, expect, it } from 'vitest';
import { activityShape, scopeOf, spotOf, takenApart } from '../../adapters/chat/teams/activity.ts';
import { wordsOf } from '../../adapters/chat/teams/words.ts';
import { commands } from '../../commands/index.ts';

const BOT = { id: '28:bot', name: 'Countersign' };

function typed(text: string, entities: readonly object[] = []) {
  return activityShape.parse({
    type: 'message',
    serviceUrl: 'https://smba.trafficmanager.net/emea/',
    channelId: 'msteams',
    text,
    entities,
    from: { id: '29:anna' },
    recipient: BOT,
    conversation: { id: '19:a@thread.tacv2;messageid=7', conversationType: 'channel', tenantId: 'T' },
  });
}

const mention = { type: 'mention', text: '<at>Countersign</at>', mentioned: BOT };

describe('words typed in Teams', () => {
  it.each([
    ['web to prod', 'web to prod'],
    ['<at>Countersign</at> web to prod', 'web to prod'],
    ['<at>Countersign</at>&nbsp;web to prod\n', 'web to prod'],
    ['web to prod <at>Countersign</at>', 'web to prod'],
    ['<at>Countersign</at> deploy web prod', 'web prod'],
    ['<at>Countersign</at> Deploy', ''],
    ['/deploy web prod', 'web prod'],
    ['/status D-1', 'status D-1'],
    ['deploy', ''],
    ['deployments web', 'deployments web'],
    ['reject D-1 &lt;b&gt; &amp; &quot;no&quot; &#39;x&#39; &#x1F600;', 'reject D-1 <b> & "no" \'x\' 😀'],
    ['<p>web to prod</p><p>because</p>', 'web to prod\nbecause'],
    ['reject D-1 ask <at id="1">Ben Okafor</at> first', 'reject D-1 ask Ben Okafor first'],
    ['<at>Countersign</at> web prod --reason "a   b"', 'web prod --reason "a   b"'],
    ['&#0;&#99999999;&unknown;', '&#0;&#99999999;&unknown;'],
  ])('%j is %j', (text, words) => {
    expect(wordsOf(typed(text, [mention]), '/deploy')).toBe(words);
  });

  it('keeps a mention of somebody of the bot’s own name', () => {
    const other = { type: 'mention', text: '<at>Countersign</at>', mentioned: { id: '29:other', name: 'Countersign' } };

    expect(wordsOf(typed('reject D-1 ask <at>Countersign</at>', [other]), '/deploy')).toBe(
      'reject D-1 ask Countersign',
    );
  });
});

describe('the grammar in Teams', () => {
  const escaped = (line: string) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

  it.each(commands.flatMap(({ examples }) => examples))('is the same: %s', (line) => {
    const text = escaped(line);

    for (const said of [`<at>Countersign</at> ${text}`, text, `/${text}`, `<at>Countersign</at> deploy ${text}`])
      expect(wordsOf(typed(said, [mention]), '/deploy')).toBe(line);
  });
});

describe('where something happened', () => {
  it('is the channel and the thread', () => {
    expect(spotOf(typed('x'))).toEqual({
      conversation: '19:a@thread.tacv2;messageid=7',
      channel: '19:a@thread.tacv2',
      root: '7',
      scope: 'channel',
      tenant: 't',
      serviceUrl: 'https://smba.trafficmanager.net/emea/',
    });
  });

  it.each([
    ['19:a@thread.tacv2', undefined, 'channel'],
    ['19:a@thread.skype', undefined, 'channel'],
    ['19:a@thread.v2', undefined, 'group'],
    ['19:a_b@unq.gbl.spaces', 'personal', 'personal'],
    ['a:1', undefined, 'personal'],
    ['19:a@thread.v2', 'groupChat', 'group'],
  ] as const)('%s (%s) is of the kind %s', (channel, type, scope) => {
    expect(scopeOf(channel, type)).toBe(scope);
  });

  it('has no thread in a chat', () => {
    expect(takenApart('a:1')).toEqual({ channel: 'a:1' });
  });
});
