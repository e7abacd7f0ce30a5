import type { Ref } from '../src/domain/change-set.ts';
import { shortSha } from '../src/domain/change-set.ts';
import { refusal } from '../src/domain/refusal.ts';
import { counted, type Text } from '../src/domain/text.ts';
import { PortFailure } from '../src/ports/failure.ts';
import { refused, tellPrivately } from './shared/answers.ts';
import { command, SERVICE } from './shared/spec.ts';

const MOST = 20;

/** Lists branches and tags. */
export const refs = command({
  name: 'refs',
  summary: 'Lists the branches and tags of a service, newest first; a text narrows them.',
  topic: 'looking',
  examples: ['refs web', 'refs web login'],
  forms: [[SERVICE, { field: 'text', kind: 'words', needed: false, label: 'text' }]],
  acts: false,
  async run(context, { service, text = '' }) {
    let found: readonly Ref[];
    try {
      found = await context.refs(service, text);
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      return refused([
        refusal(
          'source-unreachable',
          `The branches and tags of ${service} could not be read: ${error.message}`,
          'Try again in a minute.',
        ),
      ]);
    }
    if (found.length === 0)
      return tellPrivately('neutral', [`${service} has no branch or tag with "${text}" in its name.`]);
    const items = found
      .slice(0, MOST)
      .map(({ name, sha, kind }): Text => [{ kind: 'code', text: name }, ` (${shortSha(sha)}) · ${kind}`]);
    return tellPrivately(
      'neutral',
      [`${counted(found.length, 'branch or tag', 'branches and tags')} of ${service}`],
      [['Deploy one with ', { kind: 'code', text: `${service}@<ref> <env>` }, '.']],
      {
        sections: [{ title: 'Newest first', items, total: found.length }],
      },
    );
  },
});
