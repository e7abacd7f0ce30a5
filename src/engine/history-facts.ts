import { agreed } from '../domain/artifact.ts';
import type { StepBefore, TargetSettings } from '../domain/catalog.ts';
import type { Deployment, Findings } from '../domain/deployment.ts';
import { deploymentStream } from '../domain/event.ts';
import { type Brought, broughtBy, takenBackIn } from '../domain/taken-back.ts';
import type { GateFacts, Passed } from '../gates/gate.ts';
import type { Kit } from './kit.ts';

/** How far back along a release line is looked, in deployments. */
const LINE_LENGTH = 100;
/** How far back it is looked for what was taken back there, in deployments. */
const TAKEN_LENGTH = 40;

interface Spot {
  readonly service: string;
  readonly settings: Pick<TargetSettings, 'environment' | 'after'>;
}

/** What the past says about a commit that is to go somewhere: how far it is on its road, and whether it was taken back there. */
export async function historyFacts(
  { store }: Pick<Kit, 'store'>,
  { service, settings }: Spot,
  findings: Findings,
): Promise<Pick<GateFacts, 'passed' | 'takenBack'>> {
  const { environment, after = [] } = settings;
  const line = { service, environment, limit: TAKEN_LENGTH };
  const [undone, arrived, ...passed] = await Promise.all([
    store.deployments({ ...line, states: ['rolled-back'] }).then((rows) => whole(store, rows)),
    store.deployments({ ...line, states: ['succeeded'] }).then(brought),
    ...after.map((one) => passedIn(store, service, one, findings.sha)),
  ]);
  return { passed, takenBack: takenBackIn(findings, undone, arrived) };
}

/** The newest deployment that brought this very commit to an environment and was not undone. */
async function passedIn(store: Kit['store'], service: string, step: StepBefore, sha: string): Promise<Passed> {
  const { environment } = step;
  const line = await store.deployments({ service, environment, states: ['succeeded'], limit: LINE_LENGTH });
  const found = line.find(({ findings }) => findings?.sha === sha);
  if (found === undefined) return step;
  const { id, endedAt, since, runArtifacts } = found;
  const artifacts = runArtifacts === undefined ? {} : { artifacts: runArtifacts };
  return { ...step, arrived: { deployment: id, at: endedAt ?? since, ...artifacts } };
}

/** The findings with what succeeded in the environments before: from here on the plan binds it. */
export function withArtifacts(findings: Findings, { passed = [] }: Pick<GateFacts, 'passed'>): Findings {
  const artifacts = agreed(passed.map(({ arrived }) => arrived?.artifacts ?? []));
  return artifacts.length === 0 ? findings : { ...findings, artifacts };
}

/** A rollback brings nothing new. */
function brought(rows: readonly Deployment[]): readonly Brought[] {
  return rows.flatMap((row) =>
    row.findings === undefined || row.kind === 'rollback' ? [] : [broughtBy(row, row.findings)],
  );
}

/** The same with every commit: rows keep some of a long range only, the log keeps all. */
async function whole(store: Kit['store'], rows: readonly Deployment[]): Promise<readonly Brought[]> {
  const full = rows.map(async (row) => {
    const { findings, id } = row;
    if (findings === undefined || findings.changeSet.commits.length >= findings.commitsTotal) return row;
    const entry = await store.newest(deploymentStream(id), 'findings-gathered');
    return entry?.event.type === 'findings-gathered' ? { ...row, findings: entry.event.findings } : row;
  });
  return brought(await Promise.all(full));
}
