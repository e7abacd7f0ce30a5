import { describe, expect, it } from 'vitest';
import { askCard } from '../../adapters/chat/teams/ask.ts';
import { closeDialog, openDialog } from '../../adapters/chat/teams/dialog-answers.ts';
import { formCard } from '../../adapters/chat/teams/form.ts';
import { readSearch, searchAnswer } from '../../adapters/chat/teams/typeahead.ts';

const question = {
  verb: 'reject',
  value: 't',
  ask: { title: '', label: 'Why', submit: 'Reject', maxLength: 9, required: true },
};
const longRef = `feature/${'very-long-'.repeat(24)}name`;

describe('searching', () => {
  it.each<[string, unknown, object | undefined]>([
    [
      'a service',
      { queryText: 'we', dataset: 'service', queryOptions: { skip: 0, top: 15 } },
      { field: 'service', text: 'we' },
    ],
    ['nothing typed yet', { queryText: '', dataset: 'service' }, { field: 'service', text: '' }],
    ['no text at all', { dataset: 'ref' }, { field: 'ref', text: '' }],
    [
      'a ref of the chosen service',
      { queryText: 'f', dataset: 'ref:web', data: { service: 'api', environment: '' } },
      { field: 'ref', text: 'f', service: 'api' },
    ],
    [
      'a ref of the written service',
      { queryText: 'f', dataset: 'ref', data: { service: '', 'service-typed': 'api' } },
      { field: 'ref', text: 'f', service: 'api' },
    ],
    [
      'a client that sends no inputs',
      { queryText: 'f', dataset: 'ref:web' },
      { field: 'ref', text: 'f', service: 'web' },
    ],
    [
      'inputs of another kind',
      { queryText: 'f', dataset: 'ref:web', data: { service: ['x'] } },
      { field: 'ref', text: 'f', service: 'web' },
    ],
    ['inputs that are none', { queryText: 'f', dataset: 'ref', data: 'web' }, { field: 'ref', text: 'f' }],
    [
      'a huge service',
      { queryText: '', dataset: 'ref', data: { service: 'x'.repeat(600) } },
      { field: 'ref', text: '' },
    ],
    ['another list', { queryText: 'f', dataset: 'graph.microsoft.com/users' }, undefined],
    ['a name alike', { queryText: 'f', dataset: 'refs' }, undefined],
    ['a huge text', { queryText: 'f'.repeat(2000), dataset: 'ref' }, undefined],
    ['a wrong text', { queryText: 7, dataset: 'ref' }, undefined],
    ['no list', { queryText: 'f' }, undefined],
    ['nothing', undefined, undefined],
    ['words', 'ref', undefined],
  ])('reads %s', (_what, value, expected) => {
    expect(readSearch(value)).toEqual(expected);
  });

  it('answers with at most 15 choices, each value as it is', () => {
    const found = searchAnswer([
      { value: longRef, label: longRef, hint: 'branch' },
      { value: '', label: 'x' },
      ...Array(20).fill({ value: 'main', label: '' }),
    ]);

    expect(found).toMatchObject({ statusCode: 200, type: 'application/vnd.microsoft.search.searchResponse' });
    const { results } = (found as { value: { results: { title: string; value: string }[] } }).value;
    expect(results).toHaveLength(15);
    expect(results[0]).toEqual({ title: `${longRef.slice(0, 79)}… · branch`, value: longRef });
    expect(results[1]).toEqual({ title: 'main', value: 'main' });
  });
});

describe('a dialog', () => {
  it('opens with a card, and closes with or without words', () => {
    const card = formCard({ services: [], environments: [], reasonRequired: false, alerts: [] });

    expect(openDialog('Deploy\nnow', card)).toEqual({
      task: {
        type: 'continue',
        value: {
          title: 'Deploy now',
          height: 'large',
          width: 'medium',
          card: { contentType: 'application/vnd.microsoft.card.adaptive', content: card },
        },
      },
    });
    expect(openDialog(' ', askCard(question))).toMatchObject({
      task: { value: { title: 'Countersign', height: 'medium' } },
    });
    expect(closeDialog('Rejected.')).toEqual({ task: { type: 'message', value: 'Rejected.' } });
    expect(closeDialog()).toEqual({});
  });
});
