type Tree = ReadonlyMap<string, { readonly below: Tree | undefined; readonly range: readonly [number, number] }>;

/**
 * What the parameter `tree` of Jenkins' API leaves of an answer: `a,b[c,d]{0,100}`. `_class` always stays, and what is not there is
 * passed over in silence. https://www.jenkins.io/doc/book/using/remote-access-api/
 */
export function pruned(value: unknown, tree: string): unknown {
  return kept(value, parse(tree));
}

function kept(value: unknown, tree: Tree | undefined): unknown {
  if (tree === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => kept(one, tree));
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const branch = tree.get(name);
    if (branch === undefined) return name === '_class' ? [[name, inner]] : [];
    const left = kept(inner, branch.below);
    return [[name, Array.isArray(left) ? left.slice(...branch.range) : left]];
  });
  return Object.fromEntries(entries);
}

function parse(tree: string): Tree {
  const branches = new Map<string, { below: Tree | undefined; range: readonly [number, number] }>();
  for (const part of split(tree)) {
    const [, name = '', below, from = '0', to = 'Infinity'] =
      /^(\w+)(?:\[(.*)\])?(?:\{(\d+),(\d+)\})?$/.exec(part) ?? [];
    if (name === '') throw new RangeError(`"${part}" is no part of a tree`);
    branches.set(name, { below: below === undefined ? undefined : parse(below), range: [Number(from), Number(to)] });
  }
  return branches;
}

/** At the commas that stand in no bracket. */
function split(tree: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of tree) {
    if ('[{'.includes(letter)) depth += 1;
    if (']}'.includes(letter)) depth -= 1;
    if (letter === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${letter}`);
  }
  return parts;
}
