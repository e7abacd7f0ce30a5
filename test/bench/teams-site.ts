import { type Agent, request } from 'node:http';
import { type Gate, openGate } from '../chaos/gate.ts';
import { startFakeGitHub } from '../fakes/github/index.ts';
import { addCommit, addRepository } from '../fakes/github/world.ts';
import { type FakeTeams, startFakeTeams } from '../fakes/teams/index.ts';
import { authorization } from '../fakes/teams/login.ts';
import { actionNamed, viewOf } from '../fakes/teams/views.ts';
import { type FakeMessage, type Json, person } from '../fakes/teams/world.ts';
import { until } from '../support/until.ts';
import { githubText, makeHome } from './installation.ts';
import { pause } from './measure.ts';
import { type Hosted, hosted } from './programme.ts';

const APPROVER = 'cleo';
/** Between one request and the next: all at once, they would meet the rate that Teams allows an app, which is not what is measured. */
const EVERY_MS = 400;

/** The programme on SQLite with Teams and GitHub, where so many deployments wait for Cleo, each in a channel of its own. */
export interface TeamsSite {
  readonly teams: FakeTeams;
  readonly ours: Hosted;
  /** Before GitHub. */
  readonly gate: Gate;
  /** What a bot needs to start a run by itself. */
  readonly github: NonNullable<BareWish['github']>;
  /** The card of a deployment once it can be approved; Cleo's client has asked for her own view of it. */
  waiting(n: number): Promise<FakeMessage>;
  close(): Promise<void>;
}

export async function openTeamsSite(deployments: number): Promise<TeamsSite> {
  const numbers = Array.from({ length: deployments }, (_, n) => n);
  const teams = await peopledTeams(numbers.map(teamsChannel));
  const github = await startFakeGitHub({ strict: false });
  const { token } = github.doorkeeper;
  const gate = await openGate({ to: github.url, token });
  const sha = addCommit(addRepository(github.world, 'acme/web'));
  const home = makeHome({ teams: teams.world.secret, github: token });
  const text = githubText(teamsLines(teams), gate.url, deployments, (n) => `teams:${teamsChannel(n)}`);
  const ours = await hosted(new URL('./host-programme.ts', import.meta.url), { folder: home.folder, text });
  teams.deliverTo(messagesOf(ours));
  for (const n of numbers) {
    await teams.say('anna', teamsChannel(n), `s${n} production --reason measured`);
    await pause(EVERY_MS);
  }
  return {
    teams,
    ours,
    gate,
    github: { url: gate.url, token, sha },
    waiting: (n) => until('a card to approve', () => waitingCard(teams, teamsChannel(n)), 30_000),
    async close() {
      await ours.stop();
      await gate.close();
      await Promise.all([teams.close(), github.close()]);
      home.remove();
    },
  };
}

/** Anna asks, Cleo approves; they are in every channel. Clients ask for their own view of a card only when they are told to. */
async function peopledTeams(channels: readonly string[]): Promise<FakeTeams> {
  const teams = await startFakeTeams({ autoRefresh: false });
  const members = ['anna', 'ben', APPROVER];
  for (const name of members) teams.addPerson({ name, email: `${name}@example.com` });
  for (const id of channels) teams.addConversation({ name: id, id, members });
  return teams;
}

/** The id of a channel, as Teams makes them. */
export function teamsChannel(n: number): string {
  return `19:${String(n).padStart(32, '0')}@thread.tacv2`;
}

function teamsLines({ world, serviceUrl, cloud }: FakeTeams): string {
  const { appId, tenant } = world;
  const settings = { appId, tenant, secret: 'file:teams.txt', serviceUrls: [serviceUrl], cloud };
  return `chats: { teams: ${JSON.stringify(settings)} }\n`;
}

async function waitingCard(teams: FakeTeams, channel: string): Promise<FakeMessage | undefined> {
  const [message] = teams.messages(channel);
  if (message === undefined) return undefined;
  await teams.look(APPROVER, message);
  const card = viewOf(message, person(teams.world, APPROVER).aad);
  return actionNamed(card, 'approve') === undefined ? undefined : message;
}

/** Where a host takes what Teams brings. */
export function messagesOf({ url }: Hosted): string {
  return `${url}/api/messages`;
}

/** What `host-bare-botbuilder.ts` must be told. */
export interface BareWish {
  readonly appId: string;
  readonly tenant: string;
  readonly secret: string;
  readonly cloud: FakeTeams['cloud'];
  /** The card of whoever asks for it anew. */
  readonly card?: Json;
  /** Answers a message with a message before it is acknowledged, as the samples of botbuilder do. */
  readonly talks?: boolean;
  /** At a press tags this commit and starts a workflow. */
  readonly github?: { readonly url: string; readonly token: string; readonly sha: string };
}

/** A bare bot of this Teams. */
export function bareHost(
  { world, cloud }: FakeTeams,
  more: Pick<BareWish, 'card' | 'talks' | 'github'>,
): Promise<Hosted> {
  const { appId, tenant, secret } = world;
  const wish: BareWish = { appId, tenant, secret, cloud, ...more };
  return hosted(new URL('./host-bare-botbuilder.ts', import.meta.url), wish);
}

export interface Brought {
  /** From the request to the end of the answer, in milliseconds. */
  readonly ms: number;
  /** What was answered; empty for a message. */
  readonly body: string;
}

/** Brings activities to a host as Teams does, all under one token. Rejects when the answer is not 200. */
export function carrier({ world }: FakeTeams, host: Hosted, agent: Agent): (activity: Json) => Promise<Brought> {
  const address = messagesOf(host);
  const token = authorization(world, world.serviceUrl) ?? '';
  const headers = { 'content-type': 'application/json; charset=utf-8', authorization: token };
  return (activity) =>
    new Promise((resolve, reject) => {
      const begin = performance.now();
      const call = request(address, { method: 'POST', agent, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('end', () => {
          const ms = performance.now() - begin;
          if (response.statusCode === 200) resolve({ ms, body: Buffer.concat(parts).toString('utf8') });
          else reject(new Error(`a delivery was answered with ${response.statusCode}`));
        });
      });
      call.once('error', reject);
      call.end(JSON.stringify(activity));
    });
}
