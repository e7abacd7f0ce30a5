import { inLanguage, say } from '../src/domain/tell/words/say.ts';
import { refused, tellPrivately } from './shared/answers.ts';
import { command } from './shared/spec.ts';
import { askersVoice } from './shared/voice.ts';

/** Takes one's word back. */
export const back = command({
  name: 'back',
  summary: 'Decides in person again, after `away`.',
  topic: 'people',
  examples: ['back'],
  forms: [[]],
  acts: true,
  async run(context) {
    const answered = await context.door.back(context.caller);
    if (answered.kind === 'duplicate') return { kind: 'nothing' };
    if (answered.kind === 'refused') return refused(answered.refusals);
    const { to } = answered.delegation;
    const voice = await askersVoice(context);
    return tellPrivately(
      'good',
      say(voice, 'back.now'),
      [say(voice, 'back.told', { name: to.name })],
      inLanguage(voice),
    );
  },
});
