import type { FakeGitHub } from './index.ts';
import { addCommit, addRepository, type CommitWish } from './world.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * The levers over HTTP, for tests that run the fake as a process: `POST /_control/<verb>` with JSON. Verbs: `repository {name}`,
 * `workflow {repository, file, inputs}`, `commit {repository, ...}`, `branch {repository, name, sha}`, `check {repository, sha, name,
 * status, conclusion}`, `team {id, members}`, `runs {repository}`, `tags {repository}`, `deployments {repository}`, `finish {run,
 * conclusion}`, `lose {run}`, `quirks {...}`, `fault {fault, method, path, times}`, `clear`, `webhook {url, secret}`, `redeliver`,
 * `asked`, `violations`, `key`.
 */
export async function obey(fake: FakeGitHub, verb: string, body: Body): Promise<unknown> {
  const text = (name: string) => String(body[name] ?? '');
  const repository = () => {
    const found = fake.world.repositories.get(text('repository'));
    if (found === undefined) throw new RangeError(`no repository "${text('repository')}"`);
    return found;
  };
  switch (verb) {
    case 'repository':
      addRepository(fake.world, text('name'));
      return {};
    case 'workflow':
      repository().workflows.set(text('file'), (body['inputs'] ?? []) as readonly string[]);
      return {};
    case 'commit':
      return { sha: addCommit(repository(), body as CommitWish) };
    case 'branch':
      repository().branches.set(text('name'), text('sha'));
      return {};
    case 'check': {
      const all = repository().checks.get(text('sha')) ?? [];
      all.push({
        name: text('name'),
        status: text('status'),
        conclusion: (body['conclusion'] ?? null) as string | null,
      });
      repository().checks.set(text('sha'), all);
      return {};
    }
    case 'team':
      fake.world.teams.set(
        text('id'),
        (body['members'] as readonly string[]).map((login) => ({ login, name: login, email: `${login}@example.com` })),
      );
      return {};
    case 'runs':
      return repository().runs;
    case 'tags':
      return Object.fromEntries(repository().tags);
    case 'deployments':
      return repository().deployments;
    case 'finish':
      await fake.run(text('run')).end(text('conclusion'));
      return {};
    case 'lose':
      fake.run(text('run')).lose();
      return {};
    case 'quirks':
      Object.assign(fake.quirks, body);
      return fake.quirks;
    case 'fault':
      fake.faults.plan(body as unknown as Parameters<typeof fake.faults.plan>[0]);
      return {};
    case 'clear':
      fake.faults.clear();
      return {};
    case 'webhook':
      fake.postman.target = { url: text('url'), secret: text('secret') };
      return {};
    case 'redeliver':
      for (const delivery of fake.postman.deliveries) await fake.postman.redeliver(delivery);
      return {};
    case 'asked':
      return fake.asked;
    case 'violations':
      return fake.violations;
    case 'key':
      return { privateKey: fake.doorkeeper.privateKey() };
    default:
      throw new RangeError(`no verb "${verb}"`);
  }
}
