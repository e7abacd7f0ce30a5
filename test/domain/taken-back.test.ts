import { describe, expect, it } from 'vitest';
import { type Brought, takenBackIn } from '../../src/domain/taken-back.ts';

const commit = (sha: string, title = `Change ${sha}`) => ({ sha, title });

/** Commits as a change set holds them: the newest first. */
function brought(number: number, commits: readonly ReturnType<typeof commit>[], undoneBy?: string): Brought {
  const base = { id: `D-${number}`, number, sha: commits[0]?.sha ?? '', commits };
  return undoneBy === undefined ? base : { ...base, undoneBy };
}

function asked(...commits: readonly string[]) {
  return {
    sha: commits[0] ?? '',
    changeSet: { commits: commits.map((sha) => ({ ...commit(sha), at: '', hands: [] })) },
  };
}

const older = (sha: string) => ({ sha, changeSet: { commits: [] } });
const shas = (found: readonly { readonly sha: string }[]) => found.map(({ sha }) => sha);

describe('what a rollback took back', () => {
  const undone = [brought(5, [commit('b'), commit('a')], 'D-6')];

  it.each([
    ['the same range', asked('b', 'a'), ['b', 'a']],
    ['a part of it', asked('a'), ['a']],
    ['with something new', asked('c', 'b', 'a'), []],
    ['something else', asked('x'), []],
    ['its head, as an older version', older('b'), ['b']],
  ])('%s', (_what, request, expected) => {
    expect(shas(takenBackIn(request, undone, []))).toEqual(expected);
  });

  it('is named with the rollback, and forgotten once it succeeded after all', () => {
    expect(takenBackIn(asked('b', 'a'), undone, [])[0]).toEqual({ sha: 'b', by: 'D-6' });
    expect(takenBackIn(asked('b', 'a'), undone, [brought(7, [commit('b'), commit('a')])])).toEqual([]);
  });
});

describe('what a revert took back', () => {
  const first = brought(1, [commit('a', 'Bigger basket (#12)')]);
  const revert = brought(2, [commit('r', 'Revert "Bigger basket"')]);
  const again = brought(3, [commit('q', 'Revert "Revert "Bigger basket""')]);

  it.each([
    ['nothing was reverted', [first], []],
    ['it was reverted', [revert, first], ['a']],
    ['the revert was reverted', [again, revert, first], []],
    ['it came again by itself', [brought(4, [commit('a', 'Bigger basket')]), revert, first], []],
    ['another one was reverted', [brought(2, [commit('r', 'Revert "Smaller basket"')]), first], []],
  ])('%s', (_what, arrived, expected) => {
    expect(shas(takenBackIn(older('a'), [], arrived))).toEqual(expected);
  });
});
