import { expect, it } from 'vitest';
import { PortFailure } from '../../src/ports/failure.ts';
import { deployment, told, wordsIn, world } from './world.ts';

it('says after an approval when a scheduled deployment begins, and not that it waits for its turn', async () => {
  const { say, script } = world();
  const scheduledFor = '2026-11-21T06:00:00.000Z';
  script.answer = { kind: 'done', deployment: deployment({ state: 'queued', scheduledFor }) };

  const words = wordsIn(told(await say('approve D-1042')));

  expect(words).toContain('Approved; begins 2026-11-21 06:00 UTC.');
  expect(words).not.toContain('turn');
});

it('does not call an approval a failure when the rows cannot be read right after it', async () => {
  const { say, script, shelf } = world();
  script.answer = { kind: 'done', deployment: deployment({ state: 'queued' }) };
  shelf.failure = new PortFailure('The disk is busy.', { port: 'store', kind: 'unreachable', retryable: true });

  expect(told(await say('approve D-1042')).title).toEqual(['You have countersigned D-1042.']);
});
