import { type Json, record, records, takenApart, text } from '../fakes/teams/world.ts';
import { memberOf, ownerOf, personalChat, userOf } from './playground-cast.ts';
import type { Mender } from './playground-mend.ts';
import { shownAs } from './playground-shown.ts';
import { askPlayground, messagePath, parsed, type Said, type Table } from './playground-table.ts';
import type { Views } from './playground-views.ts';

export type Connector = (method: string, path: string, body: Json) => Promise<Said>;

/**
 * The Bot Connector in front of the Playground's own, which knows one chat with the bot alone, no member by object id, and no message
 * for one person only. Everything else goes through as it is.
 */
export function createConnector(table: Table, views: Views, mender: Mender): Connector {
  async function direct(body: Json): Promise<Said> {
    const user = userOf(text(records(body['members'])[0]?.['id']));
    if (user === undefined) return fault(400, 'BadSyntax', 'There is no such member.');
    return json(201, { id: personalChat(user) });
  }

  async function begin(body: Json): Promise<Said> {
    const activity = record(body['activity']);
    const { id: channel } = record(record(body['channelData'])['channel']);
    const shown = shownAs(activity, text(channel), table.seat);
    const said = await askPlayground(table, 'POST', '/v3/conversations', { ...body, activity: shown });
    const { id, activityId } = parsed(said.body);
    mender.began(text(activityId));
    views.sent({ conversation: text(id), id: text(activityId), activity });
    return said;
  }

  async function send(method: string, conversation: string, id: string | undefined, activity: Json): Promise<Said> {
    const isAnswer = method === 'POST';
    const shown = shownAs(activity, conversation, table.seat);
    const said = await askPlayground(table, method, messagePath(conversation, isAnswer ? undefined : id), shown);
    if (said.status < 300) views.sent({ conversation, id: text(parsed(said.body)['id']), activity });
    return said;
  }

  function members(conversation: string, rest: string): Promise<Said> | Said {
    const owner = ownerOf(conversation);
    const wanted = /^members\/(.+)$/.exec(rest)?.[1];
    const user = wanted === undefined ? undefined : userOf(decodeURIComponent(wanted));
    if (owner === undefined) {
      const path = user === undefined ? rest : `members/${encodeURIComponent(user.mri)}`;
      return askPlayground(table, 'GET', `/v3/conversations/${encodeURIComponent(conversation)}/${path}`);
    }
    const member = memberOf(owner, table.world.tenant);
    if (wanted === undefined) return json(200, rest.startsWith('paged') ? { members: [member] } : [member]);
    return user === owner ? json(200, member) : fault(404, 'MemberNotFoundInConversation', 'Member not found.');
  }

  return async (method, path, body) => {
    if (method === 'POST' && path === '/v3/conversations') return body['isGroup'] === true ? begin(body) : direct(body);
    const [, room, rest = ''] = /^\/v3\/conversations\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (room === undefined) return askPlayground(table, method, path);
    const conversation = decodeURIComponent(room);
    if (method === 'GET' && /^(paged)?members/.test(rest)) return members(conversation, rest);
    const [, id] = /^activities(?:\/([^?]+))?/.exec(rest) ?? [];
    const known = takenApart(conversation).base;
    if (known === '' || !rest.startsWith('activities')) return fault(404, 'NotFound', 'There is nothing here.');
    return send(method, conversation, id, body);
  };
}

function json(status: number, body: object): Said {
  return { status, body: JSON.stringify(body) };
}

function fault(status: number, code: string, message: string): Said {
  return json(status, { error: { code, message } });
}
