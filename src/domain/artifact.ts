/** What a pipeline builds or deploys, by what it is: one name, one content. */
export interface Artifact {
  /** As the pipeline calls it, e.g. `web` or `ghcr.io/acme/web`; one line, at most 100 characters. */
  readonly name: string;
  /** `sha256:` and 64 lower-case hexadecimal digits, as the OCI image specification writes a digest. */
  readonly digest: string;
}

/** More than anybody compares; what a run names beyond them does not count. */
export const MOST_ARTIFACTS = 20;

const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** One line without control, invisible or unpaired characters, and without a space at either end. */
const NAME = /^(?!\s)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,100}(?<!\s)$/u;
const SHORT = 12;

/** Artifacts as they are kept, and how many of those said were left out because they are malformed or too many. */
export interface Reported {
  readonly artifacts: readonly Artifact[];
  readonly left: number;
}

/** In their one form: valid, each pair once, sorted by name and digest, bounded. A name may stand there with two digests: see `clashIn`. */
export function reportedArtifacts(said: readonly Artifact[]): Reported {
  const valid = said.filter(({ name, digest }) => NAME.test(name) && DIGEST.test(digest));
  const single = sorted(valid);
  return {
    artifacts: single.slice(0, MOST_ARTIFACTS),
    left: said.length - valid.length + Math.max(0, single.length - MOST_ARTIFACTS),
  };
}

/** `web@sha256:…`, as OCI image references are written; nothing when it is no such thing. */
export function artifactFrom(text: string): Artifact | undefined {
  const at = text.lastIndexOf('@');
  const { artifacts } = reportedArtifacts([
    { name: text.slice(0, Math.max(0, at)).trim(), digest: text.slice(at + 1) },
  ]);
  return artifacts[0];
}

export function artifactText({ name, digest }: Artifact): string {
  return `${name}@${digest}`;
}

/** One `name@digest` a line: what pipelines are given. */
export function artifactLines(artifacts: readonly Artifact[], between = '\n'): string {
  return artifacts.map(artifactText).join(between);
}

/** The first twelve digits, as container tools show them. */
export function shortDigest({ digest }: Pick<Artifact, 'digest'>): string {
  return digest.replace(/^sha256:/, '').slice(0, SHORT);
}

/** Two artifacts of one name and different digests. */
export interface Clash {
  readonly one: Artifact;
  readonly other: Artifact;
}

/** The first name that means two things among these; whichever of them is meant, nobody can tell. */
export function clashIn(artifacts: readonly Artifact[]): Clash | undefined {
  const all = sorted(artifacts);
  const index = all.findIndex(({ name }, here) => all[here + 1]?.name === name);
  const [one, other] = [all[index], all[index + 1]];
  return one === undefined || other === undefined ? undefined : { one, other };
}

/** The first artifact that is not what was wanted under its name; what was not asked for may be anything. */
export function strayAmong(seen: readonly Artifact[], wanted: readonly Artifact[]): Clash | undefined {
  for (const one of wanted) {
    const other = seen.find(({ name, digest }) => name === one.name && digest !== one.digest);
    if (other !== undefined) return { one, other };
  }
  return undefined;
}

/** All of several lists together, without the names that mean two things. */
export function agreed(lists: readonly (readonly Artifact[])[]): readonly Artifact[] {
  const all = sorted(lists.flat());
  return all.filter(({ name }) => all.filter((one) => one.name === name).length === 1);
}

export function sameArtifacts(one: readonly Artifact[], other: readonly Artifact[]): boolean {
  return artifactLines(sorted(one)) === artifactLines(sorted(other));
}

/** Each pair once. By code units, so that every machine sorts alike. */
function sorted(artifacts: readonly Artifact[]): readonly Artifact[] {
  const single = new Map(artifacts.map(({ name, digest }) => [artifactText({ name, digest }), { name, digest }]));
  return [...single.values()].sort((one, other) => before(one.name, other.name) || before(one.digest, other.digest));
}

function before(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
