import type { z } from 'zod';
import { type FailureDetails, PortFailure } from '../../../src/ports/failure.ts';
import type { AdapterTools } from '../adapter.ts';
import { readAuthority } from '../http/authority.ts';
import { type Call, pathOf } from '../http/outgoing.ts';
import { redact } from '../http/redact.ts';
import { createService, type Service } from '../http/service.ts';
import { GITLAB } from './manner.ts';
import { type Connection, GraphAnswer } from './schema.ts';

/** What GitLab gives at most in one page. */
const PAGE = 100;

/** A list as far as it was read. */
interface Listed<Item> {
  readonly items: readonly Item[];
  /** Was it read to its end? */
  readonly whole: boolean;
}

/** One GitLab with one login. */
export interface GitLab extends Service {
  /** Id of the port that speaks, for failures. */
  readonly id: string;
  /** Where people open it, without a slash at the end. */
  readonly webUrl: string;
  /** Page by page, so many pages at most. */
  list<Item>(
    question: Call & { readonly form: z.ZodType<Item[]>; readonly polled?: boolean },
    pages: number,
  ): Promise<Listed<Item>>;
  /** A GraphQL query; errors in its answer are failures. */
  graph<T>(question: {
    readonly what: string;
    readonly query: string;
    readonly variables: unknown;
    readonly form: z.ZodType<T>;
  }): Promise<T>;
}

/** Reads the authority's file and the token once, so that a fault in them shows when the programme starts. */
export async function createGitLab(id: string, connection: Connection, tools: AdapterTools): Promise<GitLab> {
  const webUrl = connection.url.replace(/\/+$/, '');
  const authority = await readAuthority(id, connection.certificateAuthority);
  await tools.secrets.read(connection.token);
  const common = {
    port: id,
    system: 'GitLab',
    login: 'the access token',
    authority,
    clock: tools.clock,
    // Read for each call: tokens of GitLab end and are replaced.
    headers: async () => ({ 'private-token': await tools.secrets.read(connection.token) }),
    manner: GITLAB,
  };
  const rest = createService({ ...common, baseUrl: `${webUrl}/api/v4` });
  const graphql = createService({ ...common, baseUrl: `${webUrl}/api` });

  const list: GitLab['list'] = async (question, pages) => {
    const items = [];
    for (let page = 1; page <= pages; page += 1) {
      const found = await rest.get({ ...question, query: { ...question.query, per_page: PAGE, page } });
      items.push(...found);
      // Some lists name no total (docs.gitlab.com/api/rest, "Pagination response headers"): one that is not full is the last.
      if (found.length < PAGE) return { items, whole: true };
    }
    return { items, whole: false };
  };

  const graph: GitLab['graph'] = async ({ what, query, variables, form }) => {
    const { data, errors } = await graphql.get({
      what,
      path: 'graphql',
      post: { query, variables },
      form: GraphAnswer,
    });
    if (errors !== undefined && errors.length > 0) {
      const words = redact(errors.map(({ message }) => message).join('; ')).slice(0, 200);
      throw refused(id, `GitLab refuses to say more about ${what}. It says: ${words}`, { code: 'graphql' });
    }
    const answer = { status: 200, headers: {}, data };
    return graphql.read({ what }, answer, form);
  };

  return { ...rest, id, webUrl, list, graph };
}

/** `acme/shop/web` as GitLab's addresses want it. Throws a PortFailure for anything else. */
export function projectPath(port: string, repository: string): string {
  if (/^[\w.-]+(?:\/[\w.-]+)+$/.test(repository)) return `projects/${pathOf(repository)}`;
  const message = `"${repository}" is not a project on GitLab. Write it as group/project, for example acme/web.`;
  throw new PortFailure(message, { port, kind: 'not-found', retryable: false, code: 'repository-name' });
}

function refused(port: string, message: string, more: Partial<FailureDetails>): PortFailure {
  return new PortFailure(message, { port, kind: 'refused', retryable: false, ...more });
}
