import { type Answer, refusal } from './answers.ts';
import { type FakePerson, findPerson, type World } from './world.ts';

const CAST = /^\/graph\/v1\.0\/groups\/([^/]+)\/transitiveMembers\/microsoft\.graph\.user$/;
const READS_GROUPS = 'GroupMember.Read.All';
const READS_PEOPLE = 'User.Read.All';
/** The most that Graph takes for `$top`. */
const MOST = 999;

export interface GraphQuestion {
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly consistency: string | undefined;
}

/** The group that an address of Graph asks for; empty for any other address. */
export function groupAsked({ pathname }: URL): string {
  return decodeURIComponent(CAST.exec(pathname)?.[1] ?? '');
}

/** `GET /v1.0/groups/{id}/transitiveMembers/microsoft.graph.user`, the only address of this Microsoft Graph. */
export function graphOf(world: World, { url, authorization, consistency }: GraphQuestion): Answer {
  const token = world.entra.tokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
  if (token === undefined || token.until <= Date.now())
    return refusal(401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.');
  const id = groupAsked(url);
  if (id === '') return refusal(400, 'BadRequest', 'Resource not found for the segment.');
  if (!token.permissions.has(READS_GROUPS))
    return refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  if (consistency !== 'eventual' || url.searchParams.get('$count') !== 'true')
    return refusal(400, 'Request_UnsupportedQuery', 'The cast needs ConsistencyLevel: eventual and $count=true.');
  const people = peopleIn(world, id, new Set());
  if (people === undefined)
    return refusal(
      404,
      'Request_ResourceNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    );
  return paged(world, url, people, token.permissions.has(READS_PEOPLE));
}

/** Also those of the groups within; each once. */
function peopleIn(world: World, id: string, seen: Set<string>): readonly FakePerson[] | undefined {
  const group = world.entra.groups.get(id.toLowerCase());
  if (group === undefined) return undefined;
  if (seen.has(group.id)) return [];
  seen.add(group.id);
  const own = [...group.members].flatMap((aad) => findPerson(world, aad) ?? []);
  const inner = [...group.groups].flatMap((one) => peopleIn(world, one, seen) ?? []);
  return [...new Set([...own, ...inner])];
}

function paged(world: World, url: URL, people: readonly FakePerson[], isOpen: boolean): Answer {
  const top = Number(url.searchParams.get('$top') ?? 100);
  if (!(top >= 1 && top <= MOST)) return refusal(400, 'Request_BadRequest', 'Invalid page size specified.');
  const from = Number(url.searchParams.get('$skiptoken') ?? 0);
  const next = from + Math.min(top, world.entra.pageSize);
  const fields = (url.searchParams.get('$select') ?? 'id').split(',');
  const value = people.slice(from, next).map((one) => shown(one, fields, isOpen));
  const link = linkAfter(world, url, from, next < people.length ? next : undefined);
  return {
    status: 200,
    body: {
      '@odata.context': `${url.origin}/graph/v1.0/$metadata#users(${fields.join(',')})`,
      '@odata.count': people.length,
      ...(link === undefined ? {} : { '@odata.nextLink': link }),
      value,
    },
  };
}

/** The next page carries all of the question but its header. It may also be where it should not. */
function linkAfter({ paging }: World, url: URL, from: number, next: number | undefined): string | undefined {
  if (paging === 'again') return url.href;
  const to = paging === 'endless' ? from + 1 : next;
  if (to === undefined) return undefined;
  const link = new URL(url);
  link.searchParams.set('$skiptoken', String(to));
  return typeof paging === 'string' ? link.href : `${paging.foreign}${link.pathname}${link.search}`;
}

/** Whoever may read groups but not people is given every field, all of them null but the id. */
function shown(one: FakePerson, fields: readonly string[], isOpen: boolean) {
  const known: Readonly<Record<string, unknown>> = {
    id: one.aad,
    displayName: one.name,
    mail: one.email,
    userPrincipalName: one.upn,
    userType: one.role === 'guest' ? 'Guest' : 'Member',
    accountEnabled: one.enabled ?? true,
  };
  return Object.fromEntries(fields.map((field) => [field, isOpen || field === 'id' ? (known[field] ?? null) : null]));
}
