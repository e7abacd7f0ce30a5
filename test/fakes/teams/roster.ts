import { type Answer, refusal } from './answers.ts';
import { type FakePerson, findPerson, takenApart, type World } from './world.ts';

/** `GET members/{id}`: by `29:...` or by object id. */
export function memberOf(world: World, conversation: string, who: string): Answer {
  const members = membersOf(world, conversation);
  if (!Array.isArray(members)) return members;
  const found = findPerson(world, who);
  return found === undefined || !members.includes(found)
    ? refusal(404, 'MemberNotFoundInConversation', 'The member was not found in the conversation.')
    : { status: 200, body: shown(found) };
}

/** `GET pagedmembers`: page after page; a page that is followed by another carries a token for it. */
export function rosterOf(world: World, conversation: string, query: URLSearchParams): Answer {
  const members = membersOf(world, conversation);
  if (!Array.isArray(members)) return members;
  const token = query.get('continuationToken');
  const from = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (Number.isNaN(from)) return refusal(400, 'BadArgument', 'The continuation token is not valid');
  const size = Math.min(world.pageSize, Number(query.get('pageSize') ?? world.pageSize));
  const next = from + size;
  const more = moreAfter(world, token, from, next < members.length ? next : undefined);
  return { status: 200, body: { members: members.slice(from, next).map(shown), ...more } };
}

function moreAfter({ paging }: World, token: string | null, from: number, next: number | undefined) {
  const to = paging === 'endless' ? from + 1 : next;
  if (paging === 'again') return { continuationToken: token ?? Buffer.from('0').toString('base64url') };
  return to === undefined ? {} : { continuationToken: Buffer.from(String(to)).toString('base64url') };
}

/** People in a conversation, or in all channels of a team. */
function membersOf(world: World, id: string): FakePerson[] | Answer {
  const { base } = takenApart(id);
  const homes = [...world.conversations.values()].filter((one) => one.id === base || one.team?.id === base);
  if (homes.length === 0) return refusal(404, 'ConversationNotFound', 'Conversation not found.');
  if (!homes.some(({ installed }) => installed))
    return refusal(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
  const aads = new Set(homes.flatMap(({ members }) => [...members]));
  return [...aads].flatMap((aad) => findPerson(world, aad) ?? []);
}

/** Both names of the object id are to be met: which one depends on the age of the document. */
function shown(one: FakePerson) {
  const [givenName = '', surname = ''] = one.name.split(' ');
  return {
    id: one.mri,
    name: one.name,
    objectId: one.aad,
    aadObjectId: one.aad,
    givenName,
    surname,
    email: one.email,
    userPrincipalName: one.upn,
    tenantId: one.tenant,
    userRole: one.role,
  };
}
