import { z } from 'zod';
import type { RecordBook, Records } from '../../../src/ports/records.ts';

/** What is known of a conversation: how it is reached, and of which kind it is. */
const placeShape = z.object({
  kind: z.literal('place'),
  conversation: z.string(),
  scope: z.enum(['channel', 'group', 'personal']),
  tenant: z.string(),
  serviceUrl: z.string(),
});
/** What is known of a person: the bot's own id, and where the person was met. */
const personShape = z.object({
  kind: z.literal('person'),
  aad: z.string(),
  tenant: z.string(),
  user: z.string(),
  name: z.string(),
  seenIn: z.string(),
  /** The conversation with this person alone. */
  direct: z.string().optional(),
});
const noteShape = z.discriminatedUnion('kind', [placeShape, personShape]);

export type KnownPlace = Omit<z.infer<typeof placeShape>, 'kind'>;
export type KnownPerson = Omit<z.infer<typeof personShape>, 'kind'>;

/** Name of the book in which all instances keep what they heard. */
const BOOK = 'teams/references';

/** Conversations and people that Teams has told us of: without them nobody could be spoken to first. Shared by all instances. */
export interface References {
  place(conversation: string): KnownPlace | undefined;
  person(aad: string): KnownPerson | undefined;
  /** The connector that served this tenant last; nothing when none has been heard of. */
  serviceUrl(tenant: string): string | undefined;
  /** Keeps what is new about them; what is known already costs nothing. */
  learn(note: { readonly place?: KnownPlace; readonly person?: KnownPerson }): Promise<void>;
  close(): Promise<void>;
}

export async function openReferences(records: Records): Promise<References> {
  const places = new Map<string, KnownPlace & { readonly at: number }>();
  const people = new Map<string, KnownPerson & { readonly at: number }>();
  const urls = new Map<string, string>();
  const book: RecordBook = await records.open(BOOK, (all) => {
    for (const { number, record } of all) {
      const read = noteShape.safeParse(record);
      if (!read.success) continue;
      const { kind: _kind, ...known } = read.data;
      if ('aad' in known) people.set(known.aad, { ...known, at: number });
      else {
        places.set(known.conversation, { ...known, at: number });
        urls.set(known.tenant, known.serviceUrl);
      }
    }
  });

  async function keep(kind: 'place' | 'person', known: KnownPlace | KnownPerson, former: Kept | undefined) {
    if (former !== undefined && isSame(known, former)) return;
    await book.append({ kind, ...known }, former === undefined ? [] : [former.at]);
  }

  return {
    place: (conversation) => places.get(conversation),
    person: (aad) => people.get(aad),
    serviceUrl: (tenant) => urls.get(tenant),
    async learn({ place, person }) {
      if (place !== undefined) await keep('place', place, places.get(place.conversation));
      if (person === undefined) return;
      const former = people.get(person.aad);
      // Where they were met first will do, and a conversation of their own stays known when they are met elsewhere.
      const direct = person.direct ?? former?.direct;
      const seenIn = former?.seenIn ?? person.seenIn;
      await keep('person', { ...person, seenIn, ...(direct === undefined ? {} : { direct }) }, former);
    },
    close: () => book.close(),
  };
}

type Kept = (KnownPlace | KnownPerson) & { readonly at: number };

function isSame(known: KnownPlace | KnownPerson, former: Kept): boolean {
  return Object.entries(known).every(([key, value]) => (former as Readonly<Record<string, unknown>>)[key] === value);
}
