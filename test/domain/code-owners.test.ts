import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fits,
  groupName,
  groupWords,
  ownersGroup,
  ownershipOf,
  ownersOf,
  ownersRules,
} from '../../src/domain/code-owners.ts';
import { approvalFacts } from '../../src/domain/tell/approval.ts';
import { sentenceOf } from '../../src/domain/tell/entries.ts';
import { obstaclesOf } from '../../src/domain/tell/obstacles.ts';
import { reply } from '../../src/domain/tell/replies.ts';
import { happening } from '../../src/domain/tell/sentence.ts';
import { at, CATALOG, findings, inState } from './samples.ts';

const CONTEXT = { catalog: CATALOG, now: at(6) };

// The example of GitHub's documentation, "About code owners" (docs.github.com), shortened to its rules.
const EXAMPLE = `# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
`;

describe('the owners of a path', () => {
  it.each([
    ['README.md', '@global-owner1 @global-owner2'],
    ['src/deep/a.js', '@js-owner'],
    ['main.go', 'docs@example.com'],
    ['src/a.txt', '@octo-org/octocats'],
    ['build/logs/today/x.bin', '@octocat'],
    ['docs/getting-started.md', '@doctocat'],
    ['docs/build-app/troubleshooting.md', '@doctocat'],
    ['other/docs/build/x.md', '@global-owner1 @global-owner2'],
    ['lib/apps/x.c', '@octocat'],
    ['scripts/x.sh', '@doctocat @octocat'],
    ['deeply/nested/logs/x', '@octocat'],
    ['apps/x.c', '@octocat'],
    ['apps/github', ''],
    ['apps/github/x.c', ''],
  ])('%s: %s', (path, owners) => {
    expect(ownersOf(ownersRules(EXAMPLE), path).join(' ')).toBe(owners);
  });

  it.each([
    ['*', 'a/b/c', true],
    ['/a.ts', 'a.ts', true],
    ['/a.ts', 'b/a.ts', false],
    ['docs/*', 'docs/a.md', true],
    ['docs/*', 'docs/b/a.md', false],
    ['docs/*', 'x/docs/a.md', false],
    ['docs/**', 'docs/b/a.md', true],
    ['docs/', 'docs', false],
    ['docs/', 'x/docs/b/a.md', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b/c', true],
    ['a/**/b', 'ax/b', false],
    ['*.ts', 'a.tsx', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a+b.ts', 'a+b.ts', true],
    ['a+b.ts', 'aab.ts', false],
    ['/', 'a', false],
  ])('%s fits %s: %s', (pattern, path, expected) => {
    expect(fits(pattern, path)).toBe(expected);
  });

  it('passes over lines that are none, as GitHub does', () => {
    const text = '!a @x\n\\#b @x\n[ab] @x\n*.c x\n*.d @org/team/more\na\\ b.txt @anna\n\n   \n*.e @anna # @ben';

    expect(ownersRules(text)).toEqual([
      { pattern: 'a b.txt', owners: ['@anna'] },
      { pattern: '*.e', owners: ['@anna'] },
    ]);
  });

  it('reads any text without a fault', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, path) => {
        expect(Array.isArray(ownersOf(ownersRules(text), path))).toBe(true);
      }),
    );
  });
});

describe('who must be asked', () => {
  const rules = ownersRules('* @anna\n/db/ @ben @anna\n/db/free\n/web/ @anna @ben');

  it('is each different set of owners once, with how many files', () => {
    expect(ownershipOf(rules, ['a', 'db/1', 'web/2', 'db/free'])).toEqual([
      { owners: ['@anna'], files: 1, example: 'a' },
      { owners: ['@anna', '@ben'], files: 2, example: 'db/1' },
    ]);
  });

  it('is everybody who owns anything, where not every file is named', () => {
    expect(ownershipOf(rules, undefined).map(({ owners }) => owners.join(' '))).toEqual(['@anna', '@anna @ben']);
  });

  it('does not depend on the order of the files', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['a', 'b', 'db/1', 'db/free', 'web/2'], { minLength: 5 }), (paths) => {
        const owners = (list: readonly string[]) =>
          ownershipOf(rules, list).map(({ owners: set, files }) => [set, files]);
        expect(owners(paths)).toEqual(owners(['a', 'b', 'db/1', 'db/free', 'web/2']));
      }),
    );
  });
});

describe('the group of owners', () => {
  it.each([
    [['@anna'], 'the code owners @anna'],
    [['@acme/web', '@anna'], 'the code owners @acme/web and @anna'],
    [['@a', '@b', 'c@example.com'], 'the code owners @a, @b and c@example.com'],
  ])('of %j is called as people say it', (owners, words) => {
    expect([groupWords(ownersGroup(owners)), groupName(ownersGroup(owners))]).toEqual([words, words]);
  });

  it.each(['platform', 'owners', 'owners of web', 'owners '])('is not taken for the configured group "%s"', (id) => {
    expect([groupWords(id), groupName(id)]).toEqual([`@${id}`, id]);
  });

  it('is called so wherever an approval speaks of it', () => {
    const group = ownersGroup(['@acme/web', '@anna']);
    const rule = { group, count: 1, because: 'changes a.ts' };
    const plan = { kind: 'regular', hash: 'f'.repeat(64), stages: [{ kind: 'approval', rules: [rule] }] };
    const asked = inState('awaiting-approval', { plan: plan as never, findings: findings() });
    const said = [
      approvalFacts(asked, CONTEXT),
      reply(asked, 'nudge', undefined, 'engineering', CONTEXT),
      happening(asked, CONTEXT),
      obstaclesOf(asked, { locks: [], others: [], now: CONTEXT.now }),
      sentenceOf({ type: 'escalated', group, to: 'platform' }),
    ].map((one) => JSON.stringify(one));

    for (const words of said) {
      expect(words).toContain('the code owners @acme/web and @anna');
      expect(words).not.toContain('@owners');
    }
  });
});
