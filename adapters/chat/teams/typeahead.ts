import { z } from 'zod';
import type { Choice } from '../../../src/ports/chat.ts';
import { cardChoices, VALUE_LIMIT } from './dialog-choices.ts';
import { TYPED } from './form-fields.ts';

/** Teams shows no more. Source: "Typeahead search in Adaptive Cards", learn.microsoft.com. */
const RESULTS = 15;

const name = z.string().max(VALUE_LIMIT).optional().catch(undefined);

/** Source of the shape: the same page, "Invoke request" and "Dependent inputs". */
const searched = z.object({
  queryText: z.string().max(1000).nullish(),
  dataset: z.string().max(VALUE_LIMIT + 10),
  data: z
    .object({ service: name, [TYPED.service]: name })
    .optional()
    .catch(undefined),
});

/** What somebody searches while filling in the form. */
export interface Search {
  readonly field: 'service' | 'ref';
  readonly text: string;
  /** The service chosen so far. */
  readonly service?: string;
}

/**
 * Reads the value of an `application/search` invoke; nothing when it is no search of ours. The service comes from the card's other
 * inputs; clients and clouds that do not send these get by with the one that was known when the card was made.
 */
export function readSearch(value: unknown): Search | undefined {
  const read = searched.safeParse(value);
  if (!read.success) return undefined;
  const { dataset, data } = read.data;
  const text = read.data.queryText ?? '';
  if (dataset === 'service') return { field: 'service', text };
  const known = /^ref(?::(.+))?$/s.exec(dataset);
  if (known === null) return undefined;
  const service = [data?.service, data?.[TYPED.service], known[1]].find((one) => one !== undefined && one !== '');
  return { field: 'ref', text, ...(service === undefined ? {} : { service }) };
}

/** The answer to a search, as the body of the invoke. */
export function searchAnswer(choices: readonly Choice[]): object {
  return {
    statusCode: 200,
    type: 'application/vnd.microsoft.search.searchResponse',
    value: { results: cardChoices(choices, RESULTS) },
  };
}
